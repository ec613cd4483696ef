//! What waits for people to connect.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{After, Collection, Record};
use crate::model::notification::{NotificationKind, Target};

/// What was delivered in the app and not taken yet, by [`inbox_key`].
pub const INBOX: Collection<StoredArrival> =
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

/// The beginning of the ids of everything that waits for `to`.
pub fn inbox_of(to: &Target) -> String {
    let (kind, name) = match to {
        Target::Token(name) => ("token", name),
        Target::User(name) => ("user", name),
        Target::Device(name) => ("device", name),
        Target::Topic(name) => ("topic", name),
    };
    format!("{kind}:{name}:")
}

/// The id of a notification that waits for `to`.
pub fn inbox_key(to: &Target, notification: &str) -> String {
    inbox_of(to) + notification
}
