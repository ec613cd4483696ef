//! Puts parked notifications back into the queue.

use futures_util::TryStreamExt;

use super::parked::{self, removal};
use super::wake::wake;
use super::{QUEUE, missing};
pub use crate::commands::by_id::ById as Input;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::notification::NotificationStatus;
use crate::records::PARKED_NOTIFICATIONS;
use crate::records::documents::Precondition;

/// Puts one back, as it was; a loop that rests looks at the queue at once.
///
/// # Errors
/// [`Kind::NotFound`] when it is not parked; [`Kind::Conflict`] when another notification took its
/// id.
pub async fn run(context: &Context, input: Input) -> Result<NotificationStatus> {
    let id = input.id.as_str();
    let found = match parked::find(context, id).await {
        Err(error) if error.kind() == Kind::InvalidInput => None,
        found => found?,
    };
    let Some(holder) = found else {
        return Err(match super::show::known(context, id).await {
            Ok(status) => Error::not_found(format!(
                "the notification `{id}` is not parked but {}",
                status.state.as_str()
            )),
            Err(_) => missing(id),
        });
    };
    let parked = PARKED_NOTIFICATIONS.read(&holder)?;
    let mut writes = vec![removal(&holder)];
    // One that stayed in the queue is found there by the next flush or worker.
    if let Some(text) = parked.document {
        let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| {
            Error::invalid(format!("`{id}` cannot be read; discard it")).because(error)
        })?;
        writes.push(QUEUE.put_as(id, &value)?.only_if(Precondition::Missing));
    }
    match context.documents.commit(writes).await {
        Err(error) if error.kind() == Kind::Conflict => Err(Error::conflict(format!(
            "`{id}` changed meanwhile, or another notification took its id; look with notify show"
        ))),
        outcome => {
            outcome?;
            wake(context).await;
            super::show::known(context, id).await
        }
    }
}

/// The ids of everything that is parked and can be put back.
///
/// # Errors
/// Those of the store.
pub async fn retriable(context: &Context) -> Result<Vec<String>> {
    PARKED_NOTIFICATIONS
        .scan(context.documents.as_ref(), PARKED_NOTIFICATIONS.all())
        .map_ok(|parked| parked.id)
        .try_collect()
        .await
}

/// The ids of everything that is parked.
///
/// # Errors
/// Those of the store.
pub async fn all_parked(context: &Context) -> Result<Vec<String>> {
    context
        .documents
        .scan(PARKED_NOTIFICATIONS.all())
        .map_ok(|document| document.id)
        .try_collect()
        .await
}
