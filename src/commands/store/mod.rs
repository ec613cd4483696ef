//! Saving the store, bringing it back, and seeing whether it is whole.

pub mod backup;
pub mod check;
pub mod discard;
pub mod restore;
