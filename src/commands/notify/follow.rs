//! Sends what is in the queue and whatever comes into it, for as long as it is told to.
//!
//! However many wait for another try, and however long: of those that are due first the ids and some
//! numbers are kept, apart from the queue of what is in hand, and the others are found in the store again.
//! What is new is heard and begun before them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use super::beyond::Beyond;
use super::closed_service::ClosedService;
use super::deliver::Deliveries;
use super::delivery::Delivery;
use super::gone::RecentlyGone;
use super::outcome::Past;
use super::shard::check_alone;
use super::timetable::{DueTick, Timetable};
use super::{QUEUE, held};
use crate::commands::queue::{Bounds, DRAIN, Queue, QueuePlace, WorkKey, reached};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::digest::digest;
use crate::model::shard::Shard;
use crate::records::PARKED_NOTIFICATIONS;
use crate::records::documents::{Document, Event, EventStream, Version};

/// How often the store's clock and the held notifications are looked at again.
const LOOK_EVERY: Duration = Duration::from_mins(10);
/// How often the queue is counted.
const COUNT_EVERY: Duration = Duration::from_secs(15);

/// As [`run_noting`], where nobody looks on.
///
/// # Errors
/// The same.
pub async fn run(context: &Context, shard: Shard) -> Result<()> {
    run_noting(context, shard, &ClosedService::default()).await
}

/// Sends until `context.stop`, then finishes what is in hand. Notes it when the push service takes nothing.
///
/// # Errors
/// [`Kind::Refused`](crate::Kind::Refused) and the like when nothing can be sent until a person
/// helps; [`Kind::Locked`](crate::Kind::Locked) while somebody else sends what this one would; those of the store.
/// Whatever was not sent stays in the queue.
pub async fn run_noting(context: &Context, shard: Shard, closed: &ClosedService) -> Result<()> {
    check_alone(context, shard).await?;
    let bounds = Bounds {
        at_once: context.notify.streams,
        most: usize::MAX,
    };
    let mut follower = QueueFollower {
        context,
        shard,
        deliveries: Deliveries::new(context).await?,
        held: Arc::new(held(context).await?),
        events: context.documents.watch(QUEUE.name(), None),
        queue: Queue::new(shard.name(), bounds),
        began: Instant::now(),
        current: false,
        recently_gone: RecentlyGone::default(),
        pending: HashMap::new(),
        timetable: Timetable::new(context.notify.waiting),
        beyond: Beyond::default(),
        closed,
    };
    let ended = follower.work().await;
    // Whatever ended the work: what is on its way is on its way, and must not be sent again.
    let finished = follower.finish().await;
    ended.and(finished)
}

/// What is to be sent.
enum Job {
    /// What just came into the queue.
    New(Box<Document>),
    /// What was in the queue before, and may have been tried.
    Told(Box<Document>),
    /// Whatever stands in the queue by then.
    Look,
}

async fn attempt(
    deliveries: Deliveries,
    held: Arc<HashMap<String, u64>>,
    id: WorkKey,
    job: Job,
) -> Result<Delivery> {
    let document = match job {
        Job::New(document) => return deliveries.deliver(*document, &Past::default()).await,
        Job::Told(document) => *document,
        Job::Look => match deliveries.find(&id).await? {
            Some(found) if held.get(&id) != Some(&found.version) => found,
            _ => return Ok(Delivery::Gone),
        },
    };
    let past = deliveries.past(&document).await?;
    let delay = deliveries.until(past.due);
    if !delay.is_zero() {
        return Ok(Delivery::Held { delay });
    }
    deliveries.deliver(document, &past).await
}

/// What is known of a notification that waits or is on its way.
struct Pending {
    /// When it came into the queue.
    written: i64,
    version: Version,
    /// At which tick of the timetable it stands, unless it is in the queue of what is in hand.
    tick: Option<DueTick>,
}

impl Pending {
    /// What is in the queue, and not in the timetable.
    fn of(document: &Document) -> Self {
        Self {
            written: document.written,
            version: document.version,
            tick: None,
        }
    }
}

struct QueueFollower<'a> {
    context: &'a Context,
    shard: Shard,
    deliveries: Deliveries,
    /// Parked without having been moved: the id and the state that is left alone.
    held: Arc<HashMap<String, u64>>,
    events: EventStream,
    queue: Queue<Job, Result<Delivery>>,
    /// When this run began: what is due since then comes before every other try.
    began: Instant,
    /// All that was in the queue has been told; what comes from now on is new.
    current: bool,
    /// What is done with may be told as it was before, and is looked at once more before it is sent.
    recently_gone: RecentlyGone,
    /// What was taken in, by the digests of the ids.
    pending: HashMap<u64, Pending>,
    /// What waits for another try. An entry counts if `pending` has it at that tick.
    timetable: Timetable,
    /// What waits and does not fit there.
    beyond: Beyond,
    closed: &'a ClosedService,
}

impl QueueFollower<'_> {
    async fn work(&mut self) -> Result<()> {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.tick().await;
        let mut counts = tokio::time::interval(COUNT_EVERY);
        loop {
            self.report();
            let listening = self.queue.has_room();
            let wants_more = self.wants_more();
            let due = self.timetable.next_due().filter(|_| wants_more);
            let reading = self.beyond.next_reading();
            tokio::select! {
                // What was heard is begun before more is heard.
                biased;
                () = self.context.stop.cancelled() => return Ok(()),
                (place, outcome) = self.queue.next(|id, job, _| {
                    attempt(self.deliveries.clone(), self.held.clone(), id, job)
                }) => self.land(&place, outcome)?,
                _ = counts.tick() => if let Err(error) = self.count().await {
                    tracing::warn!(%error, "the queue could not be counted");
                },
                _ = looks.tick() => {
                    self.deliveries = self.deliveries.again().await?;
                    self.held = Arc::new(held(self.context).await?);
                }
                event = self.events.next(), if listening => self.hear(event)?,
                () = reached(due) => self.try_again(),
                () = reached(reading) => self.beyond.read(self.context.documents.scan(QUEUE.all())),
                found = self.beyond.next(), if wants_more => self.find(&found?),
            }
        }
    }

    /// Whether what is due should come into the queue: never many more than are tried at once.
    fn wants_more(&self) -> bool {
        self.queue.waiting() < self.context.notify.streams
    }

    fn try_again(&mut self) {
        while self.wants_more()
            && let Some((tick, id)) = self.timetable.pop_due()
        {
            let known = self.pending.get_mut(&digest(&id));
            // Otherwise it was removed, or changed and looked at, meanwhile.
            if let Some(known) = known.filter(|known| known.tick == Some(tick)) {
                known.tick = None;
                self.queue.put(id, Job::Look);
            }
        }
    }

    fn hear(&mut self, event: Option<Result<Event>>) -> Result<()> {
        match event {
            Some(Ok(Event::Put(document))) => self.take(document),
            Some(Ok(Event::Removed(id))) => self.forget(&id),
            Some(Ok(Event::Reset)) => self.current = false,
            Some(Ok(Event::Current(_))) => {
                self.current = true;
                self.recently_gone.age();
            }
            Some(Err(error)) => return Err(error),
            None => return Err(Error::internal("the watch of the queue ended")),
        }
        Ok(())
    }

    /// Whether it is of this part of the queue, and not parked where it stands.
    fn is_ours(&self, document: &Document) -> bool {
        let (id, version) = (&document.id, document.version);
        self.shard.holds(id) && self.held.get(id) != Some(&version)
    }

    fn take(&mut self, document: Document) {
        if !self.is_ours(&document) {
            return;
        }
        let (id, version) = (document.id.clone(), document.version);
        let key = digest(&id);
        // What waits is told again when the whole state is: that is no reason to try it now.
        if self.pending.get(&key).is_some_and(|before| {
            before.version == version && (before.tick.is_some() || self.queue.holds(&id))
        }) {
            return;
        }
        self.pending.insert(key, Pending::of(&document));
        let job = if self.queue.is_in_flight(&id) || self.recently_gone.holds(key) {
            Job::Look
        } else if self.current {
            Job::New(Box::new(document))
        } else {
            Job::Told(Box::new(document))
        };
        self.queue.put_at(id, self.began, job);
    }

    /// The queue has this, which may be among what was left to the store.
    fn find(&mut self, document: &Document) {
        let (id, key) = (&document.id, digest(&document.id));
        let is_known = self.pending.contains_key(&key) || self.queue.holds(id);
        if is_known || !self.is_ours(document) {
            return;
        }
        self.pending.insert(key, Pending::of(document));
        // What is read is older than what was heard.
        self.queue.put(id.clone(), Job::Look);
    }

    /// Notes that this one is to be tried again after a delay.
    fn wait(&mut self, id: &str, delay: Duration) {
        let tick = self.timetable.put(id, delay);
        if let Some(known) = self.pending.get_mut(&digest(id)) {
            known.tick = Some(tick);
        }
        while let Some((tick, id)) = self.timetable.pop_beyond() {
            let key = digest(&id);
            let known = self.pending.get(&key);
            // Otherwise it does not wait there any more.
            if let Some(known) = known.filter(|known| known.tick == Some(tick)) {
                self.beyond.leave(known.written, self.timetable.due(tick));
                self.pending.remove(&key);
            }
        }
    }

    /// Somebody took it out of the queue; perhaps we did.
    fn forget(&mut self, id: &str) {
        if !self.queue.is_in_flight(id) {
            self.queue.cancel(id);
            self.pending.remove(&digest(id));
        }
    }

    fn land(&mut self, place: &QueuePlace, outcome: Result<Delivery>) -> Result<()> {
        match outcome? {
            // What came under its id meanwhile waits for nothing.
            Delivery::Later { .. } | Delivery::Held { .. } if place.again => {}
            Delivery::Later { delay, .. } | Delivery::Held { delay } => {
                self.wait(&place.key, delay);
            }
            Delivery::Gone | Delivery::Acknowledged(_) => {
                let key = digest(&place.key);
                // Otherwise a notification of the same id came while this one was sent.
                if !place.again {
                    self.pending.remove(&key);
                }
                self.recently_gone.add(key);
            }
        }
        Ok(())
    }

    /// Waits for what is on its way; the first failure is told when all have ended.
    async fn finish(mut self) -> Result<()> {
        let mut outcome = Ok(());
        for (place, ended) in self.queue.drain(DRAIN).await {
            outcome = outcome.and(self.land(&place, ended));
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
        let oldest = self.pending.values().map(|of| of.written);
        let oldest = oldest.chain(self.beyond.oldest()).min();
        let oldest = oldest.map_or(0, |oldest| now - oldest);
        let seconds = u32::try_from(oldest / 1000).unwrap_or(0);
        let shard = self.shard.number.to_string();
        metrics::gauge!("tok_notifications_oldest_seconds", "shard" => shard)
            .set(f64::from(seconds));
        Ok(())
    }

    fn report(&self) {
        self.deliveries.note_closed(self.closed);
        let shard = self.shard.number.to_string();
        let gauge = |name: &'static str, value: usize| {
            let value = u32::try_from(value).unwrap_or(u32::MAX);
            metrics::gauge!(name, "shard" => shard.clone()).set(f64::from(value));
        };
        gauge("tok_notifications_in_hand", self.queue.in_flight());
        let waiting = self.pending.len().saturating_sub(self.queue.in_flight());
        gauge("tok_notifications_waiting", waiting + self.beyond.count());
    }
}
