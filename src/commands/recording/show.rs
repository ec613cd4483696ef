//! Shows a recording.

use super::check_id;
use crate::context::Context;
use crate::error::Result;
use crate::model::BackendName;
use crate::model::recording::Recording;

/// Looks the recording up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, id: &str, backend: Option<BackendName>) -> Result<Recording> {
    check_id(id)?;
    context.backends.get(backend)?.recordings()?.get(id).await
}
