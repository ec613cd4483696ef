//! Deletes a device; a call that it is in ends first.

use super::missing;
use crate::commands::call;
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::device::Device;
use crate::records::DEVICES;
use crate::records::documents::Precondition;

/// Looks up the device that [`run`] would delete.
///
/// # Errors
/// [`Kind::NotFound`].
pub async fn plan(context: &Context, id: &str) -> Result<Device> {
    match super::show::run(context, id).await {
        // Whatever it says, it can be deleted.
        Err(error) if error.why().is_some() => Ok(Device::unreadable(id)),
        shown => shown,
    }
}

/// Ends the device's part in any call, deletes it and returns what it was.
///
/// # Errors
/// [`Kind::NotFound`]; those of ending its call, with nothing deleted.
pub async fn run(context: &Context, id: &str) -> Result<Device> {
    // First: a device whose token turned out dead may be gone already, and still be in a call.
    call::end::leave(context, id).await?;
    let device = plan(context, id).await?;
    let write = DEVICES.delete(id).only_if(Precondition::Exists);
    match context.documents.commit(vec![write]).await {
        Err(error) if error.kind() == Kind::Conflict => Err(missing(id)),
        other => other.map(|_| device),
    }
}
