//! Asks somebody to turn off their microphone. Where media goes through this server they are not heard from
//! then on, whatever their client does, until they may speak again.

use super::act;
use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::meeting::{Actor, Change};

/// Who does it to whom.
#[derive(Debug, Clone)]
pub struct Input {
    /// The room.
    pub room: RoomName,
    /// Who does it.
    pub by: Actor,
    /// The participant it is done to; nobody is known by what is no id.
    pub target: String,
    /// They may speak again.
    pub lift: bool,
}

/// Asks somebody to turn off their microphone, or lets them speak again.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
pub async fn run(context: &Context, input: Input) -> Result<()> {
    let change = Change::AskMute {
        target: input.target,
        lift: input.lift,
    };
    act(context, &input.room, input.by, change).await
}
