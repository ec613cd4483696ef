//! What clients send: events with their arguments by position, and what they are answered.

use std::convert::Infallible;
use std::sync::Arc;

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
}

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
        let all = serde_json::from_str::<Vec<Box<RawValue>>>(text.as_str()).ok();
        Ok(Self(all.and_then(|mut all| {
            if all.is_empty() {
                return None;
            }
            let name = serde_json::from_str(all.remove(0).get()).ok()?;
            Some((name, PositionalArguments(all)))
        })))
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

/// What opens a room: who somebody was, or a ticket, or both.
#[derive(Default, Deserialize)]
pub(super) struct RoomKeys {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    pub(super) token: Option<String>,
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
