//! Reading an index: what somebody typed becomes a query that forgives a slip.

use serde_json::{Map, Value};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur, Query,
    TermQuery,
};
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};
use tokio::sync::mpsc::Sender;

use super::{Opened, fault, schema};
use crate::backends::search::{Detail, Found, StoredRecord};
use crate::error::{Error, Result};
use crate::model::search::{Hit, SearchQuery};

/// The most words of a query that count.
const MOST_WORDS: usize = 10;

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
    let wanted = parse(opened, &query.text);
    let best = TopDocs::with_limit(query.limit.max(1))
        .and_offset(query.offset)
        .order_by_score();
    let (total, best) = searcher.search(&wanted, &(Count, best)).map_err(fault)?;
    let hits = best
        .into_iter()
        .take(query.limit)
        .map(|(_, address)| {
            let StoredRecord { id, fields, .. } = at(opened, &searcher, address)?;
            Ok(Hit { id, fields })
        })
        .collect::<Result<_>>()?;
    Ok(Found {
        hits,
        total: total as u64,
    })
}

/// Every word must be found somewhere; the last one may be unfinished.
fn parse(opened: &Opened, text: &str) -> Box<dyn Query> {
    let mut words = Vec::new();
    let mut analyzer = schema::words();
    let mut tokens = analyzer.token_stream(text);
    while words.len() < MOST_WORDS && tokens.advance() {
        words.push(tokens.token().text.clone());
    }
    let unfinished = !text.ends_with(char::is_whitespace);
    let last = words.len().saturating_sub(1);
    let clauses: Vec<_> = words
        .iter()
        .enumerate()
        .map(|(number, word)| {
            let clause = clause(opened, word, unfinished && number == last);
            (Occur::Must, clause)
        })
        .collect();
    if clauses.is_empty() {
        return Box::new(AllQuery);
    }
    Box::new(BooleanQuery::new(clauses))
}

/// One word in any field: as it is before its beginnings, and those before slips.
fn clause(opened: &Opened, word: &str, unfinished: bool) -> Box<dyn Query> {
    let mut ways: Vec<Box<dyn Query>> = Vec::new();
    let mut boost = 1.0;
    for field in &opened.fields.texts {
        let term = Term::from_field_text(*field, word);
        let exact = TermQuery::new(term.clone(), IndexRecordOption::WithFreqs);
        ways.push(boosted(exact, boost * 4.0));
        if unfinished {
            let prefix = FuzzyTermQuery::new_prefix(term.clone(), 0, true);
            ways.push(boosted(prefix, boost * 2.0));
        }
        let slips = slips(word);
        if slips > 0 {
            let fuzzy = if unfinished {
                FuzzyTermQuery::new_prefix(term, slips, true)
            } else {
                FuzzyTermQuery::new(term, slips, true)
            };
            ways.push(boosted(fuzzy, boost));
        }
        boost *= 0.8;
    }
    Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.1))
}

/// How many slips are forgiven in a word of this length.
fn slips(word: &str) -> u8 {
    match word.chars().count() {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

fn boosted(query: impl Query, boost: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(Box::new(query), boost))
}
