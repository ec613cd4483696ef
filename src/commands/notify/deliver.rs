//! One notification: read, judge its age, send it to its receivers, remove it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::acknowledge::Handled;
use super::closed_service::ClosedService;
use super::delays::ReceiverDelays;
use super::delivery::{Delivery, DeliveryStep};
use super::fan_out::{self, Tally, Urgency};
use super::outcome::{self, OutcomeEntry, Past, written};
use super::parked::{self, Parking};
use super::{QUEUE, count};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::notification::{Notification, NotificationKind, NotificationState, whom};
use crate::model::told_causes::ToldCauses;
use crate::records::documents::Document;
use crate::traces;

/// How often a notification that is changed while it is sent is sent again.
const MOST_CHANGES: u32 = 3;

/// What deliveries of one run share.
#[derive(Clone)]
pub struct Deliveries {
    context: Context,
    skew: SignedDuration,
    delays: Arc<ReceiverDelays>,
    /// Which reasons were told; whoever names them all keeps them out of the log.
    told: Option<Arc<ToldCauses>>,
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
            delays: Arc::default(),
            told: Some(Arc::default()),
        })
    }

    /// The same for whoever tells by itself why something was not sent.
    #[must_use]
    pub(super) fn told_elsewhere(self) -> Self {
        Self { told: None, ..self }
    }

    /// Whether this is to be told in the log.
    fn is_news(&self, reason: &str) -> bool {
        let told = self.told.as_ref();
        told.is_some_and(|told| told.is_news(reason))
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

    /// What stands in the queue under this id. What cannot be asked for is not sent, so that it is nothing.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn find(&self, id: &str) -> Result<Option<Document>> {
        match QUEUE.document(self.context.documents.as_ref(), id).await {
            Err(error) if error.kind() == Kind::InvalidInput => Ok(None),
            found => found,
        }
    }

    /// What was tried of it before, by us or by others.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn past(&self, document: &Document) -> Result<Past> {
        outcome::past(&self.context, document).await
    }

    /// How long it is until then, a moment of the store's clock.
    pub(super) fn until(&self, due: i64) -> Duration {
        let delay = due.saturating_sub(self.now().as_millisecond());
        Duration::from_millis(u64::try_from(delay).unwrap_or(0))
    }

    /// How long the push service takes nothing from anybody.
    pub(super) fn closed(&self) -> Duration {
        self.delays.of_all()
    }

    /// Notes that the push service takes nothing from anybody, if that is so.
    pub(super) fn note_closed(&self, noted: &ClosedService) {
        if let Some((wait, why)) = self.delays.closed() {
            noted.note(wait, &why, self.context.clock.now());
        }
    }

    /// Delivers one notification, of which this was tried before.
    ///
    /// # Errors
    /// [`Kind::Refused`] and the like when nothing can be sent until a person helps; those of the
    /// store. The notification stays in the queue then.
    pub async fn deliver(&self, document: Document, past: &Past) -> Result<Delivery> {
        let span = traces::span!(
            "notification delivery",
            notification = document.id,
            outcome = tracing::field::Empty
        );
        let delivery = traces::within(span.clone(), self.deliver_by_steps(document, past)).await?;
        span.record("outcome", delivery.as_str());
        Ok(delivery)
    }

    async fn deliver_by_steps(&self, mut document: Document, past: &Past) -> Result<Delivery> {
        if let Some(error) = self.why_not_removable(&document).await? {
            return self.give_up(&document, past, &error).await;
        }
        for _ in 0..MOST_CHANGES {
            match self.step(&document, past).await {
                Ok(DeliveryStep::Ended(delivery)) => return Ok(delivery),
                Ok(DeliveryStep::Changed(newer)) => document = newer,
                // Something in this one is more than the store takes: the others are not to blame.
                Err(error) if error.kind() == Kind::InvalidInput => {
                    return self.give_up(&document, past, &error).await;
                }
                Err(error) => return Err(error),
            }
        }
        let reason = "it changes while it is sent";
        self.park(&document, "", past.attempts, reason).await
    }

    /// Why it could not be removed once it was sent: then it must not be sent. Ids of that kind are rare, and
    /// all others are known to be removable without asking.
    async fn why_not_removable(&self, document: &Document) -> Result<Option<Error>> {
        if !document.id.starts_with("__") {
            return Ok(None);
        }
        let found = QUEUE.document(self.context.documents.as_ref(), &document.id);
        match found.await {
            Err(error) if error.kind() == Kind::InvalidInput => {
                let why = "it could not be removed from the queue after it was sent";
                Ok(Some(Error::invalid(why).because(error)))
            }
            found => found.map(|_| None),
        }
    }

    async fn give_up(&self, document: &Document, past: &Past, error: &Error) -> Result<Delivery> {
        match self
            .park(document, "", past.attempts, error.message())
            .await
        {
            Err(again) if again.kind() == Kind::InvalidInput => {
                let told = self.told.as_ref();
                if told.is_none_or(|told| told.is_news(error.message())) {
                    tracing::error!(id = document.id, %error, "a notification cannot be sent or parked");
                }
                Ok(Delivery::Gone)
            }
            parked => parked,
        }
    }

    async fn step(&self, document: &Document, past: &Past) -> Result<DeliveryStep> {
        let notification = match Notification::read(&document.id, &document.json) {
            Ok(notification) => notification,
            Err(error) => {
                let parked = self.park(document, "", past.attempts, error.message());
                return parked.await.map(DeliveryStep::Ended);
            }
        };
        let to = whom(&notification.to);
        let ttl = match self.remaining(&notification, document) {
            Remaining::All(ttl) => ttl,
            Remaining::Nothing(reason) => {
                let handled = self.handled(document, &to, past.attempts);
                return handled
                    .acknowledge(NotificationState::Expired, Some(&reason))
                    .await;
            }
        };
        let urgency = Urgency {
            ttl,
            attempts: past.attempts,
            last: self.is_last(document),
        };
        let sent = fan_out::send(
            &self.context,
            &self.delays,
            &notification,
            (&document.id, urgency, &past.reached),
        );
        self.conclude(document, &to, past, sent.await?).await
    }

    /// What becomes of a notification after what its receivers said.
    async fn conclude(
        &self,
        document: &Document,
        to: &str,
        past: &Past,
        tally: Tally,
    ) -> Result<DeliveryStep> {
        use NotificationState::{Dead, Delivered};
        let attempts = past.attempts + 1;
        if let Some(error) = tally.paused {
            if tally.reached.len() > past.reached.len() {
                let entry = Self::retrying(document, to, attempts, &tally.reached);
                self.enter(&entry, error.message(), Duration::ZERO).await?;
            }
            return Err(error);
        }
        if let Some(delay) = tally.delay {
            let waited = self.wait(document, to, attempts, &tally, delay);
            return waited.await;
        }
        let mut handled = self.handled(document, to, attempts);
        if !tally.reached.is_empty() {
            handled.via = tally.ways();
            let missed = tally.refused.map(|reason| format!("not to all: {reason}"));
            let reason = missed.or(tally.note);
            return handled.acknowledge(Delivered, reason.as_deref()).await;
        }
        if let Some(reason) = tally.refused {
            let parked = self.park(document, to, attempts, &reason).await;
            return parked.map(DeliveryStep::Ended);
        }
        handled.acknowledge(Dead, tally.dead.as_deref()).await
    }

    /// Somebody is still to be sent it, after a delay.
    async fn wait(
        &self,
        document: &Document,
        to: &str,
        attempts: u32,
        tally: &Tally,
        delay: Duration,
    ) -> Result<DeliveryStep> {
        // Whatever it waits for, it is not waited for longer than anything is tried.
        let left = self.context.notify.patience.0;
        let left = left.saturating_sub(self.age(document));
        let delay = if left.is_zero() {
            delay
        } else {
            delay.min(left)
        };
        if !tally.tried {
            return Ok(DeliveryStep::Ended(Delivery::Held { delay }));
        }
        let reason = tally.later.as_deref();
        let reason = reason.unwrap_or("some of its receivers wait");
        if self.is_last(document) {
            let reason = format!("it could not be sent in time: {reason}");
            if tally.reached.is_empty() {
                let parked = self.park(document, to, attempts, &reason).await;
                return parked.map(DeliveryStep::Ended);
            }
            let reason = format!("not to all: {reason}");
            let mut handled = self.handled(document, to, attempts);
            handled.via = tally.ways();
            return handled
                .acknowledge(NotificationState::Delivered, Some(&reason))
                .await;
        }
        let entry = Self::retrying(document, to, attempts, &tally.reached);
        self.enter(&entry, reason, delay).await?;
        count(NotificationState::Retrying);
        let alone = tally.alone;
        // What is about a receiver alone is in the ledger.
        if !alone && self.is_news(reason) {
            tracing::warn!(id = document.id, reason, ?delay, "notifications wait");
        } else {
            tracing::debug!(id = document.id, reason, ?delay, "a notification waits");
        }
        Ok(DeliveryStep::Ended(Delivery::Later { delay, alone }))
    }

    /// Whether it has waited for as long as anything is tried.
    fn is_last(&self, document: &Document) -> bool {
        self.age(document) >= self.context.notify.patience.0
    }

    fn handled<'a>(&'a self, document: &'a Document, to: &'a str, attempts: u32) -> Handled<'a> {
        Handled {
            context: &self.context,
            document,
            to,
            attempts,
            via: None,
        }
    }

    fn retrying<'a>(
        document: &'a Document,
        to: &'a str,
        attempts: u32,
        reached: &'a BTreeSet<u64>,
    ) -> OutcomeEntry<'a> {
        OutcomeEntry {
            to: Some(to),
            attempts,
            reached,
            ..OutcomeEntry::new(document, NotificationState::Retrying)
        }
    }

    /// Notes that it will be tried again, for this reason and after this delay.
    async fn enter(&self, entry: &OutcomeEntry<'_>, reason: &str, delay: Duration) -> Result<()> {
        let rested = SignedDuration::try_from(delay).unwrap_or(SignedDuration::MAX);
        let entry = OutcomeEntry {
            reason: Some(reason),
            next_at: self.context.clock.now().saturating_add(rested).ok(),
            ..*entry
        };
        let write = outcome::write(&self.context, &entry)?;
        self.context.documents.commit(vec![write]).await.map(drop)
    }

    async fn park(
        &self,
        document: &Document,
        to: &str,
        attempts: u32,
        reason: &str,
    ) -> Result<Delivery> {
        let parking = Parking {
            context: &self.context,
            told: self.told.as_deref(),
            to: Some(to).filter(|to| !to.is_empty()),
            attempts,
        };
        parked::park(&parking, document, reason).await
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
            Some(delay) if !delay.is_zero() => Remaining::All(Some(delay)),
            _ => Remaining::Nothing(format!(
                "it was {} s old and worth delivering for {} s",
                age.as_secs(),
                ttl.as_secs()
            )),
        }
    }
}

enum Remaining {
    /// Worth sending, for so long if there is a limit.
    All(Option<Duration>),
    Nothing(String),
}
