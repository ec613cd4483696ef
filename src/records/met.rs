//! Documents that this process met and that cannot be read: each is told of once, and remembered until
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
/// Documents that are remembered as told; then it begins anew.
const MOST_TOLD: usize = 100_000;
/// Documents of one collection that are each a line of the log; the others are in the notes.
const MOST_LINES: u64 = 20;

/// A document that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its collection.
    pub collection: String,
    /// Its id.
    pub id: String,
    /// The state of it that cannot be read.
    #[serde(default)]
    pub version: Version,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// When that was noticed.
    #[serde(default)]
    pub at: Timestamp,
}

/// What this process met.
#[derive(Default)]
struct Met {
    told: HashSet<u64>,
    pending: Vec<Note>,
    counts: BTreeMap<&'static str, u64>,
}

static MET: Mutex<Option<Met>> = Mutex::new(None);

fn met() -> MutexGuard<'static, Option<Met>> {
    MET.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Remembers a document that cannot be read, and tells of it unless that was done.
pub(super) fn tell(collection: &'static str, document: &Document, error: &Error) {
    let mark = digest(format!(
        "{collection}\0{}\0{}",
        document.id, document.version
    ));
    let mut met = met();
    let met = met.get_or_insert_default();
    if met.told.len() >= MOST_TOLD {
        met.told.clear();
    }
    if !met.told.insert(mark) {
        return;
    }
    let count = met.counts.entry(collection).or_default();
    *count += 1;
    metrics::gauge!(METRIC, "collection" => collection).increment(1);
    // Each is told, but a whole collection must not drown everything else.
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
    met.pending.push(Note {
        collection: collection.to_owned(),
        id: document.id.clone(),
        version: document.version,
        reason: error.message().to_owned(),
        at: Timestamp::now(),
    });
}

/// How many documents this process met that cannot be read.
pub fn count() -> u64 {
    met().as_ref().map_or(0, |met| met.counts.values().sum())
}

/// Some of what is not noted yet; whoever takes it notes it.
pub(super) fn take(most: usize) -> Vec<Note> {
    let mut met = met();
    let Some(met) = met.as_mut() else {
        return Vec::new();
    };
    let many = met.pending.len().min(most);
    met.pending.drain(..many).collect()
}

/// What could not be noted waits for the next time.
pub(super) fn give_back(some: Vec<Note>) {
    met().get_or_insert_default().pending.extend(some);
}
