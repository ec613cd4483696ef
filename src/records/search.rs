//! Documents that cannot be searched as they are.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Collection, ParkedRecordKey, Record};

/// Documents that cannot be searched as they are, by index and id.
pub const PARKED_RECORDS: Collection<ParkedRecord, ParkedRecordKey> = Collection::new(
    "tok_parked/search/items",
    "when the document changes or goes",
)
.bookkeeping()
.moments(&["at"]);

/// A document that cannot be searched as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ParkedRecord {
    /// The index it is missing from.
    pub index: String,
    /// The document.
    pub id: String,
    /// Why.
    pub reason: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl Record for ParkedRecord {}
