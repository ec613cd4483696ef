//! Slots for connections: how many there are, and how many of them one network may have.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use metrics::gauge;

/// A bounded number of slots.
pub(super) struct Slots {
    most: usize,
    /// The most for one network.
    share: usize,
    /// The metric of those that are taken.
    gauge: &'static str,
    taken: Mutex<TakenSlots>,
}

#[derive(Default)]
struct TakenSlots {
    all: usize,
    /// Networks that have some.
    by: HashMap<IpAddr, usize>,
}

/// Why there is no slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// All of them are taken.
    All,
    /// The network has its share.
    Share,
}

/// One of the slots, given back when it is dropped.
pub(super) struct Slot {
    slots: Arc<Slots>,
    network: IpAddr,
}

impl Slots {
    pub(super) fn new(most: usize, share: usize, gauge: &'static str) -> Arc<Self> {
        Arc::new(Self {
            most,
            share,
            gauge,
            taken: Mutex::default(),
        })
    }

    fn taken(&self) -> MutexGuard<'_, TakenSlots> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is one for this network now.
    pub(super) fn check(&self, network: IpAddr) -> Result<(), Full> {
        self.room(&self.taken(), network)
    }

    fn room(&self, taken: &TakenSlots, network: IpAddr) -> Result<(), Full> {
        let own = taken.by.get(&network).copied().unwrap_or_default();
        if taken.all >= self.most {
            Err(Full::All)
        } else if own >= self.share {
            Err(Full::Share)
        } else {
            Ok(())
        }
    }

    /// Takes one for this network.
    pub(super) fn take(self: &Arc<Self>, network: IpAddr) -> Result<Slot, Full> {
        let mut taken = self.taken();
        self.room(&taken, network)?;
        taken.all += 1;
        *taken.by.entry(network).or_default() += 1;
        gauge!(self.gauge).increment(1);
        Ok(Slot {
            slots: self.clone(),
            network,
        })
    }
}

impl Slot {
    /// The network that the slot counts for.
    pub(super) fn network(&self) -> IpAddr {
        self.network
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.slots.taken();
        taken.all -= 1;
        if let Some(own) = taken.by.get_mut(&self.network) {
            *own -= 1;
            if *own == 0 {
                taken.by.remove(&self.network);
            }
        }
        gauge!(self.slots.gauge).decrement(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_network_has_no_more_than_its_share_and_all_no_more_than_there_are() {
        let slots = Slots::new(3, 2, "tok_test_places");
        let [one, two, three] = [1, 2, 3].map(|n| IpAddr::from([10, 0, 0, n]));
        let mut taken: Vec<_> = [one, one]
            .into_iter()
            .filter_map(|network| slots.take(network).ok())
            .collect();
        assert_eq!(slots.check(one), Err(Full::Share));
        taken.extend(slots.take(two));
        assert_eq!(taken.len(), 3);
        assert_eq!(slots.check(three), Err(Full::All));
        taken.clear();
        assert_eq!(slots.check(one), Ok(()));
        assert!(slots.taken().by.is_empty(), "nobody is remembered");
    }
}
