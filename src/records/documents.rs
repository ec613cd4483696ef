//! The port for everything that must last.
//!
//! A store holds collections of JSON documents addressed by id. The contract below is kept by
//! one conformance suite that runs over every implementation (`tests/it/conformance`).
//!
//! * A write that was acknowledged is durable.
//! * A version grows with every write that changes a document and is never given out twice.
//! * Writes of one commit happen together or not at all.
//! * A scan goes in id order, can be resumed after any id and needs flat memory.
//! * A watch ends up with exactly the truth after a gap of any kind.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, Reason, Result};

/// What is said when the store has no room for more.
pub const FULL: &str =
    "the store is full; free disk space or raise documents.max_size, then try again";

/// Whether a commit failed because the store has no room for more.
pub fn is_full(error: &Error) -> bool {
    error.why() == Some(Reason::StoreFull)
}

/// The state of a document at one moment; larger is newer, 0 is never used.
pub type Version = u64;

/// One stored document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id, unique in the collection.
    pub id: String,
    /// Which state of it this is.
    pub version: Version,
    /// When this state was written, in Unix milliseconds of the store's clock
    /// ([`Documents::now`]).
    pub written: i64,
    /// Its fields, as JSON text of an object.
    pub json: String,
}

impl Document {
    /// Its fields as a typed value.
    ///
    /// # Errors
    /// [`Kind::Internal`](crate::Kind::Internal) when the fields do not have the shape of `T`.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_str(&self.json).map_err(|error| {
            Error::internal(format!("the stored document `{}` cannot be read", self.id))
                .because(error)
        })
    }
}

/// What must hold for a write to happen; otherwise the whole commit is a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    /// Nothing.
    None,
    /// No such document.
    Missing,
    /// Some state of the document exists.
    Exists,
    /// Exactly this state of the document exists.
    Version(Version),
}

/// What a write does.
#[derive(Debug, Clone, PartialEq)]
pub enum Mutation {
    /// Replaces the whole document.
    Put(Value),
    /// Sets the given top-level fields and keeps the others; creates the document if need be. A
    /// merge of no fields into a document changes nothing, not even its version.
    Merge(Map<String, Value>),
    /// Removes the document; nothing happens if there is none.
    Delete,
}

/// One write of a commit.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    /// The collection, e.g. `tok_rooms` or `users/7/call`.
    pub collection: String,
    /// The document.
    pub id: String,
    /// What to do.
    pub change: Mutation,
    /// When to do it.
    pub precondition: Precondition,
    /// Top-level fields whose texts are moments; a store that has a type for it uses that.
    pub moments: &'static [&'static str],
    /// It may be done when the store is full: deleting and hanging up need it.
    pub bookkeeping: bool,
}

impl Write {
    /// Replaces a document by `value`, which must serialise to an object.
    ///
    /// # Errors
    /// [`Kind::Internal`](crate::Kind::Internal) when `value` cannot be JSON.
    pub fn put(collection: &str, id: &str, value: &impl Serialize) -> Result<Self> {
        let value = serde_json::to_value(value)
            .map_err(|error| Error::internal("a document cannot be written").because(error))?;
        Ok(Self::new(collection, id, Mutation::Put(value)))
    }

    /// Sets some fields of a document.
    pub fn merge(collection: &str, id: &str, fields: Map<String, Value>) -> Self {
        Self::new(collection, id, Mutation::Merge(fields))
    }

    /// Changes nothing, but the commit happens only if `precondition` holds for a document that
    /// exists.
    pub fn insist(collection: &str, id: &str, precondition: Precondition) -> Self {
        Self::merge(collection, id, Map::new()).only_if(precondition)
    }

    /// Removes a document.
    pub fn delete(collection: &str, id: &str) -> Self {
        Self::new(collection, id, Mutation::Delete)
    }

    fn new(collection: &str, id: &str, change: Mutation) -> Self {
        Self {
            collection: collection.to_owned(),
            id: id.to_owned(),
            change,
            precondition: Precondition::None,
            moments: &[],
            bookkeeping: false,
        }
    }

    /// Sets one more field of what is put.
    pub(super) fn set(&mut self, field: &str, value: Value) {
        if let Mutation::Put(Value::Object(fields)) = &mut self.change {
            fields.insert(field.to_owned(), value);
        }
    }

    /// The same write, which may be done when the store is full.
    #[must_use]
    pub fn bookkeeping(mut self) -> Self {
        self.bookkeeping = true;
        self
    }

    /// The same write, where the texts of these fields are moments.
    #[must_use]
    pub fn moments(mut self, fields: &'static [&'static str]) -> Self {
        self.moments = fields;
        self
    }

    /// The same write, only if `precondition` holds.
    #[must_use]
    pub fn only_if(mut self, precondition: Precondition) -> Self {
        self.precondition = precondition;
        self
    }
}

/// Which part of a collection to scan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// The collection.
    pub collection: String,
    /// Only ids greater than this one.
    pub after: Option<String>,
    /// Only ids that begin with this.
    pub prefix: String,
    /// At most so many documents; 0 for all.
    pub limit: usize,
}

impl Scan {
    /// The whole collection.
    pub fn all(collection: &str) -> Self {
        Self {
            collection: collection.to_owned(),
            ..Self::default()
        }
    }

    /// Only ids that begin with `prefix`.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Only ids after this one.
    #[must_use]
    pub fn after(mut self, after: Option<String>) -> Self {
        self.after = after;
        self
    }

    /// At most `limit` documents.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }
}

/// Where a watcher is. Save it only after the effect of everything before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor(pub String);

impl Cursor {
    /// Whether everything before `fence`, as [`Documents::fence`] gave it, lies before this. Cursors
    /// of another lineage say nothing of this store.
    pub fn reached(&self, fence: &Self) -> bool {
        let place = |cursor: &Self| {
            let (lineage, place) = cursor.0.rsplit_once(':').unwrap_or(("", &cursor.0));
            place
                .parse::<u64>()
                .ok()
                .map(|place| (lineage.to_owned(), place))
        };
        match (place(self), place(fence)) {
            (Some((own, at)), Some((other, fence))) => own == other && at >= fence,
            (own, other) => own.is_some() || other.is_none(),
        }
    }
}

/// What a watcher is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The full state follows, up to the next [`Event::Current`]; whatever is held and does not
    /// come again is gone. Every watch without a cursor begins with it.
    Reset,
    /// A document is now so. States between two looks may be skipped, but never reordered.
    Put(Document),
    /// A document is gone.
    Removed(String),
    /// Everything up to this cursor has been told.
    Current(Cursor),
}

/// A copy of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Its length.
    pub bytes: u64,
    /// How many documents it holds.
    pub documents: u64,
    /// The newest version in it.
    pub version: Version,
    /// Of the store that it is a copy of.
    pub lineage: String,
}

/// What a backup became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// How many documents the store holds now.
    pub documents: u64,
    /// Where the former store is, if there was one.
    pub kept: Option<PathBuf>,
}

/// Told how many of how many parts are copied; says whether to go on.
pub type CopyProgress = Box<dyn FnMut(u64, u64) -> bool + Send>;

/// Documents in id order.
pub type DocumentStream = BoxStream<'static, Result<Document>>;
/// Events of a watch; it only ends with an error.
pub type EventStream = BoxStream<'static, Result<Event>>;

/// A store of JSON documents in collections. The module documentation is its contract.
#[async_trait]
pub trait Documents: Send + Sync {
    /// Reads one document.
    async fn get(&self, collection: &str, id: &str) -> Result<Option<Document>>;

    /// Performs all writes or none, and answers when they are durable: one version per write,
    /// 0 for a delete.
    ///
    /// # Errors
    /// [`Kind::Conflict`](crate::Kind::Conflict) when a precondition does not hold,
    /// [`Kind::Unavailable`](crate::Kind::Unavailable) when the store is full or busy.
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>>;

    /// The documents whose top-level field `field` is this text, at most `limit`, in no order. By an
    /// index, if the field is one of the collection's [lookups](super::Declaration::lookups).
    async fn find(
        &self,
        collection: &str,
        field: &str,
        value: &str,
        limit: usize,
    ) -> Result<Vec<Document>>;

    /// The documents whose top-level field `field`, a moment, lies before the second of `before`, at
    /// most `limit`, in no order. It goes by an index: what is not due costs nothing.
    async fn due(
        &self,
        collection: &str,
        field: &str,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<Document>>;

    /// The store's own clock, by which [`Document::written`] goes.
    async fn now(&self) -> Result<Timestamp>;

    /// A place behind everything that was written before this call: a watch of `collection` that
    /// tells a [`Event::Current`] which has [reached](Cursor::reached) it has told all of that.
    async fn fence(&self, collection: &str) -> Result<Cursor>;

    /// Whether a cursor serves another watch than the one it came from; otherwise every watch
    /// begins with the whole state.
    fn resumes(&self) -> bool;

    /// What tells this store from every other one, and from a copy of itself that was brought back:
    /// what is known of the one says nothing of the other.
    async fn lineage(&self) -> Result<String>;

    /// Copies the whole store, as it is at one moment, into a file, which appears when it is whole.
    /// Others go on writing meanwhile.
    ///
    /// # Errors
    /// [`Kind::Unsupported`](crate::Kind::Unsupported) where the store has ways of its own.
    async fn backup(&self, to: &Path, progress: CopyProgress) -> Result<Backup>;

    /// What the store itself finds damaged, a sentence each.
    async fn damage(&self) -> Result<Vec<String>>;

    /// How many documents a collection holds.
    async fn count(&self, collection: &str) -> Result<u64>;

    /// Reads documents in id order.
    fn scan(&self, scan: Scan) -> DocumentStream;

    /// Tells the current state, then every change. With a cursor it tells what changed since; if
    /// the store cannot know that any more, it begins with [`Event::Reset`].
    fn watch(&self, collection: &str, from: Option<Cursor>) -> EventStream;
}

/// The beginning of the texts of all moments in this second: it sorts behind those of every earlier
/// one, whether or not they have a fraction, and before its own.
pub fn second_of(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// The first `limit` documents of a scan, and whether there are more.
///
/// # Errors
/// As [`Documents::scan`].
pub async fn page_of(documents: &dyn Documents, mut scan: Scan) -> Result<(Vec<Document>, bool)> {
    let limit = scan.limit;
    // One more tells whether there is a next page.
    scan.limit += 1;
    let mut found: Vec<_> = documents.scan(scan).try_collect().await?;
    let more = found.len() > limit;
    found.truncate(limit);
    Ok((found, more))
}
