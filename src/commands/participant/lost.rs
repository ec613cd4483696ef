//! A connection broke.

use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;

/// The connection `seat` of a participant broke: they may come back for a while, where the room
/// allows that.
///
/// # Errors
/// [`Kind::Unsupported`](crate::Kind::Unsupported) without local rooms.
pub fn run(context: &Context, room: &RoomName, participant: &str, seat: &str) -> Result<()> {
    context.meetings.lost(room, participant, seat);
    Ok(())
}
