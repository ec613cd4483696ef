//! The nodes among themselves: each gives signs of life, looks for those of the others, and takes
//! the people of nodes that give none out of their rooms.
//!
//! Signs depend on nothing else that a node does. Silence of another counts only over a stretch in
//! which one looked, and gave signs oneself, without a gap: who stood still, or did not get through
//! to the store, cannot say who is dead. And whatever is done about the dead insists, in the same
//! commit, that they gave no sign since.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use tokio::time::{Instant, Interval, MissedTickBehavior};
use tokio_util::task::AbortOnDropHandle;

use super::mailbox::{AGAIN, Dead, DeskJob};
use super::shared::Shared;
use super::state;
use crate::error::{Error, Kind, Result};
use crate::model::{RoomName, random};
use crate::records::documents::{Document, Precondition, Version, Write};
use crate::records::{LEFTOVERS, NODES, NodeSign, PEOPLE, Stored, StoredPerson};

/// Signs of life within the time after which a node counts as dead.
const SIGNS: u32 = 3;
/// Looks for those of the others in the same time; where two are missing is a gap.
const LOOKS: u32 = 6;
/// Rooms out of which the people of a dead node are taken at the same time.
const AT_ONCE: usize = 16;
/// People of a dead node that are read at a time.
const CHUNK: usize = 10_000;

/// What fails for a while is told when it begins, and when it is over.
#[derive(Default)]
struct Trouble(u32);

impl Trouble {
    fn fails(&mut self, what: &'static str, error: &Error) {
        if self.0 == 0 {
            tracing::warn!(%error, "{what} fails; trying again");
        }
        self.0 = self.0.saturating_add(1);
    }

    fn works(&mut self, what: &'static str) {
        if self.0 > 0 {
            tracing::info!(failures = self.0, "{what} works again");
        }
        self.0 = 0;
    }
}

/// What is done every so often. After a delay it is not done several times at once.
fn every(period: Duration) -> Interval {
    let mut ticks = tokio::time::interval(period.max(Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Gives signs of life until the node stops. Nothing else is done here, and no sign is waited for
/// longer than until the next one is due.
pub(super) async fn give_signs(shared: Arc<Shared>) {
    const WHAT: &str = "giving signs of life";
    let pause = shared.settings.heartbeat / SIGNS;
    let mut ticks = every(pause);
    let mut trouble = Trouble::default();
    loop {
        ticks.tick().await;
        if shared.paused.load(Ordering::Relaxed) {
            return;
        }
        let given = tokio::time::timeout(pause, give_sign(&shared)).await;
        let late = |_| Err(Error::new(Kind::Timeout, "the store does not take them"));
        match given.unwrap_or_else(late) {
            Ok(()) => trouble.works(WHAT),
            Err(error) => trouble.fails(WHAT, &error),
        }
    }
}

async fn give_sign(shared: &Shared) -> Result<()> {
    let began = Instant::now();
    let sign = NodeSign {
        at: shared.clock.now(),
        seal: shared.seal.name().map(str::to_owned),
        unknown_proxy: shared.unknown_proxies.lately(),
    };
    let write = NODES.put(shared.node(), &sign)?;
    shared.documents.commit(vec![write]).await?;
    shared.own_signs.beats(began);
    Ok(())
}

/// A last sign: people may come back within the time of one.
pub(super) async fn sign_off(shared: &Shared) {
    if let Err(error) = give_sign(shared).await {
        tracing::warn!(%error, "the last sign of this node is not given");
    }
}

impl Dead {
    /// Insists that it still is, and that this node may say so.
    pub(super) async fn check(&self, shared: &Shared) -> Result<()> {
        let alive = |what: &str| Err(Error::new(Kind::Guard, what));
        if !shared.own_signs.is_steady(shared.settings.heartbeat) {
            return alive("this node gave no sign of life itself");
        }
        match shared.documents.get(NODES.name(), &self.node).await? {
            Some(found) if found.version == self.sign => Ok(()),
            Some(_) => alive("the node gave another sign of life"),
            None => alive("another node did it already"),
        }
    }

    /// What every commit about its people insists on.
    pub(super) fn silence(&self) -> Write {
        NODES.insist(&self.node, self.sign)
    }

    /// Its people are out of their rooms.
    async fn purge(&self, shared: &Shared) -> Result<()> {
        let unchanged = Precondition::Version(self.sign);
        let purged = NODES.delete(&self.node).only_if(unchanged);
        match shared.documents.commit(vec![purged]).await {
            // One that gave a sign meanwhile brings people back who must be looked after.
            Err(error) if error.kind() != Kind::Conflict => Err(error),
            _ => Ok(()),
        }
    }
}

/// A moment by a clock that nobody sets, and by one that goes on while the machine sleeps.
#[derive(Clone, Copy)]
struct ClockReading {
    steady: Instant,
    wall: Timestamp,
}

/// What this node saw of the others' signs.
#[derive(Default)]
struct Signs {
    /// Since when each is the same, by this node's own clock: clocks of different machines cannot be
    /// compared.
    same: HashMap<String, (Version, Instant)>,
    last_look: Option<ClockReading>,
}

impl Signs {
    /// Looks at all signs; returns the nodes that gave none for too long.
    async fn look(&mut self, shared: &Shared) -> Result<Vec<Dead>> {
        let began = Instant::now();
        let mut seen = HashMap::new();
        let mut nodes = shared.documents.scan(NODES.all());
        while let Some(Document { id, version, .. }) = nodes.try_next().await? {
            seen.insert(id, version);
        }
        seen.remove(shared.node());
        let heartbeat = shared.settings.heartbeat;
        let now = ClockReading {
            steady: Instant::now(),
            wall: shared.clock.now(),
        };
        if self.is_gap(now, heartbeat / LOOKS * 2) || !shared.own_signs.is_steady(heartbeat) {
            self.same.clear();
        }
        self.last_look = Some(now);
        Ok(self.compare(seen, began, heartbeat))
    }

    /// Whether this node did not look for longer than `longest` until now.
    fn is_gap(&self, now: ClockReading, longest: Duration) -> bool {
        self.last_look.is_some_and(|last| {
            let wall = now.wall.duration_since(last.wall).unsigned_abs();
            now.steady.duration_since(last.steady) > longest || wall > longest
        })
    }

    /// Notes the signs that a look saw which began then.
    fn compare(
        &mut self,
        seen: HashMap<String, Version>,
        began: Instant,
        heartbeat: Duration,
    ) -> Vec<Dead> {
        let before = std::mem::take(&mut self.same);
        let now = Instant::now();
        let mut dead = Vec::new();
        for (node, sign) in seen {
            let same = before.get(&node).filter(|(of, _)| *of == sign);
            let since = same.map_or(now, |(_, since)| *since);
            if began.saturating_duration_since(since) >= heartbeat {
                let node = node.clone();
                dead.push(Dead { node, sign });
            }
            self.same.insert(node, (sign, since));
        }
        dead
    }
}

/// Looks for nodes that give no signs until this one stops, and has their people taken out.
pub(super) async fn watch_over(shared: Arc<Shared>) {
    const WHAT: &str = "looking at the other nodes";
    let mut looks = every(shared.settings.heartbeat / LOOKS);
    let (mut signs, mut trouble) = (Signs::default(), Trouble::default());
    // They go on while it is looked further, and end with the silence.
    let mut evictions = HashMap::<String, AbortOnDropHandle<()>>::new();
    loop {
        looks.tick().await;
        if shared.paused.load(Ordering::Relaxed) {
            return;
        }
        let dead = match signs.look(&shared).await {
            Ok(dead) => {
                trouble.works(WHAT);
                dead
            }
            Err(error) => {
                trouble.fails(WHAT, &error);
                signs = Signs::default();
                Vec::new()
            }
        };
        evictions.retain(|node, eviction| {
            !eviction.is_finished() && dead.iter().any(|dead| dead.node == *node)
        });
        for dead in dead {
            let (node, shared) = (dead.node.clone(), shared.clone());
            let begin = || AbortOnDropHandle::new(tokio::spawn(evict(shared, dead)));
            evictions.entry(node).or_insert_with(begin);
        }
    }
}

/// Takes the people of a dead node out of their rooms, until they are or it gives a sign.
async fn evict(shared: Arc<Shared>, dead: Dead) {
    let node = dead.node.as_str();
    let mut trouble = Trouble::default();
    loop {
        match evict_all(&shared, &dead).await {
            Ok(rooms) => {
                return tracing::info!(node, rooms, "the people of a dead node are out");
            }
            Err(error) if error.kind() == Kind::Guard => {
                return tracing::info!(node, %error, "no more people of a node are taken out");
            }
            Err(error) => trouble.fails("taking out the people of a dead node", &error),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Returns out of how many rooms they were taken.
async fn evict_all(shared: &Arc<Shared>, dead: &Dead) -> Result<usize> {
    let mut all = 0;
    loop {
        let found = PEOPLE.find(shared.documents.as_ref(), "node", &dead.node, CHUNK);
        let found = found.await?;
        let mut rooms = rooms_of(&found);
        all += rooms.len();
        // Another node that does the same begins elsewhere.
        let [chance] = random::bytes::<1>(shared.random.as_ref());
        let begin = rooms.len() * usize::from(chance) / 256;
        rooms.rotate_left(begin);
        evict_from_all(shared, dead, rooms).await?;
        if found.len() < CHUNK {
            dead.purge(shared).await?;
            return Ok(all);
        }
    }
}

/// The rooms that these people are in.
fn rooms_of(people: &[Stored<StoredPerson>]) -> Vec<RoomName> {
    let rooms = people.iter().map(|found| found.record.room.clone());
    rooms.collect::<BTreeSet<_>>().into_iter().collect()
}

/// One commit for each room, several at a time. One that fails does not stop the others.
async fn evict_from_all(shared: &Arc<Shared>, dead: &Dead, rooms: Vec<RoomName>) -> Result<()> {
    let each = rooms
        .into_iter()
        .map(|room| evict_from(shared.clone(), dead.clone(), room));
    let mut evictions = stream::iter(each).buffer_unordered(AT_ONCE);
    let mut failed = None;
    while let Some(done) = evictions.next().await {
        match done {
            Err(error) if error.kind() == Kind::Guard => return Err(error),
            other => failed = failed.or(other.err()),
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn evict_from(shared: Arc<Shared>, dead: Dead, room: RoomName) -> Result<()> {
    let out = shared.ask(&room, |reply| DeskJob::Evict { dead, reply });
    match out.await {
        // Nobody is in a room that is gone.
        Err(error) if error.kind() != Kind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Finishes cleaning up after rooms that are gone, where it was cut off, until the node stops.
pub(super) async fn purge_leftovers(shared: Arc<Shared>) {
    const WHAT: &str = "cleaning up after rooms that are gone";
    let mut ticks = every(shared.settings.heartbeat / SIGNS);
    let mut trouble = Trouble::default();
    loop {
        ticks.tick().await;
        if shared.paused.load(Ordering::Relaxed) {
            return;
        }
        match purge_pass(&shared).await {
            Ok(()) => trouble.works(WHAT),
            Err(error) => trouble.fails(WHAT, &error),
        }
    }
}

async fn purge_pass(shared: &Shared) -> Result<()> {
    let left = shared.documents.scan(LEFTOVERS.all().limit(100));
    let left: Vec<_> = left.try_collect().await?;
    let mut done = Ok(());
    for document in left {
        let purged = state::purge(shared.documents.as_ref(), &document.id).await;
        done = done.and(purged);
    }
    done
}
