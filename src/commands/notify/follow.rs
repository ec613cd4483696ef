//! Sends what is in the queue and whatever comes into it, for as long as it is told to.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use tokio::time::Instant;

use super::deliver::{Deliveries, Delivery};
use super::{QUEUE, held};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::digest::digest;
use crate::records::PARKED_NOTIFICATIONS;
use crate::records::documents::{Document, Event, EventStream};

/// Notifications that may wait for another try before no further ones are taken.
const MOST_WAITING: usize = 10_000;
/// How often the store's clock and the held notifications are looked at again.
const LOOK_EVERY: Duration = Duration::from_mins(10);

/// So many settled ones are remembered, for each that is sent at the same time.
const RECENT: usize = 10;
/// How often the queue is counted.
const COUNT_EVERY: Duration = Duration::from_secs(15);

/// Which part of the queue: of `of` parts the one with this number, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// The number.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

impl Shard {
    /// Whether a notification belongs to this part; the same in every process.
    pub fn holds(self, id: &str) -> bool {
        digest(id) % u64::from(self.of.max(1)) == u64::from(self.number)
    }
}

/// Sends until `context.stop`, then finishes what is in hand.
///
/// # Errors
/// [`Kind::Refused`] and the like when nothing can be sent until a person
/// helps; those of the store. Whatever was not sent stays in the queue.
pub async fn run(context: &Context, shard: Shard) -> Result<()> {
    if super::flush::is_running(context).await? {
        let message = "notify flush is at work; the worker waits for its end";
        return Err(Error::new(Kind::Locked, message));
    }
    let mut follower = Follower {
        context,
        shard,
        deliveries: Deliveries::new(context).await?,
        held: held(context).await?,
        events: context.documents.watch(QUEUE.name(), None),
        flying: FuturesUnordered::new(),
        in_hand: HashMap::new(),
        waiting: BinaryHeap::new(),
        settled: VecDeque::new(),
        suspects: HashSet::new(),
        written: HashMap::new(),
        attempts: HashMap::new(),
    };
    let ended = follower.work().await;
    // Whatever ended the work: what is on its way is on its way, and must not be sent again.
    let finished = follower.finish().await;
    ended.and(finished)
}

async fn sleep_until(due: Option<Instant>) {
    if let Some(due) = due {
        tokio::time::sleep_until(due).await;
    }
}

/// A delivery that ended: which one, and how.
type Ended = (String, Result<Delivery>);

struct Follower<'a> {
    context: &'a Context,
    shard: Shard,
    deliveries: Deliveries,
    /// Parked without having been moved: the id and the state that is left alone.
    held: HashMap<String, u64>,
    events: EventStream,
    flying: FuturesUnordered<BoxFuture<'static, Ended>>,
    /// What is being sent, and whether it was written again meanwhile.
    in_hand: HashMap<String, bool>,
    waiting: BinaryHeap<Reverse<(Instant, String)>>,
    /// Those that were settled last.
    settled: VecDeque<String>,
    /// In flight or just settled when the queue began to be told anew: it may be told as it was,
    /// and is looked at once more before it is sent.
    suspects: HashSet<String>,
    /// When those that were taken in came into the queue.
    written: HashMap<String, i64>,
    /// How often those that wait were tried.
    attempts: HashMap<String, u32>,
}

impl Follower<'_> {
    async fn work(&mut self) -> Result<()> {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.tick().await;
        let mut counts = tokio::time::interval(COUNT_EVERY);
        loop {
            self.report();
            let room = self.flying.len() < self.context.notify.streams;
            let listening = room && self.waiting.len() < MOST_WAITING;
            let due = self.waiting.peek().map(|Reverse((due, _))| *due);
            tokio::select! {
                () = self.context.stop.cancelled() => return Ok(()),
                Some(ended) = self.flying.next(), if !self.flying.is_empty() => self.land(ended)?,
                () = sleep_until(due), if room && due.is_some() => self.try_again().await?,
                event = self.events.next(), if listening => self.hear(event)?,
                _ = counts.tick() => if let Err(error) = self.count().await {
                    tracing::warn!(%error, "the queue could not be counted");
                },
                _ = looks.tick() => {
                    self.deliveries = self.deliveries.again().await?;
                    self.held = held(self.context).await?;
                }
            }
        }
    }

    fn hear(&mut self, event: Option<Result<Event>>) -> Result<()> {
        match event {
            Some(Ok(Event::Put(document))) => self.take(document),
            Some(Ok(Event::Reset)) => {
                let in_hand = self.in_hand.keys().cloned();
                self.suspects = in_hand.chain(self.settled.iter().cloned()).collect();
            }
            Some(Ok(Event::Removed(_) | Event::Current(_))) => {}
            Some(Err(error)) => return Err(error),
            None => return Err(Error::internal("the watch of the queue ended")),
        }
        Ok(())
    }

    fn take(&mut self, document: Document) {
        if !self.shard.holds(&document.id) || self.held.get(&document.id) == Some(&document.version)
        {
            return;
        }
        if let Some(again) = self.in_hand.get_mut(&document.id) {
            *again = true;
            return;
        }
        if self.suspects.remove(&document.id) {
            self.waiting.push(Reverse((Instant::now(), document.id)));
            return;
        }
        self.send(document);
    }

    fn send(&mut self, document: Document) {
        let id = document.id.clone();
        let attempts = self.attempts.get(&id).copied().unwrap_or(0);
        self.in_hand.insert(id.clone(), false);
        self.written.insert(id.clone(), document.written);
        let deliveries = self.deliveries.clone();
        let sending = async move {
            let outcome = deliveries.deliver(document, attempts).await;
            (id, outcome)
        };
        self.flying.push(sending.boxed());
    }

    fn land(&mut self, (id, outcome): Ended) -> Result<()> {
        let again = self.in_hand.remove(&id).unwrap_or(false);
        match outcome? {
            Delivery::Later { rest } => {
                *self.attempts.entry(id.clone()).or_default() += 1;
                self.waiting.push(Reverse((Instant::now() + rest, id)));
            }
            Delivery::Gone | Delivery::Settled(_) => {
                self.attempts.remove(&id);
                self.written.remove(&id);
                self.settled.push_back(id.clone());
                if self.settled.len() > RECENT * self.context.notify.streams {
                    self.settled.pop_front();
                }
                // A notification of the same id that came while this one was sent.
                if again {
                    self.waiting.push(Reverse((Instant::now(), id)));
                }
            }
        }
        Ok(())
    }

    async fn try_again(&mut self) -> Result<()> {
        let Some(Reverse((_, id))) = self.waiting.pop() else {
            return Ok(());
        };
        if let Some(document) = self.context.documents.get(QUEUE.name(), &id).await? {
            self.take(document);
        } else {
            self.attempts.remove(&id);
            self.written.remove(&id);
        }
        Ok(())
    }

    /// Waits for what is on its way; the first failure is told when all have ended.
    async fn finish(mut self) -> Result<()> {
        let mut outcome = Ok(());
        while let Some(ended) = self.flying.next().await {
            outcome = outcome.and(self.land(ended));
        }
        outcome
    }

    /// Counts what is in the queue and beside it.
    async fn count(&mut self) -> Result<()> {
        let documents = &self.context.documents;
        // One part counts for all.
        if self.shard.number == 0 {
            let pending = documents.count(QUEUE.name()).await?;
            let parked = documents.count(PARKED_NOTIFICATIONS.name()).await?;
            super::gauge("tok_notifications_pending", pending);
            super::gauge("tok_notifications_parked", parked);
        }
        let now = documents.now().await?.as_millisecond();
        let oldest = self.written.values().min().map_or(0, |oldest| now - oldest);
        let seconds = u32::try_from(oldest / 1000).unwrap_or(0);
        let shard = self.shard.number.to_string();
        metrics::gauge!("tok_notifications_oldest_seconds", "shard" => shard)
            .set(f64::from(seconds));
        Ok(())
    }

    fn report(&self) {
        let shard = self.shard.number.to_string();
        let gauge = |name: &'static str, value: usize| {
            let value = u32::try_from(value).unwrap_or(u32::MAX);
            metrics::gauge!(name, "shard" => shard.clone()).set(f64::from(value));
        };
        gauge("tok_notifications_in_hand", self.flying.len());
        gauge("tok_notifications_waiting", self.waiting.len());
    }
}
