//! A connection broke.

use crate::context::Context;
use crate::model::RoomName;

/// Whose connection broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The room they are in.
    pub room: RoomName,
    /// The participant.
    pub participant: String,
    /// The connection.
    pub seat: String,
    /// Whether their client comes back by itself: then it is waited for in every room.
    pub resumes: bool,
}

/// Somebody's connection broke: they may come back for a while, where the room allows that. It is
/// noted without waiting, as whoever finds out may be in the middle of something else.
pub fn run(context: &Context, input: Input) {
    let Input {
        room,
        participant,
        seat,
        resumes,
    } = input;
    context.meetings.lost(&room, &participant, &seat, resumes);
}
