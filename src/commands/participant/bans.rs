//! Everybody who was sent out of a room for good.

use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::meeting::{Actor, BannedPerson};

/// Who asks about which room.
#[derive(Debug, Clone)]
pub struct Input {
    /// The room.
    pub room: RoomName,
    /// Who asks.
    pub by: Actor,
}

/// Everybody who was sent out of the room for good, longest first.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
pub async fn run(context: &Context, input: Input) -> Result<Vec<BannedPerson>> {
    context.meetings.bans(&input.room, &input.by).await
}
