//! Recordings of rooms.

pub mod delete;
mod destination;
pub mod download;
pub mod link;
pub mod list;
mod part;
mod piped;
pub mod prune;
pub mod show;
pub mod start;
pub mod stop;
pub mod wait;

use crate::error::{Error, Result};

/// Refuses what can be no vendor's id before it gets into a path.
fn check_id(id: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if id.is_empty() || id.len() > 128 || !id.chars().all(plain) {
        return Err(Error::not_found(format!("there is no recording `{id}`")));
    }
    Ok(())
}
