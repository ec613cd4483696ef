//! Those who ask for what is not there. A look into the store costs money, so a miss is charged before
//! it, and given back to whoever asked for what there is: however many ask at the same time, the store is
//! asked no more often than is allowed.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::address::ClientAddress;
use crate::error::{Error, Kind, Result};
use crate::model::Rate;

/// Addresses that are remembered at the same time; the rest count as one.
const MOST_ADDRESSES: usize = 65_536;
/// As what the rest counts, which nobody has.
const THE_REST: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
/// How often those are forgotten whose bucket is full again, when there are many.
const TIDY_EVERY: Duration = Duration::from_secs(1);

/// A bucket for each, out of which what was taken can be given back.
pub(super) struct RefundBuckets<K> {
    rate: Rate,
    most: usize,
    state: Mutex<RefundStates<K>>,
}

struct RefundStates<K> {
    /// When each is full again; those that are not here are full.
    full_at: HashMap<K, Instant>,
    tidied: Instant,
}

impl<K: Hash + Eq + Copy> RefundBuckets<K> {
    /// Buckets that hold as much as the rate lets through in its time, for `most` at the same time.
    pub(super) fn new(rate: Rate, most: usize) -> Self {
        Self {
            rate,
            most,
            state: Mutex::new(RefundStates {
                full_at: HashMap::new(),
                tidied: Instant::now(),
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, RefundStates<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one of `key`; else says how long it takes until there is one. Beyond as many as are
    /// remembered, all are `rest`.
    pub(super) fn take(&self, key: K, rest: K) -> std::result::Result<K, Duration> {
        let now = Instant::now();
        let mut state = self.state();
        if state.full_at.len() >= self.most && now.duration_since(state.tidied) >= TIDY_EVERY {
            state.full_at.retain(|_, full_at| *full_at > now);
            state.tidied = now;
        }
        let is_strange = state.full_at.len() >= self.most && !state.full_at.contains_key(&key);
        let key = if is_strange { rest } else { key };
        let before = state.full_at.get(&key).map_or(now, |at| (*at).max(now));
        let after = before + self.rate.per.0 / self.rate.calls.get();
        let wait = (after - now).saturating_sub(self.rate.per.0);
        if !wait.is_zero() {
            return Err(wait);
        }
        state.full_at.insert(key, after);
        Ok(key)
    }

    /// Gives one back that was taken of `key`.
    pub(super) fn give_back(&self, key: K) {
        let each = self.rate.per.0 / self.rate.calls.get();
        let mut state = self.state();
        if let Some(full_at) = state.full_at.get_mut(&key) {
            *full_at = full_at.checked_sub(each).unwrap_or(*full_at);
            if *full_at <= Instant::now() {
                state.full_at.remove(&key);
            }
        }
    }
}

/// What a look found, for whoever counts those that find nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LookOutcome {
    /// What was asked for.
    It,
    /// Something that is not for whoever asked: they are told no more than of what is not there.
    Hidden,
    /// Nothing.
    Nothing,
    /// Nobody can say, as the look failed: whoever asked is not charged for that.
    Unknown,
}

impl LookOutcome {
    /// What an outcome says of itself.
    pub(super) fn of<T>(outcome: &Result<T>) -> Self {
        match outcome.as_ref().map_err(Error::kind) {
            Ok(_) => Self::It,
            Err(Kind::NotFound) => Self::Nothing,
            Err(Kind::Unauthenticated | Kind::Forbidden) => Self::Hidden,
            Err(_) => Self::Unknown,
        }
    }
}

/// Addresses share so many queues of those who are about to look.
const QUEUES: u64 = 256;

/// Who looks for what may not be there waits for a turn, of which there are fewer than misses: so those
/// who come at the same time do not use up each other's misses with looks that find something.
struct LookTurns(Vec<Semaphore>);

impl LookTurns {
    fn new(rate: Rate, queues: u64) -> Self {
        let turns = usize::try_from(rate.calls.get() / 2).unwrap_or(usize::MAX);
        let turns = turns.clamp(1, Semaphore::MAX_PERMITS);
        Self((0..queues).map(|_| Semaphore::new(turns)).collect())
    }

    async fn take(&self, key: impl Hash) -> Option<SemaphorePermit<'_>> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let queue = hasher.finish() % self.0.len() as u64;
        let turns = self.0.get(usize::try_from(queue).ok()?)?;
        // They are never closed.
        turns.acquire().await.ok()
    }
}

/// How often each address may miss.
pub(super) struct Misses {
    addresses: Option<(RefundBuckets<IpAddr>, LookTurns)>,
    /// What is too much, in words.
    what: &'static str,
}

impl Misses {
    /// `what` was too much, in words.
    pub(super) fn new(rate: Option<Rate>, what: &'static str) -> Self {
        Self {
            addresses: rate.map(|rate| {
                let buckets = RefundBuckets::new(rate, MOST_ADDRESSES);
                (buckets, LookTurns::new(rate, QUEUES))
            }),
            what,
        }
    }

    fn take(&self, address: IpAddr) -> Result<Option<IpAddr>> {
        let Some((addresses, _)) = &self.addresses else {
            return Ok(None);
        };
        let taken = addresses.take(address, THE_REST);
        taken.map(Some).map_err(|wait| too_many(self.what, wait))
    }

    fn give_back(&self, taken: Option<IpAddr>) {
        if let (Some((addresses, _)), Some(address)) = (&self.addresses, taken) {
            addresses.give_back(address);
        }
    }

    /// Does what looks something up, for somebody who has not missed too often. `told` says what was
    /// found. What is `known` to be there is no miss, and costs only those who missed too often.
    pub(super) async fn guard<T>(
        &self,
        client: Option<ClientAddress>,
        known: impl Fn() -> bool,
        look: impl Future<Output = Result<T>>,
        told: impl FnOnce(&Result<T>) -> LookOutcome,
    ) -> Result<T> {
        let Some(client) = client else {
            return look.await;
        };
        let address = client.network().address;
        let (mut taken, mut _turn) = (None, None);
        // One who stands for many must not shut all of them out.
        if !client.is_proxy {
            if let Some((_, turns)) = self.addresses.as_ref().filter(|_| !known()) {
                _turn = turns.take(address).await;
            }
            taken = self.take(address)?;
            if known() {
                self.give_back(taken.take());
            }
        }
        // Whoever hangs up meanwhile has had their look all the same.
        let outcome = look.await;
        if matches!(told(&outcome), LookOutcome::It | LookOutcome::Unknown) {
            self.give_back(taken);
        } else if taken.is_none() {
            self.take(address)?;
        }
        outcome
    }
}

fn too_many(what: &str, wait: Duration) -> Error {
    let what = format!("{what}; try again later");
    Error::new(Kind::RateLimited, what).retry_after(Some(wait))
}

/// Rooms that one address may look for, there or not: a lecture hall comes in at the same time.
const LOOKS: Rate = Rate::new(2000, 60);
/// Rooms that are not there and all strangers together may ask for,
const ALL_MISSES: Rate = Rate::new(1000, 10);
/// How long a room that was there counts as known: whoever sits in it may come back into it,
const KNOWN_FOR: Duration = Duration::from_hours(24);
/// and how many are known at the same time.
const MOST_KNOWN: usize = 16_384;

/// Looks for rooms that anybody may ask for.
pub(super) struct RoomLooks {
    /// Those of each address that found nothing,
    misses: Misses,
    /// all of them,
    looks: Option<RefundBuckets<IpAddr>>,
    /// and what found nothing, whoever looked.
    total: Option<(RefundBuckets<()>, LookTurns)>,
    /// Rooms that were there lately, since when: storms do not keep anybody out of them.
    known: Mutex<HashMap<String, Instant>>,
}

impl RoomLooks {
    /// With so many misses for each address; `limited` says whether there are limits to all else.
    pub(super) fn new(misses: Option<Rate>, limited: bool) -> Self {
        let total = misses.map(|_| ALL_MISSES);
        Self::within(misses, limited.then_some(LOOKS), total)
    }

    fn within(misses: Option<Rate>, looks: Option<Rate>, total: Option<Rate>) -> Self {
        let what = "too many rooms were asked for that are not there";
        Self {
            misses: Misses::new(misses, what),
            looks: looks.map(|rate| RefundBuckets::new(rate, MOST_ADDRESSES)),
            total: total.map(|rate| (RefundBuckets::new(rate, 1), LookTurns::new(rate, 1))),
            known: Mutex::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_known(&self, room: &str) -> bool {
        let lately = |since: &Instant| since.elapsed() < KNOWN_FOR;
        self.known().get(room).is_some_and(lately)
    }

    /// Remembers what a look says of a room. One that failed says nothing: while the store is away, names
    /// that anybody invents would take the places of rooms that are there.
    fn note(&self, room: &str, found: LookOutcome) {
        if found == LookOutcome::Unknown {
            return;
        }
        let mut known = self.known();
        if found == LookOutcome::Nothing {
            known.remove(room);
            return;
        }
        if known.len() >= MOST_KNOWN && !known.contains_key(room) {
            known.retain(|_, since| since.elapsed() < KNOWN_FOR);
        }
        if known.len() < MOST_KNOWN || known.contains_key(room) {
            known.insert(room.to_owned(), Instant::now());
        }
    }

    /// Whether an address may look for anything.
    pub(super) fn check(&self, client: Option<ClientAddress>) -> Result<()> {
        let (Some(looks), Some(client)) = (&self.looks, client.filter(|client| !client.is_proxy))
        else {
            return Ok(());
        };
        let taken = looks.take(client.network().address, THE_REST);
        let what = "your address asked for too many rooms";
        taken.map(drop).map_err(|wait| too_many(what, wait))
    }

    /// Looks for a room, for somebody who has not missed too often. When all strangers together did,
    /// only for what is known to be there, and for whoever is `vouched` for.
    pub(super) async fn guard<T>(
        &self,
        client: Option<ClientAddress>,
        room: &str,
        vouched: impl Future<Output = bool>,
        look: impl Future<Output = Result<T>>,
        told: impl Fn(&Result<T>) -> LookOutcome,
    ) -> Result<T> {
        let known = || self.is_known(room);
        let looking = async {
            let (mut taken, mut _turn) = (false, None);
            let counts = |_: &&_| !known() && client.is_some();
            if let Some((_, turns)) = self.total.as_ref().filter(counts) {
                _turn = turns.take(()).await;
            }
            if let Some((total, _)) = self.total.as_ref().filter(counts) {
                match total.take((), ()) {
                    Ok(()) => taken = true,
                    Err(wait) if !vouched.await => {
                        let what = "many rooms are asked for that are not there";
                        return Err(too_many(what, wait));
                    }
                    Err(_) => {}
                }
            }
            let outcome = look.await;
            let found = told(&outcome);
            if taken && found != LookOutcome::Nothing {
                self.give_back();
            }
            self.note(room, found);
            outcome
        };
        self.misses.guard(client, known, looking, &told).await
    }

    fn give_back(&self) {
        if let Some((total, _)) = &self.total {
            total.give_back(());
        }
    }
}

#[cfg(test)]
mod tests;
