//! Somebody takes another name.

use super::check_name;
use crate::context::Context;
use crate::error::Result;
use crate::model::meeting::{Actor, Change};

/// Somebody takes another name.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) for a name that is none.
pub async fn run(context: &Context, room: &str, by: Actor, name: &str) -> Result<()> {
    let name = check_name(context, name)?;
    context
        .meetings
        .act(&room.parse()?, by, Change::Rename(name))
        .await?;
    Ok(())
}
