//! Changes a room's settings.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{check_participants, check_properties};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::room::check_times;
use crate::model::{BackendName, Moment, Privacy, Room, RoomPatch, given};

/// What to change. A field that is absent stays as it is; null goes back to the default.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpdateRoom)]
pub struct Input {
    /// Who may come in.
    #[serde(default)]
    pub privacy: Option<Privacy>,
    /// Nobody may come in before: a time, or how long from now.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "24h")]
    pub not_before: Option<Option<Moment>>,
    /// Nobody may come in from then on: a time, or how long from now.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, example = "24h")]
    pub expires: Option<Option<Moment>>,
    /// How many people fit in.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u32>)]
    pub max_participants: Option<Option<u32>>,
    /// Further settings, by the backend's own names; null removes one.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub properties: Map<String, Value>,
}

/// Changes the room called `name`.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound),
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when nothing is to change.
pub async fn run(
    context: &Context,
    name: &str,
    backend: Option<BackendName>,
    input: Input,
) -> Result<Room> {
    let backend = context.backends.get(backend)?;
    let name = name.parse()?;
    let patch = check(context.clock.now(), input)?;
    backend.rooms.update(&name, &patch).await
}

/// Checks the input as `run` would, and that there is such a room; returns it as it is now.
///
/// # Errors
/// As [`run`].
pub async fn plan(
    context: &Context,
    name: &str,
    backend: Option<BackendName>,
    input: Input,
) -> Result<Room> {
    let backend = context.backends.get(backend)?;
    let name = name.parse()?;
    check(context.clock.now(), input)?;
    backend.rooms.get(&name).await
}

fn check(now: Timestamp, input: Input) -> Result<RoomPatch> {
    check_participants(input.max_participants.flatten())?;
    check_properties(&input.properties)?;
    let patch = RoomPatch {
        privacy: input.privacy,
        not_before: map(input.not_before, |moment| moment.from(now))?,
        expires_at: map(input.expires, |moment| moment.ahead_of(now, "the expiry"))?,
        max_participants: input.max_participants,
        properties: input.properties,
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
