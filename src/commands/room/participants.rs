//! Lists who is in a room now.

use crate::context::Context;
use crate::error::Result;
use crate::model::{BackendName, Participant};

/// Everybody in the room called `name`.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(
    context: &Context,
    name: &str,
    backend: Option<BackendName>,
) -> Result<Vec<Participant>> {
    let backend = context.backends.get(backend)?;
    backend.occupancy.participants(&name.parse()?).await
}
