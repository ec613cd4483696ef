//! `[documents]`: the store.

use bytesize::ByteSize;

use super::section::{choice, section};

section! {
    [documents]
    /// The store.
    pub struct DocumentsSection {
        /// where everything that must last is kept
        backend: Store = "'sqlite'",
        /// largest size of the embedded store; 0B leaves a fifth of what is free at the start, for deletions
        max_size: ByteSize = "'0B'",
    }
}

choice! {
    /// The stores there are.
    pub enum Store {
        /// One file in the data directory.
        Sqlite = "sqlite",
        /// Google Cloud Firestore.
        Firestore = "firestore",
    }
}
