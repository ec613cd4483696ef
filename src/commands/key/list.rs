//! Lists the API keys, without their secrets.

use futures_util::TryStreamExt;
use serde::Serialize;
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::Result;
use crate::model::key::ApiKey;
use crate::records::KEYS;

/// A key, and whether it opens anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ListedKey {
    /// What is shown of it.
    #[serde(flatten)]
    pub key: ApiKey,
    /// Why it opens nothing, if its seal is not good; then nothing of it need be true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_sealed: Option<&'static str>,
}

/// All keys, by id.
///
/// # Errors
/// As a scan of the store.
pub async fn run(context: &Context) -> Result<Vec<ListedKey>> {
    let seal = &context.seal;
    let mut found = context.documents.scan(KEYS.all());
    let mut keys = Vec::new();
    while let Some(document) = found.try_next().await? {
        let (state, stored) = KEYS.shown(seal, &document);
        let not_sealed = (!seal.trusts(state)).then(|| state.as_str());
        let key = match stored {
            Some(stored) => stored.key,
            None if not_sealed.is_some() => ApiKey::unreadable(&document.id),
            None => {
                // It is left out, and told of.
                drop(KEYS.readable(seal, &document));
                continue;
            }
        };
        keys.push(ListedKey { key, not_sealed });
    }
    Ok(keys)
}
