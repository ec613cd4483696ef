//! Shows a user.

use super::{missing, shown};
use crate::context::Context;
use crate::error::Result;
use crate::model::user::{User, UserId};
use crate::records::USERS;

/// Looks the user up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, id: &str) -> Result<User> {
    let id: UserId = id.parse()?;
    let found = USERS.get(context.documents.as_ref(), id.as_str()).await?;
    found.map(shown).ok_or_else(|| missing(&id))
}
