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
        // What can be no id of ours is none in any store.
        .filter(|(id, _)| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .ok_or_else(refused)
}

/// What the store holds of the key with this id.
pub(super) async fn find(context: &Context, id: &str) -> Result<StoredKey> {
    let document = KEYS.document(context.documents.as_ref(), id).await?;
    // One that cannot be read, or that nobody vouches for, opens nothing.
    let stored = document.and_then(|document| KEYS.readable(&context.seal, &document));
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

pub(super) fn refused() -> Error {
    Error::new(Kind::Unauthenticated, "the API key is not valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_no_id_is_refused_before_the_store_is_asked() {
        assert_eq!(
            split("tok_feedfeedfeed_secret_").ok(),
            Some(("feedfeedfeed", "secret_"))
        );
        for id in ["", ".", "..", "a/b", "__x__", " ", "a.b", "ä", "%2e", "a\0"] {
            let refused = split(&format!("tok_{id}_x")).expect_err(id);
            assert_eq!(refused.kind(), Kind::Unauthenticated, "{id}");
        }
    }
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::hostile::tokens::each_changed;
    use crate::model::key::ApiKey;

    /// Whatever is done to a good one, it opens nothing.
    #[tokio::test]
    async fn of_many_changed_keys_none_is_accepted() {
        let secrets = ["0b9HPtMf3Cz_x-2QyUuR7w", "ZmVlZGZlZWRmZWVkZmVlZA"];
        let ids = ["0123456789ab", "feedfeedfeed"];
        let stored: Vec<_> = ids
            .iter()
            .zip(secrets)
            .map(|(id, secret)| StoredKey {
                key: ApiKey::unreadable(id),
                hash: hash(secret),
            })
            .collect();
        // As whoever has all keys looks one up.
        let opens = |presented: &str| {
            let (id, secret) = split(presented)?;
            let found = stored.iter().find(|stored| stored.key.id == id);
            check(found.ok_or_else(refused)?, secret, Timestamp::UNIX_EPOCH)
        };
        let keys: Vec<_> = ids
            .iter()
            .zip(secrets)
            .map(|(id, secret)| format!("{PREFIX}{id}_{secret}"))
            .collect();
        assert!(keys.iter().all(|key| opens(key).is_ok()));
        let tried = each_changed(&keys, async |key| {
            let error = opens(key).expect_err(key);
            assert_eq!(error.message(), refused().message());
        })
        .await;
        assert!(tried > 1_000, "{tried}");
    }
}
