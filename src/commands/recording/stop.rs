//! Ends a recording.

use super::check_id;
use crate::context::Context;
use crate::error::Result;
use crate::model::BackendName;
use crate::model::recording::Recording;

/// Ends it; the file comes later.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Conflict`](crate::Kind::Conflict) when it is
/// over already.
pub async fn run(context: &Context, id: &str, backend: Option<BackendName>) -> Result<Recording> {
    check_id(id)?;
    context.backends.get(backend)?.recordings()?.stop(id).await
}
