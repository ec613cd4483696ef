//! Notifications that cannot be sent as they are: moved out of the queue, kept with the reason.

use super::outcome::written;
use crate::context::Context;
use crate::error::{Reason, Result};
use crate::model::notification::{NotificationState, NotificationStatus};
use crate::records::PARKED_NOTIFICATIONS;
use crate::records::documents::{Document, Precondition, Write};

/// What is told of a parked notification, also of one of which nothing can be read any more.
pub(super) fn status_of(document: &Document) -> NotificationStatus {
    let id = document.id.clone();
    match PARKED_NOTIFICATIONS.read(document) {
        Ok(parked) => NotificationStatus {
            id,
            state: NotificationState::Parked,
            reason: Some(parked.reason),
            to: None,
            attempts: parked.attempts,
            queued_at: parked.queued_at,
            at: Some(parked.at),
            next_at: None,
        },
        Err(error) => NotificationStatus {
            id,
            state: NotificationState::Parked,
            reason: Some(match error.why() {
                Some(Reason::WrittenByNewer) => error.message().to_owned(),
                _ => format!("{}; discard it", error.message()),
            }),
            to: None,
            attempts: 0,
            queued_at: written(document),
            at: None,
            next_at: None,
        },
    }
}

/// The document that holds the parked notification with this id.
pub(super) async fn find(context: &Context, id: &str) -> Result<Option<Document>> {
    PARKED_NOTIFICATIONS
        .document(context.documents.as_ref(), id)
        .await
}

/// Whether the notification itself stayed in the queue.
pub(super) fn stayed(holder: &Document) -> bool {
    let parked = PARKED_NOTIFICATIONS.read(holder);
    parked.is_ok_and(|parked| parked.version.is_some())
}

/// The write that takes it off the list, if it is still what was found.
pub(super) fn removal(document: &Document) -> Write {
    PARKED_NOTIFICATIONS
        .delete(&document.id)
        .only_if(Precondition::Version(document.version))
}
