//! Declines a call: both are free, the room goes.

use super::accept::{check_callee, ringing};
use super::notice::{self, Doer, RingEvent};
use super::release;
use super::stored::contended;
use crate::context::Context;
use crate::error::Result;
use crate::model::call::{Call, CallState, Side};
use crate::model::user::UserId;
use crate::records::contend;

/// Who declines which call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The call's id.
    pub call: String,
    /// Whom it has to be for, where it is known who declines.
    pub callee: Option<UserId>,
    /// The connection that declines, where it is one of ours.
    pub connection: Option<String>,
}

/// Declines.
///
/// # Errors
/// [`Kind::Conflict`](crate::Kind::Conflict) when it does not ring any more;
/// [`Kind::NotFound`](crate::Kind::NotFound), also for calls to others.
pub async fn run(context: &Context, input: Input) -> Result<Call> {
    check_callee(context, &input.call, input.callee.as_ref()).await?;
    let doer = input.connection.as_deref().map(Doer::Connection);
    let declining = || async {
        let live = ringing(context, &input.call).await?;
        let mut next = live.stored.clone();
        next.finish(CallState::Declined, context.clock.now());
        next.leave_nothing();
        let mut more = notice::silence(&next);
        let (call, event) = (&next.call, RingEvent::DeclinedElsewhere);
        more.extend(notice::tell(context, call, Side::Callee, event, doer).await?);
        more.extend(notice::tell(context, call, Side::Caller, RingEvent::Declined, None).await?);
        live.replace(context, next, more).await
    };
    let live = contend(declining, contended).await?;
    let call = live.stored.call.clone();
    release::release_quietly(context, live).await;
    Ok(call)
}
