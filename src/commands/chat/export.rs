//! Everything that was written in a room, in the order it was.

use futures_util::stream::BoxStream;

use super::meetings;
use crate::context::Context;
use crate::error::Result;
use crate::model::chat::Message;

/// All messages, also those between two people, some at a time, however many there are.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(
    context: &Context,
    room: &str,
) -> Result<BoxStream<'static, Result<Vec<Message>>>> {
    meetings(context)?.export(&room.parse()?).await
}
