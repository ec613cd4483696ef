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
pub(super) enum State {
    /// It works.
    Working,
    /// Another worker has its lease.
    StandingBy,
    /// It failed and goes on soon.
    Resting(String),
    /// It cannot go on until a person helps.
    Paused(String),
    /// The worker stops.
    Stopped,
}

/// A loop's state and its trouble.
#[derive(Debug)]
struct Entry {
    state: State,
    /// Since when.
    since: Instant,
    /// When it began to fail, and the last failure; a short time of work between two failures does
    /// not end the trouble.
    trouble: Option<(Instant, String)>,
}

/// What the loops of this process are doing.
#[derive(Default)]
pub struct Board(Mutex<BTreeMap<String, Entry>>);

impl Board {
    pub(super) fn set(&self, name: &str, state: State) {
        self.set_at(name, state, Instant::now());
    }

    fn set_at(&self, name: &str, state: State, now: Instant) {
        let gauge = |metric: &'static str, on: bool| {
            metrics::gauge!(metric, "loop" => name.to_owned()).set(f64::from(u8::from(on)));
        };
        gauge("tok_worker_lease_held", state == State::Working);
        gauge("tok_worker_paused", matches!(state, State::Paused(_)));
        let mut loops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = loops.remove(name);
        let trouble = before.and_then(|before| before.trouble_after(now));
        let trouble = match &state {
            State::Resting(error) => {
                let began = trouble.map_or(now, |(began, _)| began);
                Some((began, error.clone()))
            }
            State::Working => trouble,
            State::StandingBy | State::Paused(_) | State::Stopped => None,
        };
        let since = now;
        loops.insert(
            name.to_owned(),
            Entry {
                state,
                since,
                trouble,
            },
        );
    }

    fn findings(&self, now: Instant) -> Vec<Finding> {
        let loops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        loops
            .iter()
            .map(|(name, entry)| entry.finding(format!("loop {name}"), now))
            .collect()
    }
}

impl Entry {
    /// The trouble it is still in.
    fn trouble_after(&self, now: Instant) -> Option<(Instant, String)> {
        let well = self.state == State::Working && now.duration_since(self.since) > WELL;
        self.trouble.clone().filter(|_| !well)
    }

    fn finding(&self, check: String, now: Instant) -> Finding {
        if let Some((began, error)) = self.trouble_after(now) {
            let lasted = now.duration_since(began);
            if lasted >= LASTING {
                let minutes = lasted.as_secs() / 60;
                let told = format!("it has failed for {minutes} min: {error}");
                return Finding::bad(check, Health::Fail, told, "mend what is said");
            }
        }
        match &self.state {
            State::Working => Finding::ok(check, "working"),
            State::StandingBy => Finding::ok(check, "another worker has it"),
            State::Stopped => Finding::ok(check, "stopped"),
            State::Resting(error) => Finding::bad(
                check,
                Health::Warn,
                error,
                "nothing, unless it lasts; it goes on by itself",
            ),
            State::Paused(error) => Finding::bad(
                check,
                Health::Fail,
                error,
                "mend what is said; the loop looks again every five minutes",
            ),
        }
    }
}

#[async_trait]
impl Probe for Board {
    async fn probe(&self, _depth: Depth) -> Vec<Finding> {
        self.findings(Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing() -> State {
        State::Resting("the store is away".to_owned())
    }

    fn health(board: &Board, now: Instant) -> Health {
        board.findings(now)[0].health
    }

    #[test]
    fn a_loop_that_fails_for_minutes_is_told_as_broken() {
        let (board, start) = (Board::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        for round in 0..4 {
            board.set_at("x", State::Working, at(round * 61));
            board.set_at("x", failing(), at(round * 61 + 1));
        }
        assert_eq!(health(&board, at(179)), Health::Warn);
        assert_eq!(health(&board, at(181)), Health::Fail);
        // It takes its lease again, and has not yet shown that it works.
        board.set_at("x", State::Working, at(240));
        assert_eq!(health(&board, at(241)), Health::Fail);
        assert_eq!(health(&board, at(301)), Health::Ok);
        board.set_at("x", failing(), at(302));
        assert_eq!(health(&board, at(303)), Health::Warn, "it begins anew");
    }
}
