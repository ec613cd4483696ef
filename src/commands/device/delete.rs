//! Deletes a device; a call that it is in ends first.

use super::missing;
pub use crate::commands::by_id::ById as Input;
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
pub async fn plan(context: &Context, input: Input) -> Result<Device> {
    let id = input.id.as_str();
    match super::show::run(context, id.into()).await {
        // Whatever it says, it can be deleted.
        Err(error) if error.why().is_some() => Ok(Device::unreadable(id)),
        shown => shown,
    }
}

/// Ends the device's part in any call, deletes it and returns what it was.
///
/// # Errors
/// [`Kind::NotFound`]; those of ending its call, with nothing deleted.
pub async fn run(context: &Context, input: Input) -> Result<Device> {
    let id = input.id.as_str();
    // First: a device whose token turned out dead may be gone already, and still be in a call.
    let device = id.to_owned();
    call::leave::run(context, call::leave::Input { device }).await?;
    let device = plan(context, id.into()).await?;
    let write = DEVICES.delete(id).only_if(Precondition::Exists);
    match context.documents.commit(vec![write]).await {
        Err(error) if error.kind() == Kind::Conflict => Err(missing(id)),
        other => other.map(|_| device),
    }
}
