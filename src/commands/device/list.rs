//! Lists devices, by id.

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};

use super::{COLLECTION, shown};
use crate::backends::documents::{Scan, page_of};
use crate::context::Context;
use crate::error::Result;
use crate::model::device::Device;
use crate::model::{Page, PageRequest};

/// Devices handed on at a time.
const CHUNK: usize = 100;

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
    let scan = Scan::all(COLLECTION).after(page.after).limit(page.limit);
    let (documents, more) = page_of(context.documents.as_ref(), scan).await?;
    let items = documents.iter().map(shown).collect::<Result<Vec<_>>>()?;
    let next = items.last().filter(|_| more);
    let next = next.map(|device| device.id.clone());
    Ok(Page { items, next })
}

/// All devices, some at a time.
pub fn all(context: &Context) -> BoxStream<'static, Result<Vec<Device>>> {
    let found = context.documents.scan(Scan::all(COLLECTION));
    found
        .and_then(|document| std::future::ready(shown(&document)))
        .try_chunks(CHUNK)
        .map_err(|error| error.1)
        .boxed()
}
