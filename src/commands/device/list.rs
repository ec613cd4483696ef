//! Lists devices, by id.

use futures_util::stream::BoxStream;

use crate::commands::pages;
use crate::context::Context;
use crate::error::Result;
use crate::model::device::{Device, StoredDevice};
use crate::model::{Page, PageRequest};
use crate::records::{DEVICES, Stored};

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// At most so many devices, 1 to [`LARGEST_PAGE`](crate::model::page::LARGEST_PAGE).
    pub limit: Option<usize>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

/// One page of devices.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `limit` is out of range.
pub async fn run(context: &Context, input: Input) -> Result<Page<Device>> {
    let page = PageRequest::checked(input.limit, input.after)?;
    pages::one(context, DEVICES, DEVICES.all(), page, shown).await
}

/// All devices, some at a time.
pub fn all(context: &Context) -> BoxStream<'static, Result<Vec<Device>>> {
    pages::chunks(context, DEVICES, DEVICES.all(), shown)
}

fn shown(stored: Stored<StoredDevice>) -> Device {
    stored.record.shown(&stored.id)
}
