//! Who is there: what apps write down of it, in every shape they use.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Whether somebody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PresenceState {
    /// At least one connection.
    Online,
    /// None.
    Offline,
}

impl PresenceState {
    /// The name in tables, JSON and the app's own documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
        }
    }

    /// Online if `there`.
    pub const fn of(there: bool) -> Self {
        if there { Self::Online } else { Self::Offline }
    }

    fn read(text: &str) -> Option<Self> {
        match text {
            "online" => Some(Self::Online),
            "offline" => Some(Self::Offline),
            _ => None,
        }
    }
}

/// Somebody's state and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presence {
    /// Whether they are there.
    pub state: PresenceState,
    /// When that changed last, in Unix milliseconds; 0 if nobody said.
    pub last_changed: i64,
    /// Put together from connections: what is known now counts, however old the newest of those
    /// that are left.
    pub by_connection: bool,
}

/// A person's presence as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserPresence {
    /// The user.
    pub id: String,
    /// Whether they are there.
    pub state: PresenceState,
    /// When that changed last; absent if nobody said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_changed: Option<Timestamp>,
}

impl UserPresence {
    /// The presence of the user `id`.
    pub fn new(id: String, presence: Presence) -> Self {
        let at = Timestamp::from_millisecond(presence.last_changed).ok();
        Self {
            id,
            state: presence.state,
            last_changed: at.filter(|_| presence.last_changed > 0),
        }
    }
}

impl Presence {
    /// Reads what stands at a user's place: `"online"`, `true`, `{state, last_changed}`, or a map
    /// of connections (`connections` or `sessions`), each of them any of these. Nothing if it
    /// tells nothing.
    pub fn read(node: &Value) -> Option<Self> {
        match node {
            Value::Bool(there) => Some(Self {
                state: PresenceState::of(*there),
                last_changed: 0,
                by_connection: false,
            }),
            Value::String(text) => PresenceState::read(text).map(|state| Self {
                state,
                last_changed: 0,
                by_connection: false,
            }),
            Value::Object(fields) => Self::read_object(fields),
            _ => None,
        }
    }

    fn read_object(fields: &Map<String, Value>) -> Option<Self> {
        let own = ["last_changed", "lastChanged", "lastOnline", "last_online"]
            .iter()
            .find_map(|name| fields.get(*name).and_then(milliseconds));
        let state = fields.get("state").and_then(Value::as_str);
        let state = state.and_then(PresenceState::read);
        let connections = ["connections", "sessions"]
            .iter()
            .find_map(|name| fields.get(*name).and_then(Value::as_object));
        let Some(connections) = connections else {
            // Somebody whose connections are all gone leaves a time behind.
            let state = state.or(own.map(|_| PresenceState::Offline))?;
            return Some(Self {
                state,
                last_changed: own.unwrap_or(0),
                by_connection: false,
            });
        };
        let read: Vec<Self> = connections.values().filter_map(Self::connection).collect();
        let there = read.iter().any(|one| one.state == PresenceState::Online);
        let latest = read.iter().map(|one| one.last_changed).max().unwrap_or(0);
        Some(Self {
            state: PresenceState::of(there),
            last_changed: latest.max(own.unwrap_or(0)),
            by_connection: true,
        })
    }

    /// A connection is there by standing there, unless it says that it is not.
    fn connection(node: &Value) -> Option<Self> {
        if node.is_null() {
            return None;
        }
        let said = node
            .as_object()
            .is_none_or(|fields| fields.contains_key("state"));
        if let Some(read) = Self::read(node).filter(|_| said) {
            return Some(read);
        }
        let at = node.get("last_changed").and_then(milliseconds);
        Some(Self {
            state: PresenceState::Online,
            last_changed: at.unwrap_or(0),
            by_connection: false,
        })
    }
}

/// A moment as apps write it: milliseconds, or text.
pub fn milliseconds(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text
            .parse::<Timestamp>()
            .ok()
            .map(Timestamp::as_millisecond),
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            #[allow(clippy::cast_possible_truncation, reason = "a time in milliseconds")]
            (float.abs() < 9e15).then_some(float as i64)
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_shape_is_read() {
        let (on, off) = (PresenceState::Online, PresenceState::Offline);
        for (node, expected) in [
            (
                json!({ "state": "online", "last_changed": 5, "id": "a" }),
                Some((on, 5)),
            ),
            (
                json!({ "state": "offline", "last_changed": 7.0 }),
                Some((off, 7)),
            ),
            (json!("online"), Some((on, 0))),
            (json!(true), Some((on, 0))),
            (
                json!({ "connections": { "c1": true, "c2": true } }),
                Some((on, 0)),
            ),
            (
                json!({ "connections": {
                    "c1": { "state": "offline", "last_changed": 9 },
                    "c2": { "state": "online", "last_changed": 4 },
                } }),
                Some((on, 9)),
            ),
            (
                json!({ "connections": { "c1": { "state": "offline", "last_changed": 9 } } }),
                Some((off, 9)),
            ),
            (
                json!({ "connections": { "c1": { "last_changed": 3 } } }),
                Some((on, 3)),
            ),
            (json!({ "lastOnline": 11 }), Some((off, 11))),
            (json!({ "sessions": {}, "lastOnline": 11 }), Some((off, 11))),
            // One device left, another is there still.
            (
                json!({ "state": "offline", "last_changed": 8, "connections": { "c": true } }),
                Some((on, 8)),
            ),
            (json!(null), None),
            (json!(7), None),
            (json!({ "name": "Ada" }), None),
            (json!("away"), None),
        ] {
            let read = Presence::read(&node);
            let read = read.map(|presence| (presence.state, presence.last_changed));
            assert_eq!(read, expected, "{node}");
        }
    }
}
