//! Slots: how many there are, how many of them one network may have, and who gives way when all are
//! taken.
//!
//! Whoever has not shown yet that they are more than a stranger holds a slot loosely: when there is
//! none left, the one that was held longest by the network that holds most of them goes to whoever
//! comes. So a flood pushes itself out.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use metrics::{counter, gauge};

use super::address::Network;

/// A bounded number of slots.
pub(super) struct Slots {
    most: usize,
    /// The most for one network.
    share: Share,
    /// How long a slot that is held loosely is safe.
    safe: Duration,
    /// The metric of those that are taken.
    gauge: &'static str,
    taken: Mutex<TakenSlots>,
}

/// How many slots one network may have.
#[derive(Debug, Clone, Copy)]
pub(super) enum Share {
    /// So many, but a proxy that names nobody as many as there are.
    OfCaller(usize),
    /// So many, whoever it is.
    OfAnybody(usize),
}

impl Share {
    fn has_room(self, network: Network, own: usize) -> bool {
        match self {
            Self::OfCaller(most) => network.is_shared_by_all || own < most,
            Self::OfAnybody(most) => own < most,
        }
    }
}

/// Called once, when a slot is taken away.
pub(super) type OnLoss = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct TakenSlots {
    all: usize,
    /// The number of the next one.
    next: u64,
    /// Networks that have some.
    by: HashMap<IpAddr, NetworkSlots>,
    /// How many each network holds loosely.
    loose: BTreeSet<(usize, IpAddr)>,
}

#[derive(Default)]
struct NetworkSlots {
    taken: usize,
    /// Those that are held loosely, by number: the lowest is the oldest.
    loose: BTreeMap<u64, (Instant, OnLoss)>,
}

/// Why there is no slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// All of them are taken.
    All,
    /// The network has its share.
    Share,
}

impl Full {
    /// In metrics.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::All => "full",
            Self::Share => "share",
        }
    }
}

/// One of the slots, given back when it is dropped.
pub(super) struct Slot {
    slots: Arc<Slots>,
    network: Network,
    hold: Mutex<Hold>,
}

/// How a slot is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// It may be taken away; its number.
    Loose(u64),
    Firm,
}

impl Slots {
    pub(super) fn new(most: usize, share: Share, safe: Duration, gauge: &'static str) -> Arc<Self> {
        Arc::new(Self {
            most,
            share,
            safe,
            gauge,
            taken: Mutex::default(),
        })
    }

    fn taken(&self) -> MutexGuard<'_, TakenSlots> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is one for this network now.
    pub(super) fn check(&self, network: Network) -> Result<(), Full> {
        self.room(&self.taken(), network).map(|_| ())
    }

    /// Whether there is one for this network, and who gives it up if all are taken.
    fn room(&self, taken: &TakenSlots, network: Network) -> Result<Option<IpAddr>, Full> {
        let own = taken.by.get(&network.address).map_or(0, |by| by.taken);
        let gives_way = if taken.all < self.most {
            None
        } else {
            Some(taken.gives_way(self.safe).ok_or(Full::All)?)
        };
        if self.share.has_room(network, own) {
            Ok(gives_way)
        } else {
            Err(Full::Share)
        }
    }

    /// Takes one for this network and holds it firmly.
    pub(super) fn take(self: &Arc<Self>, network: Network) -> Result<Slot, Full> {
        self.take_as(network, None)
    }

    /// Takes one for this network, until it is needed for somebody else; then `on_loss` is called.
    pub(super) fn take_loosely(
        self: &Arc<Self>,
        network: Network,
        on_loss: OnLoss,
    ) -> Result<Slot, Full> {
        self.take_as(network, Some(on_loss))
    }

    fn take_as(self: &Arc<Self>, network: Network, loss: Option<OnLoss>) -> Result<Slot, Full> {
        let mut taken = self.taken();
        let gives_way = self.room(&taken, network)?;
        let lost = gives_way.and_then(|address| taken.take_away(address));
        taken.all += 1;
        taken.by.entry(network.address).or_default().taken += 1;
        let hold = loss.map_or(Hold::Firm, |loss| {
            Hold::Loose(taken.loosen(network.address, loss))
        });
        drop(taken);
        match lost {
            Some(lost) => {
                counter!("tok_slots_taken_away_total", "of" => self.gauge).increment(1);
                lost();
            }
            None => gauge!(self.gauge).increment(1),
        }
        Ok(Slot {
            slots: self.clone(),
            network,
            hold: Mutex::new(hold),
        })
    }

    /// Whether every slot is held by somebody who does not give way.
    pub(super) fn is_full(&self) -> bool {
        let taken = self.taken();
        taken.all >= self.most && taken.gives_way(self.safe).is_none()
    }
}

impl TakenSlots {
    /// The network that loses a slot when another is needed.
    fn gives_way(&self, safe: Duration) -> Option<IpAddr> {
        let (_, address) = *self.loose.last()?;
        let (since, _) = self.by.get(&address)?.loose.values().next()?;
        (since.elapsed() >= safe).then_some(address)
    }

    /// Notes that a slot of this network may be taken away. Says its number.
    fn loosen(&mut self, address: IpAddr, loss: OnLoss) -> u64 {
        let number = self.next;
        self.next += 1;
        let by = self.by.entry(address).or_default();
        self.loose.remove(&(by.loose.len(), address));
        by.loose.insert(number, (Instant::now(), loss));
        self.loose.insert((by.loose.len(), address));
        number
    }

    /// A slot may not be taken away any more. Says what its loss was to be told to; nothing if it is
    /// lost already.
    fn tighten(&mut self, address: IpAddr, number: u64) -> Option<OnLoss> {
        let by = self.by.get_mut(&address)?;
        let before = by.loose.len();
        let (_, loss) = by.loose.remove(&number)?;
        self.loose.remove(&(before, address));
        if before > 1 {
            self.loose.insert((before - 1, address));
        }
        Some(loss)
    }

    /// Takes the oldest loose slot of a network away. Says whom to tell.
    fn take_away(&mut self, address: IpAddr) -> Option<OnLoss> {
        let oldest = *self.by.get(&address)?.loose.keys().next()?;
        let loss = self.tighten(address, oldest);
        self.give_back(address);
        loss
    }

    fn give_back(&mut self, address: IpAddr) {
        self.all -= 1;
        if let Some(by) = self.by.get_mut(&address) {
            by.taken -= 1;
            if by.taken == 0 {
                self.by.remove(&address);
            }
        }
    }
}

impl Slot {
    /// The network that the slot counts for.
    pub(super) fn network(&self) -> Network {
        self.network
    }

    fn hold(&self) -> MutexGuard<'_, Hold> {
        self.hold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on nobody takes it away. Says whether it was still there.
    pub(super) fn keep(&self) -> bool {
        self.keep_for_now().is_some()
    }

    /// The same until what is returned is given to [`loosen`](Self::loosen) again; it has nothing in
    /// it if the slot was held firmly already. Nothing is returned if the slot was taken away.
    pub(super) fn keep_for_now(&self) -> Option<Option<OnLoss>> {
        let mut hold = self.hold();
        let Hold::Loose(number) = *hold else {
            return Some(None);
        };
        let loss = self.slots.taken().tighten(self.network.address, number)?;
        *hold = Hold::Firm;
        Some(Some(loss))
    }

    /// It may be taken away again.
    pub(super) fn loosen(&self, loss: OnLoss) {
        let mut hold = self.hold();
        if *hold == Hold::Firm {
            let mut taken = self.slots.taken();
            *hold = Hold::Loose(taken.loosen(self.network.address, loss));
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let hold = *self.hold();
        let mut taken = self.slots.taken();
        let address = self.network.address;
        let had = match hold {
            Hold::Firm => true,
            Hold::Loose(number) => taken.tighten(address, number).is_some(),
        };
        // One that was taken away is somebody else's.
        if had {
            taken.give_back(address);
            gauge!(self.slots.gauge).decrement(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn network(n: u8) -> Network {
        Network::of(IpAddr::from([10, 0, 0, n]))
    }

    fn slots(most: usize, share: usize) -> Arc<Slots> {
        Slots::new(
            most,
            Share::OfCaller(share),
            Duration::ZERO,
            "tok_test_slots",
        )
    }

    #[test]
    fn one_network_has_no_more_than_its_share_and_all_no_more_than_there_are() {
        let slots = slots(3, 2);
        let [one, two, three] = [1, 2, 3].map(network);
        let mut taken: Vec<_> = [one, one]
            .into_iter()
            .filter_map(|network| slots.take(network).ok())
            .collect();
        assert_eq!(slots.check(one), Err(Full::Share));
        taken.extend(slots.take(two));
        assert_eq!(taken.len(), 3);
        assert_eq!(slots.check(three), Err(Full::All));
        assert!(slots.is_full());
        taken.clear();
        assert_eq!(slots.check(one), Ok(()));
        assert!(slots.taken().by.is_empty(), "nobody is remembered");
    }

    #[test]
    fn what_stands_for_many_has_no_share() {
        let slots = slots(3, 1);
        let proxy = Network {
            is_shared_by_all: true,
            ..network(9)
        };
        let taken: Vec<_> = (0..3).map(|_| slots.take(proxy).expect("one")).collect();
        assert_eq!(slots.check(proxy), Err(Full::All));
        drop(taken);
        let slots = Slots::new(3, Share::OfAnybody(1), Duration::ZERO, "tok_test_slots");
        let taken = slots.take(proxy).expect("one");
        assert_eq!(
            slots.check(proxy),
            Err(Full::Share),
            "but where all have one"
        );
        drop(taken);
    }

    #[test]
    fn the_oldest_of_whoever_has_most_gives_way() {
        let slots = slots(4, 4);
        let lost = Arc::new(Mutex::new(Vec::new()));
        let take = |n: u8, name: &'static str| {
            let lost = lost.clone();
            let note: OnLoss = Box::new(move || lost.lock().expect("a list").push(name));
            slots.take_loosely(network(n), note)
        };
        let kept = take(1, "kept").expect("a slot");
        assert!(kept.keep());
        let first = take(2, "first").expect("a slot");
        let second = take(2, "second").expect("a slot");
        let alone = take(3, "alone").expect("a slot");
        let newcomer = take(4, "newcomer").expect("first gives way");
        assert_eq!(*lost.lock().expect("a list"), ["first"]);
        assert!(!first.keep(), "it is lost");
        drop(first);
        assert_eq!(slots.taken().all, 4, "its slot is the newcomer's");
        // All that is left is kept for now.
        let held: Vec<_> = [&second, &alone, &newcomer]
            .iter()
            .map(|slot| slot.keep_for_now().expect("still there"))
            .collect();
        assert_eq!(slots.check(network(5)), Err(Full::All));
        let [second_loss, ..] = <[_; 3]>::try_from(held).ok().expect("three");
        second.loosen(second_loss.expect("it was loose"));
        let last = take(5, "last").expect("second gives way");
        assert_eq!(*lost.lock().expect("a list"), ["first", "second"]);
        drop((kept, second, alone, newcomer, last));
        let taken = slots.taken();
        assert!(taken.all == 0 && taken.by.is_empty() && taken.loose.is_empty());
    }

    #[test]
    fn nobody_gives_way_who_has_just_come() {
        let slots = Slots::new(
            1,
            Share::OfAnybody(1),
            Duration::from_mins(1),
            "tok_test_slots",
        );
        let count = Arc::new(AtomicUsize::new(0));
        let counted = count.clone();
        let note: OnLoss = Box::new(move || {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        let first = slots.take_loosely(network(1), note);
        assert!(first.is_ok());
        assert_eq!(slots.take(network(2)).err(), Some(Full::All));
        assert_eq!(count.load(Ordering::Relaxed), 0);
    }
}
