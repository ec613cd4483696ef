//! The one error that crosses layers.
//!
//! A backend says *what kind* of thing went wrong and one clear sentence; each door turns the kind
//! into its own language: an exit code, an HTTP status, or what the worker does next.
//!
//! A message says what is wrong, and is read by whoever asked, over whichever door: it never names a command.
//! An advice may, and so may findings and the door's hints: an operator reads those, and wants to know what
//! to type.

use std::error::Error as StdError;
use std::time::Duration;
use std::{fmt, io};

use serde_json::Value;

/// What went wrong, in the terms a caller acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A defect or a broken machine; nothing the caller can mend.
    Internal,
    /// The request cannot be right, whatever the state of the world.
    InvalidInput,
    /// The named thing does not exist.
    NotFound,
    /// The state of the world forbids it now: it exists, it changed meanwhile.
    Conflict,
    /// The caller did not say who it is.
    Unauthenticated,
    /// The caller is known and may not do this.
    Forbidden,
    /// A vendor refused the credential that `tok` is configured with.
    Refused,
    /// Too many requests, ours or a vendor's limit.
    RateLimited,
    /// The store or `tok` itself cannot serve now.
    Unavailable,
    /// A vendor could not be reached, failed, or answered nonsense.
    BadGateway,
    /// No answer in time.
    Timeout,
    /// The chosen backend cannot do this at all.
    Unsupported,
    /// Some items failed; the report names them.
    Partial,
    /// Destructive, and nobody confirmed it.
    NeedsConfirmation,
    /// A configuration file or value is wrong.
    Config,
    /// Another run holds the lease.
    Locked,
    /// A verification found differences.
    Drift,
    /// A safety limit was hit; nothing destructive was done.
    Guard,
    /// Stopped by a signal after finishing the item in hand.
    Interrupted,
}

impl Kind {
    /// Every kind, in the order of the documented table.
    pub const ALL: [Self; 19] = [
        Self::Internal,
        Self::InvalidInput,
        Self::NotFound,
        Self::Conflict,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::Refused,
        Self::RateLimited,
        Self::Unavailable,
        Self::BadGateway,
        Self::Timeout,
        Self::Unsupported,
        Self::Partial,
        Self::NeedsConfirmation,
        Self::Config,
        Self::Locked,
        Self::Drift,
        Self::Guard,
        Self::Interrupted,
    ];

    /// The stable code used in JSON errors of every door.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::InvalidInput => "invalid_input",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::Refused => "credential_refused",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::BadGateway => "bad_gateway",
            Self::Timeout => "timeout",
            Self::Unsupported => "unsupported",
            Self::Partial => "partial",
            Self::NeedsConfirmation => "needs_confirmation",
            Self::Config => "config",
            Self::Locked => "locked",
            Self::Drift => "drift",
            Self::Guard => "guard",
            Self::Interrupted => "interrupted",
        }
    }

    /// Whether the same request may succeed later without anybody changing anything.
    pub const fn is_temporary(self) -> bool {
        matches!(
            self,
            Self::RateLimited | Self::Unavailable | Self::BadGateway | Self::Timeout
        )
    }
}

macro_rules! reasons {
    ($($name:ident = $text:literal, $meaning:literal;)*) => {
        /// What exactly went wrong, below the kind, where a program acts on it; `docs/errors.md` lists
        /// them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Reason {
            $(#[doc = $meaning] $name,)*
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable text in JSON errors of every door.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// What it says, in a few words.
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$name => $meaning,)*
                }
            }
        }
    };
}

reasons! {
    StoreFull = "store_full", "The store has no room for more.";
    StoredUnreadable = "stored_unreadable", "A stored document cannot be read.";
    WrittenByNewer = "written_by_newer", "A stored document was written by a newer release.";
    NotSealed = "not_sealed", "A stored key or secret, or what is kept of a request, does not carry our seal, so that it counts for nothing.";
    Changed = "changed", "A document is not, or not any more, as the request insisted.";
    AlreadyExists = "already_exists", "The name or the id is taken.";
    Busy = "busy", "Somebody of the call is in another one.";
    RoomFull = "room_full", "As many people are in the room as fit.";
    RoomLocked = "room_locked", "The room is locked: nobody new comes in.";
    WaitingRoomFull = "waiting_room_full", "Too many people wait to be let in.";
    RoomPrivate = "room_private", "Only a join token opens the room.";
    RoomExpired = "room_expired", "The time of the room has run out.";
    TokenRefused = "token_refused", "The join token is not good here, or not any more.";
    Banned = "banned", "A host sent this person out of the room for good.";
    WrongKey = "wrong_key", "The key is not this participant's.";
    NotInside = "not_inside", "The participant is not in the room any more; join it again.";
    Waiting = "waiting", "The participant waits to be let in.";
    Replaced = "replaced", "The participant is no longer in the room by this connection: they left, were sent out, or came in by another one.";
    OnlyHosts = "only_hosts", "Only a host of the room may do this.";
    OnlyLooksOn = "only_looks_on", "A viewer may only look and listen.";
    NameGiven = "name_given", "The join token says what this participant is called.";
    OnlyAuthor = "only_author", "Only its author may change a message.";
    NoParticipant = "no_participant", "There is no such participant in the room.";
    NoReceiver = "no_receiver", "The receiver is not in the room.";
    NoMessage = "no_message", "There is no such message.";
    TokenExpired = "token_expired", "The time of the sign-in token has run out; get a fresh one.";
    TokenInvalid = "token_invalid", "The sign-in token is not good here; which check it failed is not told.";
    IssuerUnknown = "issuer_unknown", "Nobody in auth.issuers is called as the token says that its issuer is.";
    KeysUnavailable = "keys_unavailable", "The keys of the token's issuer cannot be had now; try again.";
    OutsideApi = "outside_api", "The path is none of the API, whose paths begin with /v1/.";
}

/// A vendor's own error answer, kept for the compat surfaces that pass it through.
#[derive(Debug, Clone, PartialEq)]
pub struct VendorAnswer {
    /// HTTP status the vendor answered with.
    pub status: u16,
    /// The vendor's error object as it came.
    pub body: Value,
}

/// `kind` for programs, `message` for people, `source` for the log.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    reason: Option<Reason>,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
    retry_after: Option<Duration>,
    vendor: Option<VendorAnswer>,
    advice: Option<String>,
}

/// The result type of every layer.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident => $kind:ident;)*) => {
        $($(#[$doc])* pub fn $name(message: impl Into<String>) -> Self { Self::new(Kind::$kind, message) })*
    };
}

impl Error {
    /// An error of `kind` that says `message`: one sentence, no trailing full stop.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            reason: None,
            message: message.into(),
            source: None,
            retry_after: None,
            vendor: None,
            advice: None,
        }))
    }

    constructors! {
        /// [`Kind::Internal`].
        internal => Internal;
        /// [`Kind::InvalidInput`].
        invalid => InvalidInput;
        /// [`Kind::NotFound`].
        not_found => NotFound;
        /// [`Kind::Conflict`].
        conflict => Conflict;
        /// [`Kind::Unavailable`].
        unavailable => Unavailable;
        /// [`Kind::BadGateway`].
        bad_gateway => BadGateway;
        /// [`Kind::Unsupported`].
        unsupported => Unsupported;
        /// [`Kind::Config`].
        config => Config;
    }

    /// That something cannot be done with a file that somebody named: theirs to put right, unless there is
    /// no room for it.
    pub fn of_file(what: impl fmt::Display, error: io::Error) -> Self {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        let message = format!("{what}: {error}");
        let ours = match error.kind() {
            StorageFull | QuotaExceeded => {
                Self::unavailable(message).advise("make room there, then run it again")
            }
            FileTooLarge => Self::unavailable(message).advise(
                "raise the limit on the size of files (ulimit -f, or LimitFSIZE= of the unit)",
            ),
            _ => Self::invalid(message),
        };
        ours.because(error)
    }

    /// Attaches the cause, shown in logs only.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same error once more, for everybody who waited for the one thing that failed.
    #[must_use]
    pub fn again(&self) -> Self {
        let mut again = Self::new(self.kind(), self.message()).retry_after(self.wait());
        again.0.reason = self.why();
        again.0.vendor = self.vendor().cloned();
        again.0.advice.clone_from(&self.0.advice);
        match self.causes().into_iter().next() {
            Some(cause) => again.because(cause),
            None => again,
        }
    }

    /// Says what exactly went wrong.
    #[must_use]
    pub fn reason(mut self, reason: Reason) -> Self {
        self.0.reason = Some(reason);
        self
    }

    /// Attaches how long the other side asked us to wait.
    #[must_use]
    pub fn retry_after(mut self, after: Option<Duration>) -> Self {
        self.0.retry_after = after;
        self
    }

    /// Says what to do about it, where the cause tells: to an operator, so that it may name a command.
    #[must_use]
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.0.advice = Some(advice.into());
        self
    }

    /// What to do about it, where that is known.
    pub fn advice(&self) -> Option<&str> {
        self.0.advice.as_deref()
    }

    /// Attaches the vendor's own error object.
    #[must_use]
    pub fn answered(mut self, status: u16, body: Value) -> Self {
        self.0.vendor = Some(VendorAnswer { status, body });
        self
    }

    /// Replaces the sentence, keeping kind, cause and vendor answer.
    #[must_use]
    pub fn saying(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// What exactly went wrong, where that is said.
    pub fn why(&self) -> Option<Reason> {
        self.0.reason
    }

    /// The sentence for people.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Whether it is about a stored document that this release cannot read.
    pub fn is_unreadable(&self) -> bool {
        let unreadable = [
            Reason::StoredUnreadable,
            Reason::WrittenByNewer,
            Reason::NotSealed,
        ];
        self.why().is_some_and(|why| unreadable.contains(&why))
    }

    /// How long to wait before trying again, if the other side said so.
    pub fn wait(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The vendor's own error object, if one was received.
    pub fn vendor(&self) -> Option<&VendorAnswer> {
        self.0.vendor.as_ref()
    }

    /// The causes below the message, outermost first, for the log.
    pub fn causes(&self) -> Vec<String> {
        let mut out = Vec::new();
        let mut next = self.source();
        while let Some(cause) = next {
            out.push(cause.to_string());
            next = cause.source();
        }
        out
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("causes", &self.causes())
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct() {
        let mut codes: Vec<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Kind::ALL.len());
    }

    #[test]
    fn causes_are_listed_outermost_first() {
        let inner = Error::internal("inner").because(std::io::Error::other("root"));
        let outer = Error::conflict("outer").because(inner);
        assert_eq!(outer.causes(), ["inner", "root"]);
        assert_eq!(outer.to_string(), "outer");
    }
}
