//! Ends a call, or one side's part in it.

use super::notice::{self, RingEvent};
use super::stored::{Live, contended, find_live};
use super::{decline, release, show};
use crate::context::Context;
use crate::error::Result;
use crate::model::call::{Call, CallState, Side};
use crate::records::documents::Write;
use crate::records::{StoredCall, contend};
use crate::traces;

/// Who ends which call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The call's id.
    pub call: String,
    /// Only this side's part; the call is over when both have ended theirs. Both if absent.
    pub by: Option<Side>,
}

/// Ends it. What is over stays as it is.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<Call> {
    let id = input.call.as_str();
    let ending = || async {
        let Some(live) = find_live(context, id).await? else {
            return show::run(context, id.into()).await;
        };
        match input.by {
            None => whole(context, live).await,
            Some(side) => one(context, live, side).await,
        }
    };
    let span = traces::span!("call end", call = id);
    traces::within(span, Box::pin(contend(ending, contended))).await
}

/// Both sides, whatever the state.
pub(super) async fn whole(context: &Context, live: Live) -> Result<Call> {
    let mut next = live.stored.clone();
    let before = next.call.state;
    let (state, told) = match before {
        CallState::Starting | CallState::Ringing => {
            (CallState::Cancelled, Some(RingEvent::Cancelled))
        }
        CallState::Accepted => (CallState::Ended, Some(RingEvent::Ended)),
        over => (over, None),
    };
    next.finish(state, context.clock.now());
    // Whoever sets it up finds out at the next step, and undoes what is there by then.
    let starting = before == CallState::Starting;
    if !starting {
        next.leave_nothing();
    }
    let mut more = notice::silence(&next);
    if let Some(event) = told.filter(|_| !starting) {
        more.extend(notice::tell(context, &next.call, Side::Callee, event, None).await?);
    }
    let live = live.replace(context, next, more).await?;
    let call = live.stored.call.clone();
    if !starting {
        release::release_quietly(context, live).await;
    }
    Ok(call)
}

/// One side only: it is free, its participant goes; the room goes with the last one.
async fn one(context: &Context, live: Live, side: Side) -> Result<Call> {
    let mut next = live.stored.clone();
    let before = next.call.state;
    if before == CallState::Starting {
        return whole(context, live).await;
    }
    // Nothing at the vendor's tells the sides apart: without a participant of its own, the end of
    // one is the end of the call while it rings.
    let parts = Side::BOTH.map(|side| live.stored.participant(side).is_some());
    if before == CallState::Ringing && parts != [true, true] {
        return match side {
            Side::Caller => whole(context, live).await,
            Side::Callee => {
                let input = decline::Input {
                    call: live.stored.call.id.clone(),
                    callee: None,
                    connection: None,
                };
                decline::run(context, input).await
            }
        };
    }
    // Who hangs up is free, whether or not the vendor can be reached.
    next.closing
        .extend(live.stored.participant(side).map(str::to_owned));
    next.set_participant(side, None);
    next.free(side);
    next.due = 0;
    let more = turn(context, &mut next, side, before).await?;
    let live = live.replace(context, next, more).await?;
    let call = live.stored.call.clone();
    release::release_quietly(context, live).await;
    Ok(call)
}

/// What one side's end makes of the call.
async fn turn(
    context: &Context,
    next: &mut StoredCall,
    side: Side,
    before: CallState,
) -> Result<Vec<Write>> {
    let now = context.clock.now();
    let mut more = Vec::new();
    match (before, side) {
        (CallState::Ringing, Side::Caller) => {
            next.finish(CallState::Cancelled, now);
            more.extend(notice::silence(next));
            let event = RingEvent::Cancelled;
            more.extend(notice::tell(context, &next.call, Side::Callee, event, None).await?);
        }
        (CallState::Ringing, Side::Callee) => {
            next.call.state = CallState::Declined;
            next.call.ended_at = Some(now);
            more.extend(notice::silence(next));
        }
        _ => {}
    }
    let left = Side::BOTH
        .iter()
        .any(|side| next.participant(*side).is_some());
    let marked = !next.marks.is_empty();
    if !left && !marked {
        if !next.call.state.is_over() {
            next.finish(CallState::Ended, now);
        }
        // Nothing is left to wait for.
        next.deadline = 0;
    }
    Ok(more)
}
