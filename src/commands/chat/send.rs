//! Writes a message to everybody in a room or to one of them.

use super::act;
use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::chat::Message;
use crate::model::meeting::{Actor, Change};

/// Who writes what to whom.
#[derive(Debug, Clone)]
pub struct Input {
    /// The room.
    pub room: RoomName,
    /// Who does it.
    pub by: Actor,
    /// The participant it is for, or everybody.
    pub to: String,
    /// What it says.
    pub content: String,
}

/// Writes a message to everybody in a room or to one of them. Returns it as it is then.
///
/// Takes its place in the room's order when it is first polled.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) for a receiver who is not there, [`Kind::InvalidInput`](crate::Kind::InvalidInput) for a message that is empty or too long.
pub async fn run(context: &Context, input: Input) -> Result<Message> {
    let (to, content) = (input.to, input.content);
    act(context, &input.room, input.by, Change::Send { to, content }).await
}
