//! Web callbacks of vendors: checked, kept once, and used.
//!
//! A delivery and what it changes are one commit, so that it counts once however often it is sent,
//! and at every moment either all of it or nothing is done.

pub mod list;
pub mod receive;
pub mod replay;
pub mod show;

mod apply;

use crate::error::Error;

fn missing(id: &str) -> Error {
    Error::not_found(format!("there is no delivery `{id}`"))
}
