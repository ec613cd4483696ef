//! Says where a notification is in its life, and why.

use super::list::queued;
use super::obstacles::Obstacles;
use super::{QUEUE, missing, outcome, parked};
pub use crate::commands::by_id::ById as Input;
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::notification::{NotificationState, NotificationStatus};

/// Looks at what was parked, then at the queue, then at the ledger; of what waits it tells why nothing is
/// sent, if that is so.
///
/// # Errors
/// [`Kind::NotFound`] when the id is known nowhere.
pub async fn run(context: &Context, input: Input) -> Result<NotificationStatus> {
    let status = known(context, input.id.as_str()).await?;
    Ok(Obstacles::look(context).await?.tell(status))
}

/// What is known of the notification alone.
///
/// # Errors
/// [`Kind::NotFound`] when the id is known nowhere.
pub(super) async fn known(context: &Context, id: &str) -> Result<NotificationStatus> {
    match find(context, id).await {
        Err(error) if error.kind() == Kind::InvalidInput => Err(missing(id)),
        found => found?.ok_or_else(|| missing(id)),
    }
}

/// As [`known`], where an unknown id is no error.
pub(super) async fn find(context: &Context, id: &str) -> Result<Option<NotificationStatus>> {
    // It matters only where nothing else is known.
    let entry = outcome::find(context, id).await;
    if let Some(holder) = parked::find(context, id).await? {
        let to = entry.ok().flatten().and_then(|entry| entry.to);
        return Ok(Some(NotificationStatus {
            to,
            ..parked::status_of(&holder)
        }));
    }
    let Some(document) = QUEUE.document(context.documents.as_ref(), id).await? else {
        return entry;
    };
    Ok(Some(match entry {
        Ok(Some(entry)) if entry.state == NotificationState::Retrying => entry,
        _ => queued(&document),
    }))
}
