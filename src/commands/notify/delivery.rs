//! How the delivery of one notification ends.

use std::time::Duration;

use crate::model::notification::NotificationState;
use crate::records::documents::Document;

/// How a delivery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It is out of the queue.
    Acknowledged(NotificationState),
    /// It was tried, and stays in the queue until then.
    Later {
        /// How long to wait.
        delay: Duration,
        /// That is about its receivers; others may fare better.
        alone: bool,
    },
    /// It was not tried, because it is not due or its receivers wait.
    Held {
        /// How long to wait.
        delay: Duration,
    },
    /// Somebody else took it out of the queue.
    Gone,
}

impl Delivery {
    /// In one word.
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Acknowledged(state) => state.as_str(),
            Self::Later { .. } => "later",
            Self::Held { .. } => "held",
            Self::Gone => "gone",
        }
    }
}

/// How one try ended.
pub(super) enum DeliveryStep {
    Ended(Delivery),
    /// Somebody changed it while it was sent.
    Changed(Document),
}
