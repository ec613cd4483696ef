//! Collections of what gives rights or is secret: with a secret outside of the store, only what `tok`
//! sealed is believed.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use super::collection::{Collection, Record, place};
use super::declaration::{Declaration, Sealing, is_sealed};
use super::document_key::DocumentKey;
use super::documents::{Document, Documents, Precondition, Scan, Write};
use super::seal::{Seal, SealState};
use super::unreadable_seen;
use crate::error::{Error, Kind, Reason, Result};

/// Documents that were not believed.
const METRIC: &str = "tok_not_sealed_total";

/// A collection whose documents are sealed, read and written with what seals them.
pub struct SealedCollection<R, K: ?Sized = str>(Collection<R, K>);

impl<R, K: ?Sized> Clone for SealedCollection<R, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, K: ?Sized> Copy for SealedCollection<R, K> {}

impl<R: Record, K: DocumentKey + ?Sized> SealedCollection<R, K> {
    /// Its documents last; others may read them, and can neither make nor change one.
    pub const fn signed(collection: Collection<R, K>) -> Self {
        Self(collection.sealed(Sealing {
            hidden: false,
            clear: &[],
            lasting: true,
        }))
    }

    /// Its documents last, and others cannot read them either.
    pub const fn hidden(collection: Collection<R, K>) -> Self {
        Self(collection.sealed(Sealing {
            hidden: true,
            clear: &[],
            lasting: true,
        }))
    }

    /// Its documents come and go by these fields, which are all that others can read.
    pub const fn hidden_but(collection: Collection<R, K>, clear: &'static [&'static str]) -> Self {
        Self(collection.sealed(Sealing {
            hidden: true,
            clear,
            lasting: false,
        }))
    }

    /// What is known of it without its type.
    pub const fn declaration(&self) -> Declaration {
        self.0.declaration()
    }

    /// The collection's name in the store.
    pub const fn name(&self) -> &'static str {
        self.0.name()
    }

    /// All of it, to be scanned.
    pub fn all(&self) -> Scan {
        self.0.all()
    }

    /// The write that replaces a document, sealed at this [moment](Seal::moment).
    ///
    /// # Errors
    /// [`Kind::Internal`] when the record cannot be JSON or be sealed.
    pub fn put(&self, seal: &Seal, at: Timestamp, key: &K, record: &R) -> Result<Write>
    where
        R: Serialize,
    {
        let write = self.0.put(key, record)?;
        seal.close(&self.0.declaration(), write, at)
    }

    /// The write that removes a document, whatever it says.
    pub fn delete(&self, key: &K) -> Write {
        self.0.delete(key)
    }

    /// The write that removes a document that was found, unless it changed since.
    pub fn remove(&self, found: &Document) -> Write {
        self.0.remove(found)
    }

    /// One document as it lies there.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn document(&self, documents: &dyn Documents, key: &K) -> Result<Option<Document>> {
        self.0.document(documents, key).await
    }

    /// What a document says that is believed. One that is not is told of once.
    ///
    /// # Errors
    /// As [`Collection::read`]; [`Kind::Internal`] with [`Reason::NotSealed`] when it is not believed.
    pub fn read(&self, seal: &Seal, document: &Document) -> Result<R> {
        let opened = believed(seal, &self.0.declaration(), document);
        let opened = opened.inspect_err(|error| tell(seal, self.name(), document, error))?;
        self.0.read(&opened)
    }

    /// The same; one that cannot be read is left out, and told of once.
    pub fn readable(&self, seal: &Seal, document: &Document) -> Option<R> {
        match self.read(seal, document) {
            Ok(record) => Some(record),
            Err(error) => {
                if error.why() != Some(Reason::NotSealed) {
                    unreadable_seen::report(self.name(), document, &error);
                }
                None
            }
        }
    }

    /// Reads one document that is believed.
    ///
    /// # Errors
    /// As [`read`](Self::read); those of the store.
    pub async fn get(&self, seal: &Seal, documents: &dyn Documents, key: &K) -> Result<Option<R>> {
        let found = self.document(documents, key).await?;
        found.map(|found| self.read(seal, &found)).transpose()
    }

    /// What the seal of a document says, and the document as far as it can be seen, believed or not.
    pub fn shown(&self, seal: &Seal, document: &Document) -> (SealState, Option<R>) {
        let (state, fields) = seal.open(&self.0.declaration(), document);
        let record = fields.and_then(|fields| self.0.read(&with(document, fields)).ok());
        (state, record)
    }
}

/// Whether a document can be read and, where there is a secret, is believed.
///
/// # Errors
/// As [`Declaration::check`]; [`Kind::Internal`] with [`Reason::NotSealed`].
pub fn check(seal: &Seal, declared: &Declaration, document: &Document) -> Result<()> {
    if declared.sealing.is_none() {
        return declared.check(document);
    }
    declared.check(&believed(seal, declared, document)?)
}

/// Seals a document as it was found, with what can be seen of it; nothing if that is nothing.
///
/// # Errors
/// [`Kind::Internal`] when it cannot be sealed.
pub fn again(
    seal: &Seal,
    declared: &Declaration,
    document: &Document,
    at: Timestamp,
) -> Result<Option<Write>> {
    let (_, Some(fields)) = seal.open(declared, document) else {
        return Ok(None);
    };
    let mut write = Write::put(declared.name, &document.id, &fields)?.moments(declared.moments);
    write.bookkeeping = declared.bookkeeping;
    let write = write.only_if(Precondition::Version(document.version));
    seal.close(declared, write, at).map(Some)
}

/// What the seal of a document says.
pub fn state_of(seal: &Seal, declared: &Declaration, document: &Document) -> SealState {
    seal.open(declared, document).0
}

/// The document without its seal, if it is believed.
fn believed(seal: &Seal, of: &Declaration, document: &Document) -> Result<Document> {
    if !seal.is_set() && !is_sealed(document) {
        return Ok(document.clone());
    }
    let (state, fields) = seal.open(of, document);
    let place = place(of.name, document);
    let why = match fields {
        Some(fields) if seal.trusts(state) => return Ok(with(document, fields)),
        // Nobody can be believed; that it is no JSON is told by whoever reads it.
        None if state == SealState::Clear => return Ok(document.clone()),
        _ if !seal.is_set() => "is sealed; set auth.secret_file".to_owned(),
        _ => format!("is {}, so that it counts for nothing", state.as_str()),
    };
    let message = format!("the stored document `{place}` {why}");
    Err(Error::new(Kind::Internal, message).reason(Reason::NotSealed))
}

fn with(document: &Document, fields: Map<String, Value>) -> Document {
    Document {
        json: Value::Object(fields).to_string(),
        ..document.clone()
    }
}

fn tell(seal: &Seal, collection: &'static str, document: &Document, error: &Error) {
    if seal.is_news(collection, &document.id) {
        metrics::counter!(METRIC, "collection" => collection).increment(1);
        tracing::warn!(collection, id = document.id, %error, "somebody else may have written it");
    }
}
