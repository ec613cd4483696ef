//! Passes on what one client has for another, of which nobody else understands anything.

use serde_json::value::RawValue;

use crate::context::Context;
use crate::error::{Error, Result};

/// An offer of a browser with many tracks has some ten thousand bytes.
const LONGEST: usize = 128 * 1024;

/// Passes on what one client has for another, of which nobody else understands anything.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when they are not in the same room.
pub async fn run(
    context: &Context,
    room: &str,
    from: &str,
    seat: &str,
    to: &str,
    data: Box<RawValue>,
) -> Result<()> {
    let data = check(data)?;
    context
        .meetings
        .signal(&room.parse()?, from, seat, to, data)
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
