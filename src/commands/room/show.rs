//! Shows a room.

use crate::context::Context;
use crate::error::Result;
use crate::model::{BackendName, Room};

/// Which room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Where it lives; the configured backend if absent.
    pub backend: Option<BackendName>,
}

/// Looks the room up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<Room> {
    let backend = context.backends.get(input.backend)?;
    backend.rooms.get(&input.name.parse()?).await
}
