//! Makes somebody the host; a host who does it is one no more.

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
}

/// Makes somebody the host; a host who does it is one no more.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
pub async fn run(context: &Context, input: Input) -> Result<()> {
    let change = Change::HandOver {
        target: input.target,
    };
    act(context, &input.room, input.by, change).await
}
