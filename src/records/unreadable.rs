//! Documents that cannot be read: each is told of once and noted in the store, whoever meets it and
//! however often.
//!
//! Meeting one must not cost a write in the middle of reading, so it is remembered here, and whoever
//! runs for longer, or ends, [writes the notes](flush).

use super::collection::{Collection, Record};
use super::document_key::UnreadableKey;
use super::documents::Documents;
use super::unreadable_seen;
pub use super::unreadable_seen::{UnreadableNote, count};
use crate::error::Result;
use futures_util::TryStreamExt;

/// The notes of documents that cannot be read, by collection and id.
pub const UNREADABLE: Collection<UnreadableNote, UnreadableKey> = Collection::new(
    "tok_parked/records/items",
    "when the document is gone or can be read again",
)
.bookkeeping()
.moments(&["at"]);

/// Notes that are looked at in one go.
const MOST_NOTES: usize = 10_000;
/// Notes written in one commit.
const CHUNK: usize = 200;

impl Record for UnreadableNote {}

impl UnreadableNote {
    /// The id of the note.
    pub fn key(&self) -> UnreadableKey {
        UnreadableKey::new(&self.collection, &self.id)
    }
}

/// Notes in the store what was met since the last time.
///
/// # Errors
/// Those of the store; the next call tries again.
pub async fn flush(documents: &dyn Documents) -> Result<()> {
    loop {
        let some = unreadable_seen::take(CHUNK);
        if some.is_empty() {
            return Ok(());
        }
        let writes = some.iter().map(|note| UNREADABLE.put(&note.key(), note));
        let noted = match writes.collect::<Result<Vec<_>>>() {
            Ok(writes) => documents.commit(writes).await.map(drop),
            Err(error) => Err(error),
        };
        if let Err(error) = noted {
            unreadable_seen::give_back(some);
            return Err(error);
        }
    }
}

/// Every note, with whether its document still cannot be read.
///
/// # Errors
/// Those of the store.
pub async fn notes(documents: &dyn Documents) -> Result<Vec<(UnreadableNote, bool)>> {
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
        metrics::gauge!(unreadable_seen::METRIC, "collection" => declared.name).set(many);
    }
    Ok(stale.into_iter().map(|(note, _)| note.key()).collect())
}
