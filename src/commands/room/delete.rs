//! Deletes rooms: `plan` checks the names and counts the cost, `apply` does it.
//!
//! Rooms are deleted in name order, a batch at a time, and before each batch the run notes how far
//! it is. A run that was stopped in any way and is started again with the same names knows which
//! rooms its predecessor removed, and does not report them as missing.

use std::collections::BTreeSet;

use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::backends::documents::{Scan, Write};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::report::{Cost, DeleteReport, DeletedRoom, Outcome, Stopped};
use crate::model::{BackendName, RoomName};

/// Notes of unfinished runs.
const RUNS: &str = "tok_runs";
/// How long an unfinished run can be continued.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Which rooms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// Their names; one that is named twice is deleted once.
    pub names: Vec<String>,
    /// Where they live; the configured backend if absent.
    pub backend: Option<BackendName>,
}

/// What deleting would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Plan {
    /// Where the rooms live.
    pub backend: BackendName,
    /// The rooms, in the order they will be deleted.
    pub names: Vec<RoomName>,
    /// What it will cost at least.
    pub cost: Cost,
}

/// How far an unfinished run got.
#[derive(Serialize, Deserialize)]
struct Run {
    /// So many rooms, in name order, were deleted or being deleted.
    begun: usize,
    /// When that was; after [`KEPT`] it says nothing any more.
    at: Timestamp,
}

/// Checks every name before anything is sent.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when a name cannot be right or none is given.
pub fn plan(context: &Context, input: &Input) -> Result<Plan> {
    let backend = context.backends.get(input.backend)?;
    let names: BTreeSet<RoomName> = input
        .names
        .iter()
        .map(|name| name.parse())
        .collect::<Result<_>>()?;
    if names.is_empty() {
        return Err(Error::invalid("no room is named; give one or more names"));
    }
    let count = names.len() as u64;
    Ok(Plan {
        backend: backend.name,
        names: names.into_iter().collect(),
        cost: backend.rooms.delete_cost(count, count),
    })
}

/// Deletes what the plan names; `until` ends the run early.
///
/// # Errors
/// When a batch fails as a whole; rerunning continues.
pub async fn apply(
    context: &Context,
    plan: &Plan,
    until: Option<Timestamp>,
) -> Result<DeleteReport> {
    let backend = context.backends.get(Some(plan.backend))?;
    let mut note = Note::find(context, plan).await?;
    let ours = &plan.names[..note.begun_before];
    let mut report = DeleteReport::new(plan.backend);
    let working = context.working("Deleting rooms", plan.names.len());
    let mut done = 0;
    for batch in plan.names.chunks(backend.rooms.capabilities().delete_batch) {
        if let Some(reason) = stopped(context, until) {
            report.stopped = Some(reason);
            report.remaining = (plan.names.len() - done) as u64;
            break;
        }
        done += batch.len();
        note.keep(context, done).await?;
        for item in backend.rooms.delete(batch).await? {
            count(&mut report, item, ours);
        }
        working.advance(batch.len());
    }
    drop(working);
    if report.stopped.is_none() {
        note.remove(context).await?;
    }
    Ok(report)
}

/// The note of a run in the store; one room alone needs none.
struct Note {
    id: Option<String>,
    /// How far the predecessor got.
    begun_before: usize,
    kept: bool,
}

impl Note {
    async fn find(context: &Context, plan: &Plan) -> Result<Self> {
        if plan.names.len() == 1 {
            return Ok(Self {
                id: None,
                begun_before: 0,
                kept: false,
            });
        }
        let id = run_id(plan);
        let found = context.documents.get(RUNS, &id).await?;
        let run = found.map(|document| document.decode::<Run>()).transpose()?;
        let begun = run.as_ref().filter(|run| run.counts(context.clock.now()));
        Ok(Self {
            id: Some(id),
            begun_before: begun.map_or(0, |run| run.begun.min(plan.names.len())),
            kept: run.is_some(),
        })
    }

    async fn keep(&mut self, context: &Context, begun: usize) -> Result<()> {
        let Some(id) = &self.id else { return Ok(()) };
        let run = Run {
            begun: begun.max(self.begun_before),
            at: context.clock.now(),
        };
        context
            .documents
            .commit(vec![Write::put(RUNS, id, &run)?])
            .await?;
        self.kept = true;
        Ok(())
    }

    async fn remove(&self, context: &Context) -> Result<()> {
        if let (Some(id), true) = (&self.id, self.kept) {
            context
                .documents
                .commit(vec![Write::delete(RUNS, id)])
                .await?;
        }
        Ok(())
    }
}

impl Run {
    fn counts(&self, now: Timestamp) -> bool {
        self.at.saturating_add(KEPT).is_ok_and(|until| until > now)
    }
}

/// Removes the notes of runs that nobody continued.
///
/// # Errors
/// As a scan or commit.
pub async fn sweep(context: &Context) -> Result<u64> {
    let now = context.clock.now();
    let old: Vec<Write> = context
        .documents
        .scan(Scan::all(RUNS))
        .try_filter_map(|document| {
            let write = document
                .decode::<Run>()
                .map(|run| (!run.counts(now)).then(|| Write::delete(RUNS, &document.id)));
            std::future::ready(write)
        })
        .try_collect()
        .await?;
    let swept = old.len() as u64;
    context.documents.commit(old).await?;
    Ok(swept)
}

/// Adds an item; one that is missing because the predecessor removed it counts as resumed.
fn count(report: &mut DeleteReport, item: DeletedRoom, ours: &[RoomName]) {
    let removed_before = item.outcome == Outcome::Missing
        && ours
            .binary_search_by(|name| name.as_str().cmp(&item.name))
            .is_ok();
    if removed_before {
        report.resumed += 1;
    } else {
        report.add(item);
    }
}

fn stopped(context: &Context, until: Option<Timestamp>) -> Option<Stopped> {
    if context.stop.is_cancelled() {
        return Some(Stopped::Interrupted);
    }
    until
        .filter(|until| context.clock.now() >= *until)
        .map(|_| Stopped::OutOfTime)
}

/// The same rooms of the same backend are the same run.
fn run_id(plan: &Plan) -> String {
    let mut hash = Sha256::new();
    hash.update(plan.backend.as_str());
    for name in &plan.names {
        hash.update([0]);
        hash.update(name.as_str());
    }
    format!("room-delete:{}", hex::encode(&hash.finalize()[..16]))
}
