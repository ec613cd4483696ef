//! Lists: one page, all pages, or everything some at a time.

use std::future::Future;

use futures_util::stream::{BoxStream, try_unfold};
use futures_util::{StreamExt, TryStreamExt};

use crate::context::Context;
use crate::error::Result;
use crate::model::listing::Listing;
use crate::model::{Page, PageRequest};
use crate::records::documents::Scan;
use crate::records::{Collection, DocumentKey, Record, Stored};

/// Items handed on at a time.
const CHUNK: usize = 100;

/// One page of a collection; its cursor is the id of a document.
pub(crate) async fn one<R: Record, K: DocumentKey + ?Sized, T>(
    context: &Context,
    collection: Collection<R, K>,
    scan: Scan,
    page: PageRequest,
    shown: impl Fn(Stored<R>) -> T,
) -> Result<Page<T>> {
    let scan = scan.after(page.after).limit(page.limit);
    let found = collection.page(context.documents.as_ref(), scan).await?;
    Ok(Page {
        items: found.items.into_iter().map(shown).collect(),
        next: found.next,
        unreadable: found.unreadable,
    })
}

/// Everything in a collection, some at a time.
pub(crate) fn chunks<R: Record, K: DocumentKey + ?Sized, T: Send + 'static>(
    context: &Context,
    collection: Collection<R, K>,
    scan: Scan,
    shown: impl Fn(Stored<R>) -> T + Send + 'static,
) -> BoxStream<'static, Result<Vec<T>>> {
    let found = collection.scan(context.documents.as_ref(), scan);
    found
        .map_ok(shown)
        .try_chunks(CHUNK)
        .map_err(|error| error.1)
        .boxed()
}

/// The items of every page of a list of `what`; `page` fetches the one behind a cursor, and `id` tells
/// items apart.
pub(crate) fn every<T, F>(
    context: &Context,
    what: &str,
    id: fn(&T) -> &str,
    page: impl Fn(Context, Option<String>) -> F + Send + 'static,
) -> BoxStream<'static, Result<Vec<T>>>
where
    T: Send + 'static,
    F: Future<Output = Result<Page<T>>> + Send + 'static,
{
    let (context, listing) = (context.clone(), Listing::of(what));
    try_unfold(
        (context, page, listing, Some(None)),
        move |(context, page, mut listing, after)| async move {
            let Some(after) = after else { return Ok(None) };
            let found = page(context.clone(), after).await?;
            listing.turn(found.items.iter().map(id), found.next.as_deref())?;
            let next = found.next.map(Some);
            Ok(Some((found.items, (context, page, listing, next))))
        },
    )
    .boxed()
}
