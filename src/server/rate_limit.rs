//! What each may do in a time: requests per key and per address, bytes.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytesize::ByteSize;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::address::ClientAddress;
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
    buckets: Option<(Buckets<K>, Rate)>,
    /// What is too much, in words.
    what: &'static str,
}

/// A bucket for each, forgotten when it has been full for a while.
struct Buckets<K: Hash + Eq + Clone> {
    cells: DefaultKeyedRateLimiter<K>,
    asked: AtomicU32,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    fn new(quota: Quota) -> Self {
        Self {
            cells: RateLimiter::keyed(quota),
            asked: AtomicU32::new(0),
        }
    }

    /// Takes so much from the bucket of `key`; else says when there is as much in it, or nothing if
    /// there never is.
    fn take(&self, key: &K, much: NonZeroU32) -> std::result::Result<(), Option<Duration>> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.cells.retain_recent();
        }
        let taken = self.cells.check_key_n(key, much).map_err(|_| None)?;
        taken.map_err(|not_yet| Some(not_yet.wait_time_from(DefaultClock::default().now())))
    }
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

    pub(super) fn check_address(&self, address: Option<ClientAddress>) -> Result<()> {
        let Some(client) = address else {
            return Ok(());
        };
        self.addresses.check(&client.network().address)
    }
}

impl<K: Hash + Eq + Clone> Keyed<K> {
    pub(super) fn new(rate: Option<Rate>, what: &'static str) -> Self {
        let buckets = rate.and_then(|rate| Some((Buckets::new(quota(rate)?), rate)));
        Self { buckets, what }
    }

    /// Takes one from the bucket of `key`.
    pub(super) fn check(&self, key: &K) -> Result<()> {
        let Some((buckets, rate)) = &self.buckets else {
            return Ok(());
        };
        buckets.take(key, NonZeroU32::MIN).map_err(|wait| {
            let message = format!("{}; the limit is {rate}", self.what);
            Error::new(Kind::RateLimited, message).retry_after(wait)
        })
    }
}

/// Bytes that each may send, counted by seconds.
pub(super) struct ByteRate<K: Hash + Eq + Clone> {
    buckets: Option<Buckets<K>>,
    what: &'static str,
}

impl<K: Hash + Eq + Clone> ByteRate<K> {
    /// `bytes` in a second, and `seconds` of them at once; no limit if it is 0.
    pub(super) fn new(bytes: ByteSize, seconds: u32, what: &'static str) -> Self {
        let most = u32::MAX / seconds.max(1);
        let bytes = u32::try_from(bytes.as_u64()).unwrap_or(most).min(most);
        let buckets = NonZeroU32::new(bytes).map(|bytes| {
            let stock = bytes.saturating_mul(NonZeroU32::new(seconds).unwrap_or(NonZeroU32::MIN));
            Buckets::new(Quota::per_second(bytes).allow_burst(stock))
        });
        Self { buckets, what }
    }

    /// Takes so many bytes from what `key` may send.
    pub(super) fn check(&self, key: &K, bytes: usize) -> Result<()> {
        let (Some(buckets), Some(bytes)) = (&self.buckets, small(bytes)) else {
            return Ok(());
        };
        buckets.take(key, bytes).map_err(|wait| {
            let what = format!("too many bytes {}; wait a moment", self.what);
            Error::new(Kind::RateLimited, what).retry_after(wait)
        })
    }
}

fn small(bytes: usize) -> Option<NonZeroU32> {
    NonZeroU32::new(u32::try_from(bytes).unwrap_or(u32::MAX))
}

/// By what the messages of a participant are counted, over whichever door they come. Who does not
/// know the key has a limit of their own: nobody can use up another's.
pub(super) fn sender(participant: &str, key: &str) -> String {
    format!("{:x}", digest(format!("{participant}\0{key}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn each_key_has_its_bucket_and_is_told_when_there_is_one_more_in_it() {
        let limits = Keyed::new(Some(Rate::new(3, 3600)), "too many rooms");
        for _ in 0..3 {
            assert!(limits.check(&"ada").is_ok());
        }
        let refused = limits.check(&"ada").expect_err("too many");
        assert_eq!(refused.kind(), Kind::RateLimited);
        assert_eq!(refused.message(), "too many rooms; the limit is 3/1h");
        // One in twenty minutes, not three in an hour.
        let wait = refused.wait().expect("told");
        let twenty = Duration::from_mins(20);
        assert!(wait <= twenty && wait > twenty / 2, "{wait:?}");
        assert!(limits.check(&"bob").is_ok());
        let none = Keyed::new(None, REQUESTS);
        assert!((0..1000).all(|_| none.check(&"ada").is_ok()));
    }

    #[test]
    fn keys_and_networks_are_limited_each_by_itself() {
        let limit = RateLimit::new(Some(Rate::new(1, 3600)));
        assert!(limit.check_key("ada").is_ok());
        assert!(limit.check_key("ada").is_err());
        assert!(limit.check_key("bob").is_ok());
        let from = |text| ClientAddress {
            ip: address(text),
            is_proxy: false,
        };
        let check = |text| limit.check_address(Some(from(text)));
        assert!(check("2001:db8::1").is_ok());
        assert!(check("2001:db8::2").is_err(), "the same subscriber");
        assert!(check("2001:db8:0:1::1").is_ok());
        assert!(check("::ffff:192.0.2.1").is_ok());
        assert!(check("192.0.2.1").is_err(), "the same in other words");
        assert!(check("192.0.2.2").is_ok());
        assert!((0..2).all(|_| limit.check_address(None).is_ok()));
    }

    #[test]
    fn bytes_are_counted_and_so_many_seconds_of_them_may_come_at_once() {
        let rate = ByteRate::new(ByteSize::b(10), 1000, "of signals");
        for part in [4_000, 5_990] {
            assert!(rate.check(&"ada", part).is_ok(), "{part}");
        }
        let refused = rate.check(&"ada", 5_000).expect_err("too many");
        assert_eq!(refused.kind(), Kind::RateLimited);
        let wait = refused.wait().expect("told");
        let longest = Duration::from_secs(499);
        assert!(wait <= longest && wait > longest / 2, "{wait:?}");
        assert!(rate.check(&"bob", 10_000).is_ok());
        let never = rate.check(&"eve", 10_001).expect_err("more than there are");
        assert_eq!(never.wait(), None);
        // The most that can be counted is no limit that anybody meets, whatever it is multiplied with.
        let wide = ByteRate::new(ByteSize::gb(100), 60, "of signals");
        assert!(wide.check(&"ada", 4_000_000_000).is_ok());
        let none = ByteRate::new(ByteSize::b(0), 60, "of signals");
        assert!(none.check(&"ada", usize::MAX).is_ok());
    }

    #[test]
    fn who_does_not_know_the_key_cannot_use_up_the_messages_of_another() {
        let ada = sender("ada", "key");
        assert_eq!(ada, sender("ada", "key"));
        assert_ne!(ada, sender("ada", "guessed"));
        assert_ne!(ada, sender("bob", "key"));
    }
}
