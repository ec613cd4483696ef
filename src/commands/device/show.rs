//! Shows a device.

use super::missing;
pub use crate::commands::by_id::ById as Input;
use crate::commands::by_id::is_id;
use crate::context::Context;
use crate::error::Result;
use crate::model::device::Device;
use crate::records::DEVICES;

/// Looks the device up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<Device> {
    let id = input.id.as_str();
    if !is_id(id) {
        return Err(missing(id));
    }
    match DEVICES.get(context.documents.as_ref(), id).await? {
        Some(stored) => Ok(stored.record.shown(id)),
        None => Err(missing(id)),
    }
}

/// The device and its push token, for the surface whose clients get back what they sent.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn with_token(context: &Context, id: &str) -> Result<(Device, String)> {
    if !is_id(id) {
        return Err(missing(id));
    }
    let found = DEVICES.get(context.documents.as_ref(), id).await?;
    let stored = found.ok_or_else(|| missing(id))?.record;
    let token = stored.token.clone();
    Ok((stored.shown(id), token))
}
