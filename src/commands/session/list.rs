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
    /// Only those of the room with this id of the vendor's, which is not looked up.
    pub room_id: Option<String>,
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
    let room_id = input.room_id;
    let filter = SessionFilter { room, room_id };
    backend.sessions()?.list(&filter, &page).await
}

/// All sessions that `input` asks for, page after page.
pub fn all(context: &Context, input: Input) -> BoxStream<'static, Result<Vec<Session>>> {
    pages::every(
        context,
        "sessions",
        |of| &of.id,
        move |context, after| {
            let input = Input {
                limit: Some(CHUNK),
                after,
                ..input.clone()
            };
            async move { run(&context, input).await }
        },
    )
}
