//! Writes a message to everybody in a room or to one of them.

use super::act;
use crate::context::Context;
use crate::error::Result;
use crate::model::chat::Message;
use crate::model::meeting::{Actor, Change};

/// Writes a message to everybody in a room or to one of them. Returns it as it is then.
///
/// Takes its place in the room's order when it is first polled.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) for a receiver who is not there, [`Kind::InvalidInput`](crate::Kind::InvalidInput) for a message that is empty or too long.
pub async fn run(
    context: &Context,
    room: &str,
    by: Actor,
    to: String,
    content: String,
) -> Result<Message> {
    act(context, &room.parse()?, by, Change::Send { to, content }).await
}
