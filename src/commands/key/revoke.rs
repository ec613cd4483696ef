//! Revokes an API key: nobody gets in with it any more, on any server within 100 ms.

pub use crate::commands::by_id::ById as Input;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::key::ApiKey;
use crate::model::meeting::Standing;
use crate::records::KEYS;
use crate::records::documents::Precondition;

/// Looks up the key that `run` would revoke.
///
/// # Errors
/// [`Kind::NotFound`].
pub async fn plan(context: &Context, input: Input) -> Result<ApiKey> {
    let id = input.id.as_str();
    match KEYS.document(context.documents.as_ref(), id).await? {
        Some(document) => {
            let (_, stored) = KEYS.shown(&context.seal, &document);
            // Whatever it says, it can be revoked.
            Ok(stored.map_or_else(|| ApiKey::unreadable(id), |stored| stored.key))
        }
        None => Err(missing(id)),
    }
}

/// Revokes the key with this id and returns what it was. Whoever is in a local room by a token that it
/// minted is out.
///
/// # Errors
/// [`Kind::NotFound`].
pub async fn run(context: &Context, input: Input) -> Result<ApiKey> {
    let id = input.id.as_str();
    let key = plan(context, id.into()).await?;
    let write = KEYS.delete(id).only_if(Precondition::Exists);
    match context.documents.commit(vec![write]).await {
        Err(error) if error.kind() == Kind::Conflict => return Err(missing(id)),
        other => other.map(|_| ())?,
    }
    // The key is gone whatever becomes of this; nobody comes back by its tokens.
    let standing = Standing::Key(id.to_owned());
    if let Err(error) = context.meetings.withdraw(&standing).await {
        tracing::error!(key = id, %error, "people who came in by the key's tokens stay until they go");
    }
    Ok(key)
}

fn missing(id: &str) -> Error {
    // Somebody may paste a whole key here; its secret must not come back.
    let id: String = id.chars().take(16).collect();
    Error::not_found(format!("there is no API key with the id `{id}`"))
}
