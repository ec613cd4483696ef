//! Shows a recording.

use super::check_id;
pub use crate::commands::by_id::ByVendorId as Input;
use crate::context::Context;
use crate::error::Result;
use crate::model::recording::Recording;

/// Looks the recording up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<Recording> {
    let Input { id, backend } = input;
    check_id(&id)?;
    context.backends.get(backend)?.recordings()?.get(&id).await
}
