//! Takes a message back.

use super::act;
use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::chat::Message;
use crate::model::meeting::{Actor, Change};

/// Who takes which message back.
#[derive(Debug, Clone)]
pub struct Input {
    /// The room.
    pub room: RoomName,
    /// Who does it.
    pub by: Actor,
    /// The message's id; what is none is no message's.
    pub message: String,
}

/// Takes a message back. Returns it as it is then.
///
/// Takes its place in the room's order when it is first polled.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Forbidden`](crate::Kind::Forbidden) for others than its author and operators.
pub async fn run(context: &Context, input: Input) -> Result<Message> {
    let message = input.message;
    act(context, &input.room, input.by, Change::Delete { message }).await
}
