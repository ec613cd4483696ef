//! Somebody turns their camera, microphone or screen on or off.

use crate::context::Context;
use crate::error::Result;
use crate::model::meeting::{Actor, Change, MediaState};

/// Somebody turns their camera, microphone or screen on or off.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
pub async fn run(context: &Context, room: &str, by: Actor, media: MediaState) -> Result<()> {
    context
        .meetings
        .act(&room.parse()?, by, Change::Media(media))
        .await?;
    Ok(())
}
