//! Begins to record a room.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::recording::{Recording, RecordingOf, RecordingSpec};
use crate::model::{BackendName, RoomName};

/// What to record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StartRecording)]
pub struct Input {
    /// The room.
    #[serde(default)]
    pub room: Option<String>,
    /// Or the session, by the vendor's id, where the vendor records sessions.
    #[serde(default)]
    pub session_id: Option<String>,
    /// Where it is; the configured backend if absent.
    #[serde(default)]
    pub backend: Option<BackendName>,
    /// Options, by the vendor's own names.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub properties: Map<String, Value>,
}

/// Begins to record.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when there is no such room, or nobody is in it;
/// [`Kind::Conflict`](crate::Kind::Conflict) when it is recorded already.
pub async fn run(context: &Context, input: Input) -> Result<Recording> {
    let recordings = context.backends.get(input.backend)?.recordings()?;
    recordings.start(&spec(input)?).await
}

/// What [`run`] would record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = StartRecordingPlan)]
pub struct Plan {
    /// Where.
    pub backend: BackendName,
    /// The room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomName>,
}

/// Checks the input as [`run`] would, and that there is such a room.
///
/// # Errors
/// As [`run`].
pub async fn plan(context: &Context, input: Input) -> Result<Plan> {
    let backend = context.backends.get(input.backend)?;
    backend.recordings()?;
    let room = match spec(input)?.of {
        RecordingOf::Room(room) => Some(backend.rooms.get(&room).await?.name),
        RecordingOf::Session(_) => None,
    };
    Ok(Plan {
        backend: backend.name,
        room,
    })
}

fn spec(input: Input) -> Result<RecordingSpec> {
    let of = match (input.room, input.session_id) {
        (Some(room), None) => RecordingOf::Room(room.parse()?),
        (None, Some(id)) if !id.is_empty() && id.len() <= 255 => RecordingOf::Session(id),
        (None, Some(_)) => return Err(Error::invalid("`session_id` is no session")),
        _ => return Err(Error::invalid("name either a room or a session to record")),
    };
    Ok(RecordingSpec {
        of,
        properties: input.properties,
    })
}
