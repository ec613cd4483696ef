//! What `tok` signs with.

use serde::{Deserialize, Serialize};

use super::{Collection, Record, SealedCollection};

/// Secrets that are made once, by what they are for.
pub const SECRETS: SealedCollection<StoredSecret> =
    SealedCollection::hidden(Collection::new("tok_secrets", "for ever"));

/// A secret.
#[derive(Serialize, Deserialize)]
pub struct StoredSecret {
    /// In hex.
    pub key: String,
}

impl Record for StoredSecret {}
