//! Deletes a recording.

use super::{check_id, show};
use crate::context::Context;
use crate::error::Result;
use crate::model::BackendName;
use crate::model::recording::Recording;

/// Looks up the recording that [`run`] would delete.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn plan(context: &Context, id: &str, backend: Option<BackendName>) -> Result<Recording> {
    show::run(context, id, backend).await
}

/// Deletes it for good and returns what it was.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Unsupported`](crate::Kind::Unsupported) where
/// the vendor deletes none.
pub async fn run(context: &Context, id: &str, backend: Option<BackendName>) -> Result<Recording> {
    check_id(id)?;
    let recording = plan(context, id, backend).await?;
    let recordings = context.backends.get(backend)?.recordings()?;
    recordings.delete(id).await?;
    Ok(recording)
}
