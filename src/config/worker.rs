//! `[worker]`: the background worker.

use std::net::SocketAddr;

use super::mistake::{Checked, Wrong};
use super::section::section;
use crate::model::Span;
use crate::model::settings::WorkerSettings;

/// The loops there are.
pub const LOOPS: [&str; 6] = [
    "notify",
    "search",
    "presence",
    "rooms",
    "calls",
    "housekeeping",
];

section! {
    [worker]
    /// The background worker.
    pub struct WorkerSection {
        /// address of the worker's health, readiness and metrics
        ops_bind: SocketAddr = "'127.0.0.1:9091'",
        /// which loops to run
        loops: Vec<String> = "['notify', 'search', 'presence', 'rooms', 'calls', 'housekeeping']",
        /// how long a dead worker's work stays untouched
        lease: Span = "'30s'",
        /// how often expired local rooms are removed
        rooms_every: Span = "'1m'",
        /// how long an expired local room is kept
        rooms_grace: Span = "'24h'",
        /// how long a room may lie unused before it is deleted, at the usual backend; default
        /// for ever
        rooms_unused: Option<Span>,
        /// longest time to finish the work in hand when stopping
        drain_timeout: Span = "'20s'",
        /// into how many parts the queue of notifications is cut
        shards: u32 = "1",
    }
}

impl WorkerSection {
    /// Which loops there have to be.
    pub fn settings(&self) -> WorkerSettings {
        WorkerSettings {
            loops: self.loops.clone(),
            shards: self.shards,
        }
    }

    /// There is something to run, and nothing else than what there is.
    pub(super) fn check(&self) -> Checked {
        let known = LOOPS.join(", ");
        let strange = |name: &&String| !LOOPS.contains(&name.as_str());
        let why = match self.loops.iter().find(strange) {
            _ if self.loops.is_empty() => format!("worker.loops is empty; use any of {known}"),
            Some(name) => {
                format!("worker.loops: there is no loop `{name}`; use any of {known}")
            }
            None => return Ok(()),
        };
        Err(Wrong::new(&["worker.loops"], why))
    }
}
