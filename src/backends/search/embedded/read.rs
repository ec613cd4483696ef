//! Reading an index.

use serde_json::{Map, Value};
use tantivy::collector::TopDocs;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};
use tokio::sync::mpsc::Sender;

use super::best::Best;
use super::find::find;
use super::text::wanted;
use super::{Opened, fault};
use crate::backends::search::{Detail, Found, StoredRecord};
use crate::error::{Error, Result};
use crate::model::search::{Hit, SearchQuery};

/// What a document holds.
fn stored(opened: &Opened, document: &TantivyDocument, detail: Detail) -> Result<StoredRecord> {
    let text = |field| {
        let value = document.get_first(field).and_then(|value| value.as_str());
        value.ok_or_else(|| Error::internal("a record of the search index is incomplete"))
    };
    let fields: Map<String, Value> = match detail {
        Detail::Fingerprints => Map::new(),
        Detail::Whole => serde_json::from_str(text(opened.fields.json)?)
            .map_err(|error| Error::internal("a record is no JSON").because(error))?,
    };
    Ok(StoredRecord {
        id: text(opened.fields.id)?.to_owned(),
        fingerprint: u64::from_str_radix(text(opened.fields.fingerprint)?, 16).ok(),
        fields,
    })
}

/// Hands on every record until nobody listens.
pub(super) fn browse(
    opened: &Opened,
    detail: Detail,
    sender: &Sender<Result<StoredRecord>>,
) -> Result<()> {
    let searcher = opened.reader.searcher();
    for segment in searcher.segment_readers() {
        let store = segment
            .get_store_reader(1)
            .map_err(|error| fault(error.into()))?;
        for document in store.iter::<TantivyDocument>(segment.alive_bitset()) {
            let stored = stored(opened, &document.map_err(fault)?, detail)?;
            if sender.blocking_send(Ok(stored)).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The record with this id.
pub(super) fn one(opened: &Opened, id: &str) -> Result<Option<StoredRecord>> {
    let searcher = opened.reader.searcher();
    let term = Term::from_field_text(opened.fields.id, id);
    let query = TermQuery::new(term, IndexRecordOption::Basic);
    let found = searcher
        .search(&query, &TopDocs::with_limit(1).order_by_score())
        .map_err(fault)?;
    found
        .first()
        .map(|(_, address)| at(opened, &searcher, *address))
        .transpose()
}

fn at(opened: &Opened, searcher: &Searcher, address: DocAddress) -> Result<StoredRecord> {
    let document = searcher.doc(address).map_err(fault)?;
    stored(opened, &document, Detail::Whole)
}

/// Finds the page of hits that a query asks for, and counts all of them.
pub(super) fn query(opened: &Opened, query: &SearchQuery) -> Result<Found> {
    let searcher = opened.reader.searcher();
    let wanted = wanted(&query.text);
    let until = query.offset.saturating_add(query.limit);
    let mut best = Best::new(until);
    for (number, segment) in searcher.segment_readers().iter().enumerate() {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        find(&opened.fields, segment, &wanted, |doc, score, rank| {
            best.offer(score, rank, DocAddress::new(number, doc));
        })
        .map_err(fault)?;
    }
    let total = best.offered;
    let hits = best
        .in_order()
        .into_iter()
        .skip(query.offset)
        .map(|address| {
            let StoredRecord { id, fields, .. } = at(opened, &searcher, address)?;
            Ok(Hit { id, fields })
        })
        .collect::<Result<_>>()?;
    Ok(Found { hits, total })
}
