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

/// What somebody's connection said last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConnectionSign {
    /// Its name; absent where the person is noted as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// Whether the person is there by it.
    pub state: PresenceState,
    /// When it said so last; absent if it does not say when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_sign: Option<Timestamp>,
    /// Until when that counts if it says nothing more; for ever if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// Who said so: `key ID`, `user ID`, a `socket` of the person, the `command line`, `anybody` where no
    /// keys are asked for, or the app in its `realtime database`; absent for what earlier releases noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said_by: Option<String>,
}

/// A person's presence and what it is put together from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonPresence {
    /// All connections together.
    #[serde(flatten)]
    pub presence: UserPresence,
    /// Each of them, by name.
    pub connections: Vec<ConnectionSign>,
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
    /// The presence of the user `id`; a moment that is still to come is `now`.
    pub fn new(id: String, presence: Presence, now: Timestamp) -> Self {
        Self {
            id,
            state: presence.state,
            last_changed: presence.moment(now),
        }
    }
}

impl Presence {
    /// When that changed last, if anybody said; a moment that is still to come is `now`.
    pub fn moment(self, now: Timestamp) -> Option<Timestamp> {
        let at = self.last_changed.min(now.as_millisecond());
        let at = Timestamp::from_millisecond(at).ok();
        at.filter(|_| self.last_changed > 0)
    }

    /// Without a moment that is still to come: whoever's clock is ahead has not said when.
    #[must_use]
    pub fn believed(self, now: Timestamp) -> Self {
        let last_changed = match self.last_changed {
            at if at > now.as_millisecond() => 0,
            at => at,
        };
        Self {
            last_changed,
            ..self
        }
    }

    /// Reads what stands at a user's place: `"online"`, `true`, `{state, last_changed}`, or a map
    /// of connections (`connections`, `sessions`, or by their names alone), each of them any of
    /// these. Nothing if it tells nothing.
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
        let Some(read) = Self::connections(fields) else {
            // Somebody whose connections are all gone leaves a time behind.
            let state = state.or(own.map(|_| PresenceState::Offline))?;
            return Some(Self {
                state,
                last_changed: own.unwrap_or(0),
                by_connection: false,
            });
        };
        let there = read
            .iter()
            .any(|(_, one)| one.state == PresenceState::Online);
        let latest = read.iter().map(|(_, one)| one.last_changed).max();
        let latest = latest.unwrap_or(0);
        Some(Self {
            state: PresenceState::of(there),
            last_changed: latest.max(own.unwrap_or(0)),
            by_connection: true,
        })
    }

    /// What stands at a user's place, one by one: connections by their names, or the person as a whole.
    pub fn parts(node: &Value) -> Vec<(Option<String>, Self)> {
        match node.as_object().and_then(Self::connections) {
            Some(all) => all
                .into_iter()
                .map(|(name, one)| (Some(name.clone()), one))
                .collect(),
            None => Self::read(node)
                .map(|one| (None, one))
                .into_iter()
                .collect(),
        }
    }

    /// The connections among somebody's fields; nothing if they are noted as a whole.
    fn connections(fields: &Map<String, Value>) -> Option<Vec<(&String, Self)>> {
        let connections = ["connections", "sessions"]
            .iter()
            .find_map(|name| fields.get(*name).and_then(Value::as_object));
        if let Some(all) = connections {
            let read = |(name, node)| Some((name, Self::connection(node)?));
            return Some(all.iter().filter_map(read).collect());
        }
        let said = fields.get("state").and_then(Value::as_str);
        if said.and_then(PresenceState::read).is_some() {
            return None;
        }
        let devices: Vec<_> = devices(fields).collect();
        (!devices.is_empty()).then_some(devices)
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

/// The devices that stand below somebody by their names alone: `status/UID/DEVICE`. They tell
/// their states; or there is nothing but words that are states.
fn devices(fields: &Map<String, Value>) -> impl Iterator<Item = (&String, Presence)> {
    let tells = |node: &Value| {
        let state = node.get("state").and_then(Value::as_str);
        state.and_then(PresenceState::read).is_some()
    };
    let is_word = |node: &Value| !node.is_object() && Presence::read(node).is_some();
    let words = fields.values().all(is_word);
    fields
        .iter()
        .filter(move |(_, node)| words || tells(node))
        .filter_map(|(name, node)| Some((name, Presence::read(node)?)))
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
            // Devices by their names alone.
            (
                json!({
                    "phone": { "state": "offline", "last_changed": 9 },
                    "laptop": { "state": "online", "last_changed": 4 },
                }),
                Some((on, 9)),
            ),
            (
                json!({ "phone": { "state": "offline" }, "name": "Ada", "lastOnline": 3 }),
                Some((off, 3)),
            ),
            (json!({ "phone": true, "laptop": "offline" }), Some((on, 0))),
            (
                json!({ "phone": "offline", "laptop": false }),
                Some((off, 0)),
            ),
            (json!({ "0": { "state": "online" } }), Some((on, 0))),
            // What somebody says of themselves counts, whatever else stands there.
            (
                json!({ "state": "offline", "call": { "state": "online" } }),
                Some((off, 0)),
            ),
            (json!({ "phone": true, "name": "Ada" }), None),
            (json!({ "phone": { "model": "x" } }), None),
            (json!({}), None),
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
