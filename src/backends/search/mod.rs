//! The ports for searching.
//!
//! * What was applied stays; what is applied later to the same record wins.
//! * The operations of one call happen in order; a call that fails with
//!   [`Kind::InvalidInput`](crate::Kind::InvalidInput) changed nothing.
//! * A record carries a fingerprint, so that whoever fills the index can tell from the index alone which
//!   records are as they should be.

mod algolia;
mod embedded;

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use serde_json::{Map, Value};

use crate::error::Result;
use crate::model::search::{Hit, IndexRecord, SearchQuery};

pub use algolia::{AlgoliaSearch, AlgoliaSettings};
pub use embedded::EmbeddedSearch;

/// One step towards the truth.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// The record is now so, with this fingerprint.
    Put(IndexRecord, u64),
    /// There is no such record.
    Delete(String),
}

/// What an engine takes.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Largest record, in bytes of JSON.
    pub record: usize,
    /// Most operations in one call.
    pub operations: usize,
    /// Most bytes of records in one call.
    pub bytes: usize,
    /// Whether records must be sent again when other fields are searched.
    pub indexes_text: bool,
    /// Whether nobody else writes there.
    pub is_own: bool,
}

/// A record as it stands in the index.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRecord {
    /// The document's id, also in the index.
    pub id: String,
    /// Its fingerprint; none if somebody else wrote it.
    pub fingerprint: Option<u64>,
    /// Its fields, if they were asked for.
    pub fields: Map<String, Value>,
}

/// How much of each record is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Ids and fingerprints, which is cheaper to read.
    Fingerprints,
    /// All fields as well.
    Whole,
}

/// What a query found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The hits, best first.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: u64,
}

/// Records in no order.
pub type StoredStream = BoxStream<'static, Result<StoredRecord>>;

/// Indexes that are filled and searched. The module documentation is the contract.
#[async_trait]
pub trait Search: Send + Sync {
    /// The largest records and batches that it takes.
    fn limits(&self) -> Limits;

    /// Takes operations, creating the index if need be. An engine that can keeps `checkpoint` with
    /// them: how far in the changes of the store all of this is.
    async fn apply(
        &self,
        index: &str,
        operations: Arc<Vec<Operation>>,
        checkpoint: Option<String>,
    ) -> Result<()>;

    /// The checkpoint that was kept last; none from engines that cannot, or when the index has to be
    /// filled anew.
    async fn checkpoint(&self, index: &str) -> Result<Option<String>>;

    /// Waits until everything that was taken can be found.
    async fn wait_until_indexed(&self, index: &str) -> Result<()>;

    /// All records; none if there is no such index.
    fn browse(&self, index: &str, detail: Detail) -> StoredStream;

    /// The records with these ids, in this order.
    async fn fetch(
        &self,
        index: &str,
        ids: &[String],
        detail: Detail,
    ) -> Result<Vec<Option<StoredRecord>>>;

    /// The page of hits that a query asks for, best first.
    async fn query(&self, index: &str, query: &SearchQuery) -> Result<Found>;

    /// How many records there are.
    async fn count(&self, index: &str) -> Result<u64>;
}

/// What a key for an app's own searches may do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Restrictions {
    /// Only records that pass this filter.
    pub filters: Option<String>,
    /// No good after this time, in Unix seconds.
    pub valid_until: Option<i64>,
    /// Only these indexes, by their names.
    pub indexes: Vec<String>,
    /// Whose searches these are.
    pub user: Option<String>,
}

/// The indexes themselves: settings, exchange, keys.
#[async_trait]
pub trait Indexes: Send + Sync {
    /// The settings; none if there is no such index.
    async fn settings(&self, index: &str) -> Result<Option<Value>>;

    /// Changes the settings that are given and keeps the others.
    async fn change_settings(&self, index: &str, settings: &Value) -> Result<()>;

    /// Whether an earlier release made the index in a way that finds less than is found now: it can be
    /// searched and filled, and is to be replaced by another one that is made anew.
    async fn is_outdated(&self, index: &str) -> Result<bool>;

    /// Puts an empty index in the place of one that is damaged; whether it was. A vendor keeps its own
    /// whole.
    async fn replace_damaged(&self, _index: &str) -> Result<bool> {
        Ok(false)
    }

    /// Makes an empty index with everything of another one but its records.
    async fn stage(&self, index: &str, staging: &str) -> Result<()>;

    /// Puts the staged index in the other one's place, at once.
    async fn publish(&self, staging: &str, index: &str) -> Result<()>;

    /// Removes a staged index.
    async fn delete_staged(&self, staging: &str) -> Result<()>;

    /// A key that can do nothing but search, and that only within the restrictions.
    fn key(&self, restrictions: &Restrictions) -> Result<String>;
}

/// The staged index of an index: another name that belongs to it.
pub fn staging_of(index: &str) -> String {
    format!("{index}{STAGED}")
}

/// The index that a name belongs to, staged or not.
fn base_of(name: &str) -> &str {
    name.strip_suffix(STAGED).unwrap_or(name)
}

/// How names of staged indexes end.
const STAGED: &str = "_tok_staging";
