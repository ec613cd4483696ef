//! How much waits for all clients together. Each may have some of it waiting; thousands who stand
//! still at the same time must not take the machine's memory.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

/// What waits for a client counts from here on: nobody needs to know of less.
const COUNTED: u64 = 64 * 1024;

/// Bytes that wait for clients for whom much waits, as of when something was last sent to them.
pub(super) struct Backlog {
    most: u64,
    total: AtomicU64,
    /// Held by whoever makes room.
    shedding: Mutex<()>,
}

impl Backlog {
    pub(super) fn new(most: u64) -> Self {
        Self {
            most,
            total: AtomicU64::new(0),
            shedding: Mutex::default(),
        }
    }

    /// So much counts of what waits for a client.
    pub(super) fn counted(waiting: u64) -> u64 {
        if waiting < COUNTED { 0 } else { waiting }
    }

    /// What counts for a client changes. Says whether too much waits by now.
    pub(super) fn change(&self, before: u64, now: u64) -> bool {
        if before == now {
            return false;
        }
        let added = now.wrapping_sub(before);
        let total = self.total.fetch_add(added, Ordering::Relaxed);
        now > before && total.wrapping_add(added) > self.most
    }

    /// Whether too much waits.
    pub(super) fn is_too_much(&self) -> bool {
        self.total.load(Ordering::Relaxed) > self.most
    }

    /// Lets one at a time make room.
    pub(super) fn begin_shedding(&self) -> Option<MutexGuard<'_, ()>> {
        self.shedding.try_lock().ok()
    }
}
