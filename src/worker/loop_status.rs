//! What each loop is doing, for readiness and metrics.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;

use crate::model::health::{Depth, Finding, Health, Probe};

/// A loop that fails again and again for so long does not mend itself.
const LASTING: Duration = Duration::from_mins(3);
/// A loop that worked for so long without failing is well again.
pub(super) const WELL: Duration = Duration::from_mins(1);

/// What a loop is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LoopState {
    /// It has its lease and works.
    Working,
    /// Another worker has its lease.
    StandingBy,
    /// It failed and goes on soon.
    Resting(String),
    /// It cannot go on until a person helps.
    Paused(String),
    /// The worker stops, and the loop with it.
    Stopped,
}

/// A loop's state and its trouble.
#[derive(Debug)]
struct LoopStatus {
    state: LoopState,
    /// Since when it is in this state.
    since: Instant,
    /// When it began to fail, and the last failure; a short time of work between two failures does
    /// not end the trouble.
    trouble: Option<(Instant, String)>,
}

/// What the loops of this process are doing.
#[derive(Default)]
pub struct LoopStatuses(Mutex<BTreeMap<String, LoopStatus>>);

impl LoopStatuses {
    /// Notes what a loop is doing, and says whether that is something else than before.
    pub(super) fn set(&self, name: &str, state: LoopState) -> bool {
        self.set_at(name, state, Instant::now())
    }

    fn set_at(&self, name: &str, state: LoopState, now: Instant) -> bool {
        let gauge = |metric: &'static str, on: bool| {
            metrics::gauge!(metric, "loop" => name.to_owned()).set(f64::from(u8::from(on)));
        };
        gauge("tok_worker_lease_held", state == LoopState::Working);
        gauge("tok_worker_paused", matches!(state, LoopState::Paused(_)));
        let mut loops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = loops.remove(name);
        let changed = before.as_ref().is_none_or(|before| before.state != state);
        let trouble = before.and_then(|before| before.trouble_after(now));
        let trouble = match &state {
            LoopState::Resting(error) => {
                let began = trouble.map_or(now, |(began, _)| began);
                Some((began, error.clone()))
            }
            LoopState::Working => trouble,
            LoopState::StandingBy | LoopState::Paused(_) | LoopState::Stopped => None,
        };
        let since = now;
        loops.insert(
            name.to_owned(),
            LoopStatus {
                state,
                since,
                trouble,
            },
        );
        changed
    }

    /// What has kept a loop from working for long, or does so until a person helps.
    pub(super) fn lasting(&self, name: &str) -> Option<String> {
        let loops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = loops.get(name)?;
        let finding = entry.finding(String::new(), Instant::now());
        (finding.health == Health::Fail).then_some(finding.message)
    }

    fn findings(&self, now: Instant) -> Vec<Finding> {
        let loops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        loops
            .iter()
            .map(|(name, entry)| entry.finding(format!("loop {name}"), now))
            .collect()
    }
}

impl LoopStatus {
    /// The trouble it is still in.
    fn trouble_after(&self, now: Instant) -> Option<(Instant, String)> {
        let well = self.state == LoopState::Working && now.duration_since(self.since) > WELL;
        self.trouble.clone().filter(|_| !well)
    }

    fn finding(&self, check: String, now: Instant) -> Finding {
        if let Some((began, error)) = self.trouble_after(now) {
            let lasted = now.duration_since(began);
            if lasted >= LASTING {
                let minutes = lasted.as_secs() / 60;
                let text = format!("it has failed for {minutes} min: {error}");
                return Finding::bad(check, Health::Fail, text, "mend what is said");
            }
        }
        match &self.state {
            LoopState::Working => Finding::ok(check, "working"),
            LoopState::StandingBy => Finding::ok(check, "another worker has it"),
            LoopState::Stopped => Finding::ok(check, "stopped"),
            LoopState::Resting(error) => Finding::bad(
                check,
                Health::Warn,
                error,
                "nothing, unless it lasts; it goes on by itself",
            ),
            LoopState::Paused(error) => Finding::bad(
                check,
                Health::Fail,
                error,
                "mend what is said; the loop looks again at least every five minutes",
            ),
        }
    }
}

#[async_trait]
impl Probe for LoopStatuses {
    async fn probe(&self, _depth: Depth) -> Vec<Finding> {
        self.findings(Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing() -> LoopState {
        LoopState::Resting("the store is away".to_owned())
    }

    fn health(statuses: &LoopStatuses, now: Instant) -> Health {
        statuses.findings(now)[0].health
    }

    #[test]
    fn a_loop_that_fails_for_minutes_is_told_as_broken() {
        let (statuses, start) = (LoopStatuses::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        for round in 0..4 {
            statuses.set_at("x", LoopState::Working, at(round * 61));
            statuses.set_at("x", failing(), at(round * 61 + 1));
        }
        assert_eq!(health(&statuses, at(179)), Health::Warn);
        assert_eq!(health(&statuses, at(181)), Health::Fail);
        // It takes its lease again, and has not yet shown that it works.
        statuses.set_at("x", LoopState::Working, at(240));
        assert_eq!(health(&statuses, at(241)), Health::Fail);
        assert_eq!(health(&statuses, at(301)), Health::Ok);
        statuses.set_at("x", failing(), at(302));
        assert_eq!(health(&statuses, at(303)), Health::Warn, "it begins anew");
    }
}
