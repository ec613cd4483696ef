//! Who may do a piece of work now, and what became of the work of loops.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Collection, Record};
use crate::model::ProcessPlace;
use crate::model::health::LoopCondition;

/// Leases, by the name of the work. A lease holds for `life_ms` after it was written, by the store's
/// clock, so that it must never be written again but by its holder.
pub const LEASES: Collection<StoredLease> =
    Collection::new("tok_leases", "when the holder gives it back").bookkeeping();

/// A lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredLease {
    /// Who holds it.
    pub holder: String,
    /// For people; machines do not agree on the time.
    #[serde(default)]
    pub until: Timestamp,
    /// How long it holds after it was written, by the store's clock.
    #[serde(default)]
    pub life_ms: i64,
    /// Where its holder runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<ProcessPlace>,
}

impl Record for StoredLease {}

/// What each loop of a worker is doing, by its name. There are no more of them than loops.
pub const LOOPS: Collection<StoredLoop> = Collection::new("tok_loops", "for ever").bookkeeping();

/// What a loop is doing, as the worker noted it that had its lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredLoop {
    /// What it does.
    pub condition: LoopCondition,
    /// Since when, by the worker's clock.
    #[serde(default)]
    pub since: Timestamp,
    /// How long the note counts after it was written, by the store's clock; then its worker is gone.
    #[serde(default)]
    pub life_ms: i64,
    /// The worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker: Option<ProcessPlace>,
    /// When it was last seen to be at work without trouble, by the worker's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<Timestamp>,
    /// What keeps it from its work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Record for StoredLoop {}
