//! Events of one connection, one after another.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::incoming::ClientEvent;

/// Events of one connection that wait until it has come in.
const WAITING: usize = 512;
/// And how many bytes of them.
const WAITING_BYTES: usize = 1024 * 1024;
/// How long what came last may take after the end of a connection.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// What became of an event that came in.
pub(super) enum Turn {
    /// It is its turn.
    Now(ClientEvent),
    /// It waits for those before it.
    Later,
    /// Too many wait, or too many bytes of them.
    Refused(ClientEvent),
}

/// What waits for the event in hand.
#[derive(Default)]
pub(super) struct Turns {
    /// Absent while nothing is in hand.
    waiting: Mutex<Option<VecDeque<ClientEvent>>>,
    /// Told when nothing is in hand any more.
    idle: Notify,
}

impl Turns {
    fn waiting(&self) -> MutexGuard<'_, Option<VecDeque<ClientEvent>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an event in its turn.
    pub(super) fn queue(&self, incoming: ClientEvent) -> Turn {
        let mut waiting = self.waiting();
        match &mut *waiting {
            None => {
                *waiting = Some(VecDeque::new());
                Turn::Now(incoming)
            }
            Some(waiting)
                if waiting.len() >= WAITING
                    || waiting.iter().map(ClientEvent::size).sum::<usize>() > WAITING_BYTES =>
            {
                Turn::Refused(incoming)
            }
            Some(waiting) => {
                waiting.push_back(incoming);
                Turn::Later
            }
        }
    }

    /// What waits longest; nothing is in hand any more if there is nothing.
    pub(super) fn next(&self) -> Option<ClientEvent> {
        let mut waiting = self.waiting();
        let next = waiting.as_mut().and_then(VecDeque::pop_front);
        if next.is_none() {
            *waiting = None;
            self.idle.notify_waiters();
        }
        next
    }

    /// Waits until what came before the connection's end is done: what a page says as it closes comes
    /// together with that end.
    pub(super) async fn finish(&self) {
        let mut idle = std::pin::pin!(self.idle.notified());
        idle.as_mut().enable();
        if self.waiting().is_none() {
            return;
        }
        if tokio::time::timeout(LAST_WORDS, idle).await.is_err() {
            tracing::debug!("the last events of a connection take too long");
        }
    }

    /// Drops what waits.
    pub(super) fn forget(&self) {
        *self.waiting() = None;
    }
}
