//! Sends what is in the queue and whatever comes into it, for as long as it is told to.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;

use super::deliver::Deliveries;
use super::delivery::Delivery;
use super::{LOOP, QUEUE, held};
use crate::commands::queue::{Bounds, DRAIN, Queue, Ticket, WorkKey};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::digest::digest;
use crate::records::PARKED_NOTIFICATIONS;
use crate::records::documents::{Document, Event, EventStream};

/// Notifications that may wait for another try before no further ones are taken.
const MOST_WAITING: usize = 10_000;
/// How often the store's clock and the held notifications are looked at again.
const LOOK_EVERY: Duration = Duration::from_mins(10);

/// So many of those that were acknowledged are remembered, for each that is sent at the same time.
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
    /// What the part is called, in leases, logs and metrics.
    pub fn name(self) -> String {
        match self.of {
            1 => LOOP.to_owned(),
            of => format!("{LOOP}:{}-of-{of}", self.number + 1),
        }
    }

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
    let bounds = Bounds {
        at_once: context.notify.streams,
        most: MOST_WAITING,
    };
    let mut follower = QueueFollower {
        context,
        shard,
        deliveries: Deliveries::new(context).await?,
        held: Arc::new(held(context).await?),
        events: context.documents.watch(QUEUE.name(), None),
        queue: Queue::new(shard.name(), bounds),
        acknowledged: VecDeque::new(),
        suspects: HashSet::new(),
        written: HashMap::new(),
    };
    let ended = follower.work().await;
    // Whatever ended the work: what is on its way is on its way, and must not be sent again.
    let finished = follower.finish().await;
    ended.and(finished)
}

/// What is to be sent.
enum Job {
    /// What was just heard of.
    Told(Document),
    /// Whatever stands in the queue by then.
    Look,
}

async fn attempt(
    deliveries: Deliveries,
    held: Arc<HashMap<String, u64>>,
    id: WorkKey,
    job: Job,
    attempts: u32,
) -> Result<Delivery> {
    let document = match job {
        Job::Told(document) => document,
        Job::Look => match deliveries.find(&id).await? {
            Some(found) if held.get(&id) != Some(&found.version) => found,
            _ => return Ok(Delivery::Gone),
        },
    };
    deliveries.deliver(document, attempts).await
}

struct QueueFollower<'a> {
    context: &'a Context,
    shard: Shard,
    deliveries: Deliveries,
    /// Parked without having been moved: the id and the state that is left alone.
    held: Arc<HashMap<String, u64>>,
    events: EventStream,
    queue: Queue<Job, Result<Delivery>>,
    /// Those that were acknowledged last.
    acknowledged: VecDeque<String>,
    /// In flight or just acknowledged when the queue began to be told anew: it may be told as it was,
    /// and is looked at once more before it is sent.
    suspects: HashSet<String>,
    /// When those that were taken in came into the queue.
    written: HashMap<String, i64>,
}

impl QueueFollower<'_> {
    async fn work(&mut self) -> Result<()> {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.tick().await;
        let mut counts = tokio::time::interval(COUNT_EVERY);
        loop {
            self.report();
            let listening = self.queue.has_room();
            tokio::select! {
                // What was heard is begun before more is heard.
                biased;
                () = self.context.stop.cancelled() => return Ok(()),
                (ticket, outcome) = self.queue.next(|id, job, attempts| {
                    let deliveries = self.deliveries.clone();
                    attempt(deliveries, self.held.clone(), id, job, attempts)
                }) => self.land(ticket, outcome)?,
                _ = counts.tick() => if let Err(error) = self.count().await {
                    tracing::warn!(%error, "the queue could not be counted");
                },
                _ = looks.tick() => {
                    self.deliveries = self.deliveries.again().await?;
                    self.held = Arc::new(held(self.context).await?);
                }
                event = self.events.next(), if listening => self.hear(event)?,
            }
        }
    }

    fn hear(&mut self, event: Option<Result<Event>>) -> Result<()> {
        match event {
            Some(Ok(Event::Put(document))) => self.take(document),
            Some(Ok(Event::Reset)) => {
                let in_hand = self.queue.keys_in_flight().cloned();
                self.suspects = in_hand.chain(self.acknowledged.iter().cloned()).collect();
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
        self.written.insert(document.id.clone(), document.written);
        // What is in flight may be told as it was before.
        let uncertain = self.suspects.remove(&document.id) || self.queue.is_in_flight(&document.id);
        let id = document.id.clone();
        let job = if uncertain {
            Job::Look
        } else {
            Job::Told(document)
        };
        self.queue.put(id, job);
    }

    fn land(&mut self, ticket: Ticket, outcome: Result<Delivery>) -> Result<()> {
        match outcome? {
            Delivery::Later { rest } => self.queue.retry(ticket, rest, Job::Look),
            Delivery::Gone | Delivery::Acknowledged(_) => {
                // Otherwise a notification of the same id came while this one was sent.
                if !ticket.again {
                    self.written.remove(&ticket.key);
                }
                self.acknowledged.push_back(ticket.key);
                if self.acknowledged.len() > RECENT * self.context.notify.streams {
                    self.acknowledged.pop_front();
                }
            }
        }
        Ok(())
    }

    /// Waits for what is on its way; the first failure is told when all have ended.
    async fn finish(mut self) -> Result<()> {
        let mut outcome = Ok(());
        for (ticket, ended) in self.queue.drain(DRAIN).await {
            outcome = outcome.and(self.land(ticket, ended));
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
        gauge("tok_notifications_in_hand", self.queue.in_flight());
        gauge("tok_notifications_waiting", self.queue.waiting());
    }
}
