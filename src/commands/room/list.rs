//! Lists rooms.

use futures_util::stream::BoxStream;

use crate::commands::pages;
use crate::context::Context;
use crate::error::Result;
use crate::model::page::LARGEST_PAGE;
use crate::model::{BackendName, Page, PageRequest, Room};

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// Where the rooms live; the configured backend if absent.
    pub backend: Option<BackendName>,
    /// At most so many rooms, 1 to [`LARGEST_PAGE`].
    pub limit: Option<usize>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

/// One page of rooms.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `limit` is out of range.
pub async fn run(context: &Context, input: Input) -> Result<Page<Room>> {
    let page = PageRequest::checked(input.limit, input.after)?;
    context.backends.get(input.backend)?.rooms.list(&page).await
}

/// All rooms of a backend, a page at a time.
pub fn all(
    context: &Context,
    backend: Option<BackendName>,
) -> BoxStream<'static, Result<Vec<Room>>> {
    pages::every(
        context,
        "rooms",
        |room| &room.id,
        move |context, after| async move {
            let limit = LARGEST_PAGE;
            let page = PageRequest { after, limit };
            context.backends.get(backend)?.rooms.list(&page).await
        },
    )
}
