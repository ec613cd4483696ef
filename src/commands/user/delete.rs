//! Deletes a user.

use super::{COLLECTION, missing};
use crate::backends::documents::{Precondition, Write};
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::user::{User, UserId};

/// Looks up the user that [`run`] would delete.
///
/// # Errors
/// [`Kind::NotFound`].
pub async fn plan(context: &Context, id: &str) -> Result<User> {
    super::show::run(context, id).await
}

/// Deletes the user with this id and returns what it was.
///
/// # Errors
/// [`Kind::NotFound`].
pub async fn run(context: &Context, id: &str) -> Result<User> {
    let user = plan(context, id).await?;
    let id: UserId = id.parse()?;
    let write = Write::delete(COLLECTION, id.as_str()).only_if(Precondition::Exists);
    match context.documents.commit(vec![write]).await {
        Err(error) if error.kind() == Kind::Conflict => Err(missing(&id)),
        other => other.map(|_| user),
    }
}
