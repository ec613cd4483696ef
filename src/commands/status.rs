//! Everything that works in the background, at a glance.

use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::commands::loops::{self, LoopFacts};
use crate::commands::search::status::{self as search, IndexStatus};
use crate::context::Context;
use crate::error::Result;
use crate::records::{NOTIFICATIONS, PARKED_NOTIFICATIONS};

/// What the worker has done and has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Status {
    /// The loops that have to be at work, by whichever worker, and what they do.
    pub loops: Vec<LoopFacts>,
    /// The queue of notifications.
    pub notifications: QueueStatus,
    /// The indexes.
    pub search: Vec<IndexStatus>,
}

/// The queue of notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueueStatus {
    /// In the queue, those that wait for another try included.
    pub pending: u64,
    /// How long the oldest of them has been there, in seconds; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest_seconds: Option<i64>,
    /// Cannot be sent as they are.
    pub parked: u64,
}

/// Looks at loops, queue and indexes.
///
/// # Errors
/// Those of the store.
pub async fn run(context: &Context) -> Result<Status> {
    Ok(Status {
        loops: loops::facts(context).await?,
        notifications: queue(context).await?,
        search: search::glance(context).await?,
    })
}

async fn queue(context: &Context) -> Result<QueueStatus> {
    let documents = &context.documents;
    let (mut pending, mut oldest) = (0, None);
    let mut queue = documents.scan(NOTIFICATIONS.all());
    while let Some(document) = queue.try_next().await? {
        pending += 1;
        let written = document.written;
        oldest = Some(oldest.map_or(written, |oldest: i64| oldest.min(written)));
    }
    let now = documents.now().await?.as_millisecond();
    Ok(QueueStatus {
        pending,
        oldest_seconds: oldest.map(|oldest| (now - oldest).max(0) / 1000),
        parked: documents.count(PARKED_NOTIFICATIONS.name()).await?,
    })
}
