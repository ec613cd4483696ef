//! Operations on messages that people in local rooms write to each other.

pub mod delete;
pub mod edit;
pub mod export;
pub mod history;
pub mod react;
pub mod send;
pub mod show;
pub mod tail;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::RoomName;
use crate::model::chat::Message;
use crate::model::meeting::{Actor, Change};

/// Does something that is about a message.
async fn act(context: &Context, room: &RoomName, by: Actor, change: Change) -> Result<Message> {
    let message = context.meetings.act(room, by, change).await?;
    message.ok_or_else(|| Error::internal("a change of a message told of none"))
}

/// The room of a public address.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn addressed(context: &Context, address: &str) -> Result<RoomName> {
    context.meetings.addressed(address).await
}
