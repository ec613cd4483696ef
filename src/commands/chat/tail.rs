//! What is being written in a room.

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};

use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::chat::Message;
use crate::model::happening::{Happening, MessageChange};

/// Of which room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The room.
    pub room: RoomName,
}

/// Every message that comes, changes or goes from now on, until the room is gone.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(
    context: &Context,
    input: Input,
) -> Result<BoxStream<'static, Result<(MessageChange, Message)>>> {
    let happenings = context.meetings.follow(&input.room).await?;
    let messages = happenings.try_filter_map(|happening| {
        std::future::ready(Ok(match happening {
            Happening::Message {
                change, message, ..
            } => Some((change, message)),
            _ => None,
        }))
    });
    Ok(messages.boxed())
}
