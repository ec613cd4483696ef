//! Somebody goes.

use super::meetings;
use crate::context::Context;
use crate::error::Result;
use crate::model::meeting::{Actor, Change};

/// Somebody goes.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
pub async fn run(context: &Context, room: &str, by: Actor) -> Result<()> {
    meetings(context)?
        .act(&room.parse()?, by, Change::Leave)
        .await?;
    Ok(())
}
