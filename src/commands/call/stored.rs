//! What the store keeps of a call, and the one way to change it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{BUSY, LIVE, PAST, missing};
use crate::backends::documents::{Change, Document, Precondition, Version, Write, is_full};
use crate::commands::device;
use crate::commands::notify::at_once;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::call::{Call, CallState, Side};

/// Where the vendor's participants are noted.
const PARTICIPANTS: [(&str, Side); 2] = [
    ("caller_participant", Side::Caller),
    ("callee_participant", Side::Callee),
];
/// How often a call that others change is looked at again.
pub(super) const TRIES: usize = 16;

/// A call as stored: what is shown, and what is left to clean up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredCall {
    #[serde(flatten)]
    pub(crate) call: Call,
    /// The busy marks that it holds.
    pub(crate) marks: Vec<String>,
    /// The sides' devices, to be found by.
    pub(crate) caller_device: Option<String>,
    pub(crate) callee_device: Option<String>,
    /// The vendor's participants that are still there, to be found by.
    pub(crate) caller_participant: Option<String>,
    pub(crate) callee_participant: Option<String>,
    /// Both sides got their token at once: whether the callee answers is seen only if the vendor
    /// tells.
    pub(crate) unseen: bool,
    /// The vendor told that somebody of this call connected: it tells such things at all.
    pub(crate) told: bool,
    /// The sides that the vendor told are gone.
    pub(crate) gone: Vec<Side>,
    /// How many phones rang.
    pub(crate) rings: usize,
    /// Participants of sides that ended their part, still to be removed at the vendor's.
    pub(crate) closing: Vec<String>,
    /// When its present state ends by itself, in Unix milliseconds of the store's clock.
    pub(crate) deadline: i64,
    /// When the worker has to look at it again, in Unix milliseconds of the store's clock; 0 for
    /// at once.
    pub(crate) due: i64,
}

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

impl Live {
    pub(crate) fn read(document: &Document) -> Result<Self> {
        Ok(Self {
            stored: document.decode()?,
            version: document.version,
        })
    }

    /// Writes the call as `next`, with the busy marks that it no longer holds removed, and
    /// whatever else belongs to the same step.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when the call changed meanwhile.
    pub(crate) async fn replace(
        &self,
        context: &Context,
        next: StoredCall,
        more: Vec<Write>,
    ) -> Result<Self> {
        let write = Write::put(LIVE, &next.call.id, &next)?;
        let mut own = vec![write.only_if(Precondition::Version(self.version))];
        own.extend(self.freed(&next));
        let (less, told): (Vec<_>, Vec<_>) = more
            .into_iter()
            .partition(|write| write.change == Change::Delete);
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
        Box::pin(at_once::hurry(context, &told)).await;
        Ok(Self {
            stored: next,
            version: versions.first().copied().unwrap_or_default(),
        })
    }

    /// Moves the call to those that are over.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when the call changed meanwhile.
    pub(crate) async fn bury(&self, context: &Context) -> Result<()> {
        let stored = &self.stored;
        let id = &stored.call.id;
        let mut writes = vec![
            Write::delete(LIVE, id).only_if(Precondition::Version(self.version)),
            Write::put(PAST, id, &stored.call)?,
        ];
        writes.extend(stored.marks.iter().map(|mark| Write::delete(BUSY, mark)));
        context.documents.commit(writes).await?;
        metrics::counter!("tok_calls_total", "state" => stored.call.state.as_str()).increment(1);
        Ok(())
    }

    fn freed<'a>(&'a self, next: &'a StoredCall) -> impl Iterator<Item = Write> + 'a {
        let gone = |mark: &&String| !next.marks.contains(mark);
        let marks = self.stored.marks.iter().filter(gone);
        marks.map(|mark| Write::delete(BUSY, mark))
    }
}

/// The live call `id`, if it is one.
///
/// # Errors
/// Those of the store.
pub(crate) async fn find_live(context: &Context, id: &str) -> Result<Option<Live>> {
    if !device::is_id(id) {
        return Ok(None);
    }
    let found = context.documents.get(LIVE, id).await?;
    found.as_ref().map(Live::read).transpose()
}

/// The live calls that this device has a part in.
///
/// # Errors
/// Those of the store.
pub(crate) async fn of_device(context: &Context, device: &str) -> Result<Vec<Live>> {
    let mut out = Vec::new();
    for field in ["caller_device", "callee_device"] {
        for document in context.documents.find(LIVE, field, device, 100).await? {
            out.push(Live::read(&document)?);
        }
    }
    Ok(out)
}

/// Changes a live call, whoever else does meanwhile; `change` says what else belongs to the step,
/// or `None` if there is nothing to do.
///
/// # Errors
/// [`Kind::NotFound`] when there is no such live call; those of `change`.
pub(crate) async fn change(
    context: &Context,
    id: &str,
    change: impl Fn(&mut StoredCall) -> Result<Option<Vec<Write>>>,
) -> Result<Live> {
    for _ in 0..TRIES {
        let live = find_live(context, id).await?.ok_or_else(|| missing(id))?;
        let mut next = live.stored.clone();
        let Some(more) = change(&mut next)? else {
            return Ok(live);
        };
        match live.replace(context, next, more).await {
            Err(error) if error.kind() == Kind::Conflict => {}
            other => return other,
        }
    }
    Err(contended())
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
        let found = context.documents.find(LIVE, field, participant, 1).await?;
        if let Some(document) = found.first() {
            return Ok(Some((document.decode::<StoredCall>()?.call, side)));
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
        let found = context.documents.find(LIVE, field, participant, 1).await?;
        let Some(document) = found.first() else {
            continue;
        };
        let live = Live::read(document)?;
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
        let write = Write::put(LIVE, &next.call.id, &next)?;
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
