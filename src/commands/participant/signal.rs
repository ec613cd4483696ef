//! Passes on what one client has for another, of which nobody else understands anything.

use serde_json::value::RawValue;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::RoomName;

/// An offer of a browser with many tracks has some ten thousand bytes.
const LONGEST: usize = 128 * 1024;

/// What is for whom.
#[derive(Debug)]
pub struct Input {
    /// The room that both are in.
    pub room: RoomName,
    /// The participant who sends it.
    pub from: String,
    /// The connection by which they do.
    pub seat: String,
    /// The participant it is for; nobody is known by what is no id.
    pub to: String,
    /// What it says, passed on to the letter.
    pub data: Box<RawValue>,
}

/// Passes on what one client has for another, of which nobody else understands anything.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when they are not in the same room.
pub async fn run(context: &Context, input: Input) -> Result<()> {
    let data = check(input.data)?;
    let Input {
        room,
        from,
        seat,
        to,
        ..
    } = input;
    context
        .meetings
        .signal(&room, &from, &seat, &to, data)
        .await
}

fn check(data: Box<RawValue>) -> Result<Box<RawValue>> {
    let size = data.get().len();
    if size > LONGEST {
        return Err(Error::invalid(format!(
            "the signal has {size} bytes; the most is {LONGEST}"
        )));
    }
    Ok(data)
}
