//! From where clients talk to us, and where we talk to them.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

/// Addresses that one client may talk from.
const MOST: usize = 16;
/// An address of which nothing comes for so long is left for another of the same client: a NAT gave
/// them another port, or they changed networks. Whoever only listens reports about once a second.
const SILENT: Duration = Duration::from_secs(2);
/// So many connections from one address may begin in a second; each costs a handshake.
const BEGINNINGS: u32 = 50;

/// The addresses of one client.
#[derive(Debug, Default)]
pub(super) struct Paths {
    /// From where it proved to be itself, and when something came from there last.
    known: Vec<(SocketAddr, Instant)>,
    /// Where the library sends, and where that goes.
    target: Option<(SocketAddr, SocketAddr)>,
}

impl Paths {
    /// Nothing came yet.
    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// All that are known.
    pub(super) fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.known.iter().map(|(address, _)| *address)
    }

    /// Something of the client came from there. Gives an address that is not known any more for it.
    pub(super) fn heard(&mut self, source: SocketAddr, now: Instant) -> Option<SocketAddr> {
        let known = self.known.iter_mut().find(|(of, _)| *of == source);
        let forgotten = if let Some((_, at)) = known {
            *at = now;
            None
        } else {
            let forgotten = self.forget_one();
            self.known.push((source, now));
            forgotten
        };
        if let Some((_, goes)) = &mut self.target
            && *goes != source
        {
            let at = self.known.iter().find(|(of, _)| of == goes);
            if at.is_none_or(|(_, at)| now.saturating_duration_since(*at) >= SILENT) {
                *goes = source;
            }
        }
        forgotten
    }

    /// Forgets what was heard of the longest ago, if there is no place for more.
    fn forget_one(&mut self) -> Option<SocketAddr> {
        let oldest = self.known.iter().enumerate().min_by_key(|(_, (_, at))| *at);
        let (oldest, _) = oldest.filter(|_| self.known.len() >= MOST)?;
        Some(self.known.remove(oldest).0)
    }

    /// Where that goes what the library sends there. It leaves an address only after a quarter of a
    /// minute.
    pub(super) fn target(&mut self, named: SocketAddr) -> SocketAddr {
        match self.target {
            Some((of, goes)) if of == named => goes,
            _ => {
                self.target = Some((named, named));
                named
            }
        }
    }
}

/// How many connections began lately, by the address that they come from.
#[derive(Debug)]
pub(super) struct Beginnings {
    since: Instant,
    by_address: HashMap<IpAddr, u32>,
}

impl Beginnings {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            since: now,
            by_address: HashMap::new(),
        }
    }

    /// Whether another one may begin; whoever may not tries again by itself.
    pub(super) fn admits(&mut self, ip: IpAddr, now: Instant) -> bool {
        if now.saturating_duration_since(self.since) >= Duration::from_secs(1) {
            self.by_address.clear();
            self.since = now;
        }
        let begun = self.by_address.entry(ip).or_default();
        *begun = begun.saturating_add(1);
        *begun <= BEGINNINGS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(port: u16) -> SocketAddr {
        ([192, 0, 2, 1], port).into()
    }

    #[test]
    fn what_is_silent_is_left_for_what_is_not() {
        let began = Instant::now();
        let mut paths = Paths::default();
        assert!(paths.is_empty());
        paths.heard(address(1), began);
        assert_eq!(paths.target(address(1)), address(1));
        paths.heard(address(2), began + SILENT / 2);
        assert_eq!(paths.target(address(1)), address(1), "it may yet talk");
        paths.heard(address(2), began + SILENT);
        assert_eq!(paths.target(address(1)), address(2));
        paths.heard(address(1), began + SILENT + SILENT / 2);
        assert_eq!(paths.target(address(1)), address(2));
        paths.heard(address(1), began + SILENT * 2);
        assert_eq!(paths.target(address(1)), address(1), "and back");
        paths.heard(address(3), began + SILENT * 9);
        assert_eq!(paths.target(address(1)), address(3));
        // The library changed its mind.
        assert_eq!(paths.target(address(4)), address(4));
    }

    #[test]
    fn what_was_not_heard_of_longest_is_forgotten() {
        let began = Instant::now();
        let mut paths = Paths::default();
        for port in 0..16 {
            assert_eq!(paths.heard(address(port), began), None);
        }
        let later = began + SILENT / 2;
        paths.heard(address(0), later);
        assert_eq!(paths.heard(address(16), later), Some(address(1)));
        assert_eq!(paths.addresses().count(), MOST);
        assert!(paths.addresses().all(|of| of != address(1)));
    }

    #[test]
    fn one_address_begins_so_many_connections_in_a_second() {
        let began = Instant::now();
        let mut beginnings = Beginnings::new(began);
        let [one, other] = [1, 2].map(|n| IpAddr::from([192, 0, 2, n]));
        assert!((0..BEGINNINGS).all(|_| beginnings.admits(one, began)));
        assert!(!beginnings.admits(one, began));
        assert!(beginnings.admits(other, began), "another is not concerned");
        assert!(beginnings.admits(one, began + Duration::from_secs(1)));
        assert_eq!(beginnings.by_address.len(), 1, "nothing stays");
    }
}
