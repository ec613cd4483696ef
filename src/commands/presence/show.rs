//! How one person is, as the source has it.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::presence::{PersonPresence, UserPresence};

/// Whose presence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The person, by any id that the source has.
    pub user: String,
}

/// One person, and what each of their connections said last.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when nothing is known of them.
pub async fn run(context: &Context, input: Input) -> Result<PersonPresence> {
    let user = input.user;
    if user.is_empty() {
        return Err(Error::invalid("a user has an id"));
    }
    let Some((presence, mut connections)) = context.presences.get(&user).await? else {
        return Err(Error::not_found(format!(
            "nothing is known of the presence of `{user}`"
        )));
    };
    connections.sort_by(|one, other| one.connection.cmp(&other.connection));
    Ok(PersonPresence {
        presence: UserPresence::new(user, presence, context.clock.now()),
        connections,
    })
}
