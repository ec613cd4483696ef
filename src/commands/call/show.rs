//! Shows a call.

use super::stored::find_live;
use super::{PAST, missing};
pub use crate::commands::by_id::ById as Input;
use crate::commands::by_id::is_id;
use crate::context::Context;
use crate::error::Result;
use crate::model::call::Call;

/// Looks the call up, live or past.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<Call> {
    let id = input.id.as_str();
    if !is_id(id) {
        return Err(missing(id));
    }
    // Twice: it may move to the past between the two looks.
    for _ in 0..2 {
        if let Some(live) = find_live(context, id).await? {
            return Ok(live.stored.call.told_at(context.clock.now()));
        }
        if let Some(past) = PAST.get(context.documents.as_ref(), id).await? {
            return Ok(past.record);
        }
    }
    Err(missing(id))
}
