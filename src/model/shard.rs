//! Parts of the queue of notifications, each of which one worker sends.

use super::digest::digest;

/// Which part of the queue: of `of` parts the one with this number, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// The number.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

impl Shard {
    /// The loop that sends the queue; the names of all its parts begin with this.
    pub const LOOP: &str = "notify";

    /// What the part is called, in leases, logs and metrics.
    pub fn name(self) -> String {
        match self.of {
            1 => Self::LOOP.to_owned(),
            of => format!("{}:{}-of-{of}", Self::LOOP, self.number + 1),
        }
    }

    /// Whether a notification belongs to this part; the same in every process.
    pub fn holds(self, id: &str) -> bool {
        digest(id) % u64::from(self.of.max(1)) == u64::from(self.number)
    }
}
