//! Calls: one person rings another.
//!
//! A call is live for as long as anything of it is left, its busy marks and the vendor's room and
//! participants included, and then moves to those that are past. Who is busy is a document per person
//! and per device, made in the same commit as the call: of two
//! calls to one person exactly one is made. Every step is noted before the next one is taken, so
//! whoever finds a call that was left behind can undo it.

pub mod accept;
pub mod cancel;
pub mod create;
pub mod decline;
pub mod end;
pub mod follow;
pub mod leave;
pub mod list;
pub mod own;
pub mod past;
pub mod show;

mod join_token;
mod notice;
mod party;
mod refusal;
mod release;
mod ringing;
mod stored;

pub(crate) use notice::BUT_CONNECTION;
pub(crate) use stored::{of_participant, told};

use crate::error::Error;
use crate::records::{BUSY, CALLS_OF_PEOPLE, LIVE_CALLS as LIVE, PAST_CALLS as PAST};

fn missing(id: &str) -> Error {
    Error::not_found(format!("there is no call `{id}`"))
}
