//! Web callbacks: what vendors tell by themselves.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::backend::BackendName;
use super::session::Stay;

/// Deliveries are remembered for so long at the least: longer than the signature of any is good, so that
/// none counts twice.
pub const LEAST_MEMORY: SignedDuration = SignedDuration::from_hours(72);

/// A request that claims to be a vendor's.
pub struct RawCallback<'a> {
    /// A header by its name in lower case.
    pub header: &'a (dyn Fn(&str) -> Option<String> + Send + Sync),
    /// `?secret=` of the address that was called.
    pub secret: Option<&'a str>,
    /// The body, byte for byte as it was signed.
    pub body: &'a [u8],
}

/// What was understood of a callback.
#[derive(Debug, Clone, PartialEq)]
pub struct Callback {
    /// The vendor's id of the delivery; the same however often it is sent.
    pub id: Option<String>,
    /// The vendor's name for what happened.
    pub kind: String,
    /// What it means for us.
    pub news: Vec<CallbackNews>,
    /// The vendor only tries the address; nothing is kept of it.
    pub trial: bool,
}

/// A room as a vendor names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomOf {
    /// By the name that we gave it.
    Name(String),
    /// By the vendor's id of it.
    Id(String),
}

/// What a callback means for us.
#[derive(Debug, Clone, PartialEq)]
pub enum CallbackNews {
    /// Somebody was in a room.
    Used {
        /// The room that somebody used.
        room: RoomOf,
        /// When, by the vendor's clock.
        at: Timestamp,
    },
    /// Something happened in a session of which only we keep the memory.
    Session {
        /// The vendor's id of the session.
        session: String,
        /// The room that it takes place in.
        room: RoomOf,
        /// When, by the vendor's clock.
        at: Timestamp,
        /// What happened to the session.
        what: CallbackEvent,
    },
    /// A participant of the vendor's connected.
    Connected {
        /// The vendor's id of the participant.
        participant: String,
        /// When, by the vendor's clock.
        at: Timestamp,
    },
    /// A participant of the vendor's is gone.
    Disconnected {
        /// The vendor's id of the participant.
        participant: String,
        /// When, by the vendor's clock.
        at: Timestamp,
    },
}

/// What happened in a session.
#[derive(Debug, Clone, PartialEq)]
pub enum CallbackEvent {
    /// It began, as the vendor counts.
    Began,
    /// Somebody came, with what is known of their stay.
    Joined(Stay),
    /// Somebody went; news may come in any order, so all that is known of the stay comes along.
    Left(Stay),
    /// It ended, as the vendor counts.
    Ended,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// What it says was noted.
    Applied,
    /// It says nothing that is noted here.
    Ignored,
    /// It could not be understood; it is kept with the reason.
    Unread,
}

impl DeliveryState {
    /// Of a delivery that was understood and changes so many things.
    pub const fn of(changes: usize) -> Self {
        if changes == 0 {
            Self::Ignored
        } else {
            Self::Applied
        }
    }

    /// The name in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Ignored => "ignored",
            Self::Unread => "unread",
        }
    }
}

/// A delivery as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WebhookDelivery {
    /// `vendor:delivery`
    pub id: String,
    /// Who sent it.
    pub backend: BackendName,
    /// The vendor's name for what happened.
    pub kind: String,
    /// What became of it.
    pub state: DeliveryState,
    /// Why it could not be understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// What it says.
    #[schema(value_type = Object)]
    pub body: Value,
}
