//! Somebody takes another name.

use super::{act, check_name};
use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::meeting::{Actor, Change};

/// Who takes which name.
#[derive(Debug, Clone)]
pub struct Input {
    /// The room.
    pub room: RoomName,
    /// Who does it.
    pub by: Actor,
    /// The name, as it was typed.
    pub name: String,
}

/// Somebody takes another name.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) for a name that is none.
pub async fn run(context: &Context, input: Input) -> Result<()> {
    let change = Change::Rename(check_name(context, &input.name)?);
    act(context, &input.room, input.by, change).await
}
