//! Operations on those who say who somebody is, and on whom they tell of.

pub mod arrive;
pub mod explain;
pub mod follow;
pub mod verify;
