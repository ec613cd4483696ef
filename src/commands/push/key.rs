//! Tells the key that browsers subscribe with.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::Result;

/// The public half of the server's key pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PushKey {
    /// What a browser takes as `applicationServerKey`: 65 bytes as base64url.
    pub key: String,
}

/// The key; the pair is made if there is none yet.
///
/// # Errors
/// Those of the store.
pub async fn run(context: &Context) -> Result<PushKey> {
    let key = context.web_subscriptions.key().await?;
    Ok(PushKey { key: key.public })
}
