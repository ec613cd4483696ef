//! Shows a user.

use super::{COLLECTION, missing, shown};
use crate::context::Context;
use crate::error::Result;
use crate::model::user::{User, UserId};

/// Looks the user up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, id: &str) -> Result<User> {
    let id: UserId = id.parse()?;
    match context.documents.get(COLLECTION, id.as_str()).await? {
        Some(document) => shown(&document),
        None => Err(missing(&id)),
    }
}
