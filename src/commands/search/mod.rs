//! Search: mirrors of the store's documents, kept true.
//!
//! A mirror reads the whole state and then follows every change. What the index holds already is
//! known from the marks that its records carry, so that a mirror can begin anywhere, on any
//! machine, and sends only what differs. Several mirrors of one index (a worker and a reindexing)
//! do not have to know of each other: each tells every document's states in order and does not end
//! before what it wrote last is known to be the truth.

pub mod follow;
pub mod key;
pub mod parked;
pub mod query;
pub mod reindex;
pub mod renew;
pub mod settings;
pub mod status;
pub mod verify;

mod batch;
mod compare;
mod counts;
mod epoch;
mod fingerprints;
mod ghosts;
mod mirror;
mod plan;
mod run_record;
mod send;

use std::sync::Arc;

use crate::backends::search::{Detail, StoredRecord};
use crate::context::Context;
use crate::error::Result;
use crate::model::search::{IndexRecord, IndexSpec};
use crate::records::documents::Version;

/// What the store has of an id.
#[derive(Debug, Default)]
struct KnownOfId {
    /// The record that stands for it: that of the first collection that has one, and the version of its
    /// document.
    record: Option<(IndexRecord, Version)>,
    /// Why a document of this id is in no record.
    left_out: Option<String>,
}

/// A document's record and the document's version; nothing if it is not to be found.
async fn current(
    context: &Context,
    spec: &IndexSpec,
    id: &str,
) -> Result<Option<(IndexRecord, Version)>> {
    known(context, spec, id).await.map(|known| known.record)
}

/// Looks at all collections of an index.
async fn known(context: &Context, spec: &IndexSpec, id: &str) -> Result<KnownOfId> {
    let most = context.search.limits().record;
    let mut known = KnownOfId::default();
    for source in &spec.sources {
        let Some(document) = context.documents.get(&source.collection, id).await? else {
            continue;
        };
        let left_out = match source.record(id, &document.json) {
            Err(error) => error.message().to_owned(),
            Ok(None) => continue,
            Ok(Some(record)) => match record.too_large(record.size(), most) {
                Some(reason) => reason,
                None if known.record.is_none() => {
                    known.record = Some((record, document.version));
                    continue;
                }
                None => format!(
                    "another document has this id in this index; that of {} is left out",
                    source.collection
                ),
            },
        };
        known.left_out.get_or_insert(left_out);
    }
    Ok(known)
}

/// The fingerprint of a record, if it is as we left it: somebody else may have changed it and kept what
/// we marked it with.
fn intact(stored: StoredRecord, salt: &str) -> Option<u64> {
    let record = IndexRecord {
        id: stored.id,
        fields: stored.fields,
    };
    let content = record.fingerprint(salt);
    stored.fingerprint.filter(|mark| *mark == content)
}

/// How much of each record is read to know whether it is as it should be. Nobody else writes to an
/// index of our own.
fn detail(context: &Context) -> Detail {
    if context.search.limits().is_own {
        Detail::Fingerprints
    } else {
        Detail::Whole
    }
}

/// What beside its fields decides how a record is indexed.
fn salt(context: &Context, spec: &IndexSpec) -> String {
    if context.search.limits().indexes_text {
        spec.searchable().join(",")
    } else {
        String::new()
    }
}

/// Those that are asked for, or all.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), naming those that there are.
pub fn chosen(context: &Context, names: &[String]) -> Result<Vec<Arc<IndexSpec>>> {
    if names.is_empty() {
        return Ok(context.mirrors.indexes.clone());
    }
    names
        .iter()
        .map(|name| context.mirrors.get(name).cloned())
        .collect()
}
