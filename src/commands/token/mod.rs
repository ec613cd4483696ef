//! Operations on join tokens.

pub mod create;
pub mod inspect;
