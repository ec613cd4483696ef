//! Lists who is in a room now.

use crate::context::Context;
use crate::error::Result;
use crate::model::{BackendName, Participant, RoomName};

/// Which room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: RoomName,
    /// Where it lives; the configured backend if absent.
    pub backend: Option<BackendName>,
}

/// Everybody in the room.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<Vec<Participant>> {
    let backend = context.backends.get(input.backend)?;
    backend.occupancy.participants(&input.name).await
}
