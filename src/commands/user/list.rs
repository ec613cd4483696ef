//! Lists users, by id.

use futures_util::stream::BoxStream;

use super::shown;
use crate::commands::pages;
use crate::context::Context;
use crate::error::Result;
use crate::model::user::User;
use crate::model::{Page, PageRequest};
use crate::records::USERS;

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
    pages::one(context, USERS, USERS.all(), page, shown).await
}

/// All users, some at a time.
pub fn all(context: &Context) -> BoxStream<'static, Result<Vec<User>>> {
    pages::chunks(context, USERS, USERS.all(), shown)
}
