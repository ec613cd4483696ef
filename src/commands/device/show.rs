//! Shows a device.

use super::{COLLECTION, is_id, missing, shown};
use crate::context::Context;
use crate::error::Result;
use crate::model::device::{Device, StoredDevice};

/// Looks the device up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, id: &str) -> Result<Device> {
    if !is_id(id) {
        return Err(missing(id));
    }
    match context.documents.get(COLLECTION, id).await? {
        Some(document) => shown(&document),
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
    let found = context.documents.get(COLLECTION, id).await?;
    let stored: StoredDevice = found.ok_or_else(|| missing(id))?.decode()?;
    let token = stored.token.clone();
    Ok((stored.shown(id), token))
}
