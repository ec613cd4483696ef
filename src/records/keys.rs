//! API keys.

use super::{Collection, Record, SealedCollection};
use crate::model::key::StoredKey;

/// API keys, by their public half.
pub const KEYS: SealedCollection<StoredKey> =
    SealedCollection::signed(Collection::new("tok_keys", "when somebody revokes them"));

impl Record for StoredKey {}
