//! Sessions: people together in a room, from the first who comes to the last who goes, and the stay of
//! each of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::backend::BackendName;
use super::meeting::Departure;

/// One stay of people in a room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// The vendor's id of it.
    pub id: String,
    /// The room, by the name or id that its backend knows it by.
    pub room: String,
    /// Where it took place.
    pub backend: BackendName,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// When it ended; absent while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// Everybody who came, once for each time they came, in the order they came.
    pub legs: Vec<Stay>,
    /// When the room was locked and unlocked meanwhile, the oldest first; of many only the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<LockChange>,
    /// The vendor's object as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub vendor: Option<Value>,
}

/// One person's stay; who leaves and comes back has two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Leg)]
pub struct Stay {
    /// The vendor's id of this stay.
    pub participant_id: String,
    /// The app's id of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The name shown in the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// When they came.
    #[schema(value_type = String, format = DateTime)]
    pub joined_at: Timestamp,
    /// When they went; absent while they are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub left_at: Option<Timestamp>,
    /// The node that they were at, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Why they went, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Departure>,
}

/// A room was locked: nobody new came in from then on; or unlocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LockChange {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Which of both.
    pub locked: bool,
    /// The participant who did it; absent for an operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// Which sessions are listed: all those of a backend, or of one room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionFilter {
    /// Only those of this room.
    pub room: Option<super::RoomName>,
    /// Only those of the room with this id of the vendor's; where rooms have one beside their name.
    pub room_id: Option<String>,
}

/// Who was there, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attendance {
    /// The session.
    pub session_id: String,
    /// The room.
    pub room: String,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// When it ended; absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// How long it lasted, to now if it goes on, in milliseconds.
    pub duration_ms: i64,
    /// Each person once, in the order they came.
    pub people: Vec<PersonAttendance>,
}

/// One person who was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonAttendance {
    /// The app's id of the person; without one each stay counts by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The name last shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// How long they were there, stays that overlap counted once, in milliseconds.
    pub duration_ms: i64,
    /// Whether they are there now.
    pub open: bool,
    /// When they were there, in order, without overlaps.
    pub intervals: Vec<Interval>,
}

/// A time during which somebody was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Interval {
    /// From.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// To; absent while they are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Timestamp>,
}
