//! Tells whether an API key is genuine and still good.

use subtle::ConstantTimeEq;

use super::{COLLECTION, PREFIX, hash};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::key::{ApiKey, StoredKey};

/// Longer than any key of ours.
const LONGEST: usize = 128;

/// Looks the key up, in time that tells nothing about its secret.
///
/// # Errors
/// [`Kind::Unauthenticated`]; the sentence is the same for unknown, wrong and revoked keys.
pub async fn run(context: &Context, presented: &str) -> Result<ApiKey> {
    let refused = || Error::new(Kind::Unauthenticated, "the API key is not valid");
    let (id, secret) = presented
        .strip_prefix(PREFIX)
        .filter(|rest| rest.len() <= LONGEST)
        .and_then(|rest| rest.split_once('_'))
        .ok_or_else(refused)?;
    let document = context
        .documents
        .get(COLLECTION, id)
        .await?
        .ok_or_else(refused)?;
    let stored: StoredKey = document.decode()?;
    if !bool::from(stored.hash.as_bytes().ct_eq(hash(secret).as_bytes())) {
        return Err(refused());
    }
    match stored.key.expires_at {
        Some(at) if at <= context.clock.now() => Err(Error::new(
            Kind::Unauthenticated,
            format!("the API key expired at {at}"),
        )),
        _ => Ok(stored.key),
    }
}
