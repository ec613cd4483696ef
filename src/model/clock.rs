//! The time, handed in so that tests can fix it.

use jiff::Timestamp;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The moment now, in whole milliseconds.
    fn now(&self) -> Timestamp;
}
