//! Ends a recording.

use super::check_id;
pub use crate::commands::by_id::ByVendorId as Input;
use crate::context::Context;
use crate::error::Result;
use crate::model::recording::Recording;

/// Ends it; the file comes later.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Conflict`](crate::Kind::Conflict) when it is
/// over already.
pub async fn run(context: &Context, input: Input) -> Result<Recording> {
    let Input { id, backend } = input;
    check_id(&id)?;
    context.backends.get(backend)?.recordings()?.stop(&id).await
}
