//! Lists sessions, the newest first.

use futures_util::stream::BoxStream;

use crate::commands::pages;
use crate::context::Context;
use crate::error::Result;
use crate::model::session::{Session, SessionFilter};
use crate::model::{BackendName, Page, PageRequest};

/// How many are asked for at a time.
const CHUNK: usize = 100;

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
    pages::every(context, move |context, after| {
        let input = Input {
            backend,
            room: room.clone(),
            limit: Some(CHUNK),
            after,
        };
        async move { run(&context, input).await }
    })
}
