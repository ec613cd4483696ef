//! Operations on devices: installations of the app that can be rung.
//!
//! A device's id follows from its push token, so that a token is registered once however often
//! and from wherever it is sent. Only who knows the token knows the id.

pub mod delete;
pub mod list;
pub mod own;
pub mod register;
pub mod show;

use crate::error::Error;

fn missing(id: &str) -> Error {
    Error::not_found(format!("there is no device `{id}`"))
}
