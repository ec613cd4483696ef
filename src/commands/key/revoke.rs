//! Revokes an API key: nobody gets in with it any more, on any server within 100 ms.

pub use crate::commands::by_id::ById as Input;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::key::ApiKey;
use crate::records::KEYS;
use crate::records::documents::Precondition;

/// Looks up the key that `run` would revoke.
///
/// # Errors
/// [`Kind::NotFound`].
pub async fn plan(context: &Context, input: Input) -> Result<ApiKey> {
    let id = input.id.as_str();
    match KEYS.document(context.documents.as_ref(), id).await? {
        Some(document) => Ok(match KEYS.readable(&document) {
            Some(stored) => stored.key,
            // Whatever it says, it can be revoked.
            None => ApiKey::unreadable(id),
        }),
        None => Err(missing(id)),
    }
}

/// Revokes the key with this id and returns what it was.
///
/// # Errors
/// [`Kind::NotFound`].
pub async fn run(context: &Context, input: Input) -> Result<ApiKey> {
    let id = input.id.as_str();
    let key = plan(context, id.into()).await?;
    let write = KEYS.delete(id).only_if(Precondition::Exists);
    match context.documents.commit(vec![write]).await {
        Err(error) if error.kind() == Kind::Conflict => Err(missing(id)),
        other => other.map(|_| key),
    }
}

fn missing(id: &str) -> Error {
    // Somebody may paste a whole key here; its secret must not come back.
    let id: String = id.chars().take(16).collect();
    Error::not_found(format!("there is no API key with the id `{id}`"))
}
