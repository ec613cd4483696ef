//! Operations on media of local rooms that goes through this process.

pub mod hear;
pub mod offer;
pub mod way;
