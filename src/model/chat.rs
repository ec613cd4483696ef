//! Messages that people in a room write to each other.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, Kind, Reason, Result};

/// The receiver of what everybody in the room may read.
pub const EVERYONE: &str = "everyone";
/// The author of what operators write.
pub const OPERATOR: &str = "operator";
/// The numbers of reactions: thumbs up, thumbs down, laugh, confused, celebrate, one hundred,
/// question mark, clap.
pub const REACTIONS: u8 = 8;

/// A message as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Message {
    /// Its id; later messages have greater ones.
    pub id: String,
    /// The participant who wrote it, or `operator`.
    pub from: String,
    /// Their name when they wrote it.
    pub from_name: String,
    /// The participant it is for, or `everyone`.
    pub to: String,
    /// What it says.
    pub content: String,
    /// How people reacted, in the order they did.
    #[serde(default)]
    pub reactions: Vec<Reaction>,
    /// When it was written.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub edited_at: Option<Timestamp>,
}

/// One participant's reaction to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reaction {
    /// 0 to 7: thumbs up, thumbs down, laugh, confused, celebrate, one hundred, question mark, clap.
    pub kind: u8,
    /// Whose it is.
    pub participant_id: String,
}

impl Message {
    /// What is known of a message that cannot be read.
    pub(crate) fn unreadable(id: &str, now: Timestamp) -> Self {
        Self {
            id: id.to_owned(),
            from: String::new(),
            from_name: String::new(),
            to: EVERYONE.to_owned(),
            content: String::new(),
            reactions: Vec::new(),
            created_at: now,
            edited_at: None,
        }
    }

    /// The id of the `number`th message of a room: as texts they stand in the order they were
    /// written.
    pub fn id_of(number: u64) -> String {
        format!("{number:012}")
    }

    /// Which message of its room an id means.
    pub fn number_of(id: &str) -> Option<u64> {
        (id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| id.parse().ok())
            .flatten()
    }

    /// Whether it is for everybody.
    pub fn is_public(&self) -> bool {
        self.to == EVERYONE
    }

    /// Whether `participant` may read it; operators may read everything.
    pub fn concerns(&self, participant: &str) -> bool {
        self.is_public() || self.to == participant || self.from == participant
    }
}

/// Content as it may be written: not empty, at most `longest` bytes.
///
/// # Errors
/// [`Kind::InvalidInput`].
pub fn check_content(content: &str, longest: usize) -> Result<()> {
    if content.is_empty() {
        return Err(Error::invalid("the message is empty"));
    }
    if content.len() > longest {
        let size = content.len();
        return Err(Error::invalid(format!(
            "the message has {size} bytes; the most is {longest}"
        )));
    }
    Ok(())
}

/// A reaction as there is one.
///
/// # Errors
/// [`Kind::InvalidInput`].
pub fn check_reaction(kind: u64) -> Result<u8> {
    u8::try_from(kind)
        .ok()
        .filter(|kind| *kind < REACTIONS)
        .ok_or_else(|| Error::invalid(format!("there is no reaction {kind}; use 0 to 7")))
}

/// Said of a message that is not there, or not for whoever asks.
pub fn no_message() -> Error {
    Error::not_found("there is no such message").reason(Reason::NoMessage)
}

/// Said to somebody who would change what others wrote.
pub fn not_author() -> Error {
    let message = "only its author may change a message";
    Error::new(Kind::Forbidden, message).reason(Reason::OnlyAuthor)
}
