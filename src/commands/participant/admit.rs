//! Lets somebody in who waits, or sends them away.

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
    /// Whether they are let in.
    pub accept: bool,
}

/// Lets somebody in who waits, or sends them away.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
pub async fn run(context: &Context, input: Input) -> Result<()> {
    let change = Change::Admit {
        target: input.target,
        accept: input.accept,
    };
    act(context, &input.room, input.by, change).await
}
