//! Lists the API keys, without their secrets.

use futures_util::TryStreamExt;

use crate::context::Context;
use crate::error::Result;
use crate::model::key::ApiKey;
use crate::records::KEYS;

/// All keys, by id.
///
/// # Errors
/// As a scan of the store.
pub async fn run(context: &Context) -> Result<Vec<ApiKey>> {
    let keys = KEYS.scan(context.documents.as_ref(), KEYS.all());
    keys.map_ok(|stored| stored.record.key).try_collect().await
}
