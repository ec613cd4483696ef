//! Changes a room's settings.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{check_participants, check_properties};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::room::check_times;
use crate::model::{BackendName, Moment, Privacy, Room, RoomName, RoomPatch, given};

/// What to change. A field that is absent stays as it is; null goes back to the default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpdateRoom)]
pub struct RoomChanges {
    /// Who may come in.
    #[serde(default)]
    pub privacy: Option<Privacy>,
    /// Nobody may come in before: a time, or how long from now.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>, example = "24h")]
    pub not_before: Option<Option<Moment>>,
    /// Nobody may come in from then on: a time, or how long from now.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>, example = "24h")]
    pub expires: Option<Option<Moment>>,
    /// How many people fit in.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<u32>)]
    pub max_participants: Option<Option<u32>>,
    /// Further settings, by the backend's own names; null removes one.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub properties: Map<String, Value>,
}

/// Which room to change, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its name.
    pub name: RoomName,
    /// Where it lives; the configured backend if absent.
    pub backend: Option<BackendName>,
    /// What is different from now on.
    pub changes: RoomChanges,
}

/// Changes the room.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound),
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when nothing is to change.
pub async fn run(context: &Context, input: Input) -> Result<Room> {
    let backend = context.backends.get(input.backend)?;
    let patch = check(context.clock.now(), input.changes)?;
    backend.rooms.update(&input.name, &patch).await
}

/// Checks the input as `run` would, and that there is such a room; returns it as it is now.
///
/// # Errors
/// As [`run`].
pub async fn plan(context: &Context, input: Input) -> Result<Room> {
    let backend = context.backends.get(input.backend)?;
    check(context.clock.now(), input.changes)?;
    backend.rooms.get(&input.name).await
}

fn check(now: Timestamp, changes: RoomChanges) -> Result<RoomPatch> {
    check_participants(changes.max_participants.flatten())?;
    check_properties(&changes.properties)?;
    let patch = RoomPatch {
        privacy: changes.privacy,
        not_before: map(changes.not_before, |moment| moment.from(now))?,
        expires_at: map(changes.expires, |moment| moment.ahead_of(now, "the expiry"))?,
        max_participants: changes.max_participants,
        properties: changes.properties,
    };
    check_times(patch.not_before.flatten(), patch.expires_at.flatten())?;
    if patch == RoomPatch::default() {
        return Err(Error::invalid(
            "there is nothing to change; give privacy, not_before, expires, max_participants or properties",
        ));
    }
    Ok(patch)
}

fn map<A, B>(
    field: Option<Option<A>>,
    read: impl FnOnce(A) -> Result<B>,
) -> Result<Option<Option<B>>> {
    field.map(|value| value.map(read).transpose()).transpose()
}
