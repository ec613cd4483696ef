//! What the store keeps of a call, and the one way to change it.

use jiff::Timestamp;

use super::{BUSY, LIVE, missing, past};
use crate::commands::by_id::is_id;
use crate::commands::notify::at_once;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::call::{Call, CallState, Side};
use crate::records::documents::{Mutation, Precondition, Version, Write, is_full};
use crate::records::{Stored, StoredCall, contend};
use crate::request_id::RequestId;

/// Where the vendor's participants are noted.
const PARTICIPANTS: [(&str, Side); 2] = [
    ("caller_participant", Side::Caller),
    ("callee_participant", Side::Callee),
];
impl StoredCall {
    pub(crate) fn participant(&self, side: Side) -> Option<&str> {
        match side {
            Side::Caller => self.caller_participant.as_deref(),
            Side::Callee => self.callee_participant.as_deref(),
        }
    }

    pub(crate) fn set_participant(&mut self, side: Side, id: Option<String>) {
        *match side {
            Side::Caller => &mut self.caller_participant,
            Side::Callee => &mut self.callee_participant,
        } = id;
    }

    /// The side that this device is, if it is in the call.
    pub(crate) fn side_of(&self, device: &str) -> Option<Side> {
        Side::BOTH
            .into_iter()
            .find(|side| self.call.party(*side).device_id.as_deref() == Some(device))
    }

    /// Takes the marks of one side off the list.
    pub(crate) fn free(&mut self, side: Side) {
        let own = self.call.party(side).marks();
        self.marks.retain(|mark| !own.contains(mark));
    }

    /// Whatever is left of it at the vendor's goes now.
    pub(crate) fn leave_nothing(&mut self) {
        (self.deadline, self.due) = (0, 0);
    }

    /// Ends it with this state.
    pub(crate) fn finish(&mut self, state: CallState, now: Timestamp) {
        self.call.state = state;
        self.call.ended_at.get_or_insert(now);
        self.marks.clear();
    }
}

/// A live call with the state of it that was read.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub(crate) stored: StoredCall,
    pub(crate) version: Version,
}

impl From<Stored<StoredCall>> for Live {
    fn from(found: Stored<StoredCall>) -> Self {
        Self {
            stored: found.record,
            version: found.version,
        }
    }
}

impl Live {
    /// Writes the call as `next`, with the busy marks that it no longer holds removed, and
    /// whatever else belongs to the same step.
    ///
    /// # Errors
    /// [`Kind::Conflict`](crate::Kind::Conflict) when the call changed meanwhile.
    pub(crate) async fn replace(
        &self,
        context: &Context,
        next: StoredCall,
        more: Vec<Write>,
    ) -> Result<Self> {
        let write = LIVE.put(&next.call.id, &next)?;
        let mut own = vec![write.only_if(Precondition::Version(self.version))];
        own.extend(self.freed(&next));
        let (less, told): (Vec<_>, Vec<_>) = more
            .into_iter()
            .partition(|write| write.change == Mutation::Delete);
        own.extend(less);
        let all = [own.as_slice(), &told].concat();
        let versions = match context.documents.commit(all).await {
            // A store that is full has no place for what phones are told, but hanging up goes on.
            Err(error) if !told.is_empty() && is_full(&error) => {
                tracing::warn!(%error, call = next.call.id, "phones are not told of a call");
                context.documents.commit(own).await?
            }
            other => other?,
        };
        if next.call.state != self.stored.call.state {
            tell(&next.call);
        }
        Box::pin(at_once::hurry(context, &told)).await;
        Ok(Self {
            stored: next,
            version: versions.first().copied().unwrap_or_default(),
        })
    }

    /// Moves the call to those that are over.
    ///
    /// # Errors
    /// [`Kind::Conflict`](crate::Kind::Conflict) when the call changed meanwhile.
    pub(crate) async fn archive(&self, context: &Context) -> Result<()> {
        let stored = &self.stored;
        let id = &stored.call.id;
        let mut writes = vec![LIVE.delete(id).only_if(Precondition::Version(self.version))];
        writes.extend(past::writes(&stored.call)?);
        writes.extend(stored.marks.iter().map(|mark| BUSY.delete(mark)));
        context.documents.commit(writes).await?;
        metrics::counter!("tok_calls_total", "state" => stored.call.state.as_str()).increment(1);
        Ok(())
    }

    fn freed<'a>(&'a self, next: &'a StoredCall) -> impl Iterator<Item = Write> + 'a {
        let gone = |mark: &&String| !next.marks.contains(mark);
        let marks = self.stored.marks.iter().filter(gone);
        marks.map(|mark| BUSY.delete(mark))
    }
}

/// The live call `id`, if it is one.
///
/// # Errors
/// Those of the store.
pub(crate) async fn find_live(context: &Context, id: &str) -> Result<Option<Live>> {
    if !is_id(id) {
        return Ok(None);
    }
    let found = LIVE.get(context.documents.as_ref(), id).await?;
    Ok(found.map(Live::from))
}

/// The live calls that this device has a part in.
///
/// # Errors
/// Those of the store.
pub(crate) async fn of_device(context: &Context, device: &str) -> Result<Vec<Live>> {
    let mut out = Vec::new();
    for field in ["caller_device", "callee_device"] {
        let found = LIVE.find(context.documents.as_ref(), field, device, 100);
        out.extend(found.await?.into_iter().map(Live::from));
    }
    Ok(out)
}

/// Changes a live call, whoever else does meanwhile; `change` says what else belongs to the step,
/// or `None` if there is nothing to do.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when there is no such live call; those of `change`.
pub(crate) async fn change(
    context: &Context,
    id: &str,
    change: impl Fn(&mut StoredCall) -> Result<Option<Vec<Write>>>,
) -> Result<Live> {
    let attempt = || async {
        let live = find_live(context, id).await?.ok_or_else(|| missing(id))?;
        let mut next = live.stored.clone();
        match change(&mut next)? {
            Some(more) => live.replace(context, next, more).await,
            None => Ok(live),
        }
    };
    contend(attempt, contended).await
}

/// What is said when others change a call all the time.
pub(super) fn contended() -> Error {
    Error::conflict("the call is being changed by others; try again")
}

/// The call that this participant of the vendor's belongs to.
///
/// # Errors
/// Those of the store.
pub(crate) async fn of_participant(
    context: &Context,
    participant: &str,
) -> Result<Option<(Call, Side)>> {
    for (field, side) in PARTICIPANTS {
        let found = LIVE.find(context.documents.as_ref(), field, participant, 1);
        if let Some(found) = found.await?.pop() {
            return Ok(Some((found.record.call, side)));
        }
    }
    Ok(None)
}

/// The writes that note what the vendor told: a participant of a call connected, or is gone. When
/// the callee connects the call is answered; when nobody is left it is over.
///
/// # Errors
/// Those of the store.
pub(crate) async fn told(context: &Context, participant: &str, came: bool) -> Result<Vec<Write>> {
    for (field, side) in PARTICIPANTS {
        let found = LIVE.find(context.documents.as_ref(), field, participant, 1);
        let Some(found) = found.await?.pop() else {
            continue;
        };
        let live = Live::from(found);
        let mut next = live.stored.clone();
        next.told = true;
        next.gone.retain(|gone| *gone != side);
        if !came {
            next.gone.push(side);
        }
        let mut more = Vec::new();
        let now = context.clock.now();
        if came && side == Side::Callee && next.call.state == CallState::Ringing {
            next.answer(now, context.calls.longest.0);
            more.extend(super::notice::silence(&next));
        }
        if next.gone.len() == Side::BOTH.len() && next.call.state == CallState::Accepted {
            next.finish(CallState::Ended, now);
            next.leave_nothing();
        }
        more.extend(live.freed(&next));
        let write = LIVE.put(&next.call.id, &next)?;
        more.push(write.only_if(Precondition::Version(live.version)));
        return Ok(more);
    }
    Ok(Vec::new())
}

impl StoredCall {
    /// The callee answered.
    pub(crate) fn answer(&mut self, now: Timestamp, longest: std::time::Duration) {
        self.call.state = CallState::Accepted;
        self.call.accepted_at = Some(now);
        let longest = i64::try_from(longest.as_millis()).unwrap_or(i64::MAX);
        self.deadline = self
            .call
            .created_at
            .as_millisecond()
            .saturating_add(longest);
        self.due = self.deadline;
    }
}

/// What became of a call, in the log.
fn tell(call: &Call) {
    let event = match call.state {
        CallState::Starting => return,
        CallState::Ringing => "rang",
        CallState::Accepted => "answered",
        other => other.as_str(),
    };
    let request = RequestId::current();
    tracing::info!(
        event,
        room = %call.room,
        user = call.callee.tag(),
        by = call.caller.tag(),
        id = call.id,
        reason = call.reason,
        request = request.as_ref().map(RequestId::as_str),
        "{event}"
    );
}
