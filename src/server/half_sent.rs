//! Messages of sockets that have not come in whole: each may be large, and thousands who begin one and do
//! not end it must not take the machine's memory. When they have their budget, whoever goes on sending is
//! cut off.
//!
//! Of a stream it is only known how many bytes came over it, and when a message was whole. Signs of life
//! and the like come in between and are messages to nobody here; but a client that is in the middle of a
//! message can give no sign of life, so that what came earlier than that is none of it any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use metrics::counter;

/// What a stream may begin without counting: most messages are smaller.
const FREE: u64 = 32 * 1024;

/// How much may be half sent by all together.
pub(super) struct HalfSentBudget {
    most: u64,
    /// How long a message can be on its way.
    longest: Duration,
    total: AtomicU64,
}

impl HalfSentBudget {
    pub(super) fn new(most: u64, longest: Duration) -> Arc<Self> {
        Arc::new(Self {
            most,
            longest,
            total: AtomicU64::new(0),
        })
    }
}

/// What came in over one stream and may be a part of a message.
pub(super) struct HalfSent {
    budget: Arc<HalfSentBudget>,
    /// What came since then, and in as much time before.
    since: Instant,
    now: u64,
    before: u64,
    /// What of it counts in the budget.
    counted: u64,
}

impl HalfSent {
    pub(super) fn of(budget: &Arc<HalfSentBudget>) -> Self {
        Self {
            budget: budget.clone(),
            since: Instant::now(),
            now: 0,
            before: 0,
            counted: 0,
        }
    }

    /// So many bytes came in. Says whether there is room for them.
    pub(super) fn takes(&mut self, bytes: usize) -> bool {
        let passed = self.since.elapsed();
        if passed >= self.budget.longest {
            let lately = passed < self.budget.longest * 2;
            self.before = if lately { self.now } else { 0 };
            self.now = 0;
            self.since = Instant::now();
        }
        self.now += bytes as u64;
        let total = self.recount();
        if self.counted == 0 || total <= self.budget.most {
            return true;
        }
        counter!("tok_sockets_dropped_total", "reason" => "memory").increment(1);
        false
    }

    /// A message is whole.
    pub(super) fn heard(&mut self) {
        (self.now, self.before) = (0, 0);
        self.recount();
    }

    /// Counts anew. Says what all have together.
    fn recount(&mut self) -> u64 {
        let bytes = self.now + self.before;
        let counted = if bytes > FREE { bytes } else { 0 };
        let added = counted.wrapping_sub(self.counted);
        self.counted = counted;
        let total = self.budget.total.fetch_add(added, Ordering::Relaxed);
        total.wrapping_add(added)
    }
}

impl Drop for HalfSent {
    fn drop(&mut self) {
        self.heard();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(budget: &HalfSentBudget) -> u64 {
        budget.total.load(Ordering::Relaxed)
    }

    #[test]
    fn who_begins_more_than_there_is_room_for_is_cut_off_and_small_messages_go_on() {
        let budget = HalfSentBudget::new(500_000, Duration::from_hours(1));
        let mut streams: Vec<_> = (0..3).map(|_| HalfSent::of(&budget)).collect();
        for stream in &mut streams[..2] {
            assert!((0..20).all(|_| stream.takes(10_000)));
        }
        assert_eq!(total(&budget), 400_000);
        let third = &mut streams[2];
        let fits = (0..20).take_while(|_| third.takes(10_000)).count();
        assert_eq!(fits, 10);
        third.heard();
        assert!(third.takes(30_000), "what is small counts for nothing");
        assert_eq!(total(&budget), 400_000);
        streams[0].heard();
        assert!(streams[2].takes(250_000), "a whole message makes room");
        drop(streams);
        assert_eq!(total(&budget), 0);
    }

    #[test]
    fn what_came_long_ago_is_of_no_message_any_more() {
        let budget = HalfSentBudget::new(1000, Duration::ZERO);
        let mut stream = HalfSent::of(&budget);
        assert!((0..100).all(|_| stream.takes(30_000)));
        assert_eq!(total(&budget), 0);
    }
}
