//! Operations on devices: installations of the app that can be rung.
//!
//! A device's id follows from its push token, so that a token is registered once however often
//! and from wherever it is sent. Only who knows the token knows the id.

pub mod delete;
pub mod list;
pub mod register;
pub mod show;

use crate::error::Error;

fn missing(id: &str) -> Error {
    Error::not_found(format!("there is no device `{id}`"))
}

/// Whether a text can be the id of a device: what cannot is no device's.
pub(crate) fn is_id(id: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._:@+-".contains(c);
    !id.is_empty()
        && id.len() <= 128
        && id.chars().all(plain)
        && id != "."
        && id != ".."
        && !id.starts_with("__")
}
