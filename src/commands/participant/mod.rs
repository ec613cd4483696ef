//! Operations on people in local rooms.

pub mod admit;
pub mod bans;
pub mod ice;
pub mod identify;
pub mod join;
pub mod kick;
pub mod leave;
pub mod list;
pub mod lost;
pub mod media;
pub mod mute;
pub mod promote;
pub mod rename;
pub mod signal;
pub mod unban;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::meeting::{Actor, Change};
use crate::model::{RoomName, person_name};

/// Does something in a room that nobody answers with anything.
async fn act(context: &Context, room: &RoomName, by: Actor, change: Change) -> Result<()> {
    context.meetings.act(room, by, change).await.map(|_| ())
}

/// A name as people and rooms may have one: without what cannot be seen, and not too long.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput).
pub fn check_name(context: &Context, name: &str) -> Result<String> {
    let visible = person_name::visible(name).ok_or_else(|| Error::invalid("the name is empty"))?;
    let longest = context.live.longest_name;
    let count = visible.chars().count();
    if count > longest {
        return Err(Error::invalid(format!(
            "the name has {count} characters; the most is {longest}"
        )));
    }
    Ok(visible)
}
