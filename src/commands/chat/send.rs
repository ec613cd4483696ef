//! Writes a message to everybody in a room or to one of them.

use super::act;
use crate::context::Context;
use crate::error::{Error, Result};
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
    /// The sender's own name for it: whoever did not hear that it arrived sends it again by the same
    /// name, and it is there once.
    pub client_id: Option<String>,
}

/// How long such a name may be, in characters.
const LONGEST_NAME: usize = 64;

/// Writes a message to everybody in a room or to one of them. Returns it as it is then.
///
/// Takes its place in the room's order when it is first polled.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) for a receiver who is not there, [`Kind::InvalidInput`](crate::Kind::InvalidInput) for a message that is empty or too long.
pub async fn run(context: &Context, input: Input) -> Result<Message> {
    let Input {
        room,
        by,
        to,
        content,
        client_id,
    } = input;
    if let Some(name) = &client_id
        && (name.is_empty() || name.chars().count() > LONGEST_NAME)
    {
        return Err(Error::invalid(format!(
            "clientId has 1 to {LONGEST_NAME} characters"
        )));
    }
    let send = Change::Send {
        to,
        content,
        client_id,
    };
    act(context, &room, by, send).await
}
