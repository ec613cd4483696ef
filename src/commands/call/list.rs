//! Lists calls in the order they began.

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};

use super::{LIVE, PAST};
use crate::backends::documents::{Document, Scan, page_of};
use crate::commands::sweep::sweep_all;
use crate::context::Context;
use crate::error::Result;
use crate::model::call::Call;
use crate::model::{Page, PageRequest};

/// Calls handed on at a time.
const CHUNK: usize = 100;

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// Those that are over and cleaned up, instead of those that are not.
    pub past: bool,
    /// At most so many calls, 1 to [`LARGEST_PAGE`](crate::model::page::LARGEST_PAGE).
    pub limit: Option<usize>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

const fn collection(past: bool) -> &'static str {
    if past { PAST } else { LIVE }
}

/// One page of calls.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `limit` is out of range.
pub async fn run(context: &Context, input: Input) -> Result<Page<Call>> {
    let page = PageRequest::checked(input.limit, input.after)?;
    let scan = Scan::all(collection(input.past))
        .after(page.after)
        .limit(page.limit);
    let (documents, more) = page_of(context.documents.as_ref(), scan).await?;
    let items = documents
        .iter()
        .map(Document::decode::<Call>)
        .collect::<Result<Vec<_>>>()?;
    let next = items.last().filter(|_| more).map(|call| call.id.clone());
    Ok(Page { items, next })
}

/// All calls, some at a time.
pub fn all(context: &Context, past: bool) -> BoxStream<'static, Result<Vec<Call>>> {
    let found = context.documents.scan(Scan::all(collection(past)));
    found
        .and_then(|document| std::future::ready(document.decode()))
        .try_chunks(CHUNK)
        .map_err(|error| error.1)
        .boxed()
}

/// Removes past calls that have been kept for long enough; returns how many.
///
/// # Errors
/// Those of the store.
pub async fn sweep(context: &Context) -> Result<u64> {
    let now = context.clock.now();
    let before = now
        .saturating_sub(context.calls.keep.signed())
        .unwrap_or(now);
    sweep_all(context, PAST, |document| {
        let call: Call = document.decode()?;
        Ok(call.ended_at.unwrap_or(call.created_at) >= before)
    })
    .await
}
