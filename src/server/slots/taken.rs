//! Who has the slots, and who gives way.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

use super::OnLoss;

/// Whoever came within this time goes only if everybody did. People who come to a call need the first at a
/// busy server; where nobody lasts for that, ten requests at once of one caller do with the second.
pub(super) const JUST_COME: [Duration; 2] =
    [Duration::from_millis(500), Duration::from_millis(100)];

/// Where everybody has just come, whoever came within this time goes after others who hold much: while others
/// have the processor a request of somebody we know takes no time at all.
pub(super) const THIS_MOMENT: Duration = Duration::from_millis(20);

/// Among so many who hold most one that did not just come is looked for: whoever has little is not to pay for
/// a flood that is always new.
const LOOKED_AT: usize = 32;

#[derive(Default)]
pub(super) struct TakenSlots {
    /// How many are taken.
    pub(super) all: usize,
    /// The number of the next one.
    next: u64,
    /// Networks that have some.
    pub(super) by: HashMap<IpAddr, NetworkSlots>,
    /// Networks that hold some loosely; the last gives way first.
    pub(super) loose: BTreeSet<LooseRank>,
    /// Whose each of those slots is, by number: the lowest is the oldest.
    pub(super) by_age: BTreeMap<u64, IpAddr>,
}

/// How many a network holds loosely and, of as many, since when: among equals nobody's address decides.
type LooseRank = (usize, Reverse<u64>, IpAddr);

#[derive(Default)]
pub(super) struct NetworkSlots {
    pub(super) taken: usize,
    /// Those that are held loosely, by number: the lowest is the oldest.
    pub(super) loose: BTreeMap<u64, (Instant, OnLoss)>,
}

impl NetworkSlots {
    fn rank(&self, address: IpAddr) -> Option<LooseRank> {
        let oldest = self.loose.keys().next()?;
        Some((self.loose.len(), Reverse(*oldest), address))
    }
}

impl TakenSlots {
    /// The network that loses a slot when another is needed for somebody who holds `own` loosely.
    pub(super) fn gives_way(&self, safe: Duration, own: usize) -> Option<IpAddr> {
        let (_, oldest) = self.by_age.first_key_value()?;
        let (_, _, greediest) = self.loose.last()?;
        let has_been_there = |address: &IpAddr, lately: Duration| {
            let loose = self.by.get(address).map(|by| &by.loose);
            // Whoever would still have more than who comes had the time to show who they are.
            let has_more = loose.is_some_and(|loose| loose.len() > own + 1);
            let long = if has_more { lately } else { lately.max(safe) };
            let first = loose.and_then(|loose| loose.values().next());
            first.is_some_and(|(since, _)| since.elapsed() >= long)
        };
        let greedy = self.loose.iter().rev().take(LOOKED_AT);
        let greedy = greedy.map(|(_, _, address)| address);
        let looked_at = greedy.clone().chain([oldest]);
        let find = |lately| looked_at.clone().find(|of| has_been_there(of, lately));
        let address = JUST_COME
            .into_iter()
            .find_map(find)
            .or_else(|| greedy.clone().find(|of| has_been_there(of, THIS_MOMENT)))
            .or_else(|| Some(greediest).filter(|address| has_been_there(address, safe)))?;
        Some(*address)
    }

    /// Notes that a slot of this network may be taken away. Says its number.
    pub(super) fn loosen(&mut self, address: IpAddr, loss: OnLoss) -> u64 {
        let number = self.next;
        self.next += 1;
        let by = self.by.entry(address).or_default();
        if let Some(before) = by.rank(address) {
            self.loose.remove(&before);
        }
        by.loose.insert(number, (Instant::now(), loss));
        self.by_age.insert(number, address);
        self.loose.extend(by.rank(address));
        number
    }

    /// A slot may not be taken away any more. Says what its loss was to be told to; nothing if it is
    /// lost already.
    pub(super) fn tighten(&mut self, address: IpAddr, number: u64) -> Option<OnLoss> {
        let by = self.by.get_mut(&address)?;
        let before = by.rank(address)?;
        let (_, loss) = by.loose.remove(&number)?;
        self.by_age.remove(&number);
        self.loose.remove(&before);
        self.loose.extend(by.rank(address));
        Some(loss)
    }

    /// Takes the oldest loose slot of a network away. Says whom to tell.
    pub(super) fn take_away(&mut self, address: IpAddr) -> Option<OnLoss> {
        let oldest = *self.by.get(&address)?.loose.keys().next()?;
        let loss = self.tighten(address, oldest);
        self.give_back(address);
        loss
    }

    pub(super) fn take(&mut self, address: IpAddr) {
        self.all += 1;
        self.by.entry(address).or_default().taken += 1;
    }

    pub(super) fn give_back(&mut self, address: IpAddr) {
        self.all -= 1;
        if let Some(by) = self.by.get_mut(&address) {
            by.taken -= 1;
            if by.taken == 0 {
                self.by.remove(&address);
            }
        }
    }
}
