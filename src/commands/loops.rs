//! What the loops of all workers are doing, noted in the store: whoever looks from outside, as
//! `tok doctor` and every server do, knows nothing of what goes on in a worker.
//!
//! Whoever has the lease of a loop notes what it does, again and again; a note that is too old says that
//! its worker is gone. A loop that nobody ever noted was never at work.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::commands::lease;
use crate::commands::search::follow::loop_name;
use crate::context::Context;
use crate::error::Result;
use crate::model::ProcessPlace;
use crate::model::health::{Finding, Health, LoopCondition};
use crate::model::moment::second;
use crate::model::shard::Shard;
use crate::records::{LOOPS, Stored, StoredLoop};

/// A loop that fails again and again for so long does not mend itself.
const LASTING: SignedDuration = SignedDuration::from_mins(3);

/// How the check is called when no loop is at work.
const WORKER: &str = "worker";

/// What a loop is doing, as the worker that has it knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it does.
    pub condition: LoopCondition,
    /// For how long.
    pub lasted: Duration,
    /// Whether it is at work without trouble.
    pub is_well: bool,
    /// What keeps it from its work.
    pub why: Option<String>,
}

/// Notes what a loop of this process is doing; that counts for `life`. A failure is not told: a store
/// that takes nothing is told of by whatever else is to be written.
pub async fn note(context: &Context, name: &str, note: Note, life: Duration) {
    if let Err(error) = write(context, name, note, life).await {
        tracing::debug!(%error, name, "what a loop does could not be noted");
    }
}

async fn write(context: &Context, name: &str, note: Note, life: Duration) -> Result<()> {
    let documents = context.documents.as_ref();
    let now = context.clock.now();
    let succeeded = if note.is_well {
        Some(now)
    } else {
        let before = LOOPS.get(documents, name).await;
        before
            .ok()
            .flatten()
            .and_then(|found| found.record.succeeded)
    };
    let lasted = SignedDuration::try_from(note.lasted).unwrap_or(SignedDuration::ZERO);
    let stored = StoredLoop {
        condition: note.condition,
        since: now.saturating_sub(lasted).unwrap_or(now),
        life_ms: i64::try_from(life.as_millis()).unwrap_or(i64::MAX),
        worker: Some(context.place.as_ref().clone()),
        succeeded,
        why: note.why,
    };
    documents.commit(vec![LOOPS.put(name, &stored)?]).await?;
    Ok(())
}

/// What a loop is doing, as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LoopFacts {
    /// Its name.
    pub name: String,
    /// What it does.
    pub condition: LoopCondition,
    /// The worker that has it, or had it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker: Option<ProcessPlace>,
    /// Since when it does that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
    /// When a worker with it gave its last sign of life; absent if none ever did.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub seen: Option<Timestamp>,
    /// When it was last seen to be at work without trouble.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub succeeded: Option<Timestamp>,
    /// What keeps it from its work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// The loops that have to be at work by the configuration, and whichever others are.
///
/// # Errors
/// Those of the store.
pub async fn facts(context: &Context) -> Result<Vec<LoopFacts>> {
    let documents = context.documents.as_ref();
    let leases = lease::loops(context, "").await?;
    let held: BTreeMap<_, _> = leases
        .into_iter()
        .filter(|lease| lease.held)
        .map(|lease| (lease.name, lease.by))
        .collect();
    let now = documents.now().await?.as_millisecond();
    let mut notes = BTreeMap::new();
    let mut found = LOOPS.scan(documents, LOOPS.all());
    while let Some(found) = found.try_next().await? {
        notes.insert(found.id.clone(), found);
    }
    let mut names = expected(context);
    let known: BTreeSet<_> = names.iter().cloned().collect();
    let alive = notes.values().filter(|note| counts(note, now));
    let alive = alive.map(|note| &note.id).chain(held.keys());
    let others: BTreeSet<_> = alive
        .filter(|name| !known.contains(*name))
        .cloned()
        .collect();
    names.extend(others);
    let tell = |name: String| told(notes.get(&name), held.get(&name), name, now);
    Ok(names.into_iter().map(tell).collect())
}

/// The loops that there have to be.
fn expected(context: &Context) -> Vec<String> {
    let (of, indexes) = (context.worker.shards, &context.mirrors.indexes);
    let names = context.worker.loops.iter().map(|name| match name.as_str() {
        Shard::LOOP => (0..of).map(|number| Shard { number, of }.name()).collect(),
        "search" => indexes.iter().map(|spec| loop_name(spec)).collect(),
        other => vec![other.to_owned()],
    });
    names.flatten().collect()
}

/// Whether a note is still true.
fn counts(note: &Stored<StoredLoop>, now: i64) -> bool {
    note.written.saturating_add(note.record.life_ms) > now
}

fn told(
    note: Option<&Stored<StoredLoop>>,
    lease: Option<&Option<ProcessPlace>>,
    name: String,
    now: i64,
) -> LoopFacts {
    let seen = note.and_then(|note| Timestamp::from_millisecond(note.written).ok());
    let facts = LoopFacts {
        name,
        condition: LoopCondition::Missing,
        worker: note.and_then(|note| note.record.worker.clone()),
        since: seen,
        seen,
        succeeded: note.and_then(|note| note.record.succeeded),
        why: None,
    };
    match (note.filter(|note| counts(note, now)), lease) {
        (Some(note), _) => LoopFacts {
            condition: note.record.condition,
            since: Some(note.record.since),
            why: note.record.why.clone(),
            ..facts
        },
        // It has only just begun, or is of a release that notes nothing.
        (None, Some(by)) => LoopFacts {
            condition: LoopCondition::Working,
            worker: by.clone(),
            since: None,
            ..facts
        },
        (None, None) => facts,
    }
}

/// That no worker at all is there, if that is so.
pub fn nobody_works(loops: &[LoopFacts]) -> Option<String> {
    let is_missing = |told: &LoopFacts| told.condition == LoopCondition::Missing;
    if loops.is_empty() || !loops.iter().all(is_missing) {
        return None;
    }
    let last = loops.iter().filter_map(|told| told.seen).max();
    Some(last.map_or_else(
        || "no worker has been seen yet".to_owned(),
        |last| format!("no worker has been seen since {}", second(last)),
    ))
}

/// What is to be said of these loops, whichever worker they are of.
pub fn findings(loops: &[LoopFacts], now: Timestamp) -> Vec<Finding> {
    if let Some(nobody) = nobody_works(loops) {
        return vec![Finding::bad(WORKER, Health::Warn, nobody, START)];
    }
    loops.iter().map(|told| finding(told, now)).collect()
}

/// What is to be said of those among them that fail or are paused.
pub fn troubles(loops: &[LoopFacts], now: Timestamp) -> Vec<Finding> {
    let fails = [LoopCondition::Failing, LoopCondition::Paused];
    let bad = loops.iter().filter(|told| fails.contains(&told.condition));
    bad.map(|told| finding(told, now)).collect()
}

/// What to do when nobody works.
pub(super) const START: &str = "start `tok work`, or `tok serve --with-worker`";

pub(super) fn finding(told: &LoopFacts, now: Timestamp) -> Finding {
    let check = format!("loop {}", told.name);
    let (condition, name) = (told.condition.as_str(), &told.name);
    let mut text = condition.to_owned();
    if told.condition == LoopCondition::Missing {
        "no worker with it has been seen".clone_into(&mut text);
        text.push_str(if told.seen.is_some() { "" } else { " yet" });
    }
    let since = told.since.map(|since| format!(" since {}", second(since)));
    text.push_str(&since.unwrap_or_default());
    if let Some(worker) = &told.worker {
        let _ = write!(text, ", {worker}");
    }
    if let Some(why) = &told.why {
        let _ = write!(text, ": {why}");
    }
    if let Some(last) = told.succeeded.filter(|_| told.why.is_some()) {
        let _ = write!(text, "; it last worked at {}", second(last));
    }
    let lasts = |since| now.duration_since(since) >= LASTING;
    let once = format!(
        "`tok work --once --only {}`",
        name.split(':').next().unwrap_or(name)
    );
    match told.condition {
        LoopCondition::Working | LoopCondition::Stopped => Finding::ok(check, text),
        LoopCondition::Missing => Finding::bad(check, Health::Warn, text, START),
        LoopCondition::Waiting => {
            let advice = "nothing, unless it lasts; it begins by itself";
            Finding::bad(check, Health::Warn, text, advice)
        }
        LoopCondition::Failing if told.since.is_none_or(lasts) => {
            let advice = "mend what is said; the worker looks again by itself";
            Finding::bad(check, Health::Fail, text, advice)
        }
        LoopCondition::Failing => {
            let advice = "if it lasts, mend what is said; it goes on by itself";
            Finding::bad(check, Health::Warn, text, advice)
        }
        LoopCondition::Paused => {
            let advice = format!(
                "mend what is said; the worker looks again within five minutes, {once} at once"
            );
            Finding::bad(check, Health::Fail, text, advice)
        }
    }
}
