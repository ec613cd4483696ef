//! How one person is, as the source has it.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::presence::UserPresence;
use crate::model::user::UserId;

/// Whose presence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The person.
    pub user: UserId,
}

/// One person.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when nothing is known of them.
pub async fn run(context: &Context, input: Input) -> Result<UserPresence> {
    let user = input.user;
    match context.presences.get(user.as_str()).await? {
        Some(presence) => Ok(UserPresence::new(user.into(), presence)),
        None => Err(Error::not_found(format!(
            "nothing is known of the presence of `{user}`"
        ))),
    }
}
