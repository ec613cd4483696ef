//! The devices of one person.

use super::{missing, show};
use crate::context::Context;
use crate::error::Result;
use crate::model::device::Device;
use crate::model::user::UserId;
use crate::records::DEVICES;

/// Devices of one person that are listed at most.
const MOST: usize = 1000;

/// Whose devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The person.
    pub user: UserId,
}

/// Their devices, by id.
///
/// # Errors
/// Those of the store.
pub async fn run(context: &Context, input: Input) -> Result<Vec<Device>> {
    let documents = context.documents.as_ref();
    let found = DEVICES.find(documents, "user_id", input.user.as_str(), MOST);
    let mut found = found.await?;
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found
        .into_iter()
        .map(|one| one.record.shown(&one.id))
        .collect())
}

/// A device of this person.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), also for devices of others.
pub async fn one(context: &Context, id: &str, user: &UserId) -> Result<Device> {
    let device = show::run(context, id.into()).await?;
    if device.user_id.as_deref() == Some(user.as_str()) {
        return Ok(device);
    }
    Err(missing(id))
}
