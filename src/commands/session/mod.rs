//! What took place in rooms, and who was there.

pub mod attendance;
pub mod list;
pub(crate) mod record;
pub mod show;
