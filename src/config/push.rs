//! `[push]`: how notifications are delivered.

use super::Config;
use super::mistake::{Checked, needs};
use super::section::{choice, section};
use crate::model::Span;
use crate::model::settings::NotifySettings;

section! {
    [push]
    /// How notifications are delivered.
    pub struct PushSection {
        /// how notifications are delivered
        backend: PushBackend = "'in_app'",
        /// how long an incoming call is worth ringing
        call_ttl: Span = "'45s'",
        /// notifications sent at the same time
        streams: usize = "100",
        /// how long a notification that cannot be sent is tried again
        patience: Span = "'1h'",
        /// how long the outcome of a notification is told
        keep: Span = "'7d'",
    }
}

choice! {
    /// Who delivers.
    pub enum PushBackend {
        /// `tok` itself, to people who are connected.
        InApp = "in_app",
        /// Firebase Cloud Messaging.
        Fcm = "fcm",
        /// Amazon Pinpoint.
        Pinpoint = "pinpoint",
    }
}

impl PushSection {
    /// What operations go by.
    pub fn settings(&self) -> NotifySettings {
        NotifySettings {
            call_ttl: self.call_ttl,
            streams: self.streams,
            patience: self.patience,
            keep: self.keep,
        }
    }
}

/// Who delivers must be available; that Firebase is shows when its credential is read.
pub(super) fn check(config: &Config) -> Checked {
    match config.push.backend {
        PushBackend::Pinpoint => needs("push.backend", "pinpoint", config.pinpoint.missing()),
        PushBackend::InApp | PushBackend::Fcm => Ok(()),
    }
}
