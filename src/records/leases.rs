//! Who may do a piece of work now.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Collection, Record};

/// Leases, by the name of the work, and what keeps loops from theirs. A lease holds for `life_ms` after it was written, by the store's
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
    /// What keeps a loop from working, where this is no lease but a note of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

impl Record for StoredLease {}
