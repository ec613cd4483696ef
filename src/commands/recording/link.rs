//! Makes a link to a recording's file.

use super::check_id;
pub use crate::commands::by_id::ByVendorId as Input;
use crate::context::Context;
use crate::error::Result;
use crate::model::recording::RecordingLink;

/// A link that works for a while.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Conflict`](crate::Kind::Conflict) while there
/// is no file.
pub async fn run(context: &Context, input: Input) -> Result<RecordingLink> {
    let Input { id, backend } = input;
    check_id(&id)?;
    context.backends.get(backend)?.recordings()?.link(&id).await
}
