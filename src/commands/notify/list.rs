//! Lists the queue, or what was parked, by id.

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::QUEUE;
use super::obstacles::Obstacles;
use super::outcome::written;
use super::parked::status_of;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::notification::{Notification, NotificationState, NotificationStatus, whom};
use crate::model::{Page, PageRequest};
use crate::records::PARKED_NOTIFICATIONS;
use crate::records::documents::{Document, Scan, page_of};

/// Rows handed on at a time.
const CHUNK: usize = 100;

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// Those that were parked, instead of the queue.
    pub parked: bool,
    /// At most so many, 1 to [`LARGEST_PAGE`](crate::model::page::LARGEST_PAGE).
    pub limit: Option<usize>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

/// One page.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `limit` is out of range.
pub async fn run(context: &Context, input: Input) -> Result<Page<NotificationStatus>> {
    let page = PageRequest::checked(input.limit, input.after)?;
    let scan = all_of(input.parked).after(page.after).limit(page.limit);
    // Whatever stands there is told, also what cannot be read.
    let (found, more) = page_of(context.documents.as_ref(), scan).await?;
    let obstacles = Obstacles::look(context).await?;
    let items = found
        .into_iter()
        .map(|document| told(&document, input.parked, &obstacles))
        .collect::<Vec<_>>();
    let next = items.last().filter(|_| more).map(|row| row.id.clone());
    Ok(Page::new(items, next))
}

/// All of them, some at a time.
pub fn all(context: &Context, parked: bool) -> BoxStream<'static, Result<Vec<NotificationStatus>>> {
    let context = context.clone();
    stream::once(async move {
        let obstacles = Obstacles::look(&context).await?;
        let found = context.documents.scan(all_of(parked));
        let all = found.map_ok(move |document| told(&document, parked, &obstacles));
        Ok::<_, Error>(all.try_chunks(CHUNK).map_err(|error| error.1))
    })
    .try_flatten()
    .boxed()
}

fn all_of(parked: bool) -> Scan {
    if parked {
        PARKED_NOTIFICATIONS.all()
    } else {
        QUEUE.all()
    }
}

fn told(document: &Document, parked: bool, obstacles: &Obstacles) -> NotificationStatus {
    if parked {
        return status_of(document);
    }
    obstacles.tell(queued(document))
}

/// A document of the queue that was not tried yet.
pub(super) fn queued(document: &Document) -> NotificationStatus {
    let read = Notification::read(&document.id, &document.json).ok();
    NotificationStatus {
        id: document.id.clone(),
        state: NotificationState::Queued,
        reason: None,
        to: read.map(|notification| whom(&notification.to)),
        attempts: 0,
        queued_at: written(document),
        at: None,
        next_at: None,
        via: None,
        taken: None,
        waits_for: None,
    }
}
