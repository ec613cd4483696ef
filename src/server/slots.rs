//! Slots: how many there are, how many of them one network may have, and who gives way when all are
//! taken.
//!
//! Whoever has not shown yet that they are more than a stranger holds a slot loosely: when there is
//! none left, the one that was held longest by the network that holds most of them goes to whoever
//! comes. So a flood pushes itself out.
//!
//! Whoever has just come is on their way to show who they are: if that is who holds most, whoever holds
//! most of the others goes, or whoever was there longest of all. What others of a network hold firmly counts
//! for nothing then: people who are in a call keep nobody out who comes from where they are.

mod taken;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use metrics::{counter, gauge};

use self::taken::TakenSlots;
use super::address::Network;

/// A bounded number of slots.
pub(super) struct Slots {
    most: usize,
    /// The most for one network.
    share: Share,
    /// How long a slot that is held loosely is safe from whoever has no fewer.
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
    /// Whoever took it.
    owner: Network,
    hold: Mutex<Hold>,
}

/// How a slot is held.
#[derive(Debug, Clone, Copy)]
struct Hold {
    /// For whom it counts: who took it, or whom it is lent to.
    network: Network,
    /// Its number, if it may be taken away.
    loose: Option<u64>,
    /// The number of the loan, if it is lent.
    loan: Option<u64>,
}

/// A slot that counts for somebody else until this is dropped: what a proxy has is used by its clients.
pub(super) struct Loan {
    slot: Arc<Slot>,
    number: u64,
    /// Whether whoever it is lent to has no more than their share.
    pub(super) fits: bool,
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
        let by = taken.by.get(&network.address);
        let own = by.map_or(0, |by| by.taken);
        let gives_way = if taken.all < self.most {
            None
        } else {
            let loose = by.map_or(0, |by| by.loose.len());
            Some(taken.gives_way(self.safe, loose).ok_or(Full::All)?)
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
        taken.take(network.address);
        let hold = Hold {
            network,
            loose: loss.map(|loss| taken.loosen(network.address, loss)),
            loan: None,
        };
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
            owner: network,
            hold: Mutex::new(hold),
        })
    }

    /// Whether every slot is held by somebody who does not give way.
    pub(super) fn is_full(&self) -> bool {
        let taken = self.taken();
        taken.all >= self.most && taken.gives_way(self.safe, 0).is_none()
    }
}

impl Slot {
    /// The network that the slot counts for.
    pub(super) fn network(&self) -> Network {
        self.hold().network
    }

    /// Whether it was taken for a proxy, who stands for all of its clients.
    pub(super) fn is_of_a_proxy(&self) -> bool {
        self.owner.is_shared_by_all
    }

    fn hold(&self) -> MutexGuard<'_, Hold> {
        self.hold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody takes it away.
    pub(super) fn is_kept(&self) -> bool {
        self.hold().loose.is_none()
    }

    /// From now on nobody takes it away. Says whether it was still there.
    pub(super) fn keep(&self) -> bool {
        self.keep_for_now().is_some()
    }

    /// The same until what is returned is given to [`loosen`](Self::loosen) again; it has nothing in
    /// it if the slot was held firmly already. Nothing is returned if the slot was taken away.
    pub(super) fn keep_for_now(&self) -> Option<Option<OnLoss>> {
        let mut hold = self.hold();
        let Some(number) = hold.loose else {
            return Some(None);
        };
        let address = hold.network.address;
        let loss = self.slots.taken().tighten(address, number)?;
        hold.loose = None;
        Some(Some(loss))
    }

    /// It may be taken away again.
    pub(super) fn loosen(&self, loss: OnLoss) {
        let mut hold = self.hold();
        if hold.loose.is_none() {
            let mut taken = self.slots.taken();
            hold.loose = Some(taken.loosen(hold.network.address, loss));
        }
    }

    /// Lets it count for somebody else, who holds it loosely, whether or not they have their share: who
    /// has more gives way before all others. Nothing is returned if the slot was taken away.
    pub(super) fn lend(self: &Arc<Self>, to: Network, on_loss: OnLoss) -> Option<Loan> {
        let mut hold = self.hold();
        if !self.call_in(&mut hold) {
            return None;
        }
        let mut taken = self.slots.taken();
        let own = taken.by.get(&to.address).map_or(0, |by| by.taken);
        let fits = self.slots.share.has_room(to, own);
        taken.give_back(self.owner.address);
        taken.take(to.address);
        let number = taken.loosen(to.address, on_loss);
        *hold = Hold {
            network: to,
            loose: Some(number),
            loan: Some(number),
        };
        Some(Loan {
            slot: self.clone(),
            number,
            fits,
        })
    }

    /// It counts for whoever took it again, and is held firmly. Says whether it was still there.
    fn call_in(&self, hold: &mut Hold) -> bool {
        let mut taken = self.slots.taken();
        let address = hold.network.address;
        if let Some(number) = hold.loose
            && taken.tighten(address, number).is_none()
        {
            return false;
        }
        taken.give_back(address);
        taken.take(self.owner.address);
        *hold = Hold {
            network: self.owner,
            loose: None,
            loan: None,
        };
        true
    }
}

impl Loan {
    /// It is for good: the connection is whoever's it is lent to, as long as it stands.
    pub(super) fn last(self) {
        self.slot.hold().loan = None;
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        let mut hold = self.slot.hold();
        if hold.loan == Some(self.number) {
            self.slot.call_in(&mut hold);
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let Hold { network, loose, .. } = *self.hold();
        let mut taken = self.slots.taken();
        let address = network.address;
        // One that was taken away is somebody else's.
        let had = loose.is_none_or(|number| taken.tighten(address, number).is_some());
        if had {
            taken.give_back(address);
            gauge!(self.slots.gauge).decrement(1);
        }
    }
}

#[cfg(test)]
mod tests;
