//! Deletes a user.

use super::missing;
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::user::{Profile, User, UserId};
use crate::records::USERS;
use crate::records::documents::Precondition;

/// Looks up the user that [`run`] would delete.
///
/// # Errors
/// [`Kind::NotFound`].
pub async fn plan(context: &Context, id: &str) -> Result<User> {
    match super::show::run(context, id).await {
        // Whatever it says, it can be deleted.
        Err(error) if error.why().is_some() => Ok(User {
            id: id.to_owned(),
            profile: Profile::default(),
        }),
        shown => shown,
    }
}

/// Deletes the user with this id and returns what it was.
///
/// # Errors
/// [`Kind::NotFound`].
pub async fn run(context: &Context, id: &str) -> Result<User> {
    let user = plan(context, id).await?;
    let id: UserId = id.parse()?;
    let write = USERS.delete(id.as_str()).only_if(Precondition::Exists);
    match context.documents.commit(vec![write]).await {
        Err(error) if error.kind() == Kind::Conflict => Err(missing(&id)),
        other => other.map(|_| user),
    }
}
