//! The port for delivering notifications.
//!
//! * A message that is accepted counts as delivered; the service keeps it for devices that are
//!   away.
//! * No service knows duplicates: after a lost answer the message is sent again, and the device
//!   shows it once because both carry the same id.
//! * Every refusal says what is to become of the message.

mod fcm;
mod in_app;
mod pinpoint;
mod router;
mod web;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;

use crate::error::{Error, Result as TokResult};
use crate::model::backoff::Setback;
use crate::model::device::Platform;
use crate::model::notification::{NotificationKind, Target};
use crate::model::subscription::Subscription;

pub use fcm::{FcmPush, FcmSettings};
pub use in_app::InAppPush;
pub use pinpoint::{PinpointPush, PinpointSettings};
pub use router::PushRouter;
pub use web::{ListedHost, WebPush, WebPushSettings};

/// One message to one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushMessage {
    /// The notification's id; a device shows one of all messages that carry it.
    pub id: String,
    /// Where to.
    pub to: Target,
    /// Whose push service the token is of, where that is known.
    pub platform: Option<Platform>,
    /// What it is about.
    pub kind: NotificationKind,
    /// How long it is still worth delivering.
    pub ttl: Option<Duration>,
    /// What the app receives.
    pub data: BTreeMap<String, String>,
}

/// Why a message was not taken, and with it what is to be done.
#[derive(Debug)]
pub enum PushRefusal {
    /// The address is gone for good: forget it.
    Dead(String),
    /// The message can never be sent as it is: park it.
    Unsendable(String),
    /// Try again.
    Later {
        /// What was in the way.
        reason: String,
        /// Whom it keeps waiting, and how long at least.
        setback: Setback,
    },
    /// Nothing can be sent until a person helps.
    Paused(Error),
}

/// The server's key that browsers subscribe with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebKey {
    /// Its public half, as base64url.
    pub public: String,
    /// What tells it from the keys before and after it.
    pub id: String,
}

/// What browsers subscribe with, and whether what they say can be used: a stranger's address is called only
/// if it is of the public internet. No address is ever shown in full.
#[async_trait]
pub trait WebSubscriptions: Send + Sync {
    /// The key that subscriptions are made for; made if there is none yet.
    ///
    /// # Errors
    /// Those of the store.
    async fn key(&self) -> TokResult<WebKey>;

    /// Makes another key: all subscriptions are worth nothing from then on.
    ///
    /// # Errors
    /// [`Kind::Unsupported`](crate::Kind::Unsupported) when the configuration names it; those of the
    /// store.
    async fn replace_key(&self) -> TokResult<WebKey>;

    /// Whether the configuration names the key.
    fn is_key_configured(&self) -> bool;

    /// Whether messages could be sent so, as far as can be told without asking anybody.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput), naming the field and never what it says.
    fn check(&self, subscription: &Subscription) -> TokResult<()>;
}

/// A service that delivers notifications. The module documentation is its contract.
#[async_trait]
pub trait Push: Send + Sync {
    /// Whether it knows tokens and topics only, not people and devices.
    fn needs_token(&self) -> bool;

    /// What the way is called by which it sends this, for the ledger: `fcm`, `inbox`.
    fn way(&self, message: &PushMessage) -> &'static str;

    /// Refuses what it could never deliver, without asking anybody: whoever sends such a message is
    /// told at once. The receiver may still be a person or a device whose token is looked up later.
    ///
    /// # Errors
    /// [`Kind::Unsupported`](crate::Kind::Unsupported) for a receiver that it cannot reach,
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput) for content that it cannot take.
    fn check(&self, message: &PushMessage) -> Result<(), Error> {
        let _ = message;
        Ok(())
    }

    /// What keeps all that is sent from being taken, as far as the answers up to now tell.
    fn blocked(&self) -> Option<Error> {
        None
    }

    /// Hands over one message.
    ///
    /// # Errors
    /// A [`PushRefusal`] that says what is to become of the message.
    async fn send(&self, message: &PushMessage) -> Result<(), PushRefusal>;

    /// Asks whether [`send`](Self::send) would be taken, without delivering anything.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    async fn validate(&self, message: &PushMessage) -> Result<(), PushRefusal>;
}
