//! Sends everyone out of a room; the room stays.

use serde::Serialize;
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::Result;
use crate::model::{BackendName, RoomName};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EndedRoom)]
pub struct Output {
    /// The room.
    pub name: RoomName,
    /// Where it lives.
    pub backend: BackendName,
    /// How many people were sent out.
    pub ended: u64,
}

/// Sends everyone out of the room called `name`.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, name: &str, backend: Option<BackendName>) -> Result<Output> {
    let backend = context.backends.get(backend)?;
    let name: RoomName = name.parse()?;
    let ended = backend.occupancy.end(&name).await?;
    Ok(Output {
        name,
        backend: backend.name,
        ended,
    })
}

/// How many people `run` would send out.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn plan(context: &Context, name: &str, backend: Option<BackendName>) -> Result<Output> {
    let people = super::participants::run(context, name, backend).await?;
    Ok(Output {
        name: name.parse()?,
        backend: context.backends.get(backend)?.name,
        ended: people.len() as u64,
    })
}
