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

use crate::backends::meetings::Meetings;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::BackendName;

/// The meetings of local rooms.
pub(super) fn meetings(context: &Context) -> Result<&dyn Meetings> {
    context.backends.get(Some(BackendName::Local))?.meetings()
}

/// A name as people may have one: without what cannot be seen, and not too long.
fn check_name(context: &Context, name: &str) -> Result<String> {
    let visible: String = name.chars().filter(|c| !c.is_control()).collect();
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
