//! What was written in a room.

use crate::context::Context;
use crate::error::Result;
use crate::model::chat::Message;
use crate::model::meeting::Actor;
use crate::model::{Page, PageRequest, RoomName};

/// Who reads which page.
#[derive(Debug, Clone)]
pub struct Input {
    /// The room.
    pub room: RoomName,
    /// Who reads.
    pub reader: Actor,
    /// How many messages, and before which.
    pub page: PageRequest,
}

/// A page of messages, oldest first: the latest, or those before the cursor. An operator sees
/// also what people wrote to one another.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden) for a
/// key that is not the reader's.
pub async fn run(context: &Context, input: Input) -> Result<Page<Message>> {
    let Input { room, reader, page } = input;
    context.meetings.messages(&room, &reader, &page).await
}
