//! Lists deliveries, by vendor and id.

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};

use super::COLLECTION;
use crate::backends::documents::{Document, Scan, page_of};
use crate::commands::sweep::sweep_all;
use crate::context::Context;
use crate::error::Result;
use crate::model::callback::Delivery;
use crate::model::{BackendName, Page, PageRequest};

/// Deliveries handed on at a time.
const CHUNK: usize = 100;

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// Only those of this vendor.
    pub backend: Option<BackendName>,
    /// At most so many, 1 to [`LARGEST_PAGE`](crate::model::page::LARGEST_PAGE).
    pub limit: Option<usize>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

fn scan(backend: Option<BackendName>) -> Scan {
    let all = Scan::all(COLLECTION);
    match backend {
        Some(backend) => all.prefix(format!("{backend}:")),
        None => all,
    }
}

/// One page of deliveries.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `limit` is out of range.
pub async fn run(context: &Context, input: Input) -> Result<Page<Delivery>> {
    let page = PageRequest::checked(input.limit, input.after)?;
    let scan = scan(input.backend).after(page.after).limit(page.limit);
    let (documents, more) = page_of(context.documents.as_ref(), scan).await?;
    let items = documents
        .iter()
        .map(Document::decode::<Delivery>)
        .collect::<Result<Vec<_>>>()?;
    let next = items.last().filter(|_| more);
    let next = next.map(|delivery| delivery.id.clone());
    Ok(Page { items, next })
}

/// All deliveries, some at a time.
pub fn all(
    context: &Context,
    backend: Option<BackendName>,
) -> BoxStream<'static, Result<Vec<Delivery>>> {
    let found = context.documents.scan(scan(backend));
    found
        .and_then(|document| std::future::ready(document.decode()))
        .try_chunks(CHUNK)
        .map_err(|error| error.1)
        .boxed()
}

/// Removes deliveries that have been kept for long enough; returns how many.
///
/// # Errors
/// Those of the store.
pub async fn sweep(context: &Context) -> Result<u64> {
    let now = context.clock.now();
    let before = now
        .saturating_sub(context.calls.keep.signed())
        .unwrap_or(now)
        .as_millisecond();
    sweep_all(context, COLLECTION, |document| {
        Ok(document.written >= before)
    })
    .await
}
