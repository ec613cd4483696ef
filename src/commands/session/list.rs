//! Lists sessions, the newest first.

use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

use crate::context::Context;
use crate::error::Result;
use crate::model::page::LARGEST_PAGE;
use crate::model::session::{Session, SessionFilter};
use crate::model::{BackendName, Page, PageRequest};

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// Where they took place; the configured backend if absent.
    pub backend: Option<BackendName>,
    /// Only those of this room.
    pub room: Option<String>,
    /// At most about so many; a vendor's smallest page may be larger.
    pub limit: Option<usize>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

/// One page of sessions.
///
/// # Errors
/// [`Kind::Unsupported`](crate::Kind::Unsupported) where nobody knows.
pub async fn run(context: &Context, input: Input) -> Result<Page<Session>> {
    let backend = context.backends.get(input.backend)?;
    let page = PageRequest::checked(input.limit, input.after)?;
    let room = input.room.map(|room| room.parse()).transpose()?;
    backend
        .sessions()?
        .list(&SessionFilter { room }, &page)
        .await
}

/// All sessions, page after page.
pub fn all(
    context: &Context,
    backend: Option<BackendName>,
    room: Option<String>,
) -> BoxStream<'static, Result<Vec<Session>>> {
    let context = context.clone();
    let first = Some(None);
    stream::try_unfold(first, move |after| {
        let (context, room) = (context.clone(), room.clone());
        async move {
            let Some(after) = after else { return Ok(None) };
            let input = Input {
                backend,
                room,
                limit: Some(LARGEST_PAGE.min(100)),
                after,
            };
            let page = run(&context, input).await?;
            Ok(Some((page.items, page.next.map(Some))))
        }
    })
    .boxed()
}
