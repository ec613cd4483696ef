//! All pages of a list, one after another.

use std::future::Future;

use futures_util::StreamExt;
use futures_util::stream::{BoxStream, try_unfold};

use crate::error::Result;
use crate::model::Page;

/// The items of every page; `page` fetches the one behind a cursor.
pub(crate) fn pages<T, F>(
    page: impl Fn(Option<String>) -> F + Send + 'static,
) -> BoxStream<'static, Result<Vec<T>>>
where
    T: Send + 'static,
    F: Future<Output = Result<Page<T>>> + Send + 'static,
{
    let first = Some(None);
    try_unfold((page, first), |(page, after)| async move {
        let Some(after) = after else { return Ok(None) };
        let found = page(after).await?;
        Ok(Some((found.items, (page, found.next.map(Some)))))
    })
    .boxed()
}
