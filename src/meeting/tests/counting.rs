//! Chance for tests.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::model::Random;

/// Chance that never repeats itself.
#[derive(Default)]
pub(super) struct Counting(AtomicU64);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let count = self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes();
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = count[at % count.len()];
        }
    }
}
