//! Rings somebody: marks both as busy, makes the room and the caller's token, rings the phones.

use std::time::Duration;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use tracing::Instrument;
use utoipa::ToSchema;

use super::join_token::give;
pub use super::refusal::CallRefusal;
use super::stored::{Live, find_live, of_device};
use super::{BUSY, LIVE, party, release, ringing};
use crate::commands::room;
use crate::context::Context;
use crate::error::{Error, Kind, Reason, Result};
use crate::model::call::{Call, CallState, Party, PartyRef, Ring, Side};
use crate::model::{BackendName, JoinToken, Minter, Moment, Span, random};
use crate::records::documents::{Document, Precondition};
use crate::records::{BusyMark, StoredCall};
use crate::request_id::same_request;
use crate::traces;

/// A set-up that takes longer was left behind, also where it rings for longer.
const LONGEST_SET_UP: Duration = Duration::from_mins(2);
/// So long the ring of an app that knows no answering waits for a phone that is off, as the
/// original's did.
const LONGEST_BLIND_RING: Duration = Duration::from_secs(30);
/// The longest ring.
const LONGEST_RING: Duration = Duration::from_mins(10);

/// Who calls whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateCall)]
pub struct Input {
    /// Who calls.
    pub caller: PartyRef,
    /// Who is called.
    pub callee: PartyRef,
    /// Where the room is to be; the configured backend if absent.
    #[serde(default)]
    pub backend: Option<BackendName>,
    /// How long it rings; `calls.ring_for` if absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "45s")]
    pub ring_for: Option<Span>,
    /// Whether the ring carries the callee's token, for apps that know no answering.
    #[serde(skip)]
    pub token_in_ring: bool,
    /// Who asks, and stands behind the tokens.
    #[serde(skip)]
    pub minter: Minter,
}

/// A call that rings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Started {
    /// The call.
    pub call: Call,
    /// The caller's token.
    pub token: JoinToken,
    /// What became of each ring.
    pub rings: Vec<Ring>,
}

/// What [`run`] would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CreateCallPlan)]
pub struct Plan {
    /// Where the room would be.
    pub backend: BackendName,
    /// Who calls.
    pub caller: Party,
    /// Who is called.
    pub callee: Party,
    /// How many phones would ring.
    pub phones: usize,
}

/// Checks the input as [`run`] would, and that both are free.
///
/// # Errors
/// As [`run`].
pub async fn plan(context: &Context, input: Input) -> Result<Plan, CallRefusal> {
    let (backend, caller, callee) = check(context, &input).await?;
    for (side, party) in [(Side::Caller, &caller), (Side::Callee, &callee)] {
        for mark in party.marks() {
            if BUSY
                .document(context.documents.as_ref(), &mark)
                .await?
                .is_some()
            {
                return Err(CallRefusal::Busy(side));
            }
        }
    }
    let phones = party::phones(context, &callee).await?;
    Ok(Plan {
        backend,
        caller,
        callee,
        phones: phones.len(),
    })
}

/// Rings. The work goes on to its end, or is undone, even if nobody waits for it any more; but then
/// nobody is rung.
///
/// # Errors
/// [`CallRefusal::Busy`]; [`Kind::NotFound`] for somebody who is not known; [`Kind::Conflict`] when no
/// phone of the callee can be rung; those of the vendor, with everything undone.
pub async fn run(context: &Context, input: Input) -> Result<Started, CallRefusal> {
    let context = context.clone();
    let (answer, waiting) = oneshot::channel();
    let span = traces::span!("call create", call = tracing::field::Empty);
    let work = async move {
        let outcome = start(&context, input, &answer).await;
        let span = tracing::Span::current();
        match &outcome {
            Ok(started) => drop(span.record("call", &started.call.id)),
            Err(refusal) => traces::failed(&span, refusal.kind()),
        }
        // Nobody who could hang up knows of a call whose caller went away.
        if let Err(Ok(started)) = answer.send(outcome) {
            let id = started.call.id;
            let input = super::end::Input {
                call: id.clone(),
                by: None,
            };
            if let Err(error) = super::end::run(&context, input).await {
                tracing::warn!(%error, call = id, "a call that nobody waits for goes on");
            }
        }
    };
    tokio::spawn(same_request(work.instrument(span)));
    waiting.await.unwrap_or_else(|error| {
        let error = Error::internal("the call could not be set up").because(error);
        Err(error.into())
    })
}

/// Whoever waits for the outcome.
type Answer = oneshot::Sender<Result<Started, CallRefusal>>;

async fn check(context: &Context, input: &Input) -> Result<(BackendName, Party, Party)> {
    let backend = context.backends.get(input.backend)?.name;
    if input.ring_for.is_some_and(|span| span.0 > LONGEST_RING) {
        return Err(Error::invalid("a phone rings for 10 minutes at most"));
    }
    let caller = party::find(context, &input.caller).await?;
    let callee = party::find(context, &input.callee).await?;
    let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
    if same(&caller.user_id, &callee.user_id) || same(&caller.device_id, &callee.device_id) {
        return Err(Error::invalid("nobody can call themselves"));
    }
    Ok((backend, caller, callee))
}

async fn start(context: &Context, input: Input, answer: &Answer) -> Result<Started, CallRefusal> {
    let (backend, caller, callee) = check(context, &input).await?;
    let ring_for = input.ring_for.unwrap_or(context.calls.ring_for);
    let live = begin(context, backend, caller, callee, ring_for, &input).await?;
    match set_up(context, live, ring_for, &input, answer).await {
        Ok(started) => Ok(started),
        Err((live, error)) => {
            release::fail(context, &live, &error).await;
            Err(error.into())
        }
    }
}

/// Marks both as busy and notes the call, or none of it.
async fn begin(
    context: &Context,
    backend: BackendName,
    caller: Party,
    callee: Party,
    ring_for: Span,
    input: &Input,
) -> Result<Live, CallRefusal> {
    let now = context.documents.now().await?;
    let id = new_id(context, now.as_millisecond());
    let later = |span: Duration| {
        let span = SignedDuration::try_from(span).unwrap_or(SignedDuration::MAX);
        now.saturating_add(span).unwrap_or(now)
    };
    // If we die in the middle both are free when it would have rung its last.
    let set_up_until = later(ring_for.0.min(LONGEST_SET_UP)).as_millisecond();
    let marks = [caller.marks(), callee.marks()].concat();
    let stored = StoredCall {
        caller_device: caller.device_id.clone(),
        callee_device: callee.device_id.clone(),
        call: Call {
            room: format!("call-{id}").parse()?,
            state: CallState::Starting,
            backend,
            caller,
            callee,
            created_at: now,
            rings_until: later(ring_for.0),
            accepted_at: None,
            ended_at: None,
            reason: None,
            overdue: false,
            id,
        },
        marks,
        caller_participant: None,
        callee_participant: None,
        unseen: input.token_in_ring,
        told: false,
        gone: Vec::new(),
        rings: 0,
        closing: Vec::new(),
        deadline: set_up_until,
        due: set_up_until,
    };
    // A second time if somebody's mark was of a call that is over in truth.
    for _ in 0..2 {
        if let Some(version) = record(context, &stored).await? {
            return Ok(Live { stored, version });
        }
        if let Some(side) = busy(context, &stored.call).await? {
            return Err(CallRefusal::Busy(side));
        }
    }
    Err(CallRefusal::Busy(Side::Callee))
}

/// Notes the call and its marks; `None` if somebody is busy.
async fn record(context: &Context, stored: &StoredCall) -> Result<Option<u64>> {
    let call = &stored.call.id;
    let mut writes = vec![LIVE.put(call, stored)?.only_if(Precondition::Missing)];
    for mark in &stored.marks {
        let busy = BusyMark { call: call.clone() };
        let write = BUSY.put(mark, &busy)?;
        writes.push(write.only_if(Precondition::Missing));
    }
    match context.documents.commit(writes).await {
        Ok(versions) => Ok(versions.first().copied()),
        Err(error) if error.kind() == Kind::Conflict => Ok(None),
        Err(error) => Err(error),
    }
}

/// Which of the two is busy, if that is still so: a call whose time has run is ended first.
async fn busy(context: &Context, call: &Call) -> Result<Option<Side>> {
    for side in Side::BOTH {
        for mark in call.party(side).marks() {
            let Some(document) = BUSY.document(context.documents.as_ref(), &mark).await? else {
                continue;
            };
            match holder(context, &document).await {
                Ok(Some(live)) if !release::run_out(context, &live).await? => {
                    return Ok(Some(side));
                }
                Ok(Some(_)) => {}
                Ok(None) => free(context, &document).await?,
                // A newer release knows whether that call goes on; of one that nobody can read
                // nobody ever will.
                Err(error) if error.why() == Some(Reason::WrittenByNewer) => return Ok(Some(side)),
                Err(error) if error.is_unreadable() => free(context, &document).await?,
                Err(error) => return Err(error),
            }
        }
    }
    Ok(None)
}

/// The live call that a mark is held by.
async fn holder(context: &Context, mark: &Document) -> Result<Option<Live>> {
    let busy = BUSY.read(mark)?;
    find_live(context, &busy.call).await
}

/// Removes a mark that was left behind: there is no call any more that would.
async fn free(context: &Context, mark: &Document) -> Result<()> {
    let unchanged = Precondition::Version(mark.version);
    let gone = BUSY.delete(&mark.id).only_if(unchanged);
    match context.documents.commit(vec![gone]).await {
        Err(error) if error.kind() == Kind::Conflict => Ok(()),
        done => done.map(drop),
    }
}

/// 12 hexadecimal digits of the time and 20 of chance: calls sort by when they began.
fn new_id(context: &Context, now: i64) -> String {
    let chance: [u8; 10] = random::bytes(context.random.as_ref());
    format!("{now:012x}{}", hex::encode(chance))
}

/// Makes the room and the tokens, noting each step before the next, and rings.
async fn set_up(
    context: &Context,
    live: Live,
    ring_for: Span,
    input: &Input,
    answer: &Answer,
) -> Result<Started, (Live, Error)> {
    let mut live = live;
    let outcome = async {
        leftovers(context, &live.stored).await?;
        let call = live.stored.call.clone();
        let make = room::create::Input {
            name: Some(call.room.to_string()),
            backend: Some(call.backend),
            expires: expiry(context, &call)?,
            ..room::create::Input::default()
        };
        room::create::run(context, make).await?;
        let token = give(context, &mut live, Side::Caller, &input.minter).await?;
        let link = if input.token_in_ring {
            let callee = give(context, &mut live, Side::Callee, &input.minter).await?;
            let mut url = context.calls.answer_url.clone();
            url.query_pairs_mut().append_pair("tok", &callee.token);
            Some(String::from(url))
        } else {
            None
        };
        if answer.is_closed() {
            return Err(Error::unavailable("the caller went away"));
        }
        let phones = party::phones(context, &call.callee).await?;
        let mut next = live.stored.clone();
        next.call.state = CallState::Ringing;
        next.rings = phones.len();
        let now = context.documents.now().await?;
        next.call.rings_until = now.checked_add(ring_for.signed()).unwrap_or(now);
        next.deadline = next.call.rings_until.as_millisecond();
        next.due = next.deadline;
        live = live.replace(context, next, Vec::new()).await?;
        let longest = if input.token_in_ring {
            LONGEST_BLIND_RING
        } else {
            LONGEST_RING
        };
        let ttl = ring_for.0.min(longest).as_secs().max(1);
        let rings = ringing::ring(context, &live.stored.call, phones, ttl, link).await?;
        if !ringing::reached(&rings) {
            // Nobody has to be told that it rings no more.
            live.stored.rings = 0;
            return Err(unreachable(&rings));
        }
        // Whoever hung up while the rings went out could not silence them.
        match find_live(context, &call.id).await? {
            Some(now) if !now.stored.call.state.is_over() => {}
            _ => return Err(Error::conflict("the call was ended while it was set up")),
        }
        Ok(Started {
            call: live.stored.call.clone(),
            token,
            rings,
        })
    };
    let outcome = outcome.await;
    outcome.map_err(|error| (live, error))
}

fn unreachable(rings: &[Ring]) -> Error {
    let why = rings
        .iter()
        .find_map(|ring| ring.reason.as_deref())
        .unwrap_or("the callee has no device");
    Error::conflict(format!("no phone of the callee can be rung: {why}"))
}

/// Where rooms can go by themselves they do, if everything else fails.
fn expiry(context: &Context, call: &Call) -> Result<Option<Moment>> {
    let backend = context.backends.get(Some(call.backend))?;
    if !backend.rooms.capabilities().expiry {
        return Ok(None);
    }
    let longest = context.calls.longest.signed();
    let end = call.created_at.checked_add(longest).map_err(|error| {
        Error::internal("the call would end beyond the calendar").because(error)
    })?;
    Ok(Some(Moment::At(end)))
}

/// Ends what is left of earlier calls of the caller's device, which nobody ended: whoever dials anew
/// has hung up. Whoever is dialled may be talking.
async fn leftovers(context: &Context, stored: &StoredCall) -> Result<()> {
    if let Some(device) = &stored.caller_device {
        for live in of_device(context, device).await? {
            if live.stored.call.id != stored.call.id && live.stored.call.state.is_over() {
                let mut next = live.stored.clone();
                next.leave_nothing();
                match live.replace(context, next, Vec::new()).await {
                    Ok(live) => release::release_quietly(context, live).await,
                    Err(error) if error.kind() == Kind::Conflict => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }
    Ok(())
}
