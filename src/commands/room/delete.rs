//! Deletes rooms: `plan` checks the names and counts the cost, `apply` does it.
//!
//! Rooms are deleted in name order, a batch at a time, and before each batch the run notes how far
//! it is. A run that was stopped in any way and is started again with the same names knows which
//! rooms its predecessor removed, and does not report them as missing. That holds for a run in several
//! requests as well: each says which part of the run it is.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::commands::lease::{Lease, LeaseName};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::report::{Cost, DeleteReport, DeletedRoom, Outcome, Stopped};
use crate::model::{BackendName, RoomName};
use crate::records::{DELETIONS, DeletionRun, EARLIER_RUNS};

/// How long an unfinished run can be continued.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long the same rooms stay untouched when a run dies.
const LEASE: Duration = Duration::from_secs(5);

/// Which rooms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeleteRooms)]
pub struct Input {
    /// Their names; one that is named twice is deleted once.
    #[serde(default)]
    pub names: Vec<String>,
    /// Where they live; the configured backend if absent.
    #[serde(default)]
    pub backend: Option<BackendName>,
    /// What these are a part of, if more rooms than fit into a request are deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<DeletionPart>,
}

/// A part of a deletion in several requests, which is continued if it breaks off as one request is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeletionPart {
    /// The same for each request of the run, and for whoever does all of it again: 32 hexadecimal digits.
    pub run: String,
    /// So many rooms of the run come before these, in the order of their names.
    pub before: usize,
    /// Whether the run is over with these, so that nothing is kept of it.
    pub ends: bool,
}

impl DeletionPart {
    /// Insists that it can be one.
    fn check(&self) -> Result<()> {
        let hexadecimal = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        if self.run.len() == 32 && self.run.bytes().all(hexadecimal) {
            return Ok(());
        }
        Err(Error::invalid(
            "part.run is 32 hexadecimal digits, the same for each request of a run",
        ))
    }
}

/// What deleting would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DeleteRoomsPlan)]
pub struct Plan {
    /// Where the rooms live.
    pub backend: BackendName,
    /// The rooms, in the order they will be deleted.
    pub names: Vec<RoomName>,
    /// What it will cost at least.
    pub cost: Cost,
    /// What these are a part of.
    #[serde(skip)]
    pub part: Option<DeletionPart>,
    /// When to stop at the latest, with the rest left; whoever has it carried out says so.
    #[serde(skip)]
    pub until: Option<Timestamp>,
}

/// Checks every name before anything is sent.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when a name cannot be right or none is given.
pub fn plan(context: &Context, input: Input) -> Result<Plan> {
    let backend = context.backends.get(input.backend)?;
    let names = checked(&input)?;
    input.part.as_ref().map_or(Ok(()), DeletionPart::check)?;
    let count = names.len() as u64;
    Ok(Plan {
        backend: backend.name,
        names: names.into_iter().collect(),
        cost: backend.rooms.delete_cost(count, count),
        part: input.part,
        until: None,
    })
}

/// The names, each once and in order, if all of them can be some.
pub(crate) fn checked(input: &Input) -> Result<BTreeSet<RoomName>> {
    let names = input.names.iter().map(|name| name.parse());
    let names: BTreeSet<RoomName> = names.collect::<Result<_>>()?;
    if names.is_empty() {
        return Err(Error::invalid("no room is named; give one or more names"));
    }
    Ok(names)
}

/// Deletes what the plan names.
///
/// # Errors
/// [`Kind::Locked`](crate::Kind::Locked) when another run is deleting the same rooms; those of the
/// first batch. What fails later is told in the report.
pub async fn apply(context: &Context, plan: Plan) -> Result<DeleteReport> {
    let Some(run) = run_id(&plan) else {
        return delete(context, &plan).await;
    };
    let lease = Lease::take_for(context, &run, LEASE).await?;
    let outcome = lease.hold_while(delete(context, &plan)).await;
    lease.release().await;
    outcome
}

/// Deletes one room as a part of other work, and says what became of it: that the process is to
/// stop does not keep it, and there is no progress to show.
///
/// # Errors
/// Those of the vendor.
pub(crate) async fn one(
    context: &Context,
    backend: Option<BackendName>,
    name: &RoomName,
) -> Result<DeletedRoom> {
    let rooms = &context.backends.get(backend)?.rooms;
    let mut items = rooms.delete(std::slice::from_ref(name)).await?;
    let unanswered = || Error::internal("a deletion told nothing of its room");
    items.pop().ok_or_else(unanswered)
}

async fn delete(context: &Context, plan: &Plan) -> Result<DeleteReport> {
    let backend = context.backends.get(Some(plan.backend))?;
    let mut record = RunRecord::find(context, plan).await?;
    let mut report = DeleteReport::new(plan.backend);
    let working = context.working("Deleting rooms", plan.names.len());
    let mut done = 0;
    for batch in plan.names.chunks(backend.rooms.capabilities().delete_batch) {
        if let Some(reason) = stopped(context, plan.until) {
            report.stopped = Some(reason);
            report.remaining = (plan.names.len() - done) as u64;
            break;
        }
        record.keep(context, done + batch.len()).await?;
        match backend.rooms.delete(batch).await {
            Ok(items) => items
                .into_iter()
                .for_each(|item| record.count(&mut report, item)),
            Err(error) if done == 0 => return Err(error),
            // What was done before must be told: the rest failed.
            Err(error) => {
                let rest = plan.names[done..].iter();
                rest.for_each(|name| report.add(DeletedRoom::failed(name, &error)));
                break;
            }
        }
        done += batch.len();
        working.advance(batch.len());
    }
    drop(working);
    let over = plan.part.as_ref().is_none_or(|part| part.ends);
    if over && report.stopped.is_none() && report.failed == 0 {
        record.remove(context).await?;
    } else {
        record.keep(context, done).await?;
    }
    Ok(report)
}

/// The record of a run in the store; one room alone needs none.
struct RunRecord {
    id: Option<LeaseName>,
    /// So many rooms of the run come before those in hand.
    before: usize,
    /// So many rooms of the run were begun.
    begun: usize,
    /// What the predecessor began of those in hand, in name order.
    begun_before: Vec<RoomName>,
    missing: BTreeSet<String>,
    kept: bool,
}

impl RunRecord {
    async fn find(context: &Context, plan: &Plan) -> Result<Self> {
        let mut record = Self {
            id: run_id(plan),
            before: plan.part.as_ref().map_or(0, |part| part.before),
            begun: 0,
            begun_before: Vec::new(),
            missing: BTreeSet::new(),
            kept: false,
        };
        let Some(id) = &record.id else {
            return Ok(record);
        };
        if let Some(run) = Self::earlier(context, id.as_str()).await? {
            record.kept = true;
            if counts(&run, context.clock.now()) {
                let begun = run.begun.saturating_sub(record.before);
                record.begun = run.begun;
                record.begun_before = plan.names.iter().take(begun).cloned().collect();
                record.missing = run.missing.into_iter().collect();
            }
        }
        Ok(record)
    }

    /// The record of the predecessor; one that cannot be read says nothing.
    async fn earlier(context: &Context, id: &str) -> Result<Option<DeletionRun>> {
        let documents = context.documents.as_ref();
        if let Some(found) = DELETIONS.document(documents, id).await? {
            return Ok(Some(DELETIONS.readable(&found).unwrap_or_default()));
        }
        let before = EARLIER_RUNS.document(documents, id).await?;
        Ok(before.and_then(|found| DELETIONS.read(&found).ok()))
    }

    /// Notes that so many of the rooms in hand are begun.
    async fn keep(&mut self, context: &Context, begun: usize) -> Result<()> {
        let Some(id) = &self.id else { return Ok(()) };
        self.begun = self.begun.max(self.before.saturating_add(begun));
        let run = DeletionRun {
            begun: self.begun,
            missing: self.missing.iter().cloned().collect(),
            at: context.clock.now(),
        };
        let write = DELETIONS.put(id.as_str(), &run)?;
        context.documents.commit(vec![write]).await?;
        self.kept = true;
        Ok(())
    }

    async fn remove(&self, context: &Context) -> Result<()> {
        if let (Some(id), true) = (&self.id, self.kept) {
            let writes = vec![
                DELETIONS.delete(id.as_str()),
                EARLIER_RUNS.delete(id.as_str()),
            ];
            context.documents.commit(writes).await?;
        }
        Ok(())
    }

    /// Adds an item; one that is missing because the predecessor removed it counts as resumed.
    fn count(&mut self, report: &mut DeleteReport, item: DeletedRoom) {
        if item.outcome != Outcome::Missing {
            return report.add(item);
        }
        let of = |name: &RoomName| name.as_str().cmp(&item.name);
        let begun = self.begun_before.binary_search_by(of).is_ok();
        if begun && !self.missing.contains(&item.name) {
            report.resumed += 1;
        } else {
            self.missing.insert(item.name.clone());
            report.add(item);
        }
    }
}

/// Whether an unfinished run can still be continued.
fn counts(run: &DeletionRun, now: Timestamp) -> bool {
    run.at.saturating_add(KEPT).is_ok_and(|until| until > now)
}

fn stopped(context: &Context, until: Option<Timestamp>) -> Option<Stopped> {
    if context.stop.is_cancelled() {
        return Some(Stopped::Interrupted);
    }
    until
        .filter(|until| context.clock.now() >= *until)
        .map(|_| Stopped::OutOfTime)
}

/// What a run is kept by; one room alone is none.
fn run_id(plan: &Plan) -> Option<LeaseName> {
    match &plan.part {
        Some(part) => Some(LeaseName::deletion(&part.run)),
        None if plan.names.len() == 1 => None,
        None => Some(LeaseName::deletion(&run_of(plan.backend, &plan.names))),
    }
}

/// The same rooms of the same backend are the same run.
pub(crate) fn run_of(backend: BackendName, names: &[RoomName]) -> String {
    let mut hash = Sha256::new();
    hash.update(backend.as_str());
    for name in names {
        hash.update([0]);
        hash.update(name.as_str());
    }
    hex::encode(&hash.finalize()[..16])
}
