//! API keys.

use super::{Collection, Record};
use crate::model::key::StoredKey;

/// API keys, by their public half.
pub const KEYS: Collection<StoredKey> = Collection::new("tok_keys", "when somebody revokes them");

impl Record for StoredKey {}
