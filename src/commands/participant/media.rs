//! Somebody turns their camera, microphone or screen on or off.

use super::act;
use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::meeting::{Actor, Change, MediaState};

/// Who turns what on or off.
#[derive(Debug, Clone)]
pub struct Input {
    /// The room.
    pub room: RoomName,
    /// Who does it.
    pub by: Actor,
    /// What is on or off from now on.
    pub media: MediaState,
}

/// Somebody turns their camera, microphone or screen on or off.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
pub async fn run(context: &Context, input: Input) -> Result<()> {
    let change = Change::Media(input.media);
    act(context, &input.room, input.by, change).await
}
