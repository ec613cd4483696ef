//! The best of what is found, in an order that does not depend on where it was found.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tantivy::DocAddress;

/// How well something was found: the higher the better.
type Merit = (u16, Reverse<u64>, Reverse<DocAddress>);

/// The best so far; memory for no more than are wanted.
pub(super) struct Best {
    wanted: usize,
    kept: BinaryHeap<Reverse<Merit>>,
    /// How many there were in all.
    pub(super) offered: u64,
}

impl Best {
    /// Keeps so many.
    pub(super) fn new(wanted: usize) -> Self {
        Self {
            wanted,
            kept: BinaryHeap::new(),
            offered: 0,
        }
    }

    /// One more that was found; its rank is looked up when it matters.
    pub(super) fn offer(&mut self, score: u16, rank: impl FnOnce() -> u64, at: DocAddress) {
        self.offered += 1;
        if self.kept.len() < self.wanted {
            self.kept
                .push(Reverse((score, Reverse(rank()), Reverse(at))));
            return;
        }
        let Some(mut worst) = self.kept.peek_mut() else {
            return;
        };
        if score >= worst.0.0 {
            let merit = (score, Reverse(rank()), Reverse(at));
            if merit > worst.0 {
                *worst = Reverse(merit);
            }
        }
    }

    /// Them, best first.
    pub(super) fn in_order(self) -> Vec<DocAddress> {
        let sorted = self.kept.into_sorted_vec();
        sorted.into_iter().map(|Reverse((.., at))| at.0).collect()
    }
}
