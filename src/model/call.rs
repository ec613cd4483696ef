//! Calls from one person to another, from the first ring to the last leg.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::backend::BackendName;
use super::room::RoomName;
use crate::error::Error;

/// Where a call is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    /// Being set up; nothing rings yet.
    Starting,
    /// The callee's phone rings.
    Ringing,
    /// Both are in it.
    Accepted,
    /// The callee did not want it.
    Declined,
    /// The caller gave up before it was answered.
    Cancelled,
    /// Nobody answered in time.
    Missed,
    /// It took place and is over.
    Ended,
    /// It could not be set up.
    Failed,
}

impl CallState {
    /// The name in tables, flags and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Ringing => "ringing",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Missed => "missed",
            Self::Ended => "ended",
            Self::Failed => "failed",
        }
    }

    /// Whether it is over.
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Starting | Self::Ringing | Self::Accepted)
    }
}

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Who calls.
    Caller,
    /// Who is called.
    Callee,
}

impl Side {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Caller, Self::Callee];
}

impl FromStr for Side {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "caller" => Ok(Self::Caller),
            "callee" => Ok(Self::Callee),
            _ => Err(Error::invalid(format!(
                "`{text}` is no side of a call; use caller or callee"
            ))),
        }
    }
}

/// How somebody is named who calls or is called.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartyRef {
    /// A person, by their id; all their devices ring.
    User(String),
    /// A device, by its id.
    Device(String),
}

/// Somebody who calls or is called, as found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Party {
    /// The person, if the device is known to be theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The device, if one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// The name that the other side sees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Party {
    /// What is marked as busy while they are in a call: the person, and the device.
    pub fn marks(&self) -> Vec<String> {
        let user = self.user_id.iter().map(|id| format!("user:{id}"));
        let device = self.device_id.iter().map(|id| format!("device:{id}"));
        user.chain(device).collect()
    }

    /// How they are known to the vendor: by the device, else the person.
    pub fn tag(&self) -> Option<&str> {
        self.device_id.as_deref().or(self.user_id.as_deref())
    }
}

/// A call as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Call {
    /// Its id; calls sort by the time they began.
    pub id: String,
    /// Where it is in its life.
    pub state: CallState,
    /// Where its room is.
    pub backend: BackendName,
    /// Its room.
    pub room: RoomName,
    /// Who calls.
    pub caller: Party,
    /// Who is called.
    pub callee: Party,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Until when it rings.
    #[schema(value_type = String, format = DateTime)]
    pub rings_until: Timestamp,
    /// When it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub accepted_at: Option<Timestamp>,
    /// When it was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether its ring should be over by now: no worker ends it. Told, and not kept.
    #[serde(default, skip_serializing_if = "is_false")]
    pub overdue: bool,
}

/// A worker ends a ring within this time.
const LATE: SignedDuration = SignedDuration::from_secs(10);

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Call {
    /// As it is told at this time.
    #[must_use]
    pub fn told_at(mut self, now: Timestamp) -> Self {
        let rings = matches!(self.state, CallState::Starting | CallState::Ringing);
        self.overdue = rings && now.duration_since(self.rings_until) > LATE;
        self
    }

    /// One of the two.
    pub fn party(&self, side: Side) -> &Party {
        match side {
            Side::Caller => &self.caller,
            Side::Callee => &self.callee,
        }
    }
}

/// Whether a phone was told, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RingOutcome {
    /// The push service took it.
    Delivered,
    /// The push service could not take it now; the worker tries again.
    Queued,
    /// It cannot be told.
    Lost,
}

/// What became of one ring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ring {
    /// Whom it was for; of a token only the end.
    pub to: String,
    /// Whether it arrived at the push service.
    pub outcome: RingOutcome,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
