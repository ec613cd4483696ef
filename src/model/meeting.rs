//! What people do in a local room, and what the others hear of it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use super::departure::{Departure, Ending};

use super::chat::Message;
use super::room::RoomName;
use super::token::{LEEWAY, Role};
use crate::error::{Error, Kind, Reason};

/// Said of a participant who never was in the room.
pub fn no_participant() -> Error {
    Error::not_found("there is no such participant in the room").reason(Reason::NoParticipant)
}

/// Said of a receiver who is not there.
pub fn no_receiver() -> Error {
    Error::not_found("the receiver is not in the room").reason(Reason::NoReceiver)
}

/// Said to somebody whose key is not the participant's.
pub fn wrong_key() -> Error {
    forbidden(Reason::WrongKey, "the key is not this participant's")
}

/// Said to somebody who may not do what only hosts may.
pub fn not_host() -> Error {
    forbidden(Reason::OnlyHosts, "only a host of the room may do this")
}

/// Said to somebody whose key opens the room, but who is not in it.
pub fn not_inside() -> Error {
    forbidden(
        Reason::NotInside,
        "you are not in the room any more; join it again",
    )
}

/// Said of a room that cannot be locked because it is empty.
pub fn nobody_inside(room: &RoomName) -> Error {
    let what = format!("nobody is in the room `{room}`; a lock ends with the last who goes");
    Error::conflict(what)
}

/// Said to somebody who may not do something, for that reason.
pub fn forbidden(reason: Reason, message: impl Into<String>) -> Error {
    Error::new(Kind::Forbidden, message).reason(reason)
}

/// What a participant sends to the others; absent where they never said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MediaState {
    /// Whether their camera is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camera: Option<bool>,
    /// Whether their microphone is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microphone: Option<bool>,
    /// Whether they show their screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen: Option<bool>,
}

impl MediaState {
    /// This state where `news` say nothing else.
    #[must_use]
    pub fn with(self, news: Self) -> Self {
        Self {
            camera: news.camera.or(self.camera),
            microphone: news.microphone.or(self.microphone),
            screen: news.screen.or(self.screen),
        }
    }
}

/// Where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Asks to be let in.
    Waiting,
    /// In the room.
    Inside,
    /// Was in the room.
    Gone,
}

/// Somebody who is, was or wants to be in a local room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// Their id in this room.
    pub id: String,
    /// The name that the others see.
    pub name: String,
    /// The app's id of the person, if a token carried one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Whether their join token says what they are called, and they do not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub name_given: bool,
    /// What they may do.
    pub role: Role,
    /// What they send.
    #[serde(default)]
    pub media: MediaState,
    /// Where they stand.
    pub place: Place,
    /// When they first came.
    #[schema(value_type = String, format = DateTime)]
    pub joined_at: Timestamp,
    /// When they last went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub left_at: Option<Timestamp>,
}

impl Person {
    /// Whether they are in the room.
    pub fn is_inside(&self) -> bool {
        self.place == Place::Inside
    }

    /// Whether they run the room.
    pub fn is_host(&self) -> bool {
        self.role == Role::Host
    }
}

/// What tells a participant from others. The key is theirs alone.
#[derive(Clone, PartialEq, Eq, Deserialize, ToSchema)]
pub struct Credential {
    /// The participant.
    pub id: String,
    /// Their key.
    pub key: String,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Who does something.
#[derive(Debug, Clone)]
pub enum Actor {
    /// A participant, proven by their connection, which is theirs alone.
    Seated {
        /// The participant.
        id: String,
        /// Their connection.
        seat: String,
    },
    /// A participant, proven by their key.
    Keyed(Credential),
    /// Whoever runs the server.
    Operator,
}

impl Actor {
    /// The participant, if it is one.
    #[must_use]
    pub fn participant(&self) -> Option<&str> {
        match self {
            Self::Seated { id, .. } | Self::Keyed(Credential { id, .. }) => Some(id),
            Self::Operator => None,
        }
    }
}

/// Somebody who comes in.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// The name they want; their id if absent.
    pub name: Option<String>,
    /// Who they were before, to be so again.
    pub returning: Option<Credential>,
    /// Whether only somebody who was there before may come in.
    pub must_return: bool,
    /// The app's id of the person.
    pub user_id: Option<String>,
    /// What their token says; without one the rules of the room say what they may.
    pub grant: Option<JoinGrant>,
    /// What says who they are, where they signed in elsewhere and no token of ours names them.
    pub signed_in: Option<SeatSignIn>,
    /// The network that they come from, if it is theirs and not a proxy's.
    pub network: Option<String>,
}

/// What a join token gave somebody, for as long as it lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinGrant {
    /// What tells the token from others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What they may do.
    pub role: Role,
    /// When the token ends.
    pub until: Timestamp,
    /// The API key that minted it; operators need none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// When that key ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_until: Option<Timestamp>,
    /// The user it was minted for, if there was a record of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The name that whoever minted it gave them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it lets many in, not one person at a time.
    #[serde(default)]
    pub shared: bool,
}

impl JoinGrant {
    /// Whether it opens nothing any more at `now`, and keeps nobody inside: a minute after its end, as
    /// machines do not agree on the time.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.ends() <= now
    }

    /// When nobody is inside by it any more: with the key that minted it, if that ends sooner. Whether
    /// that has ended is judged by the clock of this side alone.
    pub fn ends(&self) -> Timestamp {
        let end = end_of(self.until);
        self.key_until.map_or(end, |until| until.min(end))
    }
}

/// The sign-in elsewhere by which somebody is who they are: their seat ends with it, and they sign in to come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatSignIn {
    /// The user that it names.
    pub user: String,
    /// When it ends.
    pub until: Timestamp,
    /// Whether it says that they look and listen only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_looks: bool,
}

impl SeatSignIn {
    /// When nobody is inside by it any more.
    pub fn ends(&self) -> Timestamp {
        end_of(self.until)
    }
}

fn end_of(until: Timestamp) -> Timestamp {
    until.saturating_add(LEEWAY).unwrap_or(Timestamp::MAX)
}

/// On what a grant, or a sign-in, stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Its own time.
    Time,
    /// The API key that minted it.
    Key(String),
    /// The user it was minted for.
    User(String),
}

/// Somebody who may not come in any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BannedPerson {
    /// As whom they were in the room; lifting the ban takes this id.
    pub id: String,
    /// Their name there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The app's id of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// When they were sent out; unknown for bans of releases before 0.3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// Whether an operator did it. A host's token passes what a host did.
    #[serde(default)]
    pub by_operator: bool,
}

/// What somebody does in a room.
#[derive(Debug, Clone)]
pub enum Change {
    /// Goes.
    Leave,
    /// Turns something on or off.
    Media(MediaState),
    /// Takes another name.
    Rename(String),
    /// Writes a message.
    Send {
        /// For whom: a participant or [`EVERYONE`](super::chat::EVERYONE).
        to: String,
        /// What.
        content: String,
        /// The sender's own name for it: whoever sends it again sends it once.
        client_id: Option<String>,
    },
    /// Says it otherwise.
    Edit {
        /// The message.
        message: String,
        /// What it says from now on.
        content: String,
    },
    /// Takes it back.
    Delete {
        /// The message.
        message: String,
    },
    /// Reacts to a message, or takes that back.
    React {
        /// The message.
        message: String,
        /// How.
        kind: u8,
        /// Whether to take it back.
        remove: bool,
    },
    /// Sends somebody out.
    Kick {
        /// Whom.
        target: String,
        /// For good?
        ban: bool,
    },
    /// Lets somebody in again who was sent out for good.
    Unban {
        /// Whom.
        target: String,
    },
    /// Sends everybody out whose grant stands on something that is gone.
    Withdraw(Standing),
    /// Asks somebody to turn off their microphone.
    AskMute {
        /// Whom.
        target: String,
        /// They may speak again.
        lift: bool,
    },
    /// Lets somebody in who waits, or sends them away.
    Admit {
        /// Whom.
        target: String,
        /// In?
        accept: bool,
    },
    /// Makes somebody else the host.
    HandOver {
        /// Whom.
        target: String,
    },
    /// Lets nobody new in, or lets people in again.
    Lock {
        /// Lets them in again.
        lift: bool,
    },
    /// Sends everybody out.
    End(Ending),
}

/// What somebody who comes in is told.
#[derive(Clone)]
pub struct Welcome {
    /// The room.
    pub room: RoomName,
    /// What people call it.
    pub title: String,
    /// Whether nobody new comes in.
    pub locked: bool,
    /// Who they are.
    pub me: String,
    /// Their key, if it is theirs to know.
    pub key: Option<String>,
    /// Everybody who is or was there, in the order they came.
    pub people: Vec<Person>,
    /// The latest messages that they may read, oldest first.
    pub messages: Vec<Message>,
    /// Whether there are earlier ones.
    pub more: bool,
    /// How many messages there had been; what comes after them is told by itself.
    pub until: u64,
}

/// How somebody who wanted in stands now.
#[derive(Clone)]
pub struct Admission {
    /// Their id.
    pub id: String,
    /// Their key.
    pub key: String,
    /// What they may do.
    pub role: Role,
    /// Inside, or waiting to be let in.
    pub place: Place,
    /// Whether they were still inside: the others heard nothing of their being away.
    pub resumed: bool,
}

impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admission")
            .field("id", &self.id)
            .field("role", &self.role)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}
