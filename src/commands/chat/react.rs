//! Reacts to a message, or takes that back.

use super::act;
use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::chat::{Message, check_reaction};
use crate::model::meeting::{Actor, Change};

/// Who reacts to which message, and how.
#[derive(Debug, Clone)]
pub struct Input {
    /// The room.
    pub room: RoomName,
    /// Who does it.
    pub by: Actor,
    /// The message's id; what is none is no message's.
    pub message: String,
    /// The number of the reaction.
    pub kind: u64,
    /// Whether to take it back.
    pub remove: bool,
}

/// Reacts to a message by the reaction `kind`, or takes that back. Doing it twice does it once.
/// Returns the message as it is then.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) for a reaction that there is not,
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<Message> {
    let change = Change::React {
        message: input.message,
        kind: check_reaction(input.kind)?,
        remove: input.remove,
    };
    act(context, &input.room, input.by, change).await
}
