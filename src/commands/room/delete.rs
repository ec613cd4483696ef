//! Deletes rooms: `plan` checks the names and counts the cost, `apply` does it.
//!
//! Rooms are deleted in name order, a batch at a time, and before each batch the run notes how far
//! it is. A run that was stopped in any way and is started again with the same names knows which
//! rooms its predecessor removed, and does not report them as missing.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::backends::documents::Write;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::report::{Cost, DeleteReport, DeletedRoom, Outcome, Stopped};
use crate::model::{BackendName, RoomName};

/// Notes of unfinished runs.
const RUNS: &str = "tok_runs";

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
    let id = run_id(plan);
    let begun_before = match context.documents.get(RUNS, &id).await? {
        Some(document) => document.decode::<Run>()?.begun,
        None => 0,
    };
    let mut report = DeleteReport::new(plan.backend);
    context
        .progress
        .begin("Deleting rooms", plan.names.len() as u64);
    let mut done = 0;
    for batch in plan.names.chunks(backend.rooms.capabilities().delete_batch) {
        if let Some(reason) = stopped(context, until) {
            report.stopped = Some(reason);
            report.remaining = (plan.names.len() - done) as u64;
            break;
        }
        let begun = (done + batch.len()).max(begun_before);
        let note = Write::put(RUNS, &id, &Run { begun })?;
        context.documents.commit(vec![note]).await?;
        let items = backend
            .rooms
            .delete(batch)
            .await
            .inspect_err(|_| context.progress.end())?;
        let ours = &plan.names[..begun_before.min(plan.names.len())];
        for item in items {
            count(&mut report, item, ours);
        }
        done += batch.len();
        context.progress.advance(batch.len() as u64);
    }
    context.progress.end();
    if report.stopped.is_none() {
        context
            .documents
            .commit(vec![Write::delete(RUNS, &id)])
            .await?;
    }
    Ok(report)
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
