//! Answers a call, or declines it.

use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use super::notice::{self, Event};
use super::stored::{Live, find_live};
use super::{create, missing, tidy};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::JoinToken;
use crate::model::call::{Call, CallState, Side};

/// Who answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AnswerCall)]
pub struct Input {
    /// The device that answers; the others of the same person stop ringing.
    #[serde(default)]
    pub device: Option<String>,
}

/// A call that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Accepted {
    /// The call.
    pub call: Call,
    /// The callee's token.
    pub token: JoinToken,
}

/// Answers: the callee gets a token.
///
/// # Errors
/// [`Kind::Conflict`] when it does not ring any more; [`Kind::NotFound`].
pub async fn run(context: &Context, id: &str, input: Input) -> Result<Accepted> {
    let live = ringing(context, id).await?;
    let token = create::mint(context, &live.stored.call, Side::Callee).await?;
    match note(context, &live, &input, &token).await {
        Ok(live) => Ok(Accepted {
            call: live.stored.call,
            token,
        }),
        Err(error) => {
            if let Some(participant) = &token.participant_id {
                create::close(context, &live.stored.call, participant).await?;
            }
            Err(match error.kind() {
                Kind::Conflict => {
                    Error::conflict(format!("the call `{id}` does not ring any more"))
                }
                _ => error,
            })
        }
    }
}

async fn note(context: &Context, live: &Live, input: &Input, token: &JoinToken) -> Result<Live> {
    let mut next = live.stored.clone();
    next.answer(context.clock.now(), context.calls.longest.0);
    if let Some(participant) = &token.participant_id {
        next.set_participant(Side::Callee, Some(participant.clone()));
    }
    let (call, but) = (&next.call, input.device.as_deref());
    let mut more = notice::tell(context, call, Side::Callee, Event::AnsweredElsewhere, but).await?;
    if but.is_none() {
        // Who did not say which device it is would be told to stop ringing itself.
        more.clear();
    }
    more.extend(notice::tell(context, call, Side::Caller, Event::Accepted, None).await?);
    live.replace(context, next, more).await
}

/// Declines: both are free, the room goes.
///
/// # Errors
/// [`Kind::Conflict`] when it does not ring any more; [`Kind::NotFound`].
pub async fn decline(context: &Context, id: &str) -> Result<Call> {
    let live = ringing(context, id).await?;
    let mut next = live.stored.clone();
    next.finish(CallState::Declined, context.clock.now());
    (next.deadline, next.due) = (0, 0);
    let mut more = notice::silence(&next);
    more.extend(notice::tell(context, &next.call, Side::Caller, Event::Declined, None).await?);
    let live = match live.replace(context, next, more).await {
        Err(error) if error.kind() == Kind::Conflict => {
            return Err(error.saying(format!("the call `{id}` does not ring any more")));
        }
        other => other?,
    };
    let call = live.stored.call.clone();
    settle(context, live).await;
    Ok(call)
}

/// A clean-up that fails is the worker's affair: the call itself is over.
pub(super) async fn settle(context: &Context, live: Live) {
    let id = live.stored.call.id.clone();
    if let Err(error) = tidy::run(context, live).await {
        tracing::warn!(%error, causes = ?error.causes(), call = id, "a call is not cleaned up yet");
    }
}

async fn ringing(context: &Context, id: &str) -> Result<Live> {
    let over = || Error::conflict(format!("the call `{id}` does not ring any more"));
    let Some(live) = find_live(context, id).await? else {
        // It may be over, which is not the same as never having been.
        super::show::run(context, id).await?;
        return Err(over());
    };
    match live.stored.call.state {
        CallState::Ringing if !tidy::run_out(context, &live).await? => Ok(live),
        CallState::Starting => Err(missing(id)),
        _ => Err(over()),
    }
}
