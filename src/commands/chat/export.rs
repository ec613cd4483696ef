//! Everything that was written in a room, in the order it was.

use futures_util::stream::BoxStream;

use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::chat::Message;

/// Of which room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The room.
    pub room: RoomName,
}

/// All messages, also those between two people, some at a time, however many there are.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(
    context: &Context,
    input: Input,
) -> Result<BoxStream<'static, Result<Vec<Message>>>> {
    context.meetings.export(&input.room).await
}
