//! Keeping below a vendor's rate limit.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use crate::error::{Error, Kind, Result};
use crate::model::Rate;

/// The longest pause that a call makes because a vendor or its limit asks for it; beyond it the caller is
/// told.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// Keeps our calls to one group of endpoints below the vendor's limit; the usual one keeps to none.
#[derive(Clone, Default)]
pub struct Limiter(Option<Arc<Bucket>>);

struct Bucket {
    rate: Rate,
    cells: DefaultDirectRateLimiter,
}

impl Limiter {
    /// A limiter that lets through at most `rate` in every window, or everything.
    pub fn new(rate: Option<Rate>) -> Self {
        let Some(rate) = rate else { return Self(None) };
        // A bucket of size b refilled with (n - b) per window never passes more than n in one.
        let calls = rate.calls.get();
        let burst = NonZeroU32::new(calls / 5).unwrap_or(NonZeroU32::MIN);
        let refill = calls.saturating_sub(burst.get()).max(1);
        let quota = Quota::with_period(rate.per.0 / refill)
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
            .allow_burst(burst);
        Self(Some(Arc::new(Bucket {
            rate,
            cells: RateLimiter::direct(quota),
        })))
    }

    /// The limit that is kept.
    pub fn rate(&self) -> Option<Rate> {
        self.0.as_ref().map(|bucket| bucket.rate)
    }

    /// Waits for its turn; gives up when that takes longer than [`LONGEST_WAIT`].
    pub(super) async fn turn(&self, vendor: &str) -> Result<()> {
        let Some(bucket) = &self.0 else { return Ok(()) };
        let clock = DefaultClock::default();
        let start = Instant::now();
        while let Err(not_yet) = bucket.cells.check() {
            let wait = not_yet.wait_time_from(clock.now());
            if start.elapsed() + wait > LONGEST_WAIT {
                return Err(Error::new(
                    Kind::RateLimited,
                    format!("too many calls for {vendor}'s limit of {}", bucket.rate),
                )
                .retry_after(Some(wait)));
            }
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }
}
