//! Lists recordings, the newest first.

use futures_util::stream::BoxStream;

use crate::commands::pages;
use crate::context::Context;
use crate::error::Result;
use crate::model::recording::{Recording, RecordingFilter};
use crate::model::{BackendName, Page, PageRequest};

/// How many are asked for at a time.
const CHUNK: usize = 100;

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// Where they were made; the configured backend if absent.
    pub backend: Option<BackendName>,
    /// Only those of this room.
    pub room: Option<String>,
    /// At most about so many; a vendor's smallest page may be larger.
    pub limit: Option<usize>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

/// One page of recordings.
///
/// # Errors
/// [`Kind::Unsupported`](crate::Kind::Unsupported) where there are none.
pub async fn run(context: &Context, input: Input) -> Result<Page<Recording>> {
    let backend = context.backends.get(input.backend)?;
    let page = PageRequest::checked(input.limit, input.after)?;
    let room = input.room.map(|room| room.parse()).transpose()?;
    let filter = RecordingFilter { room };
    backend.recordings()?.list(&filter, &page).await
}

/// All recordings, page after page.
pub fn all(
    context: &Context,
    backend: Option<BackendName>,
    room: Option<String>,
) -> BoxStream<'static, Result<Vec<Recording>>> {
    pages::every(
        context,
        "recordings",
        |of| &of.id,
        move |context, after| {
            let input = Input {
                backend,
                room: room.clone(),
                limit: Some(CHUNK),
                after,
            };
            async move { run(&context, input).await }
        },
    )
}
