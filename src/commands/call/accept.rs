//! Answers a call, or declines it.

use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use super::notice::{self, Doer, Event};
use super::stored::{Live, contended, find_live};
use super::{missing, show, ticket, tidy};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::JoinToken;
use crate::model::call::{Call, CallState, Side};
use crate::records::contend;

/// Who answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AnswerCall)]
pub struct Input {
    /// The device that answers; the others of the person stop ringing, without it all of them.
    #[serde(default)]
    pub device: Option<String>,
    /// The connection that answers, where it is one of ours.
    #[serde(skip)]
    pub connection: Option<String>,
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
/// [`Kind::Conflict`](crate::Kind::Conflict) when it does not ring any more; [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, id: &str, input: Input) -> Result<Accepted> {
    let (context, id) = (context.clone(), id.to_owned());
    // Goes on to its end, or is undone, even if nobody waits for it any more.
    let work = tokio::spawn(async move { answer(&context, &id, &input).await });
    work.await.unwrap_or_else(|error| {
        Err(Error::internal("the call could not be answered").because(error))
    })
}

async fn answer(context: &Context, id: &str, input: &Input) -> Result<Accepted> {
    let call = ringing(context, id).await?.stored.call;
    let token = ticket::mint(context, &call, Side::Callee).await?;
    // Others may note something about it while it rings on.
    let noting = || async {
        let live = ringing(context, id).await?;
        note(context, &live, input, &token).await
    };
    match contend(noting, contended).await {
        Ok(live) => Ok(Accepted {
            call: live.stored.call,
            token,
        }),
        Err(error) => {
            if let Some(participant) = &token.participant_id {
                ticket::let_go(context, &call, participant).await;
            }
            Err(error)
        }
    }
}

async fn note(context: &Context, live: &Live, input: &Input, token: &JoinToken) -> Result<Live> {
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
    let (call, event) = (&next.call, Event::AnsweredElsewhere);
    more.extend(notice::tell(context, call, Side::Callee, event, input.doer()).await?);
    more.extend(notice::tell(context, call, Side::Caller, Event::Accepted, None).await?);
    live.replace(context, next, more).await
}

/// Insists that the call is for `user`.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), also for calls of others: whose they are is nobody's business.
pub async fn check_callee(context: &Context, id: &str, user: &str) -> Result<()> {
    let call = show::run(context, id).await?;
    if call.callee.user_id.as_deref() == Some(user) {
        return Ok(());
    }
    Err(missing(id))
}

/// Declines: both are free, the room goes. `connection` is the one that declines, where it is one of
/// ours.
///
/// # Errors
/// [`Kind::Conflict`](crate::Kind::Conflict) when it does not ring any more; [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn decline(context: &Context, id: &str, connection: Option<&str>) -> Result<Call> {
    let doer = connection.map(Doer::Connection);
    let declining = || async {
        let live = ringing(context, id).await?;
        let mut next = live.stored.clone();
        next.finish(CallState::Declined, context.clock.now());
        next.leave_nothing();
        let mut more = notice::silence(&next);
        let (call, event) = (&next.call, Event::DeclinedElsewhere);
        more.extend(notice::tell(context, call, Side::Callee, event, doer).await?);
        more.extend(notice::tell(context, call, Side::Caller, Event::Declined, None).await?);
        live.replace(context, next, more).await
    };
    let live = contend(declining, contended).await?;
    let call = live.stored.call.clone();
    tidy::settle(context, live).await;
    Ok(call)
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
