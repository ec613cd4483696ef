//! Whatever is put, fails, is cancelled or cut off, in whatever order: what must be so at each step.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

use super::*;
use crate::model::backoff::Backoff;

const BOUNDS: Bounds = Bounds {
    at_once: 3,
    most: 6,
};
const KEYS: u64 = 12;
const STEPS: u32 = 4_000;
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(2));

/// Splitmix64, so that a seed tells the story again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }

    fn time(&mut self, below: u64) -> Duration {
        Duration::from_millis(self.below(below))
    }
}

/// A state of a key, counted up.
type State = u64;

/// How a try of a state ended, and when.
struct Done {
    state: State,
    failed: bool,
    at: Instant,
}

/// What must be so of a key that is in the queue.
struct Known {
    since: Instant,
    failures: u32,
    waiting: Option<(Instant, State)>,
    /// The state, and how often it had failed.
    flying: Option<(State, u32)>,
}

/// As long as it lives, work on a key is in flight.
struct Flight(WorkKey, Arc<Mutex<HashSet<WorkKey>>>);

impl Flight {
    fn begin(key: WorkKey, all: &Arc<Mutex<HashSet<WorkKey>>>) -> Self {
        let alone = all.lock().expect("a lock").insert(key.clone());
        assert!(alone, "{key} is in flight twice at once");
        Self(key, all.clone())
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.1.lock().expect("a lock").remove(&self.0);
    }
}

/// What came of it, to know that the story was worth telling.
#[derive(Default)]
struct Tally {
    ended: u32,
    failed: u32,
    again: u32,
    cut: u32,
    full: u32,
    cancelled: u32,
}

/// Everything that the queue must agree with.
struct World {
    chance: Chance,
    states: State,
    keys: BTreeMap<WorkKey, Known>,
    /// The last state of each key that was put and not taken back, and the last that was done.
    wanted: BTreeMap<WorkKey, State>,
    done: BTreeMap<WorkKey, State>,
    flights: Arc<Mutex<HashSet<WorkKey>>>,
    tally: Tally,
}

type Things = Queue<State, Done>;

impl World {
    fn of(seed: u64) -> Self {
        Self {
            chance: Chance(seed),
            states: 0,
            keys: BTreeMap::new(),
            wanted: BTreeMap::new(),
            done: BTreeMap::new(),
            flights: Arc::default(),
            tally: Tally::default(),
        }
    }

    fn key(&mut self) -> WorkKey {
        format!("k{}", self.chance.below(KEYS))
    }

    fn flying(&self) -> usize {
        let flying = self.keys.values().filter(|known| known.flying.is_some());
        flying.count()
    }

    /// When each key is due that could be begun.
    fn dues(&self) -> impl Iterator<Item = Instant> {
        let ready = self.keys.values().filter(|known| known.flying.is_none());
        ready.filter_map(|known| known.waiting.map(|(due, _)| due))
    }

    async fn step(&mut self, queue: &mut Things) {
        match self.chance.below(100) {
            0..45 => self.put(queue),
            45..55 => self.cancel(queue),
            55..99 => self.turn(queue).await,
            _ => self.drain(queue).await,
        }
        self.check(queue);
    }

    /// A new state of some key, as long as there is room.
    fn put(&mut self, queue: &mut Things) {
        let key = self.key();
        let delay = match self.chance.below(3) {
            0 => self.chance.time(5_000),
            _ => Duration::ZERO,
        };
        if !queue.has_room() {
            self.tally.full += 1;
            return;
        }
        self.states += 1;
        self.wanted.insert(key.clone(), self.states);
        self.put_state(queue, key, delay, self.states);
    }

    fn put_state(&mut self, queue: &mut Things, key: WorkKey, delay: Duration, state: State) {
        let now = Instant::now();
        queue.put_at(key.clone(), now + delay, state);
        let known = self.keys.entry(key).or_insert(Known {
            since: now,
            failures: 0,
            waiting: None,
            flying: None,
        });
        known.waiting = Some((now + delay, state));
    }

    /// What waits is wanted no more; what is in flight goes on.
    fn cancel(&mut self, queue: &mut Things) {
        let key = self.key();
        queue.cancel(&key);
        let Some(known) = self.keys.get_mut(&key) else {
            return;
        };
        if known.waiting.take().is_none() {
            return;
        }
        self.tally.cancelled += 1;
        let left = known.flying.map(|(state, _)| state);
        match left.or(self.done.get(&key).copied()) {
            Some(state) => self.wanted.insert(key.clone(), state),
            None => self.wanted.remove(&key),
        };
        if left.is_none() {
            self.keys.remove(&key);
        }
    }

    /// Works for a while.
    async fn turn(&mut self, queue: &mut Things) {
        let limit = self.chance.time(800);
        let ended = tokio::time::timeout(
            limit,
            queue.next(|key, state, failures| self.begin(key, state, failures)),
        );
        if let Ok((place, done)) = ended.await {
            self.land(queue, place, &done);
            return;
        }
        let now = Instant::now();
        let missed = self.dues().any(|due| due <= now);
        assert!(!missed || self.flying() == BOUNDS.at_once, "left lying");
    }

    fn begin(
        &mut self,
        key: WorkKey,
        state: State,
        failures: u32,
    ) -> impl Future<Output = Done> + Send + 'static + use<> {
        let now = Instant::now();
        assert!(self.flying() < BOUNDS.at_once, "too many at once");
        let first = self.dues().min();
        let known = self.keys.get_mut(&key).expect("nobody put it");
        let (due, last) = known.waiting.take().expect("nothing waits");
        assert_eq!((known.flying, known.failures), (None, failures));
        assert_eq!(
            (state, Some(due)),
            (last, first),
            "the last state of the first that is due"
        );
        assert!(due <= now, "before it is due");
        known.failures = 0;
        known.flying = Some((state, failures));
        let (takes, failed) = (self.chance.time(1_500), self.chance.below(3) == 0);
        let flight = Flight::begin(key, &self.flights);
        async move {
            let _flight = flight;
            tokio::time::sleep(takes).await;
            let at = Instant::now();
            Done { state, failed, at }
        }
    }

    fn land(&mut self, queue: &mut Things, place: QueuePlace, done: &Done) {
        let key = place.key.clone();
        let known = self.keys.get_mut(&key).expect("known");
        assert_eq!(known.flying.take(), Some((done.state, place.failures)));
        assert_eq!(known.since, place.since);
        let again = known.waiting.is_some_and(|(due, _)| due <= done.at);
        assert_eq!(place.again, again);
        self.tally.ended += 1;
        self.tally.again += u32::from(again);
        self.tally.failed += u32::from(done.failed);
        if done.failed {
            let state = known.waiting.map_or(done.state, |(_, newer)| newer);
            let delay = BACKOFF.delay(place.failures + 1, None);
            known.failures = place.failures + 1;
            known.waiting = Some((Instant::now() + delay, state));
            queue.retry(place, delay, state);
            return;
        }
        self.done.insert(key.clone(), done.state);
        self.left(&key, done.at);
    }

    /// Work on a key ended for good: what still waits counts from then.
    fn left(&mut self, key: &str, at: Instant) {
        if let Some(known) = self.keys.get_mut(key) {
            known.flying = None;
            known.since = at;
            if known.waiting.is_none() {
                self.keys.remove(key);
            }
        }
    }

    /// As at the end of a loop; then it begins anew, and is told again of what was cut off.
    async fn drain(&mut self, queue: &mut Things) {
        let limit = self.chance.time(1_500);
        let before = Instant::now();
        let ended = queue.drain(limit).await;
        assert!(before.elapsed() <= limit);
        assert_eq!(self.flights.lock().expect("a lock").len(), 0);
        for (place, done) in ended {
            self.land(queue, place, &done);
        }
        let flying = |(key, known): (&WorkKey, &Known)| Some((key.clone(), known.flying?.0));
        let cut: Vec<(WorkKey, State)> = self.keys.iter().filter_map(flying).collect();
        for (key, state) in cut {
            self.tally.cut += 1;
            self.left(&key, Instant::now());
            if !self.keys.contains_key(&key) {
                self.put_state(queue, key, Duration::ZERO, state);
            }
        }
    }

    fn check(&self, queue: &Things) {
        let in_flight: HashSet<WorkKey> = queue.keys_in_flight().map(str::to_owned).collect();
        assert_eq!(in_flight, *self.flights.lock().expect("a lock"));
        assert_eq!(in_flight.len(), queue.in_flight());
        assert!(in_flight.len() <= BOUNDS.at_once);
        for (key, known) in &self.keys {
            assert!(queue.holds(key));
            assert_eq!(queue.is_in_flight(key), known.flying.is_some());
        }
        let hands = in_flight.len() < BOUNDS.at_once;
        assert_eq!(queue.has_room(), hands && queue.waiting() < BOUNDS.most);
        assert_eq!(queue.pending(), self.keys.len());
        assert_eq!(queue.waiting(), self.dues().count());
        // Whoever puts only what there is room for never fills it further, whatever fails.
        assert!(queue.pending() <= BOUNDS.most + BOUNDS.at_once);
        let oldest = self.keys.values().map(|known| known.since.elapsed()).max();
        assert_eq!(queue.oldest(), oldest.unwrap_or_default());
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_and_nothing_is_done_twice_at_once() {
    for seed in 0..8 {
        let mut world = World::of(seed);
        let mut queue = Things::new("things", BOUNDS);
        for _ in 0..STEPS {
            world.step(&mut queue).await;
        }
        for _ in 0..STEPS {
            world.turn(&mut queue).await;
            world.check(&queue);
        }
        assert_eq!(queue.pending(), 0, "seed {seed}");
        assert_eq!(world.done, world.wanted, "seed {seed}");
        let tally = &world.tally;
        let seen = [
            tally.failed,
            tally.again,
            tally.cut,
            tally.full,
            tally.cancelled,
        ];
        assert!(
            tally.ended > 500 && seen.iter().all(|times| *times > 10),
            "{seen:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn however_much_comes_meanwhile_it_is_done_once_more() {
    let mut queue: Queue<u32, u32> = Queue::new("things", BOUNDS);
    let mut seen = Vec::new();
    queue.put("a".to_owned(), 1);
    for half_second in 1..=10 {
        let work = |_, job, _| async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            job
        };
        let limit = Duration::from_millis(500);
        if let Ok((place, job)) = tokio::time::timeout(limit, queue.next(work)).await {
            seen.push((job, place.again));
        }
        if half_second == 1 {
            (2..10).for_each(|job| queue.put("a".to_owned(), job));
        }
    }
    assert_eq!((seen, queue.pending()), (vec![(1, true), (9, false)], 0));
}

#[tokio::test(start_paused = true)]
async fn whoever_drains_waits_for_what_ends_in_time() {
    for (limit, expected) in [(900, 0), (1100, 1)] {
        let mut queue: Queue<(), ()> = Queue::new("things", BOUNDS);
        queue.put("a".to_owned(), ());
        let work = |_, (), _| tokio::time::sleep(Duration::from_secs(1));
        assert!(queue.next(work).now_or_never().is_none(), "it has begun");
        let ended = queue.drain(Duration::from_millis(limit)).await;
        assert_eq!((ended.len(), queue.pending()), (expected, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_queue_tells_how_much_it_holds_and_how_old_it_is() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let told = |line: &str| {
        let metrics = recorder.handle().render();
        assert!(
            metrics.lines().any(|told| told == line),
            "{line} is not in:\n{metrics}"
        );
    };
    let mut queue: Queue<(), ()> = Queue::new("things", BOUNDS);
    queue.put("a".to_owned(), ());
    tokio::time::advance(Duration::from_secs(3)).await;
    let later = Instant::now() + Duration::from_mins(1);
    queue.put_at("b".to_owned(), later, ());
    metrics::with_local_recorder(&recorder, || {
        let ended = queue.next(|_, (), _| std::future::pending()).now_or_never();
        assert!(ended.is_none());
        told("tok_queue_pending{queue=\"things\"} 2");
        told("tok_queue_oldest_seconds{queue=\"things\"} 3");
        drop(queue);
        told("tok_queue_pending{queue=\"things\"} 0");
        told("tok_queue_oldest_seconds{queue=\"things\"} 0");
    });
}
