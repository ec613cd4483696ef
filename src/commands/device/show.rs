//! Shows a device.

use super::missing;
pub use crate::commands::by_id::ById as Input;
use crate::commands::by_id::is_id;
use crate::context::Context;
use crate::error::Result;
use crate::model::device::{Device, StoredDevice};
use crate::records::DEVICES;

/// Looks the device up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<Device> {
    let found = find(context, &input.id).await?;
    Ok(found.shown(&input.id))
}

/// The device and its push token, for the surface whose clients get back what they sent.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn with_token(context: &Context, id: &str) -> Result<(Device, String)> {
    let found = find(context, id).await?;
    let token = found.token.clone();
    Ok((found.shown(id), token))
}

async fn find(context: &Context, id: &str) -> Result<StoredDevice> {
    if !is_id(id) {
        return Err(missing(id));
    }
    let found = DEVICES.get(context.documents.as_ref(), id).await?;
    Ok(found.ok_or_else(|| missing(id))?.record)
}
