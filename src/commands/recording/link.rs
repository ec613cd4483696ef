//! Makes a link to a recording's file.

use super::check_id;
use crate::context::Context;
use crate::error::Result;
use crate::model::BackendName;
use crate::model::recording::RecordingLink;

/// A link that works for a while.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Conflict`](crate::Kind::Conflict) while there
/// is no file.
pub async fn run(
    context: &Context,
    id: &str,
    backend: Option<BackendName>,
) -> Result<RecordingLink> {
    check_id(id)?;
    context.backends.get(backend)?.recordings()?.link(id).await
}
