//! Lets somebody in again who was sent out of a room for good.

use super::act;
use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::meeting::{Actor, Change};

/// Who does it for whom.
#[derive(Debug, Clone)]
pub struct Input {
    /// The room.
    pub room: RoomName,
    /// Who does it.
    pub by: Actor,
    /// As whom the other was sent out: the id that the list of bans tells.
    pub target: String,
}

/// Lets somebody in again. Every ban of the same user, or of whoever had the same token, goes with it.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
pub async fn run(context: &Context, input: Input) -> Result<()> {
    let change = Change::Unban {
        target: input.target,
    };
    act(context, &input.room, input.by, change).await
}
