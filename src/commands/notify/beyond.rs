//! What waits for another try beyond what is kept in memory: it is found in the queue again, once it
//! is due.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use crate::error::Result;
use crate::records::documents::{Document, DocumentStream};

/// The queue is not read through more often than this: where reads are paid for, and most rest for ten
/// minutes, it then costs about as much as the tries themselves.
const AT_LEAST: Duration = Duration::from_mins(5);

/// Nothing is kept of each but that it is there.
#[derive(Default)]
pub(super) struct Beyond {
    count: usize,
    /// When the oldest of them came into the queue.
    oldest: Option<i64>,
    /// When the first of them is due.
    due: Option<Instant>,
    last: Option<Instant>,
    /// The queue, while it is read through.
    reading: Option<DocumentStream>,
}

impl Beyond {
    /// Leaves one to the store, which came into the queue at `written`.
    pub(super) fn leave(&mut self, written: i64, due: Instant) {
        self.count += 1;
        self.oldest = self.oldest.into_iter().chain([written]).min();
        self.due = self.due.into_iter().chain([due]).min();
    }

    /// How many there are; while the queue is read through, how many there are again.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// When the oldest of them came into the queue.
    pub(super) fn oldest(&self) -> Option<i64> {
        self.oldest
    }

    /// When the queue is to be read through.
    pub(super) fn next_reading(&self) -> Option<Instant> {
        let due = self.due.filter(|_| self.reading.is_none())?;
        Some(self.last.map_or(due, |last| due.max(last + AT_LEAST)))
    }

    /// Reads the queue through; whoever is not due then is left here again.
    pub(super) fn read(&mut self, queue: DocumentStream) {
        *self = Self {
            last: Some(Instant::now()),
            reading: Some(queue),
            ..Self::default()
        };
    }

    /// The next one of the queue that is read through; never ends while it is not.
    pub(super) async fn next(&mut self) -> Result<Document> {
        if let Some(reading) = &mut self.reading {
            if let Some(found) = reading.next().await {
                return found;
            }
            self.reading = None;
        }
        std::future::pending().await
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_queue_is_read_when_the_first_is_due_but_not_all_the_time() {
        let second = Duration::from_secs(1);
        let mut beyond = Beyond::default();
        assert_eq!(beyond.next_reading(), None);
        let now = Instant::now();
        beyond.leave(7, now + second * 9);
        beyond.leave(5, now + second * 3);
        assert_eq!((beyond.count(), beyond.oldest()), (2, Some(5)));
        assert_eq!(beyond.next_reading(), Some(now + second * 3));
        beyond.read(stream::empty().boxed());
        // Not while it is read, nor soon after.
        beyond.leave(7, now + second * 9);
        assert_eq!((beyond.count(), beyond.next_reading()), (1, None));
        let idle = tokio::time::timeout(second, beyond.next()).await;
        assert!(idle.is_err(), "nothing more is there");
        assert_eq!(beyond.next_reading(), Some(now + AT_LEAST));
    }
}
