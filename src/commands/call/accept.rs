//! Answers a call, or declines it.

use serde::Serialize;
use utoipa::ToSchema;

use super::notice::{self, Doer, RingEvent};
use super::stored::{Live, contended, find_live};
use super::{join_token, missing, release, show};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::call::{Call, CallState, Side};
use crate::model::user::UserId;
use crate::model::{JoinToken, Minter};
use crate::records::contend;
use crate::request_id::same_request;
use crate::traces;

/// Who answers which call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The call's id.
    pub call: String,
    /// Whom it has to be for, where it is known who answers.
    pub callee: Option<UserId>,
    /// The device that answers; the others of the person stop ringing, without it all of them.
    pub device: Option<String>,
    /// The connection that answers, where it is one of ours.
    pub connection: Option<String>,
    /// Who asks, and stands behind the token.
    pub minter: Minter,
}

impl Input {
    fn doer(&self) -> Option<Doer<'_>> {
        let device = self.device.as_deref().map(Doer::Device);
        device.or(self.connection.as_deref().map(Doer::Connection))
    }
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
/// [`Kind::Conflict`](crate::Kind::Conflict) when it does not ring any more;
/// [`Kind::NotFound`](crate::Kind::NotFound), also for calls to others.
pub async fn run(context: &Context, input: Input) -> Result<Accepted> {
    check_callee(context, &input.call, input.callee.as_ref()).await?;
    let context = context.clone();
    // Goes on to its end, or is undone, even if nobody waits for it any more.
    let span = traces::span!("call accept", call = input.call);
    let work = async move { answer(&context, &input).await };
    let work = tokio::spawn(same_request(traces::within(span, work)));
    work.await.unwrap_or_else(|error| {
        Err(Error::internal("the call could not be answered").because(error))
    })
}

async fn answer(context: &Context, input: &Input) -> Result<Accepted> {
    let id = &input.call;
    let call = ringing(context, id).await?.stored.call;
    let token = join_token::mint(context, &call, Side::Callee, &input.minter).await?;
    // Others may note something about it while it rings on.
    let answering = || async {
        let live = ringing(context, id).await?;
        record_answer(context, &live, input, &token).await
    };
    match contend(answering, contended).await {
        Ok(live) => Ok(Accepted {
            call: live.stored.call,
            token,
        }),
        Err(error) => {
            if let Some(participant) = &token.participant_id {
                join_token::let_go(context, &call, participant).await;
            }
            Err(error)
        }
    }
}

async fn record_answer(
    context: &Context,
    live: &Live,
    input: &Input,
    token: &JoinToken,
) -> Result<Live> {
    let mut next = live.stored.clone();
    next.answer(context.clock.now(), context.calls.longest.0);
    if let Some(participant) = &token.participant_id {
        // Who got a token with the ring has another one now.
        let earlier = live.stored.participant(Side::Callee).map(str::to_owned);
        next.closing.extend(earlier);
        if !next.closing.is_empty() {
            next.due = 0;
        }
        next.set_participant(Side::Callee, Some(participant.clone()));
    }
    let mut more = notice::silence(&next);
    // Who did not say which device it is hears of it as well, and knows the call by its id.
    let (call, event) = (&next.call, RingEvent::AnsweredElsewhere);
    more.extend(notice::tell(context, call, Side::Callee, event, input.doer()).await?);
    more.extend(notice::tell(context, call, Side::Caller, RingEvent::Accepted, None).await?);
    live.replace(context, next, more).await
}

/// Insists that the call is for this user, if it has to be for somebody: whose calls of others are is
/// nobody's business.
pub(super) async fn check_callee(
    context: &Context,
    id: &str,
    callee: Option<&UserId>,
) -> Result<()> {
    let Some(user) = callee else { return Ok(()) };
    let call = show::run(context, id.into()).await?;
    if call.callee.user_id.as_deref() == Some(user.as_str()) {
        return Ok(());
    }
    Err(missing(id))
}

/// The call while it rings.
pub(super) async fn ringing(context: &Context, id: &str) -> Result<Live> {
    let over = || Error::conflict(format!("the call `{id}` does not ring any more"));
    let Some(live) = find_live(context, id).await? else {
        // It may be over, which is not the same as never having been.
        super::show::run(context, id.into()).await?;
        return Err(over());
    };
    match live.stored.call.state {
        CallState::Ringing if !release::run_out(context, &live).await? => Ok(live),
        CallState::Starting => Err(missing(id)),
        _ => Err(over()),
    }
}
