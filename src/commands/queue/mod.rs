//! Work by key, for loops that follow something: what is to be done, when at the earliest, and
//! what is in flight.
//!
//! * Of one key at most one piece of work is in flight.
//! * Of one key at most one piece of work waits, the last that was put. What is put while the key
//!   is in flight waits for its end, and is done then.
//! * Nothing is begun before it is due, nor more at once than [`Bounds::at_once`]; what is due
//!   longest is begun first.
//! * Whoever fills the queue asks [`Queue::has_room`] first; what is there already is never refused.
//!
//! A key that waits costs its own length once, and little beside it, so that many may wait.
//!
//! The queue is memory only: whatever has to outlast the process stands in the store, and a loop
//! that begins anew is told of it again.

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use metrics::SharedString;
use tokio::time::Instant;

/// What work is about.
pub type WorkKey = String;

/// How long a loop that ends waits for what is in flight: longer than a call takes that gets its
/// answer, shorter than a service may ask to be left alone.
pub const DRAIN: Duration = Duration::from_mins(1);

/// How much a queue takes on.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// In flight at the same time.
    pub at_once: usize,
    /// Waiting before nothing further should be put.
    pub most: usize,
}

/// The place in the queue of work that has ended. Unless it is handed to [`Queue::retry`], the key is done
/// with.
#[derive(Debug)]
pub struct QueuePlace {
    /// What it was about.
    pub key: WorkKey,
    /// How often in a row it had failed before.
    pub failures: u32,
    /// Something was put meanwhile and is due.
    pub again: bool,
    since: Instant,
}

/// What is known of a key.
struct Queued<J> {
    /// When it came into the queue.
    since: Instant,
    failures: u32,
    in_flight: bool,
    waiting: Option<(Instant, J)>,
}

/// The queue; the module's documentation tells its rules.
pub struct Queue<J, O> {
    name: SharedString,
    bounds: Bounds,
    entries: HashMap<Arc<str>, Queued<J>>,
    /// When each key is due that waits and is not in flight.
    dues: BTreeSet<(Instant, Arc<str>)>,
    /// When each key came.
    ages: BTreeSet<(Instant, Arc<str>)>,
    flying: FuturesUnordered<BoxFuture<'static, (QueuePlace, O)>>,
}

impl<J, O> Queue<J, O> {
    /// An empty queue; the name is its label in metrics.
    pub fn new(name: impl Into<SharedString>, bounds: Bounds) -> Self {
        Self {
            name: name.into(),
            bounds,
            entries: HashMap::new(),
            dues: BTreeSet::new(),
            ages: BTreeSet::new(),
            flying: FuturesUnordered::new(),
        }
    }

    /// Puts work that is due at once, in place of what waits for this key.
    pub fn put(&mut self, key: WorkKey, job: J) {
        self.put_at(key, Instant::now(), job);
    }

    /// Puts work that is due then, in place of what waits for this key.
    pub fn put_at(&mut self, key: WorkKey, due: Instant, job: J) {
        let known = self.entries.get_key_value(key.as_str());
        let key = match known {
            Some((known, _)) => known.clone(),
            None => Arc::from(key),
        };
        self.put_shared(key, due, job);
    }

    /// The one copy of a key.
    fn shared(&self, key: &str) -> Arc<str> {
        let known = self.entries.get_key_value(key);
        known.map_or_else(|| Arc::from(key), |(key, _)| key.clone())
    }

    fn put_shared(&mut self, key: Arc<str>, due: Instant, job: J) {
        let entry = self.entries.entry(key.clone()).or_insert_with(|| {
            let since = Instant::now();
            self.ages.insert((since, key.clone()));
            Queued {
                since,
                failures: 0,
                in_flight: false,
                waiting: None,
            }
        });
        let before = entry.waiting.replace((due, job));
        if entry.in_flight {
            return;
        }
        if let Some((before, _)) = before {
            self.dues.remove(&(before, key.clone()));
        }
        self.dues.insert((due, key));
    }

    /// Puts work that failed once more, due after a delay, in place of what waits for its key: that
    /// would fail as well.
    pub fn retry(&mut self, place: QueuePlace, delay: Duration, job: J) {
        let QueuePlace {
            key,
            failures,
            since,
            ..
        } = place;
        let key = self.shared(&key);
        self.put_shared(key.clone(), Instant::now() + delay, job);
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.failures = failures.saturating_add(1);
            // It is as old as it was.
            let now = std::mem::replace(&mut entry.since, since);
            self.ages.remove(&(now, key.clone()));
            self.ages.insert((since, key));
        }
    }

    /// Drops what waits for this key. What is in flight is not touched.
    pub fn cancel(&mut self, key: &str) {
        let Some(entry) = self.entries.get_mut(key) else {
            return;
        };
        let waited = entry.waiting.take();
        if entry.in_flight {
            return;
        }
        if let Some((due, _)) = waited {
            self.dues.remove(&(due, Arc::from(key)));
        }
        self.forget(key);
    }

    /// Whether further work should be put: what is here keeps neither all hands busy nor all places.
    pub fn has_room(&self) -> bool {
        self.flying.len() < self.bounds.at_once && self.dues.len() < self.bounds.most
    }

    /// Whether work on this key waits or is in flight.
    pub fn holds(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Whether work on this key is in flight.
    pub fn is_in_flight(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|entry| entry.in_flight)
    }

    /// The keys in flight.
    fn keys_in_flight(&self) -> impl Iterator<Item = &str> {
        let in_flight = self.entries.iter().filter(|(_, entry)| entry.in_flight);
        in_flight.map(|(key, _)| &**key)
    }

    /// How many keys are in flight.
    pub fn in_flight(&self) -> usize {
        self.flying.len()
    }

    /// How many keys wait, due or not, but for those in flight.
    pub fn waiting(&self) -> usize {
        self.dues.len()
    }

    /// How many keys wait or are in flight.
    pub fn pending(&self) -> usize {
        self.entries.len()
    }

    /// How long the key that is here longest has been.
    pub fn oldest(&self) -> Duration {
        let first = self.ages.first();
        first.map_or(Duration::ZERO, |(since, _)| since.elapsed())
    }

    fn forget(&mut self, key: &str) {
        if let Some((key, entry)) = self.entries.remove_entry(key) {
            self.ages.remove(&(entry.since, key));
        }
    }

    fn report(&self) {
        let pending = u32::try_from(self.pending()).unwrap_or(u32::MAX);
        self.gauge("tok_queue_pending", f64::from(pending));
        self.gauge("tok_queue_oldest_seconds", self.oldest().as_secs_f64());
    }

    fn gauge(&self, metric: &'static str, value: f64) {
        metrics::gauge!(metric, "queue" => self.name.clone()).set(value);
    }
}

impl<J, O: Send + 'static> Queue<J, O> {
    /// Begins whatever is due, by `start`, which is told the key, the work and how often in a row it
    /// failed; gives back the first that ends. Nothing is lost when this is dropped while it waits.
    pub async fn next<F>(&mut self, mut start: impl FnMut(WorkKey, J, u32) -> F) -> (QueuePlace, O)
    where
        F: Future<Output = O> + Send + 'static,
    {
        loop {
            self.begin(&mut start);
            self.report();
            let hands = self.flying.len() < self.bounds.at_once;
            let due = self.dues.first().filter(|_| hands).map(|(due, _)| *due);
            tokio::select! {
                biased;
                Some((place, outcome)) = self.flying.next() => return self.land(place, outcome),
                () = reached(due) => {}
            }
        }
    }

    /// Begins nothing more and waits for what is in flight, but no longer than `limit`; what has not
    /// ended by then is cut off.
    pub async fn drain(&mut self, limit: Duration) -> Vec<(QueuePlace, O)> {
        let end = Instant::now() + limit;
        let mut ended = Vec::new();
        while let Ok(Some((place, outcome))) =
            tokio::time::timeout_at(end, self.flying.next()).await
        {
            ended.push(self.land(place, outcome));
        }
        self.flying.clear();
        let cut: Vec<WorkKey> = self.keys_in_flight().map(str::to_owned).collect();
        if !cut.is_empty() {
            tracing::warn!(queue = %self.name, ?limit, ?cut, "work in flight was cut off");
        }
        for key in cut {
            self.free(&key);
        }
        ended
    }

    fn begin<F>(&mut self, start: &mut impl FnMut(WorkKey, J, u32) -> F)
    where
        F: Future<Output = O> + Send + 'static,
    {
        let now = Instant::now();
        while self.flying.len() < self.bounds.at_once
            && self.dues.first().is_some_and(|(due, _)| *due <= now)
            && let Some((_, key)) = self.dues.pop_first()
            && let Some(entry) = self.entries.get_mut(&key)
            && let Some((_, job)) = entry.waiting.take()
        {
            entry.in_flight = true;
            let place = QueuePlace {
                key: key.to_string(),
                failures: std::mem::take(&mut entry.failures),
                again: false,
                since: entry.since,
            };
            let work = start(place.key.clone(), job, place.failures);
            self.flying
                .push(work.map(|outcome| (place, outcome)).boxed());
        }
    }

    fn land(&mut self, mut place: QueuePlace, outcome: O) -> (QueuePlace, O) {
        place.again = self.free(&place.key);
        (place, outcome)
    }

    /// The key is not in flight any more. Says whether what waits for it is due.
    fn free(&mut self, key: &str) -> bool {
        let Some(entry) = self.entries.get_mut(key) else {
            return false;
        };
        entry.in_flight = false;
        let Some(due) = entry.waiting.as_ref().map(|(due, _)| *due) else {
            self.forget(key);
            return false;
        };
        let now = Instant::now();
        let since = std::mem::replace(&mut entry.since, now);
        let key = self.shared(key);
        self.ages.remove(&(since, key.clone()));
        self.ages.insert((now, key.clone()));
        self.dues.insert((due, key));
        due <= now
    }
}

/// Whoever does the work from here on tells of it; this queue holds nothing.
impl<J, O> Drop for Queue<J, O> {
    fn drop(&mut self) {
        self.gauge("tok_queue_pending", 0.0);
        self.gauge("tok_queue_oldest_seconds", 0.0);
    }
}

/// Ends then, or never.
pub async fn reached(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
