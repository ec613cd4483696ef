//! How far unfinished runs got, and who else wrote to an index.
//!
//! Releases before 0.2 kept all three kinds in `tok_runs`; what they left is still found there.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{After, Collection, Fields, Record};

/// Hours that an unfinished deletion can be continued.
const CONTINUED_FOR: i64 = 24;

/// How far deletions of many rooms got, by a hash of what they delete.
pub const DELETIONS: Collection<DeletionRun> = Collection::new("tok_deletions", "")
    .bookkeeping()
    .moments(&["at"])
    .expires("at", After::Hours(CONTINUED_FOR));

/// Reindexings that are not finished, by the index.
pub const REINDEXES: Collection<ReindexRun> =
    Collection::new("tok_reindexes", "when the reindexing is finished").bookkeeping();

/// The epochs of indexes, by the index: the version of the document is the epoch.
pub const EPOCHS: Collection<Epoch> =
    Collection::new("tok_epochs", "for ever, one for each index").bookkeeping();

/// What releases before 0.2 kept of runs and epochs, by the kind and what it is about.
pub const EARLIER_RUNS: Collection<Fields> = Collection::new("tok_runs", "")
    .bookkeeping()
    .expires("at", After::Hours(CONTINUED_FOR));

/// How far an unfinished deletion got.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionRun {
    /// So many rooms, in name order, were deleted or being deleted.
    pub begun: usize,
    /// Those among them that did not exist in the first place.
    #[serde(default)]
    pub missing: Vec<String>,
    /// When that was.
    pub at: Timestamp,
}

impl Record for DeletionRun {}

/// How an index is made true.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Mode)]
pub enum ReindexMode {
    /// What differs is changed in the index itself.
    #[default]
    Reconcile,
    /// A new index is filled and takes the old one's place, settings, synonyms and rules carried
    /// over.
    Swap,
}

/// A reindexing that is not finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReindexRun {
    /// The index.
    pub index: String,
    /// How.
    pub mode: ReindexMode,
    /// A worker has made the index true since.
    #[serde(default)]
    pub mended: bool,
}

impl Record for ReindexRun {}

/// Who wrote to an index last, other than by following.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epoch {
    /// A name that the run made up.
    #[serde(default)]
    pub run: String,
}

impl Record for Epoch {}
