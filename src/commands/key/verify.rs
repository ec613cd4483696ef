//! Tells whether an API key is genuine and still good.

use jiff::Timestamp;
use subtle::ConstantTimeEq;

use super::{PREFIX, hash};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::key::StoredKey;
use crate::records::KEYS;

/// Longer than any key of ours.
const LONGEST: usize = 128;

/// The id and the secret half of a key.
pub(super) fn split(presented: &str) -> Result<(&str, &str)> {
    presented
        .strip_prefix(PREFIX)
        .filter(|rest| rest.len() <= LONGEST)
        .and_then(|rest| rest.split_once('_'))
        .ok_or_else(refused)
}

/// What the store holds of the key with this id.
pub(super) async fn find(context: &Context, id: &str) -> Result<StoredKey> {
    let document = KEYS.document(context.documents.as_ref(), id).await?;
    // One that cannot be read opens nothing.
    let stored = document.and_then(|document| KEYS.readable(&document));
    stored.ok_or_else(refused)
}

/// Whether the secret is the key's and the key is still good.
pub(super) fn check(stored: &StoredKey, secret: &str, now: Timestamp) -> Result<()> {
    if !bool::from(stored.hash.as_bytes().ct_eq(hash(secret).as_bytes())) {
        return Err(refused());
    }
    match stored.key.expires_at {
        Some(at) if at <= now => Err(Error::new(
            Kind::Unauthenticated,
            format!("the API key expired at {at}"),
        )),
        _ => Ok(()),
    }
}

fn refused() -> Error {
    Error::new(Kind::Unauthenticated, "the API key is not valid")
}
