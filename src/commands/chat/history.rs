//! What was written in a room.

use crate::context::Context;
use crate::error::Result;
use crate::model::chat::Message;
use crate::model::meeting::Actor;
use crate::model::{Page, PageRequest};

/// A page of messages, oldest first: the latest, or those before the cursor. An operator sees
/// also what people wrote to one another.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden) for a
/// key that is not the reader's.
pub async fn run(
    context: &Context,
    room: &str,
    reader: &Actor,
    page: &PageRequest,
) -> Result<Page<Message>> {
    context
        .meetings
        .messages(&room.parse()?, reader, page)
        .await
}
