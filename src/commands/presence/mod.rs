//! Presence: who is there, told by a source and kept in the app's own user documents.
//!
//! The source is the truth; a user's document gets `state` and `last_changed` when they differ,
//! and nothing else ever: no document is made or brought back for it.

pub mod announce;
pub mod audit;
pub mod follow;
pub mod list;
pub mod show;
pub mod sweep;

mod apply;
mod leave;
mod people;
mod sync;

use crate::error::{Error, Result};

/// The longest name of a connection.
const LONGEST_CONNECTION: usize = 128;

/// Checks the name that an app gives to one of its connections.
fn check_connection(text: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._@+-".contains(c);
    if text.is_empty() || text.len() > LONGEST_CONNECTION || !text.chars().all(plain) {
        return Err(Error::invalid(format!(
            "{text:?} cannot name a connection; use 1 to {LONGEST_CONNECTION} of A-Z a-z 0-9 . _ @ + -"
        )));
    }
    Ok(())
}
