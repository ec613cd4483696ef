//! What the store holds under one name, and the one way to read it.
//!
//! | case | by id | list, sweep, watch |
//! | --- | --- | --- |
//! | written by an older release | read as the present one | the same; written back when it next changes |
//! | written by a newer release | a conflict, `written_by_newer` | left alone, told once, counted |
//! | cannot be read | an internal error, `stored_unreadable` | left alone, told once, counted |
//!
//! Deleting never reads. One document never stops the others.

use std::marker::PhantomData;
use std::sync::LazyLock;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use memchr::memmem::Finder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::declaration::{After, Declaration, Expiry, Sealing};
use super::document_key::DocumentKey;
use super::documents::{Document, Documents, Precondition, Scan, Version, Write, page_of};
use super::unreadable_seen;
use crate::error::{Error, Kind, Reason, Result};

/// The field that says by which version of its shape a document was written; absent means 1.
const VERSION_FIELD: &str = "v";

/// What can be kept in a collection.
pub trait Record: DeserializeOwned + Send + 'static {
    /// The version of its shape. It grows when an older release could not read what this one
    /// writes, or would read something wrong. 0 is for what the app writes: its shape is not ours to
    /// version, and a field `v` is its own.
    const VERSION: u32 = 1;

    /// A document of an older version in the shape of the present one.
    ///
    /// # Errors
    /// [`Kind::Internal`] when nobody knows how.
    fn upcast(from: u32, value: Value) -> Result<Value> {
        let _ = value;
        Err(Error::internal(format!("version {from} is not known")))
    }
}

/// A collection of documents of one type, addressed by keys of one type.
pub struct Collection<R, K: ?Sized = str> {
    facts: Declaration,
    record: PhantomData<fn(&K) -> R>,
}

impl<R, K: ?Sized> Clone for Collection<R, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, K: ?Sized> Copy for Collection<R, K> {}

/// A record and how it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored<R> {
    /// The id that it is addressed by in its collection.
    pub id: String,
    /// Which state of it this is.
    pub version: Version,
    /// When this state was written, in Unix milliseconds of the store's clock.
    pub written: i64,
    /// What the document says, upcast to the present version.
    pub record: R,
}

impl<R> Stored<R> {
    /// Insists that it is still as it was read.
    pub fn unchanged(&self) -> Precondition {
        Precondition::Version(self.version)
    }
}

/// A part of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paged<R> {
    /// What could be read, in the order of the ids.
    pub items: Vec<Stored<R>>,
    /// The id to go on after, if there is more; that of a document which may not be among the items.
    pub next: Option<String>,
    /// How many documents of this part cannot be read.
    pub unreadable: u64,
}

impl<R: Record, K: DocumentKey + ?Sized> Collection<R, K> {
    /// The collection called `name`, whose documents go when somebody removes them; `kept` says who.
    pub const fn new(name: &'static str, kept: &'static str) -> Self {
        Self {
            facts: Declaration {
                name,
                version: R::VERSION,
                bookkeeping: false,
                moments: &[],
                lookups: &[],
                expiry: None,
                kept,
                sealing: None,
                read: check::<R>,
            },
            record: PhantomData,
        }
    }

    /// It may be written when the store is full.
    #[must_use]
    pub const fn bookkeeping(mut self) -> Self {
        self.facts.bookkeeping = true;
        self
    }

    /// The texts of these fields are moments.
    #[must_use]
    pub const fn moments(mut self, fields: &'static [&'static str]) -> Self {
        self.facts.moments = fields;
        self
    }

    /// Documents are found by these fields.
    #[must_use]
    pub const fn lookups(mut self, fields: &'static [&'static str]) -> Self {
        self.facts.lookups = fields;
        self
    }

    /// Documents go so long after the moment in `field`.
    #[must_use]
    pub const fn expires(mut self, field: &'static str, after: After) -> Self {
        self.facts.expiry = Some(Expiry { field, after });
        self
    }

    /// Its documents are sealed so.
    pub(super) const fn sealed(mut self, sealing: Sealing) -> Self {
        self.facts.sealing = Some(sealing);
        self
    }

    /// What is known of it without its type.
    pub const fn declaration(&self) -> Declaration {
        self.facts
    }

    /// The collection's name in the store.
    pub const fn name(&self) -> &'static str {
        self.facts.name
    }

    /// All of it, to be scanned.
    pub fn all(&self) -> Scan {
        Scan::all(self.facts.name)
    }

    /// The write that replaces a document.
    ///
    /// # Errors
    /// [`Kind::Internal`] when the record cannot be JSON.
    pub fn put(&self, key: &K, record: &R) -> Result<Write>
    where
        R: Serialize,
    {
        self.put_as(key, record)
    }

    /// As [`put`](Self::put), for a record whose parts are borrowed.
    ///
    /// # Errors
    /// As [`put`](Self::put).
    pub fn put_as(&self, key: &K, record: &impl Serialize) -> Result<Write> {
        let mut write = Write::put(self.facts.name, key.id(), record)?;
        if R::VERSION > 1 {
            write.set(VERSION_FIELD, R::VERSION.into());
        }
        Ok(self.write(write))
    }

    /// The write that sets some fields and keeps the others.
    pub fn merge(&self, key: &K, fields: Map<String, Value>) -> Write {
        self.write(Write::merge(self.facts.name, key.id(), fields))
    }

    /// The write that removes a document, whatever it says.
    pub fn delete(&self, key: &K) -> Write {
        self.write(Write::delete(self.facts.name, key.id()))
    }

    /// The write that removes a document that was found, unless it changed since.
    pub fn remove(&self, found: &Document) -> Write {
        let write = self.write(Write::delete(self.facts.name, &found.id));
        write.only_if(Precondition::Version(found.version))
    }

    /// Changes nothing, but the commit happens only if the document is in this state.
    pub fn insist(&self, key: &K, version: Version) -> Write {
        self.write(Write::insist(
            self.facts.name,
            key.id(),
            Precondition::Version(version),
        ))
    }

    fn write(&self, write: Write) -> Write {
        let write = write.moments(self.facts.moments);
        if self.facts.bookkeeping {
            write.bookkeeping()
        } else {
            write
        }
    }

    /// What a document says.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when a newer release wrote it, [`Kind::Internal`] when it cannot be read;
    /// both name the document.
    pub fn read(&self, document: &Document) -> Result<R> {
        read(self.facts.name, document)
    }

    /// What a document says; one that cannot be read is left out, and told of once.
    pub fn readable(&self, document: &Document) -> Option<R> {
        match self.read(document) {
            Ok(record) => Some(record),
            Err(error) => {
                unreadable_seen::report(self.facts.name, document, &error);
                None
            }
        }
    }

    /// As [`read`](Self::read), with how it lies in the store.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn stored(&self, document: Document) -> Result<Stored<R>> {
        let record = self.read(&document)?;
        Ok(lying(document, record))
    }

    /// One document as it lies there: whether it is there, and in which state, is known also of one
    /// that cannot be read.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn document(&self, documents: &dyn Documents, key: &K) -> Result<Option<Document>> {
        documents.get(self.facts.name, key.id()).await
    }

    /// Reads one document.
    ///
    /// # Errors
    /// As [`read`](Self::read); those of the store.
    pub async fn get(&self, documents: &dyn Documents, key: &K) -> Result<Option<Stored<R>>> {
        let Some(found) = self.document(documents, key).await? else {
            return Ok(None);
        };
        match self.read(&found) {
            Ok(record) => Ok(Some(lying(found, record))),
            Err(error) => {
                unreadable_seen::report(self.facts.name, &found, &error);
                Err(error)
            }
        }
    }

    /// The documents whose `field`, one of the lookups, is this text, at most `limit`.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn find(
        &self,
        documents: &dyn Documents,
        field: &'static str,
        value: &str,
        limit: usize,
    ) -> Result<Vec<Stored<R>>> {
        debug_assert!(self.facts.lookups.contains(&field), "{field} is no lookup");
        let found = documents.find(self.facts.name, field, value, limit).await?;
        let readable = found.into_iter().filter_map(|found| self.kept(found));
        Ok(readable.collect())
    }

    /// Reads documents in the order of their ids; what cannot be read is left out.
    pub fn scan(
        &self,
        documents: &dyn Documents,
        scan: Scan,
    ) -> BoxStream<'static, Result<Stored<R>>> {
        let own = *self;
        documents
            .scan(scan)
            .try_filter_map(move |document| std::future::ready(Ok(own.kept(document))))
            .boxed()
    }

    /// The first `scan.limit` documents of a scan.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn page(&self, documents: &dyn Documents, scan: Scan) -> Result<Paged<R>> {
        let (found, more) = page_of(documents, scan).await?;
        let all = found.len();
        let next = found.last().filter(|_| more).map(|last| last.id.clone());
        let items: Vec<_> = found
            .into_iter()
            .filter_map(|found| self.kept(found))
            .collect();
        Ok(Paged {
            unreadable: (all - items.len()) as u64,
            items,
            next,
        })
    }

    /// The documents whose moment of expiry, itself an end, has passed, at most `limit`.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn due(
        &self,
        documents: &dyn Documents,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Document>> {
        match self.facts.expiry {
            Some(Expiry { field, .. }) => documents.due(self.facts.name, field, now, limit).await,
            None => Ok(Vec::new()),
        }
    }

    fn kept(&self, document: Document) -> Option<Stored<R>> {
        let record = self.readable(&document)?;
        Some(lying(document, record))
    }
}

/// A record with how its document lies in the store.
fn lying<R>(document: Document, record: R) -> Stored<R> {
    Stored {
        record,
        id: document.id,
        version: document.version,
        written: document.written,
    }
}

fn check<R: Record>(collection: &str, document: &Document) -> Result<()> {
    read::<R>(collection, document).map(drop)
}

fn read<R: Record>(collection: &str, document: &Document) -> Result<R> {
    let version = match R::VERSION {
        0 => 0,
        _ => version_of(&document.json),
    };
    if version > R::VERSION {
        return Err(newer(collection, document, version));
    }
    let read = if version == R::VERSION {
        serde_json::from_str(&document.json).map_err(Into::into)
    } else {
        serde_json::from_str(&document.json)
            .map_err(Box::<dyn std::error::Error + Send + Sync>::from)
            .and_then(|value| R::upcast(version, value).map_err(Into::into))
            .and_then(|value| serde_json::from_value(value).map_err(Into::into))
    };
    read.map_err(|cause| {
        let place = place(collection, document);
        let message = format!("the stored document `{place}` cannot be read: {cause}");
        Error::new(Kind::Internal, message)
            .reason(Reason::StoredUnreadable)
            .because(cause)
    })
}

fn newer(collection: &str, document: &Document, version: u32) -> Error {
    let place = place(collection, document);
    let message = format!(
        "the stored document `{place}` was written by a newer release of tok (version {version}); upgrade this one"
    );
    Error::conflict(message).reason(Reason::WrittenByNewer)
}

pub(super) fn place(collection: &str, document: &Document) -> String {
    format!("{collection}/{}", document.id)
}

/// The version of a document's shape. The field is rare: whether it can be there at all is asked
/// first, which costs next to nothing beside reading the document.
fn version_of(json: &str) -> u32 {
    #[derive(serde::Deserialize)]
    struct Versioned {
        #[serde(default = "first")]
        v: u32,
    }
    const fn first() -> u32 {
        1
    }
    static FIELD: LazyLock<Finder> = LazyLock::new(|| Finder::new("\"v\":"));
    if FIELD.find(json.as_bytes()).is_none() {
        return 1;
    }
    // What is no version is somebody else's field of that name.
    serde_json::from_str(json).map_or(1, |Versioned { v }| v)
}
