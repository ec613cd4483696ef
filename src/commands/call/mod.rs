//! Calls: one person rings another.
//!
//! A call lives in `tok_calls` for as long as anything of it is left, its busy marks and the
//! vendor's room and participants included, and then moves to `tok_past_calls`. Who is busy is a
//! document per person and per device in `tok_busy`, made in the same commit as the call: of two
//! calls to one person exactly one is made. Every step is noted before the next one is taken, so
//! whoever finds a call that was left behind can undo it.

pub mod accept;
pub mod create;
pub mod end;
pub mod follow;
pub mod list;
pub mod show;

mod notice;
mod party;
mod stored;
mod tidy;

pub use list::sweep;
pub(crate) use stored::{connected, of_participant};

use crate::error::Error;

/// Calls of which something is left to do.
pub(crate) const LIVE: &str = "tok_calls";
/// Calls that are over and cleaned up.
pub(crate) const PAST: &str = "tok_past_calls";
/// Who is in a call: `{call}`, id `user:ID` or `device:ID`.
pub(crate) const BUSY: &str = "tok_busy";

fn missing(id: &str) -> Error {
    Error::not_found(format!("there is no call `{id}`"))
}
