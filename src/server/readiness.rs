//! Whether this node can serve people, known before anybody asks: backends and loops are looked at in the
//! background, so that an answer takes no longer than it takes to write it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;
use tokio_util::task::AbortOnDropHandle;

use crate::commands::doctor::{self, Output};
use crate::commands::loops::LoopFacts;
use crate::context::Context;
use crate::model::health::{Finding, Health, LoopCondition, Probe};

/// How often is looked.
const EVERY: Duration = Duration::from_secs(15);
/// Vendors are asked in one look of so many: they count the calls.
const VENDORS: u64 = 2;
/// A backend that does not answer for so long is in trouble.
const PATIENCE: Duration = Duration::from_secs(8);
/// Who asks before the first look is over waits for so long.
const FIRST: Duration = Duration::from_secs(2);

/// What each backend said last, by its place among the probes, and at the end the loops.
type SeenFindings = BTreeMap<usize, Vec<Finding>>;

/// What was seen last. Cheap to clone.
#[derive(Clone)]
pub(super) struct Readiness {
    probes: Arc<[Arc<dyn Probe>]>,
    seen: watch::Receiver<SeenFindings>,
    _looking: Arc<AbortOnDropHandle<()>>,
}

impl Readiness {
    /// Begins to look. Where loops run in this process they are about to begin, so that nobody is told yet
    /// that they are missing. Must be called on a runtime.
    pub(super) fn watch(context: Context, works: bool) -> Self {
        let probes: Arc<[_]> = context.probes.clone().into();
        let (told, seen) = watch::channel(SeenFindings::new());
        let looking = tokio::spawn(look_regularly(context, probes.clone(), told, works));
        Self {
            probes,
            seen,
            _looking: Arc::new(AbortOnDropHandle::new(looking)),
        }
    }

    /// What is known now.
    pub(super) async fn now(&self) -> Output {
        let vital: Vec<_> = (0..self.probes.len())
            .filter(|at| self.probes[*at].is_vital() && !self.probes[*at].is_instant())
            .collect();
        let mut seen = self.seen.clone();
        let known = seen.wait_for(|seen| vital.iter().all(|at| seen.contains_key(at)));
        let is_known = matches!(tokio::time::timeout(FIRST, known).await, Ok(Ok(_)));
        let mut findings: Vec<_> = self.seen.borrow().values().flatten().cloned().collect();
        if !is_known {
            let advice = "ask again in some seconds";
            let what = "the first look at the store is not over";
            findings.push(Finding::bad("readiness", Health::Fail, what, advice));
        }
        for probe in self.probes.iter().filter(|probe| probe.is_instant()) {
            findings.extend(doctor::glance(probe.as_ref(), PATIENCE).await);
        }
        Output {
            healthy: doctor::is_healthy(&findings),
            findings,
        }
    }
}

async fn look_regularly(
    context: Context,
    probes: Arc<[Arc<dyn Probe>]>,
    told: watch::Sender<SeenFindings>,
    works: bool,
) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut log = ChangeLog::default();
    for round in 0_u64.. {
        ticks.tick().await;
        let looks = FuturesUnordered::new();
        for (at, probe) in probes.iter().cloned().enumerate() {
            let is_due = probe.is_vital() || round.is_multiple_of(VENDORS);
            if is_due && !probe.is_instant() {
                looks.push(async move { (at, doctor::glance(probe.as_ref(), PATIENCE).await) });
            }
        }
        // Each is told at once: one that is silent holds up no other.
        let backends = tell_each(looks, &told);
        join(backends, look_at_loops(&context, probes.len(), &told)).await;
        if round > 0 || !works {
            log.tell(&context, &told.borrow());
        }
    }
}

async fn tell_each(
    mut looks: FuturesUnordered<impl Future<Output = (usize, Vec<Finding>)>>,
    told: &watch::Sender<SeenFindings>,
) {
    while let Some((at, findings)) = looks.next().await {
        told.send_modify(|seen| drop(seen.insert(at, findings)));
    }
}

/// What the loops of all workers do; a store that does not tell is told of by its own probe.
async fn look_at_loops(context: &Context, at: usize, told: &watch::Sender<SeenFindings>) {
    let look = tokio::time::timeout(PATIENCE, doctor::glance_at_loops(context));
    if let Ok(Ok((loops, findings))) = look.await {
        loops.iter().for_each(measure);
        told.send_modify(|seen| drop(seen.insert(at, findings)));
    }
}

fn measure(told: &LoopFacts) {
    if let Some(seen) = told.seen {
        let seconds = f64::from(u32::try_from(seen.as_second()).unwrap_or(u32::MAX));
        metrics::gauge!("tok_worker_seen_timestamp_seconds", "loop" => told.name.clone())
            .set(seconds);
    }
    for condition in LoopCondition::ALL {
        let labels = [
            ("loop", told.name.clone()),
            ("condition", condition.as_str().to_owned()),
        ];
        let is_so = f64::from(u8::from(condition == told.condition));
        metrics::gauge!("tok_worker_loop", &labels).set(is_so);
    }
}

/// What logs its own trouble, as soon as it comes.
const TELL_THEMSELVES: [&str; 1] = ["redis"];

/// Tells in the log what was found, once for as long as it lasts.
#[derive(Default)]
struct ChangeLog(BTreeMap<String, Finding>);

impl ChangeLog {
    fn tell(&mut self, context: &Context, seen: &SeenFindings) {
        // A worker tells of its own loops itself.
        let own = format!(", {}", context.place);
        let bad = |finding: &&Finding| finding.health != Health::Ok;
        let bad = seen.values().flatten().filter(bad);
        let bad = bad.filter(|finding| !TELL_THEMSELVES.contains(&finding.check.as_str()));
        let bad: BTreeMap<_, _> = bad
            .filter(|finding| !finding.message.contains(&own))
            .map(|finding| (finding.check.clone(), finding.clone()))
            .collect();
        for (check, finding) in &bad {
            let before = self.0.get(check).map(|before| before.health);
            // A loop that works here may have told of it.
            if before != Some(finding.health) && !context.told.knows(&finding.message) {
                let what_to_do = finding.advice.as_deref();
                tracing::warn!(check, what_to_do, "{}", finding.message);
            }
        }
        for check in self.0.keys().filter(|check| !bad.contains_key(*check)) {
            tracing::info!(check, "is well again");
        }
        self.0 = bad;
    }
}
