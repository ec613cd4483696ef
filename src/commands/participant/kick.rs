//! Sends somebody out of a room, perhaps for good.

use crate::context::Context;
use crate::error::Result;
use crate::model::meeting::{Actor, Change};

/// Sends somebody out of a room, perhaps for good.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
pub async fn run(
    context: &Context,
    room: &str,
    by: Actor,
    target: String,
    ban: bool,
) -> Result<()> {
    context
        .meetings
        .act(&room.parse()?, by, Change::Kick { target, ban })
        .await?;
    Ok(())
}
