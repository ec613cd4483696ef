//! The queue of notifications, and what became of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{After, Collection, Fields, Record};
use crate::model::notification::NotificationStatus;

/// The queue of notifications, by their ids; the app's own collection, of any shape. How long one
/// waits goes by when its document was written.
pub const NOTIFICATIONS: Collection<Fields> =
    Collection::new("notifications", "when they are sent, parked or discarded");

/// What became of notifications, by their ids.
pub const OUTCOMES: Collection<StoredOutcome> = Collection::new("tok_outcomes", "")
    .bookkeeping()
    .moments(&["queued_at", "at", "next_at", "expires"])
    .expires("expires", After::AtOnce);

/// Notifications that cannot be sent as they are, by their ids.
pub const PARKED_NOTIFICATIONS: Collection<ParkedNotification> = Collection::new(
    "tok_parked/notify/items",
    "when somebody retries or discards them",
)
.bookkeeping()
.moments(&["at", "queued_at"]);

/// What became of a notification; `expires` is when it may be forgotten (a time-to-live policy of
/// Firestore can use it).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredOutcome {
    /// What became of it.
    #[serde(flatten)]
    pub status: NotificationStatus,
    /// When that may be forgotten.
    pub expires: Timestamp,
    /// Of a notification that is tried again: the digests of the receivers that have it already, as
    /// hexadecimal texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reached: Vec<String>,
}

impl Record for StoredOutcome {}

/// A notification that cannot be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkedNotification {
    /// Why.
    pub reason: String,
    /// Since when.
    pub at: Timestamp,
    /// When it came into the queue.
    pub queued_at: Timestamp,
    /// How often it was tried.
    #[serde(default)]
    pub attempts: u32,
    /// The document as JSON text, so that no depth or shape is too much; absent when it stayed in
    /// the queue because it is too large for the move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The state of the document that stayed in the queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

impl Record for ParkedNotification {}
