//! Reacts to a message, or takes that back.

use super::act;
use crate::context::Context;
use crate::error::Result;
use crate::model::chat::{Message, check_reaction};
use crate::model::meeting::{Actor, Change};

/// Reacts to a message by the reaction `kind`, or takes that back. Doing it twice does it once.
/// Returns the message as it is then.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) for a reaction that there is not,
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(
    context: &Context,
    room: &str,
    by: Actor,
    message: String,
    kind: u64,
    remove: bool,
) -> Result<Message> {
    let kind = check_reaction(kind)?;
    let change = Change::React {
        message,
        kind,
        remove,
    };
    act(context, &room.parse()?, by, change).await
}
