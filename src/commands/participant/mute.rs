//! Asks somebody to turn off their microphone. It is theirs: nobody else can.

use crate::context::Context;
use crate::error::Result;
use crate::model::meeting::{Actor, Change};

/// Asks somebody to turn off their microphone. It is theirs: nobody else can.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
pub async fn run(context: &Context, room: &str, by: Actor, target: String) -> Result<()> {
    context
        .meetings
        .act(&room.parse()?, by, Change::AskMute { target })
        .await?;
    Ok(())
}
