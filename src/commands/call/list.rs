//! Lists calls in the order they began.

use futures_util::stream::BoxStream;

use super::{LIVE, PAST};
use crate::commands::pages;
use crate::context::Context;
use crate::error::Result;
use crate::model::call::Call;
use crate::model::{Page, PageRequest};
use crate::records::{Stored, StoredCall};

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

/// One page of calls.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `limit` is out of range.
pub async fn run(context: &Context, input: Input) -> Result<Page<Call>> {
    let page = PageRequest::checked(input.limit, input.after)?;
    if input.past {
        return pages::one(context, PAST, PAST.all(), page, |past| past.record).await;
    }
    let now = context.clock.now();
    let told = |live: Stored<StoredCall>| live.record.call.told_at(now);
    pages::one(context, LIVE, LIVE.all(), page, told).await
}

/// All calls, some at a time.
pub fn all(context: &Context, past: bool) -> BoxStream<'static, Result<Vec<Call>>> {
    if past {
        return pages::chunks(context, PAST, PAST.all(), |past| past.record);
    }
    let now = context.clock.now();
    let told = move |live: Stored<StoredCall>| live.record.call.told_at(now);
    pages::chunks(context, LIVE, LIVE.all(), told)
}
