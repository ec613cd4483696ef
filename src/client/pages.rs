//! Lists: the items of all pages, a page at a time.

use futures_util::StreamExt;
use futures_util::stream::{BoxStream, try_unfold};
use serde::de::DeserializeOwned;

use super::request::ApiRequest;
use super::server::Server;
use crate::error::Result;
use crate::model::Page;
use crate::model::listing::Listing;
use crate::model::page::LARGEST_PAGE;

/// The items of every page of a list of `what`; `request` asks for it, and `id` tells items apart.
pub(super) fn every<'a, T>(
    server: &'a Server,
    what: &str,
    id: fn(&T) -> &str,
    request: impl Fn() -> ApiRequest<'a> + Send + 'a,
) -> BoxStream<'a, Result<Vec<T>>>
where
    T: DeserializeOwned + Send + 'a,
{
    let first = Some(None::<String>);
    try_unfold(
        (request, Listing::of(what), first),
        move |(request, mut listing, after)| async move {
            let Some(after) = after else { return Ok(None) };
            let asked = request().with("limit", Some(LARGEST_PAGE));
            let found: Page<T> = asked.with("after", after).answer().await?;
            server.left_out(found.unreadable);
            listing.turn(found.items.iter().map(id), found.next.as_deref())?;
            let next = found.next.map(Some);
            Ok(Some((found.items, (request, listing, next))))
        },
    )
    .boxed()
}

/// A list that comes as one page.
pub(super) async fn only<T: DeserializeOwned>(
    server: &Server,
    request: ApiRequest<'_>,
) -> Result<Vec<T>> {
    let found: Page<T> = request.answer().await?;
    server.left_out(found.unreadable);
    Ok(found.items)
}
