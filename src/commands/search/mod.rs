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

use crate::context::Context;
use crate::error::Result;
use crate::model::search::{IndexRecord, IndexSpec};
use crate::records::documents::Version;

/// A document's record and the document's version; nothing if it is not to be found.
async fn current(
    context: &Context,
    spec: &IndexSpec,
    id: &str,
) -> Result<Option<(IndexRecord, Version)>> {
    for source in &spec.sources {
        let Some(document) = context.documents.get(&source.collection, id).await? else {
            continue;
        };
        // What cannot be read is nowhere to be found; the mirror parks it.
        if let Ok(Some(record)) = source.record(id, &document.json) {
            return Ok(Some((record, document.version)));
        }
    }
    Ok(None)
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
