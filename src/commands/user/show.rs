//! Shows a user.

use super::{missing, shown};
use crate::context::Context;
use crate::error::Result;
use crate::model::user::{User, UserId};
use crate::records::USERS;

/// Which user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The id.
    pub id: UserId,
}

/// Looks the user up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<User> {
    let id = input.id;
    let found = USERS.get(context.documents.as_ref(), id.as_str()).await?;
    found.map(shown).ok_or_else(|| missing(&id))
}
