//! Lists users, by id.

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};

use super::{COLLECTION, shown};
use crate::backends::documents::Scan;
use crate::commands::room::list::{LARGEST_PAGE, USUAL_PAGE};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::Page;
use crate::model::user::User;

/// Users handed on at a time.
const CHUNK: usize = 100;

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// At most so many users, 1 to [`LARGEST_PAGE`].
    pub limit: Option<usize>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

/// One page of users.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `limit` is out of range.
pub async fn run(context: &Context, input: Input) -> Result<Page<User>> {
    let limit = input.limit.unwrap_or(USUAL_PAGE);
    if !(1..=LARGEST_PAGE).contains(&limit) {
        return Err(Error::invalid(format!(
            "limit is {limit}; use 1 to {LARGEST_PAGE}"
        )));
    }
    let scan = Scan::all(COLLECTION).after(input.after).limit(limit + 1);
    let documents: Vec<_> = context.documents.scan(scan).try_collect().await?;
    let more = documents.len() > limit;
    let items = documents
        .iter()
        .take(limit)
        .map(shown)
        .collect::<Result<Vec<_>>>()?;
    let next = items.last().filter(|_| more).map(|user| user.id.clone());
    Ok(Page { items, next })
}

/// All users, some at a time.
pub fn all(context: &Context) -> BoxStream<'static, Result<Vec<User>>> {
    context
        .documents
        .scan(Scan::all(COLLECTION))
        .and_then(|document| std::future::ready(shown(&document)))
        .try_chunks(CHUNK)
        .map_err(|error| error.1)
        .boxed()
}
