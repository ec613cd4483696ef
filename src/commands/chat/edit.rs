//! Lets a message say something else.

use super::act;
use crate::context::Context;
use crate::error::Result;
use crate::model::chat::Message;
use crate::model::meeting::{Actor, Change};

/// Lets a message say something else. Returns it as it is then.
///
/// Takes its place in the room's order when it is first polled.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Forbidden`](crate::Kind::Forbidden) for others than its author and operators.
pub async fn run(
    context: &Context,
    room: &str,
    by: Actor,
    message: String,
    content: String,
) -> Result<Message> {
    act(
        context,
        &room.parse()?,
        by,
        Change::Edit { message, content },
    )
    .await
}
