//! One message, as an operator sees it.

use crate::context::Context;
use crate::error::Result;
use crate::model::PageRequest;
use crate::model::chat::{Message, no_message};
use crate::model::meeting::Actor;

/// One message of a room.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, room: &str, id: &str) -> Result<Message> {
    let number = Message::number_of(id).ok_or_else(no_message)?;
    // The one before the next.
    let page = PageRequest::checked(Some(1), Some(Message::id_of(number + 1)))?;
    let found = context
        .meetings
        .messages(&room.parse()?, &Actor::Operator, &page)
        .await?;
    let message = found.items.into_iter().find(|message| message.id == id);
    message.ok_or_else(no_message)
}
