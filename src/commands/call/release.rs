//! Releases what calls hold: the vendor's participants and room go, then the call is history.

use std::time::Duration;

use super::stored::Live;
use super::{join_token, notice};
use crate::commands::room;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::call::{CallState, Side};
use crate::model::report::Outcome;
use crate::model::{BackendName, RoomName};
use crate::records::StoredCall;

/// When a clean-up that failed is tried again.
const AGAIN: Duration = Duration::from_secs(30);

/// Undoes a call whose set-up failed. What cannot be undone now is left to the worker.
pub(super) async fn fail(context: &Context, live: &Live, error: &Error) {
    let (state, reason) = (CallState::Failed, error.message().to_owned());
    let call = &live.stored.call;
    // Phones that ring already must stop.
    let event = notice::RingEvent::Cancelled;
    let stop = match live.stored.rings {
        0 => Ok(Vec::new()),
        _ => notice::tell(context, call, Side::Callee, event, None).await,
    };
    let stop = stop.unwrap_or_else(|error| {
        tracing::warn!(%error, call = call.id, "phones are not told that a call failed");
        Vec::new()
    });
    let outcome = super::stored::change(context, &call.id, |next| {
        if !next.call.state.is_over() {
            next.finish(state, context.clock.now());
            next.call.reason = Some(reason.clone());
        }
        next.leave_nothing();
        let mut more = notice::silence(next);
        more.extend(stop.clone());
        Ok(Some(more))
    });
    let outcome = match outcome.await {
        Ok(live) => run(context, live).await,
        // Somebody cleaned it up meanwhile, perhaps before the last step of ours.
        Err(error) if error.kind() == Kind::NotFound => {
            let (silent, told) = (notice::silence(&live.stored), stop);
            match context.documents.commit([silent, told].concat()).await {
                Ok(_) => remove_room(context, call.backend, &call.room).await,
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    };
    if let Err(error) = outcome {
        tracing::error!(
            %error, causes = ?error.causes(), call = live.stored.call.id,
            "a call that failed is not cleaned up yet; the worker tries again"
        );
    }
}

/// Removes at the vendor's what is to be removed now: the parts that were ended, and of a call that
/// is over and past its deadline all that is left; then it moves to the past. What fails is noted as
/// due soon.
///
/// # Errors
/// Those of the vendor and the store.
pub(super) async fn run(context: &Context, live: Live) -> Result<()> {
    match purge(context, &live).await {
        Ok(()) => Ok(()),
        // Somebody else changed it meanwhile and goes on.
        Err(error) if error.kind() == Kind::Conflict => Ok(()),
        Err(error) => {
            let now = context.documents.now().await?.as_millisecond();
            let mut next = live.stored.clone();
            next.due = now + i64::try_from(AGAIN.as_millis()).unwrap_or_default();
            match live.replace(context, next, Vec::new()).await {
                Err(noted) if noted.kind() != Kind::Conflict => Err(noted),
                _ => Err(error),
            }
        }
    }
}

/// A clean-up that fails is the worker's affair: the call itself is over.
pub(super) async fn release_quietly(context: &Context, live: Live) {
    let id = live.stored.call.id.clone();
    if let Err(error) = run(context, live).await {
        tracing::warn!(%error, causes = ?error.causes(), call = id, "a call is not cleaned up yet");
    }
}

async fn purge(context: &Context, live: &Live) -> Result<()> {
    let call = &live.stored.call;
    let mut failed = None;
    for participant in &live.stored.closing {
        if let Err(error) = join_token::close(context, call, participant).await {
            failed.get_or_insert(error);
        }
    }
    if let Some(error) = failed {
        return Err(vendors(error));
    }
    let now = context.documents.now().await?.as_millisecond();
    if !call.state.is_over() || live.stored.deadline > now {
        let mut next = live.stored.clone();
        next.closing.clear();
        next.due = next.deadline;
        return live.replace(context, next, Vec::new()).await.map(|_| ());
    }
    // One thing that cannot be removed must not keep the others.
    for side in Side::BOTH {
        if let Some(participant) = live.stored.participant(side)
            && let Err(error) = join_token::close(context, call, participant).await
        {
            failed.get_or_insert(error);
        }
    }
    let room = remove_room(context, call.backend, &call.room).await;
    match failed.or(room.err()) {
        Some(error) => Err(vendors(error)),
        None => live.archive(context).await,
    }
}

/// A vendor's conflict is a failure of the clean-up; only the store's own says that somebody else is
/// at it.
fn vendors(error: Error) -> Error {
    match error.kind() {
        Kind::Conflict => Error::bad_gateway(error.message().to_owned()).because(error),
        _ => error,
    }
}

async fn remove_room(context: &Context, backend: BackendName, name: &RoomName) -> Result<()> {
    let item = room::delete::one(context, Some(backend), name).await?;
    if item.outcome != Outcome::Failed {
        return Ok(());
    }
    let unsaid = || "the room could not be deleted".to_owned();
    Err(Error::bad_gateway(item.error.unwrap_or_else(unsaid)))
}

/// Ends a call whose time has run, if it has; whether both are free now.
///
/// # Errors
/// Those of the store.
pub(super) async fn run_out(context: &Context, live: &Live) -> Result<bool> {
    let now = context.documents.now().await?.as_millisecond();
    if live.stored.call.state.is_over() && live.stored.marks.is_empty() {
        return Ok(true);
    }
    if live.stored.deadline > now {
        return Ok(false);
    }
    match expire(context, live).await {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == Kind::Conflict => Ok(false),
        Err(error) => Err(error),
    }
}

/// Ends a call whose time has run: both are free, the phones are told.
///
/// # Errors
/// [`Kind::Conflict`] when the call changed meanwhile; those of the store.
pub(super) async fn expire(context: &Context, live: &Live) -> Result<Live> {
    let now = context.clock.now();
    let mut next = live.stored.clone();
    let mut more = Vec::new();
    match next.call.state {
        CallState::Ringing => {
            next.finish(CallState::Missed, now);
            let event = notice::RingEvent::Missed;
            more.extend(notice::tell(context, &next.call, Side::Callee, event, None).await?);
            next.deadline = if blind(&next) {
                last_end(context, &next)
            } else {
                0
            };
        }
        CallState::Starting => {
            next.finish(CallState::Failed, now);
            next.call.reason = Some("it was left behind while it was set up".to_owned());
            next.deadline = 0;
        }
        CallState::Accepted => {
            next.finish(CallState::Ended, now);
            next.call.reason = Some("it reached calls.longest".to_owned());
            next.deadline = 0;
        }
        _ => next.marks.clear(),
    }
    next.due = next.deadline;
    live.replace(context, next, more).await
}

/// Whether the callee may be talking without our knowing it: they got their token with the ring,
/// and the vendor tells nothing. Then the room stays until somebody hangs up, calls anew, or the
/// longest time for a call is over.
fn blind(stored: &StoredCall) -> bool {
    let both = Side::BOTH
        .iter()
        .all(|side| stored.participant(*side).is_some());
    stored.unseen && !stored.told && both
}

/// When a call is over in any case, in Unix milliseconds.
fn last_end(context: &Context, stored: &StoredCall) -> i64 {
    let longest = i64::try_from(context.calls.longest.0.as_millis()).unwrap_or(i64::MAX);
    let start = stored.call.created_at.as_millisecond();
    start.saturating_add(longest)
}
