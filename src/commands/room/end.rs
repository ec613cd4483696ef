//! Sends everyone out of a room; the room stays.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::participants;
use crate::context::Context;
use crate::error::Result;
use crate::model::meeting::{Actor, Ending};
use crate::model::{BackendName, RoomName};

/// Which room.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name.
    pub name: RoomName,
    /// Where it lives; the configured backend if absent.
    pub backend: Option<BackendName>,
    /// Who ends it: an operator, or a host of a local room.
    pub by: Actor,
}

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
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Forbidden`](crate::Kind::Forbidden) for whoever is
/// neither an operator nor a host.
pub async fn run(context: &Context, input: Input) -> Result<Output> {
    let backend = context.backends.get(input.backend)?;
    let ended = match input.by {
        Actor::Operator => backend.occupancy.end(&input.name).await?,
        by => {
            let why = Ending::Ended;
            context.meetings.end(&input.name, by, why).await?
        }
    };
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
    let room = participants::Input {
        name: input.name.clone(),
        backend: input.backend,
    };
    let people = participants::run(context, room).await?;
    Ok(Output {
        backend: context.backends.get(input.backend)?.name,
        name: input.name,
        ended: people.len() as u64,
    })
}
