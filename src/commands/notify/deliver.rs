//! One notification: read, judge its age, find the address, send, remove.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::acknowledge::{Handled, removal};
use super::address::{self, Address};
use super::delivery::{Delivery, DeliveryStep};
use super::outcome::{self, OutcomeEntry, written};
use super::purge::purge_token;
use super::{QUEUE, count};
use crate::backends::push::{PushMessage, PushRefusal};
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::backoff::{Backoff, Gate, Setback};
use crate::model::notification::{Notification, NotificationKind, NotificationState, Target};
use crate::records::documents::Document;
use crate::records::{PARKED_NOTIFICATIONS, ParkedNotification};

/// The rests of a notification that could not be sent.
const BACKOFF: Backoff = Backoff::new(Duration::from_secs(10), Duration::from_mins(10));
/// How often a notification that is changed while it is sent is sent again.
const MOST_CHANGES: u32 = 3;

/// What deliveries of one run share.
#[derive(Clone)]
pub struct Deliveries {
    context: Context,
    skew: SignedDuration,
    pub(super) gate: Arc<Gate>,
}

impl Deliveries {
    /// Looks at the store's clock, by which ages go.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn new(context: &Context) -> Result<Self> {
        Ok(Self {
            context: context.clone(),
            skew: super::skew(context).await?,
            gate: Arc::default(),
        })
    }

    /// The same with a fresh look at the clock.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn again(&self) -> Result<Self> {
        Ok(Self {
            skew: super::skew(&self.context).await?,
            ..self.clone()
        })
    }

    /// What stands in the queue under this id.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn find(&self, id: &str) -> Result<Option<Document>> {
        QUEUE.document(self.context.documents.as_ref(), id).await
    }

    /// Delivers one notification, which was tried `attempts` times before.
    ///
    /// # Errors
    /// [`Kind::Refused`] and the like when nothing can be sent until a person helps; those of the
    /// store. The notification stays in the queue then.
    pub async fn deliver(&self, mut document: Document, attempts: u32) -> Result<Delivery> {
        self.gate.pass().await;
        for _ in 0..MOST_CHANGES {
            match self.step(&document, attempts).await? {
                DeliveryStep::Ended(delivery) => return Ok(delivery),
                DeliveryStep::Changed(newer) => document = newer,
            }
        }
        self.park(&document, None, attempts, "it changes while it is sent")
            .await
    }

    async fn step(&self, document: &Document, attempts: u32) -> Result<DeliveryStep> {
        let notification = match Notification::read(&document.id, &document.json) {
            Ok(notification) => notification,
            Err(error) => {
                let parked = self.park(document, None, attempts, error.message()).await?;
                return Ok(DeliveryStep::Ended(parked));
            }
        };
        let to = notification.to.clone();
        let handled = Handled {
            context: &self.context,
            document,
            to: &to,
            attempts,
        };
        let ttl = match self.remaining(&notification, document) {
            Remaining::All(ttl) => ttl,
            Remaining::Nothing(reason) => {
                return handled
                    .acknowledge(NotificationState::Expired, Some(&reason))
                    .await;
            }
        };
        let (address, platform) = match address::find(&self.context, &to).await? {
            Address::Known(address, platform) => (address, platform),
            Address::Nobody(reason) => {
                return handled
                    .acknowledge(NotificationState::Dead, Some(&reason))
                    .await;
            }
        };
        let message = PushMessage {
            id: document.id.clone(),
            to: address,
            platform,
            kind: notification.kind,
            ttl,
            data: notification.data,
        };
        match self.context.push.send(&message).await {
            Ok(()) => {
                handled
                    .acknowledge(NotificationState::Delivered, None)
                    .await
            }
            Err(PushRefusal::Dead(reason)) => {
                if let Target::Token(token) = &message.to {
                    purge_token(&self.context, token).await?;
                }
                handled
                    .acknowledge(NotificationState::Dead, Some(&reason))
                    .await
            }
            Err(PushRefusal::Unsendable(reason)) => {
                let parked = self
                    .park(document, Some(&to), attempts + 1, &reason)
                    .await?;
                Ok(DeliveryStep::Ended(parked))
            }
            Err(PushRefusal::Later { reason, setback }) => {
                let retry = (reason.as_str(), setback);
                let later = self.later(document, &to, attempts + 1, retry);
                later.await.map(DeliveryStep::Ended)
            }
            Err(PushRefusal::Paused(error)) => Err(error),
        }
    }

    /// The store's time.
    fn now(&self) -> Timestamp {
        let now = self.context.clock.now();
        now.saturating_add(self.skew).unwrap_or(now)
    }

    /// How long it has been in the queue.
    fn age(&self, document: &Document) -> Duration {
        let age = self.now().duration_since(written(document));
        Duration::try_from(age).unwrap_or(Duration::ZERO)
    }

    fn remaining(&self, notification: &Notification, document: &Document) -> Remaining {
        let usual = match notification.kind {
            NotificationKind::Call => Some(self.context.notify.call_ttl.0),
            NotificationKind::Message => None,
        };
        let Some(ttl) = notification.ttl.or(usual) else {
            return Remaining::All(None);
        };
        let age = self.age(document);
        match ttl.checked_sub(age) {
            Some(rest) if !rest.is_zero() => Remaining::All(Some(rest)),
            _ => Remaining::Nothing(format!(
                "it was {} s old and worth delivering for {} s",
                age.as_secs(),
                ttl.as_secs()
            )),
        }
    }

    async fn later(
        &self,
        document: &Document,
        to: &Target,
        attempts: u32,
        (reason, setback): (&str, Setback),
    ) -> Result<Delivery> {
        if self.age(document) >= self.context.notify.patience.0 {
            let reason = format!("it could not be sent in time: {reason}");
            return self.park(document, Some(to), attempts, &reason).await;
        }
        let rest = self.gate.delay(BACKOFF, attempts, setback);
        let attempts = match outcome::attempts(&self.context, &document.id).await? {
            Some(before) if attempts == 1 => before + 1,
            _ => attempts,
        };
        count(NotificationState::Retrying);
        tracing::debug!(id = document.id, reason, ?rest, "a notification waits");
        let now = self.context.clock.now();
        let rested = SignedDuration::try_from(rest).unwrap_or(SignedDuration::MAX);
        let entry = OutcomeEntry {
            document,
            to: Some(to),
            state: NotificationState::Retrying,
            reason: Some(reason),
            attempts,
            next_at: now.saturating_add(rested).ok(),
        };
        self.context
            .documents
            .commit(vec![outcome::write(&self.context, &entry)?])
            .await?;
        Ok(Delivery::Later { rest })
    }

    /// Takes a notification that cannot be sent out of the queue, with the reason.
    async fn park(
        &self,
        document: &Document,
        to: Option<&Target>,
        attempts: u32,
        reason: &str,
    ) -> Result<Delivery> {
        let state = NotificationState::Parked;
        let mut parked = ParkedNotification {
            reason: reason.to_owned(),
            at: self.context.clock.now(),
            queued_at: written(document),
            attempts,
            document: Some(document.json.clone()),
            version: None,
        };
        let entry = OutcomeEntry {
            document,
            to,
            state,
            reason: Some(reason),
            attempts,
            next_at: None,
        };
        let note = outcome::write(&self.context, &entry)?;
        let keep = |parked: &ParkedNotification| PARKED_NOTIFICATIONS.put(&document.id, parked);
        let documents = &self.context.documents;
        let moved = vec![removal(document), keep(&parked)?, note.clone()];
        match documents.commit(moved).await {
            // Too large to be moved: it stays where it is, and is known by its version.
            Err(error) if error.kind() == Kind::InvalidInput => {
                parked.document = None;
                parked.version = Some(document.version);
                documents.commit(vec![keep(&parked)?, note]).await?;
            }
            // Changed or removed meanwhile: the next look finds out.
            Err(error) if error.kind() == Kind::Conflict => return Ok(Delivery::Gone),
            outcome => drop(outcome?),
        }
        count(state);
        tracing::warn!(id = document.id, reason, "a notification was parked");
        Ok(Delivery::Acknowledged(state))
    }
}

enum Remaining {
    /// Worth sending, for so long if there is a limit.
    All(Option<Duration>),
    Nothing(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_grow_and_obey() {
        let seconds = |attempts, after: Option<u64>| {
            let rest = BACKOFF.delay(attempts, after.map(Duration::from_secs));
            rest.as_secs()
        };
        assert_eq!([1, 2, 3].map(|n| seconds(n, None)), [10, 20, 40]);
        assert_eq!(seconds(40, None), 600);
        assert_eq!(seconds(1, Some(90)), 90);
        assert_eq!(seconds(3, Some(2)), 40);
    }
}
