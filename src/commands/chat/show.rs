//! One message, as an operator sees it.

use crate::context::Context;
use crate::error::Result;
use crate::model::chat::{Message, no_message};
use crate::model::meeting::Actor;
use crate::model::{PageRequest, RoomName};

/// Which message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The room.
    pub room: RoomName,
    /// Its id; what is none is no message's.
    pub id: String,
}

/// One message of a room.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<Message> {
    let Input { room, id } = input;
    let number = Message::number_of(&id).ok_or_else(no_message)?;
    // The one before the next.
    let page = PageRequest::checked(Some(1), Some(Message::id_of(number + 1)))?;
    let meetings = &context.meetings;
    let found = meetings.messages(&room, &Actor::Operator, &page).await?;
    let message = found.items.into_iter().find(|message| message.id == id);
    message.ok_or_else(no_message)
}
