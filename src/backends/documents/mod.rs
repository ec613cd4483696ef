//! The stores that keep what must last, each an implementation of [`Documents`].

pub mod firestore;
pub mod sqlite;

pub use crate::records::documents::{
    Backup, CopyProgress, Cursor, Document, DocumentStream, Documents, Event, EventStream, FULL,
    Mutation, Precondition, Restored, Scan, Version, Write, is_full, page_of, second_of,
};
pub use firestore::{
    FirestoreDocuments, FirestoreRules, FirestoreRulesSettings, FirestoreSettings,
};
pub use sqlite::{SCHEMA_VERSION, SqliteDocuments, has_store, plan_restore, restore};
