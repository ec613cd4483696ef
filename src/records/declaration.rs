//! What is known of a collection without its type.

use super::documents::Document;
use super::unreadable_seen;
use crate::error::Result;

/// When documents may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    /// The field with the moment.
    pub field: &'static str,
    /// How long after it.
    pub after: After,
}

/// How long after a moment a document may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// At once: the moment is the end.
    AtOnce,
    /// After this many hours.
    Hours(i64),
    /// As long as calls that are over are kept: `calls.keep`.
    CallsKeep,
    /// As long as those, and long enough that no web callback counts twice:
    /// [`LEAST_MEMORY`](crate::model::callback::LEAST_MEMORY).
    DeliveriesKeep,
    /// As long as sessions that are over are kept: `sessions.keep`.
    SessionsKeep,
    /// As long as messages in rooms are kept: `signalling.messages_keep`.
    MessagesKeep,
}

/// The field with the seal of a document.
pub(super) const SEAL_FIELD: &str = "seal";

/// How documents are kept from whoever else reads and writes the database, where there is a secret for
/// that.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sealing {
    /// Whether nobody else may read them either.
    pub hidden: bool,
    /// Fields of hidden ones by which the store goes, and which can be seen.
    pub clear: &'static [&'static str],
    /// Whether they are written once and count for long, so that an old state must not come back.
    pub lasting: bool,
}

/// What is known of a collection without its type.
#[derive(Debug, Clone, Copy)]
pub struct Declaration {
    /// The collection's name in the store.
    pub name: &'static str,
    /// The version that this release writes.
    pub version: u32,
    /// Whether it may be written when the store is full: what deleting and hanging up need.
    pub bookkeeping: bool,
    /// Top-level fields whose texts are moments; a store that has a type for it uses that.
    pub moments: &'static [&'static str],
    /// Top-level fields that documents are found by.
    pub lookups: &'static [&'static str],
    /// When its documents may go.
    pub expiry: Option<Expiry>,
    /// What becomes of documents without [`expiry`](Self::expiry), in a few words.
    pub kept: &'static str,
    /// How its documents are sealed, if they are secrets or give rights.
    pub sealing: Option<Sealing>,
    /// Reads one document of the collection of that name as its type.
    pub(super) read: fn(&str, &Document) -> Result<()>,
}

impl Declaration {
    /// Whether a document can be read. Of one that is hidden that is not known here.
    ///
    /// # Errors
    /// As [`Collection::read`](super::Collection::read).
    pub fn check(&self, document: &Document) -> Result<()> {
        if self.sealing.is_some_and(|sealing| sealing.hidden) && is_sealed(document) {
            return Ok(());
        }
        (self.read)(self.name, document)
    }

    /// Whether a document can be read; one that cannot be is told of and noted.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn look(&self, document: &Document) -> Result<()> {
        self.check(document)
            .inspect_err(|error| unreadable_seen::report(self.name, document, error))
    }
}

/// Whether a document carries a seal, good or not.
pub(super) fn is_sealed(document: &Document) -> bool {
    #[derive(serde::Deserialize)]
    struct Carrying {
        #[serde(default)]
        seal: Option<serde::de::IgnoredAny>,
    }
    let carrying = serde_json::from_str(&document.json);
    carrying.is_ok_and(|Carrying { seal }| seal.is_some())
}
