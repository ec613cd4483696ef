//! Daily's objects, named as Daily names them.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::model::{BackendName, Privacy, Room, RoomPatch, RoomSpec};

/// `GET /`.
#[derive(Debug, Deserialize)]
pub(super) struct Domain {
    pub(super) domain_name: String,
    pub(super) domain_id: String,
}

/// `GET /rooms`.
#[derive(Debug, Deserialize)]
pub(super) struct RoomList {
    pub(super) data: Vec<Value>,
}

/// A room as far as we read it; the whole object is kept beside it.
#[derive(Debug, Deserialize)]
struct WireRoom {
    id: String,
    name: String,
    privacy: String,
    url: String,
    created_at: Timestamp,
    #[serde(default)]
    config: Map<String, Value>,
}

/// One entry of `GET /presence` and `GET /rooms/:name/presence`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DailyPresence {
    pub(super) id: String,
    #[serde(default)]
    pub(super) user_id: Option<String>,
    #[serde(default)]
    pub(super) user_name: Option<String>,
    pub(super) join_time: Timestamp,
}

/// `GET /rooms/:name/presence`.
#[derive(Debug, Deserialize)]
pub(super) struct PresenceList {
    pub(super) data: Vec<DailyPresence>,
}

/// `GET /meetings`; times are unix seconds.
#[derive(Debug, Deserialize)]
pub(super) struct MeetingList {
    pub(super) data: Vec<DailyMeeting>,
}

/// A page of anything.
#[derive(Debug, Deserialize)]
pub(super) struct DailyList {
    pub(super) data: Vec<Value>,
}

/// `GET /meetings/:id`, and each entry of `GET /meetings`.
#[derive(Debug, Deserialize)]
pub(super) struct WholeMeeting {
    pub(super) id: String,
    pub(super) room: String,
    pub(super) start_time: i64,
    #[serde(default)]
    pub(super) duration: i64,
    #[serde(default)]
    pub(super) ongoing: bool,
    #[serde(default)]
    pub(super) participants: Vec<Attended>,
}

/// Somebody who was in a meeting.
#[derive(Debug, Deserialize)]
pub(super) struct Attended {
    pub(super) participant_id: String,
    #[serde(default)]
    pub(super) user_id: Option<String>,
    #[serde(default)]
    pub(super) user_name: Option<String>,
    pub(super) join_time: i64,
    #[serde(default)]
    pub(super) duration: i64,
}

/// One entry of [`MeetingList`].
#[derive(Debug, Deserialize)]
pub(super) struct DailyMeeting {
    pub(super) id: String,
    pub(super) room: String,
    pub(super) start_time: i64,
    #[serde(default)]
    pub(super) duration: i64,
}

/// `DELETE /batch/rooms`.
#[derive(Debug, Deserialize)]
pub(super) struct BatchDeleted {
    pub(super) deleted_count: u64,
}

/// `POST /rooms/:name/eject`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ejected {
    #[serde(default)]
    pub(super) ejected_ids: Vec<String>,
}

/// Daily's room in our terms, with Daily's own object beside it.
pub(super) fn room(whole: Value) -> Result<Room> {
    let wire: WireRoom = super::parse(whole.clone())?;
    let mut properties = wire.config;
    let not_before = seconds(properties.shift_remove("nbf"));
    let expires_at = seconds(properties.shift_remove("exp"));
    let max_participants = properties
        .shift_remove("max_participants")
        .and_then(|value| value.as_u64())
        .and_then(|value| u32::try_from(value).ok());
    Ok(Room {
        name: wire.name.parse().map_err(|error: Error| {
            Error::bad_gateway("Daily answered with an impossible room name").because(error)
        })?,
        backend: BackendName::Daily,
        id: wire.id,
        url: wire.url,
        privacy: wire.privacy.parse().unwrap_or(Privacy::Private),
        created_at: wire.created_at,
        not_before,
        expires_at,
        max_participants,
        last_joined_at: None,
        last_used_at: None,
        has_hosts: false,
        locked: false,
        properties,
        vendor: Some(whole),
    })
}

fn seconds(value: Option<Value>) -> Option<Timestamp> {
    Timestamp::from_second(value?.as_i64()?).ok()
}

/// The body that makes a room.
pub(super) fn create_body(spec: &RoomSpec) -> Value {
    let mut properties = spec.properties.clone();
    if let Some(at) = spec.not_before {
        properties.insert("nbf".to_owned(), json!(at.as_second()));
    }
    if let Some(at) = spec.expires_at {
        properties.insert("exp".to_owned(), json!(at.as_second()));
    }
    if let Some(most) = spec.max_participants {
        properties.insert("max_participants".to_owned(), json!(most));
    }
    let mut body = json!({ "name": spec.name });
    if let Some(privacy) = spec.privacy {
        body["privacy"] = json!(privacy);
    }
    if !properties.is_empty() {
        body["properties"] = Value::Object(properties);
    }
    body
}

/// The body that changes a room; null brings a property back to its default.
pub(super) fn update_body(patch: &RoomPatch) -> Value {
    let mut properties = patch.properties.clone();
    if let Some(at) = patch.not_before {
        properties.insert("nbf".to_owned(), json!(at.map(Timestamp::as_second)));
    }
    if let Some(at) = patch.expires_at {
        properties.insert("exp".to_owned(), json!(at.map(Timestamp::as_second)));
    }
    if let Some(most) = patch.max_participants {
        properties.insert("max_participants".to_owned(), json!(most));
    }
    let mut body = Map::new();
    if let Some(privacy) = patch.privacy {
        body.insert("privacy".to_owned(), json!(privacy));
    }
    if !properties.is_empty() {
        body.insert("properties".to_owned(), Value::Object(properties));
    }
    Value::Object(body)
}
