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
    /// As long as calls that are over, and web callbacks, are kept: `calls.keep`.
    CallsKeep,
    /// As long as sessions that are over are kept: `sessions.keep`.
    SessionsKeep,
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
    /// Reads one document of the collection of that name as its type.
    pub(super) read: fn(&str, &Document) -> Result<()>,
}

impl Declaration {
    /// Whether a document can be read.
    ///
    /// # Errors
    /// As [`Collection::read`](super::Collection::read).
    pub fn check(&self, document: &Document) -> Result<()> {
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
