//! Sends everyone out of a room; the room stays.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use super::participants::Input;
use crate::context::Context;
use crate::error::Result;
use crate::model::{BackendName, RoomName};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EndedRoom)]
pub struct Output {
    /// The room.
    pub name: RoomName,
    /// Where it lives.
    pub backend: BackendName,
    /// How many people were sent out.
    pub ended: u64,
}

/// Sends everyone out of the room.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<Output> {
    let backend = context.backends.get(input.backend)?;
    let ended = backend.occupancy.end(&input.name).await?;
    Ok(Output {
        name: input.name,
        backend: backend.name,
        ended,
    })
}

/// How many people `run` would send out.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn plan(context: &Context, input: Input) -> Result<Output> {
    let people = super::participants::run(context, input.clone()).await?;
    Ok(Output {
        backend: context.backends.get(input.backend)?.name,
        name: input.name,
        ended: people.len() as u64,
    })
}
