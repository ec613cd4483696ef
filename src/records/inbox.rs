//! What waits for people to connect.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{After, Collection, InboxKey, Record};
use crate::model::notification::{NotificationKind, Target};

/// What was delivered in the app and not taken yet, by receiver and notification.
pub const INBOX: Collection<StoredArrival, InboxKey> =
    Collection::new("tok_inbox", "those without an end: when the app takes them")
        .moments(&["at", "expires_at"])
        .expires("expires_at", After::AtOnce);

/// A notification that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredArrival {
    /// For whom.
    pub to: Target,
    /// What it is about.
    #[serde(default)]
    pub kind: NotificationKind,
    /// What the app receives.
    #[serde(default)]
    pub data: BTreeMap<String, String>,
    /// When it was delivered.
    pub at: Timestamp,
    /// When it is worth nothing any more.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

impl Record for StoredArrival {}
