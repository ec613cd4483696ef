//! Operations on what browsers subscribe to notifications with.

pub mod key;
pub mod rotate;
