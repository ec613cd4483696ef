//! Everybody who is, was or waits in a room, in the order they came.

use crate::context::Context;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::meeting::Person;

/// Of which room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The room.
    pub room: RoomName,
}

/// Everybody who is, was or waits in a room, in the order they came.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<Vec<Person>> {
    context.meetings.people(&input.room).await
}
