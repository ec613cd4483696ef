//! Lets somebody in who waits, or sends them away.

use crate::context::Context;
use crate::error::Result;
use crate::model::meeting::{Actor, Change};

/// Lets somebody in who waits, or sends them away.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
pub async fn run(
    context: &Context,
    room: &str,
    by: Actor,
    target: String,
    accept: bool,
) -> Result<()> {
    context
        .meetings
        .act(&room.parse()?, by, Change::Admit { target, accept })
        .await?;
    Ok(())
}
