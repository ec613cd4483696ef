//! Makes somebody the host; a host who does it is one no more.

use crate::context::Context;
use crate::error::Result;
use crate::model::meeting::{Actor, Change};

/// Makes somebody the host; a host who does it is one no more.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
pub async fn run(context: &Context, room: &str, by: Actor, target: String) -> Result<()> {
    context
        .meetings
        .act(&room.parse()?, by, Change::HandOver { target })
        .await?;
    Ok(())
}
