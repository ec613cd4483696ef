//! Notifications that cannot be sent as they are: moved out of the queue, kept with the reason.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::outcome::written;
use crate::backends::documents::{Document, PARKED_NOTIFICATIONS, Precondition, Write};
use crate::context::Context;
use crate::error::Result;
use crate::model::notification::{NotificationState, NotificationStatus};

/// A parked notification.
#[derive(Serialize, Deserialize)]
pub(super) struct Parked {
    /// Why.
    pub(super) reason: String,
    /// Since when.
    pub(super) at: Timestamp,
    /// When it came into the queue.
    pub(super) queued_at: Timestamp,
    /// How often it was tried.
    pub(super) attempts: u32,
    /// The document as JSON text, so that no depth or shape is too much; absent when it stayed in
    /// the queue because it is too large for the move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) document: Option<String>,
    /// The state of the document that stayed in the queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<u64>,
}

impl Parked {
    /// As it is told.
    pub(super) fn status(self, id: String) -> NotificationStatus {
        NotificationStatus {
            id,
            state: NotificationState::Parked,
            reason: Some(self.reason),
            to: None,
            attempts: self.attempts,
            queued_at: self.queued_at,
            at: Some(self.at),
            next_at: None,
        }
    }
}

/// What is told of a parked notification, also of one of which nothing can be read any more.
pub(super) fn status_of(document: &Document) -> NotificationStatus {
    let id = document.id.clone();
    match document.decode::<Parked>() {
        Ok(parked) => parked.status(id),
        Err(error) => NotificationStatus {
            id,
            state: NotificationState::Parked,
            reason: Some(format!("{}; discard it", error.message())),
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
    context.documents.get(PARKED_NOTIFICATIONS, id).await
}

/// Whether the notification itself stayed in the queue.
pub(super) fn stayed(holder: &Document) -> bool {
    let parked = holder.decode::<Parked>();
    parked.is_ok_and(|parked| parked.version.is_some())
}

/// The write that takes it off the list, if it is still what was found.
pub(super) fn removal(document: &Document) -> Write {
    Write::delete(PARKED_NOTIFICATIONS, &document.id)
        .only_if(Precondition::Version(document.version))
}
