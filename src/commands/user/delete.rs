//! Deletes a user.

use super::missing;
pub use super::show::Input;
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::meeting::Standing;
use crate::model::user::{Profile, User};
use crate::records::USERS;
use crate::records::documents::Precondition;

/// Looks up the user that [`run`] would delete.
///
/// # Errors
/// [`Kind::NotFound`].
pub async fn plan(context: &Context, input: Input) -> Result<User> {
    let id = input.id.to_string();
    match super::show::run(context, input).await {
        // Whatever it says, it can be deleted.
        Err(error) if error.why().is_some() => Ok(User {
            id,
            profile: Profile::default(),
        }),
        shown => shown,
    }
}

/// Deletes the user with this id and returns what it was. Whoever is in a local room by a token that
/// was minted for them is out.
///
/// # Errors
/// [`Kind::NotFound`].
pub async fn run(context: &Context, input: Input) -> Result<User> {
    let id = input.id.clone();
    let user = plan(context, input).await?;
    let write = USERS.delete(id.as_str()).only_if(Precondition::Exists);
    match context.documents.commit(vec![write]).await {
        Err(error) if error.kind() == Kind::Conflict => return Err(missing(&id)),
        other => other.map(|_| ())?,
    }
    // The user is gone whatever becomes of this; nobody comes back by their tokens.
    let standing = Standing::User(id.to_string());
    if let Err(error) = context.meetings.withdraw(&standing).await {
        tracing::error!(user = %id, %error, "a deleted user stays in their rooms until they go");
    }
    Ok(user)
}
