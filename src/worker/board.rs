//! What each loop is doing, for readiness and metrics.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use crate::backends::{Depth, Finding, Health, Probe};

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

/// What the loops of this process are doing.
#[derive(Default)]
pub struct Board(Mutex<BTreeMap<String, State>>);

impl Board {
    pub(super) fn set(&self, name: &str, state: State) {
        let gauge = |metric: &'static str, on: bool| {
            metrics::gauge!(metric, "loop" => name.to_owned()).set(f64::from(u8::from(on)));
        };
        gauge("tok_worker_lease_held", state == State::Working);
        gauge("tok_worker_paused", matches!(state, State::Paused(_)));
        let mut loops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        loops.insert(name.to_owned(), state);
    }
}

#[async_trait]
impl Probe for Board {
    async fn probe(&self, _depth: Depth) -> Vec<Finding> {
        let loops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        loops
            .iter()
            .map(|(name, state)| {
                let check = format!("loop {name}");
                match state {
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
            })
            .collect()
    }
}
