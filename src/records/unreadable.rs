//! Documents that cannot be read: each is told of once and noted in the store, whoever meets it and
//! however often.
//!
//! Meeting one must not cost a write in the middle of reading, so it is remembered here, and whoever
//! runs for longer, or ends, [writes the notes](flush).

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::collection::{Collection, Record};
use super::documents::{Document, Documents, Version};
use super::key::UnreadableKey;
use crate::error::{Error, Result};
use crate::model::digest::digest;

/// The notes of documents that cannot be read, by collection and id.
pub const UNREADABLE: Collection<Note, UnreadableKey> = Collection::new(
    "tok_parked/records/items",
    "when the document is gone or can be read again",
)
.bookkeeping()
.moments(&["at"]);

/// How many documents of a collection cannot be read.
const METRIC: &str = "tok_stored_unreadable";
/// Documents that are remembered as told; then it begins anew.
const MOST_TOLD: usize = 100_000;
/// Documents of one collection that are each a line of the log; the others are in the notes.
const MOST_LINES: u64 = 20;
/// Notes that are looked at in one go.
const MOST_NOTES: usize = 10_000;
/// Notes written in one commit.
const CHUNK: usize = 200;

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

impl Record for Note {}

impl Note {
    /// The id of the note.
    pub fn key(&self) -> UnreadableKey {
        UnreadableKey::new(&self.collection, &self.id)
    }
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

/// Notes in the store what was met since the last time.
///
/// # Errors
/// Those of the store; the next call tries again.
pub async fn flush(documents: &dyn Documents) -> Result<()> {
    loop {
        let some: Vec<Note> = {
            let mut met = met();
            let Some(met) = met.as_mut().filter(|met| !met.pending.is_empty()) else {
                return Ok(());
            };
            let many = met.pending.len().min(CHUNK);
            met.pending.drain(..many).collect()
        };
        let writes = some.iter().map(|note| UNREADABLE.put(&note.key(), note));
        let noted = match writes.collect::<Result<Vec<_>>>() {
            Ok(writes) => documents.commit(writes).await.map(drop),
            Err(error) => Err(error),
        };
        if let Err(error) = noted {
            met().get_or_insert_default().pending.extend(some);
            return Err(error);
        }
    }
}

/// Every note, with whether its document still cannot be read.
///
/// # Errors
/// Those of the store.
pub async fn notes(documents: &dyn Documents) -> Result<Vec<(Note, bool)>> {
    let mut found = UNREADABLE.scan(documents, UNREADABLE.all().limit(MOST_NOTES));
    let mut out = Vec::new();
    while let Some(note) = found.try_next().await? {
        let note = note.record;
        let still = match documents.get(&note.collection, &note.id).await? {
            None => false,
            Some(document) => {
                let declared = super::declared(&note.collection);
                declared.is_none_or(|declared| declared.check(&document).is_err())
            }
        };
        out.push((note, still));
    }
    Ok(out)
}

/// Looks at every noted document again and counts those that still cannot be read, whichever process
/// met them; returns the ids of the notes of the others.
///
/// # Errors
/// Those of the store.
pub async fn recount(documents: &dyn Documents) -> Result<Vec<UnreadableKey>> {
    let (still, stale): (Vec<_>, Vec<_>) = notes(documents)
        .await?
        .into_iter()
        .partition(|(_, still)| *still);
    for declared in super::ALL {
        let many = still
            .iter()
            .filter(|(note, _)| note.collection == declared.name);
        let many = u32::try_from(many.count()).unwrap_or(u32::MAX);
        metrics::gauge!(METRIC, "collection" => declared.name).set(many);
    }
    Ok(stale.into_iter().map(|(note, _)| note.key()).collect())
}
