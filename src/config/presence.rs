//! `[presence]`: where presence comes from.

use super::Config;
use super::mistake::{Checked, needs};
use super::section::{choice, section};
use crate::model::Span;

section! {
    [presence]
    /// Where presence comes from.
    pub struct PresenceSection {
        /// where presence comes from
        backend: PresenceBackend = "'local'",
        /// how long somebody may be away before being offline
        offline_grace: Span = "'10s'",
    }
}

choice! {
    /// The sources there are.
    pub enum PresenceBackend {
        /// Our own store.
        Local = "local",
        /// Firebase Realtime Database.
        RealtimeDatabase = "realtime_database",
    }
}

/// The source must be available.
pub(super) fn check(config: &Config) -> Checked {
    match config.presence.backend {
        PresenceBackend::Local => Ok(()),
        PresenceBackend::RealtimeDatabase => {
            let missing = config.realtime_database.missing();
            needs("presence.backend", "realtime_database", missing)
        }
    }
}
