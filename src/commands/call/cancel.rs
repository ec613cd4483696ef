//! The caller gives up before it is answered.

use super::stored::{contended, find_live};
use super::{end, show};
pub use crate::commands::by_id::ById as Input;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::call::{Call, CallState};
use crate::records::contend;

/// Gives up. A call that was given up stays as it is.
///
/// # Errors
/// [`Kind::Conflict`](crate::Kind::Conflict) when it does not ring any more; [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<Call> {
    let id = input.id.as_str();
    let over = || Error::conflict(format!("the call `{id}` does not ring any more"));
    let cancelling = || async {
        let Some(live) = find_live(context, id).await? else {
            let call = show::run(context, id.into()).await?;
            return match call.state {
                CallState::Cancelled => Ok(call),
                _ => Err(over()),
            };
        };
        match live.stored.call.state {
            CallState::Starting | CallState::Ringing => {}
            CallState::Cancelled => return Ok(live.stored.call),
            _ => return Err(over()),
        }
        end::whole(context, live).await
    };
    contend(cancelling, contended).await
}
