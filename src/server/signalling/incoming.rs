//! What clients send: events with their arguments by position, and what they are answered.

use std::convert::Infallible;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use socketioxide::adapter::Adapter;
use socketioxide::extract::AckSender;
use socketioxide::handler::{FromMessageParts, Value as Payload};
use socketioxide::socket::Socket;

use crate::error::{Error, Kind, Result};
use crate::model::meeting::Credential;
use crate::server::error::status;

/// No event has a longer name.
const LONGEST_NAME: usize = 32;

/// An event that came in.
pub(super) struct ClientEvent {
    pub(super) name: String,
    pub(super) arguments: PositionalArguments,
    pub(super) ack: AckSender,
}

impl ClientEvent {
    /// About how many bytes it keeps.
    pub(super) fn size(&self) -> usize {
        self.arguments.0.iter().map(|raw| raw.get().len()).sum()
    }

    /// Its name, for traces; one that no event has may be anything.
    pub(super) fn known_name(&self) -> &str {
        let is_plain = |c: char| c.is_ascii_alphabetic() || c == '-';
        let is_name = self.name.len() <= LONGEST_NAME && self.name.chars().all(is_plain);
        if is_name { &self.name } else { "other" }
    }
}

/// The work that an event means; it gives what the acknowledgement says.
pub(super) type EventWork = BoxFuture<'static, Result<Value>>;

/// The arguments of an event, by their places.
pub(super) struct PositionalArguments(Vec<Box<RawValue>>);

/// The name and arguments as they came; nothing if it is no event.
pub(super) struct EventParts(pub(super) Option<(String, PositionalArguments)>);

impl<A: Adapter> FromMessageParts<A> for EventParts {
    type Error = Infallible;

    fn from_message_parts(
        _: &Arc<Socket<A>>,
        payload: &mut Payload,
        _: &Option<i64>,
    ) -> Result<Self, Infallible> {
        let Payload::Str(text, _) = payload else {
            return Ok(Self(None));
        };
        Ok(Self::read(text.as_str()))
    }
}

impl EventParts {
    fn read(text: &str) -> Self {
        let all = serde_json::from_str::<Vec<Box<RawValue>>>(text).ok();
        Self(all.and_then(|mut all| {
            if all.is_empty() {
                return None;
            }
            let name = serde_json::from_str(all.remove(0).get()).ok()?;
            Some((name, PositionalArguments(all)))
        }))
    }
}

impl PositionalArguments {
    /// The argument at `at`; `None` if it is missing or null.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`] when it is something else than `what`.
    pub(super) fn optional<T: DeserializeOwned>(&self, at: usize, what: &str) -> Result<Option<T>> {
        let Some(raw) = self.0.get(at) else {
            return Ok(None);
        };
        serde_json::from_str(raw.get())
            .map_err(|_| Error::invalid(format!("argument {} must be {what}", at + 1)))
    }

    /// The argument at `at`.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`] when it is missing or something else than `what`.
    pub(super) fn required<T: DeserializeOwned>(&self, at: usize, what: &str) -> Result<T> {
        self.optional(at, what)?
            .ok_or_else(|| Error::invalid(format!("argument {} is missing; it is {what}", at + 1)))
    }

    /// The object at `at`; `None` if it is missing or null. A list is none, whatever is in it.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`] when it is something else than `what`.
    pub(super) fn object<T: DeserializeOwned>(&self, at: usize, what: &str) -> Result<Option<T>> {
        let object: Option<Map<String, Value>> = self.optional(at, what)?;
        let read = object.map(|object| serde_json::from_value(Value::Object(object)));
        read.transpose()
            .map_err(|_| Error::invalid(format!("argument {} must be {what}", at + 1)))
    }

    /// The argument at `at`, whatever it is.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`] when it is missing.
    pub(super) fn raw(&self, at: usize) -> Result<Box<RawValue>> {
        let raw = self.0.get(at).cloned();
        raw.ok_or_else(|| Error::invalid(format!("argument {} is missing", at + 1)))
    }
}

/// What may be said of a message beside its text.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SendOptions {
    /// The sender's own name for it.
    #[serde(default)]
    pub(super) client_id: Option<String>,
}

/// What opens a room: who somebody was, or a join token, or both.
#[derive(Default, Deserialize)]
pub(super) struct RoomKeys {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    pub(super) token: Option<String>,
    /// Whether this client comes back by itself when its connection breaks.
    #[serde(default)]
    pub(super) resumes: bool,
}

/// How somebody is muted, or the room is locked.
#[derive(Default, Deserialize)]
pub(super) struct LiftOptions {
    /// It is taken back.
    #[serde(default)]
    pub(super) lift: bool,
}

impl RoomKeys {
    pub(super) fn returning(&mut self) -> Option<Credential> {
        let (id, key) = (self.id.take()?, self.key.take()?);
        Some(Credential { id, key })
    }
}

/// What an acknowledgement says of success.
pub(super) fn success(data: &Value) -> Value {
    json!({ "success": true, "error": null, "status": 200, "data": data })
}

/// What an acknowledgement says of a failure.
pub(super) fn failure(error: &Error) -> Value {
    let mut body = json!({
        "success": false, "error": error.message(), "status": status(error.kind()).as_u16(),
        "code": error.kind().code(),
    });
    if let Some(reason) = error.why() {
        body["reason"] = reason.as_str().into();
    }
    body
}

/// The arguments of the original's error event: what failed, why, and a code.
pub(super) fn original(event: &str, error: &Error) -> Option<(&'static str, String, String)> {
    let (what, letter) = match event {
        "join-room" => ("join", 'J'),
        "create-room" => ("create", 'C'),
        "update-mediaState" | "update-settings" => ("media", 'M'),
        "update-name" => ("name", 'N'),
        _ => return None,
    };
    let message = match (event, error.kind()) {
        ("join-room", Kind::NotFound) => "The room doesn't exist",
        _ => error.message(),
    };
    let code = format!("{letter}{}", status(error.kind()).as_u16());
    Some((what, message.to_owned(), code))
}

#[cfg(test)]
mod hostile {
    use serde_json::value::to_raw_value;

    use super::*;
    use crate::hostile::{hostile, refused};
    use crate::server::signalling::outgoing::{Arguments, WireMedia};

    /// How often an argument is asked for, which may be none of what is wanted.
    const PLACES: usize = 6;

    fn told<T>(outcome: Result<T>) {
        if let Err(error) = outcome {
            assert_eq!(error.kind(), Kind::InvalidInput);
            refused(&error);
        }
    }

    fn ask(arguments: &PositionalArguments) {
        for at in 0..PLACES {
            told(arguments.required::<String>(at, "a text"));
            told(arguments.optional::<u64>(at, "a number"));
            told(arguments.optional::<usize>(at, "a number"));
            told(arguments.optional::<bool>(at, "true or false"));
            told(arguments.optional::<Value>(at, "an object"));
            told(arguments.object::<RoomKeys>(at, "an object with id and key, or token"));
            told(arguments.object::<WireMedia>(at, "an object of booleans"));
            told(arguments.raw(at));
        }
    }

    fn read(bytes: &[u8]) {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return;
        };
        let Some((name, PositionalArguments(arguments))) = EventParts::read(text).0 else {
            return;
        };
        let kept: usize = arguments.iter().map(|raw| raw.get().len()).sum();
        assert!(name.len() + kept <= text.len(), "more is kept than came");
        let mut all = arguments.clone();
        all.insert(0, to_raw_value(&name).expect("JSON"));
        let text = serde_json::to_string(&Arguments(&all)).expect("JSON");
        let (again, PositionalArguments(same)) = EventParts::read(&text).0.expect("an event");
        let texts = |all: &[Box<RawValue>]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!((again, texts(&same)), (name, texts(&arguments)));
        ask(&PositionalArguments(arguments));
    }

    /// Whatever a client sends is an event that can be passed on, or nothing; an argument that is
    /// not as wanted is refused.
    #[test]
    fn arguments_are_read_or_refused() {
        hostile!("arguments", read);
    }
}
