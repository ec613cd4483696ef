//! Operations on people in local rooms.

pub mod admit;
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

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::RoomName;
use crate::model::meeting::{Actor, Change};

/// Does something in a room that nobody answers with anything.
async fn act(context: &Context, room: &RoomName, by: Actor, change: Change) -> Result<()> {
    context.meetings.act(room, by, change).await.map(|_| ())
}

/// A name as people and rooms may have one: without what cannot be seen, and not too long.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput).
pub fn check_name(context: &Context, name: &str) -> Result<String> {
    let visible: String = name.chars().filter(|c| !is_unseen(*c)).collect();
    let visible = visible.trim();
    let longest = context.live.longest_name;
    let count = visible.chars().count();
    if visible.is_empty() {
        return Err(Error::invalid("the name is empty"));
    }
    if count > longest {
        return Err(Error::invalid(format!(
            "the name has {count} characters; the most is {longest}"
        )));
    }
    Ok(visible.to_owned())
}

/// Whether a character shows nothing, or turns the direction of others.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}')
}
