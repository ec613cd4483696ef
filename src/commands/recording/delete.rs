//! Deletes a recording.

use super::{check_id, show};
pub use crate::commands::by_id::ByVendorId as Input;
use crate::context::Context;
use crate::error::Result;
use crate::model::recording::Recording;

/// Looks up the recording that [`run`] would delete.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn plan(context: &Context, input: Input) -> Result<Recording> {
    show::run(context, input).await
}

/// Deletes it for good and returns what it was.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Unsupported`](crate::Kind::Unsupported) where
/// the vendor deletes none.
pub async fn run(context: &Context, input: Input) -> Result<Recording> {
    check_id(&input.id)?;
    let recording = plan(context, input.clone()).await?;
    let recordings = context.backends.get(input.backend)?.recordings()?;
    recordings.delete(&input.id).await?;
    Ok(recording)
}
