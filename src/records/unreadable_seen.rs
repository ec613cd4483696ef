//! Documents that this process met and that cannot be read: each is reported once, and remembered until
//! somebody notes it in the store.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::documents::{Document, Version};
use crate::error::Error;
use crate::model::digest::digest;

/// How many documents of a collection cannot be read.
pub(super) const METRIC: &str = "tok_stored_unreadable";
/// Documents that are remembered as reported; then it begins anew.
const MOST_REPORTED: usize = 100_000;
/// Documents of one collection that are each a line of the log; the others are in the notes.
const MOST_LINES: u64 = 20;

/// A document that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableNote {
    /// The name of its collection.
    pub collection: String,
    /// Its id in the collection.
    pub id: String,
    /// The state of it that cannot be read.
    #[serde(default)]
    pub version: Version,
    /// Why it cannot be read, as the error says.
    #[serde(default)]
    pub reason: String,
    /// When that was noticed.
    #[serde(default)]
    pub at: Timestamp,
}

/// What this process met, until it is written down.
#[derive(Default)]
struct UnreadableSeen {
    reported: HashSet<u64>,
    pending: Vec<UnreadableNote>,
    counts: BTreeMap<&'static str, u64>,
}

static SEEN: Mutex<Option<UnreadableSeen>> = Mutex::new(None);

fn seen() -> MutexGuard<'static, Option<UnreadableSeen>> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Remembers a document that cannot be read, and tells of it unless that was done.
pub(super) fn report(collection: &'static str, document: &Document, error: &Error) {
    let state = digest(format!(
        "{collection}\0{}\0{}",
        document.id, document.version
    ));
    let mut seen = seen();
    let seen = seen.get_or_insert_default();
    if seen.reported.len() >= MOST_REPORTED {
        seen.reported.clear();
    }
    if !seen.reported.insert(state) {
        return;
    }
    let count = seen.counts.entry(collection).or_default();
    *count += 1;
    metrics::gauge!(METRIC, "collection" => collection).increment(1);
    // Each is reported, but a whole collection must not drown everything else.
    if *count <= MOST_LINES {
        tracing::warn!(
            collection,
            id = document.id,
            %error,
            "a stored document cannot be read and is left alone"
        );
    } else {
        tracing::debug!(collection, id = document.id, %error, "another one");
    }
    seen.pending.push(UnreadableNote {
        collection: collection.to_owned(),
        id: document.id.clone(),
        version: document.version,
        reason: error.message().to_owned(),
        at: Timestamp::now(),
    });
}

/// How many documents this process met that cannot be read.
pub fn count() -> u64 {
    seen().as_ref().map_or(0, |seen| seen.counts.values().sum())
}

/// Some of what is not noted yet; whoever takes it notes it.
pub(super) fn take(most: usize) -> Vec<UnreadableNote> {
    let mut seen = seen();
    let Some(seen) = seen.as_mut() else {
        return Vec::new();
    };
    let many = seen.pending.len().min(most);
    seen.pending.drain(..many).collect()
}

/// What could not be noted waits for the next time.
pub(super) fn give_back(some: Vec<UnreadableNote>) {
    seen().get_or_insert_default().pending.extend(some);
}
