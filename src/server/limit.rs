//! Requests per key and per address.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::error::{Error, Kind, Result};
use crate::model::Rate;

/// After so many requests, callers that are quiet again are forgotten.
const TIDY_EVERY: u32 = 65_536;

/// A limit that is kept for every caller by itself.
pub(super) struct RateLimit {
    cells: Option<Cells>,
    requests: AtomicU32,
}

struct Cells {
    keys: DefaultKeyedRateLimiter<String>,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    rate: Rate,
}

impl RateLimit {
    pub(super) fn new(rate: Option<Rate>) -> Self {
        let cells = rate.and_then(|rate| {
            let quota = Quota::with_period(rate.per.0 / rate.calls.get())?.allow_burst(rate.calls);
            Some(Cells {
                keys: RateLimiter::keyed(quota),
                addresses: RateLimiter::keyed(quota),
                rate,
            })
        });
        Self {
            cells,
            requests: AtomicU32::new(0),
        }
    }

    pub(super) fn check_key(&self, id: &str) -> Result<()> {
        self.check(|cells| cells.keys.check_key(&id.to_owned()).err())
    }

    pub(super) fn check_address(&self, address: Option<IpAddr>) -> Result<()> {
        let Some(address) = address.map(network) else {
            return Ok(());
        };
        self.check(|cells| cells.addresses.check_key(&address).err())
    }

    fn check(
        &self,
        ask: impl FnOnce(&Cells) -> Option<governor::NotUntil<<DefaultClock as Clock>::Instant>>,
    ) -> Result<()> {
        let Some(cells) = &self.cells else {
            return Ok(());
        };
        if self.requests.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            cells.keys.retain_recent();
            cells.addresses.retain_recent();
        }
        match ask(cells) {
            None => Ok(()),
            Some(not_yet) => {
                let wait = not_yet.wait_time_from(DefaultClock::default().now());
                let limit = cells.rate;
                let message = format!("too many requests; the limit is {limit}");
                Err(Error::new(Kind::RateLimited, message).retry_after(Some(wait)))
            }
        }
    }
}

/// One subscriber has a whole /64 of IPv6 addresses.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}
