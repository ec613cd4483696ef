//! Measures how far an index is from the store, and mends it if asked to.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::compare::compare;
use super::plan::{Item, Step};
use super::reindex::replace_damaged;
use super::send::{Sender, left_out};
use super::{epoch, intact, known, parked, run_record, salt};
use crate::backends::search::Detail;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Backoff;
use crate::model::counted::agreed;
use crate::model::search::IndexSpec;

/// How often what differs is looked at again: a worker may be about to send it.
const LOOKS: u32 = 6;
/// The delays between two looks.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));
/// Documents mended at a time.
const CHUNK: usize = 500;

/// How a record is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The document cannot be found.
    Missing,
    /// The record says something else than the document.
    Different,
    /// There is no such document.
    Ghost,
}

impl Problem {
    /// The name in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Different => "different",
            Self::Ghost => "ghost",
        }
    }
}

/// One record that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Drift {
    /// The document.
    pub id: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = VerifyReport)]
pub struct Report {
    /// The index.
    pub index: String,
    /// Documents that should be found.
    pub documents: u64,
    /// Records in the index.
    pub records: u64,
    /// Documents that cannot be searched as they are.
    pub parked: u64,
    /// What is not as it should be.
    pub drift: Vec<Drift>,
    /// How many of these were mended.
    pub repaired: u64,
}

impl Report {
    /// What keeps the index from being true.
    pub fn verdict(&self) -> Option<Error> {
        let left = (self.drift.len() as u64).saturating_sub(self.repaired);
        (left > 0).then(|| {
            let one = format!("record of {} is not true", self.index);
            let many = format!("records of {} are not true", self.index);
            let message = agreed(left, &one, &many);
            Error::new(Kind::Drift, message)
        })
    }
}

/// Which index, and what to do about it.
#[derive(Debug, Clone)]
pub struct Input {
    /// The index.
    pub spec: Arc<IndexSpec>,
    /// Whether what differs is written again.
    pub repair: bool,
}

/// Compares every record with its document, whole.
///
/// # Errors
/// Those of the store and the index.
pub async fn run(context: &Context, input: Input) -> Result<Report> {
    let Input { spec, repair } = input;
    let spec = &spec;
    if repair {
        let lease = run_record::lease(context, spec).await?;
        let replaced = lease.hold_while(replace_damaged(context, spec)).await;
        lease.release().await;
        replaced?;
    }
    context.search.wait_until_indexed(&spec.name).await?;
    let seen = compare(context, spec, true).await?;
    let mut drift = again(context, spec, seen.ids).await?;
    let mut delays = BACKOFF.delays();
    for _ in 0..LOOKS {
        if drift.is_empty() {
            break;
        }
        tokio::time::sleep(delays.next(None)).await;
        let ids = drift.into_iter().map(|drift| drift.id).collect();
        drift = again(context, spec, ids).await?;
    }
    let mut repaired = 0;
    if repair && !drift.is_empty() {
        let lease = run_record::lease(context, spec).await?;
        let mending = lease.hold_while(mend(context, spec, &drift)).await;
        lease.release().await;
        let left = mending?;
        repaired = drift.len().saturating_sub(left) as u64;
    }
    Ok(Report {
        index: spec.name.clone(),
        documents: seen.expected,
        records: seen.records,
        parked: parked::ids(context, &spec.name).await?.len() as u64,
        drift,
        repaired,
    })
}

/// Those among the documents whose record is still not true.
async fn again(context: &Context, spec: &IndexSpec, ids: Vec<String>) -> Result<Vec<Drift>> {
    let parked = parked::ids(context, &spec.name).await?;
    let salt = salt(context, spec);
    let mut out = Vec::new();
    for ids in ids.chunks(CHUNK) {
        let found = context.search.fetch(&spec.name, ids, Detail::Whole).await?;
        for (id, stored) in ids.iter().zip(found) {
            let known = known(context, spec, id).await?;
            // What is parked for another document's sake has its record.
            let refused = known.left_out.is_none() && parked.contains(id);
            let truth = known.record.filter(|_| !refused);
            let problem = match (truth, stored) {
                (None, None) => None,
                (None, Some(_)) => Some(Problem::Ghost),
                (Some(_), None) => Some(Problem::Missing),
                (Some((record, _)), Some(stored)) => {
                    let mark = record.fingerprint(&salt);
                    (intact(stored, &salt) != Some(mark)).then_some(Problem::Different)
                }
            };
            out.extend(problem.map(|problem| Drift {
                id: id.clone(),
                problem,
            }));
        }
    }
    Ok(out)
}

/// Writes what differs until it is true; returns how many are not.
async fn mend(context: &Context, spec: &Arc<IndexSpec>, drift: &[Drift]) -> Result<usize> {
    let begin = epoch::next(context, spec)?;
    context.documents.commit(begin.to_vec()).await?;
    let mut left = drift.to_vec();
    for _ in 0..LOOKS {
        if left.is_empty() {
            break;
        }
        write_again(context, spec, &left).await?;
        let ids = left.into_iter().map(|drift| drift.id).collect();
        left = again(context, spec, ids).await?;
    }
    Ok(left.len())
}

async fn write_again(context: &Context, spec: &Arc<IndexSpec>, drift: &[Drift]) -> Result<()> {
    let mut parked = parked::ids(context, &spec.name).await?;
    for some in drift.chunks(CHUNK) {
        let items = some.iter().map(|drift| Item {
            id: drift.id.clone(),
            step: Step::Look,
        });
        let sender = Sender {
            context: context.clone(),
            spec: spec.clone(),
            target: spec.name.clone(),
            ask_first: false,
            whole: false,
            patient: false,
            epoch: 0,
        };
        let sent = sender.send(items.collect(), None).await?;
        let left_out = left_out(&sent.looked);
        for (id, reason) in sent.refused.into_iter().chain(left_out) {
            parked::park(context, &spec.name, (&id, &reason), &parked).await?;
            parked.insert(id);
        }
    }
    context.search.wait_until_indexed(&spec.name).await
}
