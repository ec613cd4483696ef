//! Who is there, where `tok` keeps it itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{After, Collection, ConnectionKey, Record};
use crate::model::presence::PresenceState;

/// Connections of people, by user and connection.
pub const CONNECTIONS: Collection<StoredConnection, ConnectionKey> = Collection::new(
    "tok_presence",
    "those without an end: when they say that they are gone",
)
.moments(&["last_changed", "seen", "expires_at"])
.expires("expires_at", After::AtOnce);

/// A connection of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredConnection {
    /// Whose.
    pub user: String,
    /// Whether they are there by it.
    pub state: PresenceState,
    /// Since when.
    pub last_changed: Timestamp,
    /// When it said so last; absent if an earlier release wrote it.
    #[serde(default)]
    pub seen: Option<Timestamp>,
    /// Who said it; absent if an earlier release wrote it.
    #[serde(default)]
    pub said_by: Option<String>,
    /// When that is worth nothing any more.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

impl Record for StoredConnection {}
