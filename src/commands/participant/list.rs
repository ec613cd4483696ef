//! Everybody who is, was or waits in a room, in the order they came.

use crate::context::Context;
use crate::error::Result;
use crate::model::meeting::Person;

/// Everybody who is, was or waits in a room, in the order they came.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, room: &str) -> Result<Vec<Person>> {
    context.meetings.people(&room.parse()?).await
}
