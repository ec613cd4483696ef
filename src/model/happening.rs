//! What happened in a local room, and whom it concerns.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::chat::Message;
use super::meeting::{Departure, Ending, MediaState, Person};
use super::token::Role;

/// What happened to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageChange {
    /// It is new.
    New,
    /// It says something else, or somebody reacted.
    Edit,
    /// It is gone.
    Delete,
}

/// A message that came, changed or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageEvent {
    /// Which of these.
    pub change: MessageChange,
    /// The message as it is now, or was last.
    #[serde(flatten)]
    pub message: Message,
}

/// What happened in a room, for those whom it concerns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Happening {
    /// Somebody came in.
    Joined {
        /// Who.
        person: Person,
    },
    /// Somebody is not there any more.
    Left {
        /// Who.
        id: String,
        /// Why.
        why: Departure,
    },
    /// Somebody turned something on or off.
    Media {
        /// Who.
        id: String,
        /// Everything they send now.
        media: MediaState,
    },
    /// Somebody has another name.
    Renamed {
        /// Who.
        id: String,
        /// The name.
        name: String,
    },
    /// Somebody may do more or less.
    Role {
        /// Who.
        id: String,
        /// What.
        role: Role,
    },
    /// A message came, changed or went.
    Message {
        /// Which of these.
        change: MessageChange,
        /// Who did it, and is not told.
        by: String,
        /// The message as it is now, or was last.
        message: Message,
    },
    /// Somebody asks to be let in.
    Waiting {
        /// Who.
        person: Person,
    },
    /// Somebody who waited was let in; the others hear [`Happening::Joined`].
    Admitted {
        /// Who.
        id: String,
    },
    /// Somebody who waited was sent away, or went.
    Rejected {
        /// Who.
        id: String,
        /// Whether a host did it.
        refused: bool,
        /// What became of their token, if that is why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Departure>,
    },
    /// Somebody is asked to turn off their microphone; where media goes through us they are not heard
    /// from then on.
    MuteAsked {
        /// Who.
        id: String,
        /// Who asks.
        by: String,
        /// They may speak again.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lifted: bool,
    },
    /// The last host went while people wait to be let in, or a host is there again.
    Hosted {
        /// Whether anybody can let them in.
        present: bool,
    },
    /// Nobody new comes in from now on, or people do again.
    Locked {
        /// Which of both.
        locked: bool,
        /// Who did it; absent when the last one went, with whom a lock ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
    },
    /// Everybody is out.
    Ended {
        /// Why.
        why: Ending,
    },
}

/// Whom something concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience<'a> {
    /// Everybody inside.
    All,
    /// Everybody inside but one.
    AllBut(&'a str),
    /// One participant, wherever they stand.
    One(&'a str),
    /// Two participants, wherever they stand.
    Two(&'a str, &'a str),
    /// Those who run the room.
    Hosts,
    /// Those who wait to be let in.
    Waiting,
    /// Everybody, inside or waiting.
    Everywhere,
}

impl Happening {
    /// Whom it concerns.
    pub fn audience(&self) -> Audience<'_> {
        match self {
            Self::Joined { person } => Audience::AllBut(&person.id),
            Self::Left { id, .. } | Self::Media { id, .. } | Self::Renamed { id, .. } => {
                Audience::AllBut(id)
            }
            Self::Role { .. } | Self::Locked { .. } => Audience::All,
            Self::Message { by, message, .. } if message.is_public() => Audience::AllBut(by),
            Self::Message { by, message, .. } if message.to == *by => Audience::One(&message.from),
            Self::Message { by, message, .. } if message.from == *by => Audience::One(&message.to),
            Self::Message { message, .. } => Audience::Two(&message.from, &message.to),
            Self::Waiting { .. } | Self::Rejected { .. } => Audience::Hosts,
            Self::Admitted { id } | Self::MuteAsked { id, .. } => Audience::One(id),
            Self::Hosted { .. } => Audience::Waiting,
            Self::Ended { .. } => Audience::Everywhere,
        }
    }
}
