//! What a run is done with.
//!
//! The store may tell the whole state anew, as it was some time ago: also what was sent and removed
//! since. Whoever is told of it must not send it again, so that everything is remembered that was
//! done with since the state was last complete, and for a minute at least.

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::Instant;

/// What was told before the state was complete may be heard so long afterwards.
const LAG: Duration = Duration::from_mins(1);

/// The digests of ids, in two generations.
pub(super) struct RecentlyGone {
    recent: HashSet<u64>,
    before: HashSet<u64>,
    since: Instant,
}

impl Default for RecentlyGone {
    fn default() -> Self {
        Self {
            recent: HashSet::new(),
            before: HashSet::new(),
            since: Instant::now(),
        }
    }
}

impl RecentlyGone {
    /// Notes one more.
    pub(super) fn add(&mut self, digest: u64) {
        self.recent.insert(digest);
    }

    /// Whether this one may be told although it is gone.
    pub(super) fn holds(&self, digest: u64) -> bool {
        self.recent.contains(&digest) || self.before.contains(&digest)
    }

    /// The state is complete: what was done with long before is not told any more.
    pub(super) fn age(&mut self) {
        if self.since.elapsed() >= LAG {
            self.before = std::mem::take(&mut self.recent);
            self.since = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_done_with_is_known_until_it_cannot_be_told_any_more() {
        let mut gone = RecentlyGone::default();
        gone.add(7);
        // However long the state is not complete, nothing is forgotten.
        tokio::time::advance(LAG * 60).await;
        assert!(gone.holds(7) && !gone.holds(8));
        gone.age();
        gone.add(8);
        gone.age();
        assert!(gone.holds(7) && gone.holds(8), "too soon");
        tokio::time::advance(LAG).await;
        gone.age();
        assert!(!gone.holds(7) && gone.holds(8));
        tokio::time::advance(LAG).await;
        gone.age();
        assert!(!gone.holds(8));
    }
}
