//! Somebody goes.

use crate::context::Context;
use crate::error::Result;
use crate::model::meeting::{Actor, Change};

/// Somebody goes.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
pub async fn run(context: &Context, room: &str, by: Actor) -> Result<()> {
    context
        .meetings
        .act(&room.parse()?, by, Change::Leave)
        .await?;
    Ok(())
}
