//! This node's own signs of life.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// When the last sign that this node gave was begun: since then it may have been silent.
#[derive(Default)]
pub(super) struct Heartbeat(Mutex<Option<Instant>>);

impl Heartbeat {
    pub(super) fn beats(&self, began: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(began);
    }

    /// Whether this node's own signs come through, of which there are three in a `heartbeat`.
    pub(super) fn is_steady(&self, heartbeat: Duration) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|began| began.elapsed() <= heartbeat / 2)
    }
}
