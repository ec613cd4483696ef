//! Compares an index with the store.

use std::collections::{HashMap, HashSet};

use futures_util::TryStreamExt;

use super::{intact, salt};
use crate::backends::search::Detail;
use crate::context::Context;
use crate::error::Result;
use crate::model::digest::digest;
use crate::model::search::IndexSpec;
use crate::records::documents::Scan;

/// More differing documents than these are counted, not named.
const MOST_NAMED: usize = 10_000;

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Documents in the store.
    pub(super) documents: u64,
    /// Those that should be found.
    pub(super) expected: u64,
    /// Records in the index.
    pub(super) records: u64,
    /// Documents without a record.
    pub(super) missing: u64,
    /// Records that say something else than their document.
    pub(super) different: u64,
    /// Records without a document.
    pub(super) ghosts: u64,
    /// The ids of those, as far as they are named.
    pub(super) ids: Vec<String>,
}

/// Reads both sides once. With `whole` the contents are compared, else the marks.
pub(super) async fn compare(context: &Context, spec: &IndexSpec, whole: bool) -> Result<Seen> {
    let mut seen = Seen::default();
    let salt = salt(context, spec);
    let mut held = marks(context, spec, whole, &salt, &mut seen).await?;
    // The first collection that has an id has the record; one alone needs no memory of that.
    let mut taken = HashSet::new();
    for source in &spec.sources {
        let mut documents = context.documents.scan(Scan::all(&source.collection));
        while let Some(document) = documents.try_next().await? {
            seen.documents += 1;
            let Ok(Some(record)) = source.record(&document.id, &document.json) else {
                continue;
            };
            seen.expected += 1;
            if spec.sources.len() > 1 && !taken.insert(digest(&document.id)) {
                continue;
            }
            match held.remove(&digest(&document.id)) {
                None => seen.missing += 1,
                Some(mark) if mark == Some(record.fingerprint(&salt)) => continue,
                Some(_) => seen.different += 1,
            }
            name(&mut seen, document.id);
        }
    }
    seen.ghosts = held.len() as u64;
    if !held.is_empty() {
        let mut records = context.search.browse(&spec.name, Detail::Fingerprints);
        while let Some(record) = records.try_next().await? {
            if held.contains_key(&digest(&record.id)) {
                name(&mut seen, record.id);
            }
        }
    }
    Ok(seen)
}

fn name(seen: &mut Seen, id: String) {
    if seen.ids.len() < MOST_NAMED {
        seen.ids.push(id);
    }
}

/// The mark of each record, by the digest of its id.
async fn marks(
    context: &Context,
    spec: &IndexSpec,
    whole: bool,
    salt: &str,
    seen: &mut Seen,
) -> Result<HashMap<u64, Option<u64>>> {
    let detail = if whole {
        Detail::Whole
    } else {
        Detail::Fingerprints
    };
    let mut marks = HashMap::new();
    let mut records = context.search.browse(&spec.name, detail);
    while let Some(stored) = records.try_next().await? {
        seen.records += 1;
        let key = digest(&stored.id);
        let mark = if whole {
            intact(stored, salt)
        } else {
            stored.fingerprint
        };
        marks.insert(key, mark);
    }
    Ok(marks)
}
