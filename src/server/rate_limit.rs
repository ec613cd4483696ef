//! Requests per key and per address.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::{Error, Kind, Result};
use crate::model::Rate;
use crate::model::digest::digest;

/// After so many requests, callers that are quiet again are forgotten.
const TIDY_EVERY: u32 = 65_536;
const REQUESTS: &str = "too many requests";

/// A limit that is kept for every caller by itself.
pub(super) struct RateLimit {
    keys: Keyed<String>,
    addresses: Keyed<IpAddr>,
}

/// A limit for each key by itself.
pub(super) struct Keyed<K: Hash + Eq + Clone> {
    cells: Option<(DefaultKeyedRateLimiter<K>, Rate)>,
    /// What is too much, in words.
    what: &'static str,
    asked: AtomicU32,
}

/// The rate as a bucket that holds as much as it lets through in its time.
pub(super) fn quota(rate: Rate) -> Option<Quota> {
    Some(Quota::with_period(rate.per.0 / rate.calls.get())?.allow_burst(rate.calls))
}

impl RateLimit {
    pub(super) fn new(rate: Option<Rate>) -> Self {
        Self {
            keys: Keyed::new(rate, REQUESTS),
            addresses: Keyed::new(rate, REQUESTS),
        }
    }

    pub(super) fn check_key(&self, id: &str) -> Result<()> {
        self.keys.check(&id.to_owned())
    }

    pub(super) fn check_address(&self, address: Option<IpAddr>) -> Result<()> {
        let Some(address) = address.map(network) else {
            return Ok(());
        };
        self.addresses.check(&address)
    }
}

impl<K: Hash + Eq + Clone> Keyed<K> {
    pub(super) fn new(rate: Option<Rate>, what: &'static str) -> Self {
        let cells = rate.and_then(|rate| Some((RateLimiter::keyed(quota(rate)?), rate)));
        Self {
            cells,
            what,
            asked: AtomicU32::new(0),
        }
    }

    /// Takes one from the bucket of `key`.
    pub(super) fn check(&self, key: &K) -> Result<()> {
        let Some((cells, rate)) = &self.cells else {
            return Ok(());
        };
        if self.asked.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            cells.retain_recent();
        }
        cells.check_key(key).map_err(|not_yet| {
            let wait = not_yet.wait_time_from(DefaultClock::default().now());
            let message = format!("{}; the limit is {rate}", self.what);
            Error::new(Kind::RateLimited, message).retry_after(Some(wait))
        })
    }
}

/// By what the messages of a participant are counted, over whichever door they come. Who does not
/// know the key has a limit of their own: nobody can use up another's.
pub(super) fn sender(participant: &str, key: &str) -> String {
    format!("{:x}", digest(format!("{participant}\0{key}")))
}

/// One subscriber has a whole /64 of IPv6 addresses.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}
