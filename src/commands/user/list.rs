//! Lists users, by id.

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};

use super::{COLLECTION, shown};
use crate::backends::documents::{Scan, page_of};
use crate::context::Context;
use crate::error::Result;
use crate::model::user::User;
use crate::model::{Page, PageRequest};

/// Users handed on at a time.
const CHUNK: usize = 100;

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// At most so many users, 1 to [`LARGEST_PAGE`](crate::model::page::LARGEST_PAGE).
    pub limit: Option<usize>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

/// One page of users.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `limit` is out of range.
pub async fn run(context: &Context, input: Input) -> Result<Page<User>> {
    let page = PageRequest::checked(input.limit, input.after)?;
    let scan = Scan::all(COLLECTION).after(page.after).limit(page.limit);
    let (documents, more) = page_of(context.documents.as_ref(), scan).await?;
    let items = documents.iter().map(shown).collect::<Result<Vec<_>>>()?;
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
