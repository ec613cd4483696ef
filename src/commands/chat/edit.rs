//! Lets a message say something else.

use super::act;
use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::chat::Message;
use crate::model::meeting::{Actor, Change};

/// Which message says what from now on.
#[derive(Debug, Clone)]
pub struct Input {
    /// The room.
    pub room: RoomName,
    /// Who does it.
    pub by: Actor,
    /// The message's id; what is none is no message's.
    pub message: String,
    /// What it says.
    pub content: String,
}

/// Lets a message say something else. Returns it as it is then.
///
/// Takes its place in the room's order when it is first polled.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Forbidden`](crate::Kind::Forbidden) for others than its author and operators.
pub async fn run(context: &Context, input: Input) -> Result<Message> {
    let (message, content) = (input.message, input.content);
    act(
        context,
        &input.room,
        input.by,
        Change::Edit { message, content },
    )
    .await
}
