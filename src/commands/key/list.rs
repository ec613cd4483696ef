//! Lists the API keys, without their secrets.

use futures_util::TryStreamExt;

use super::COLLECTION;
use crate::backends::documents::Scan;
use crate::context::Context;
use crate::error::Result;
use crate::model::key::{ApiKey, StoredKey};

/// All keys, by id.
///
/// # Errors
/// As a scan of the store.
pub async fn run(context: &Context) -> Result<Vec<ApiKey>> {
    context
        .documents
        .scan(Scan::all(COLLECTION))
        .and_then(|document| {
            std::future::ready(document.decode::<StoredKey>().map(|stored| stored.key))
        })
        .try_collect()
        .await
}
