//! The lines to clients: how many there are, and how much waits on each.
//!
//! The socket library bounds what waits for a client by number only, and what a client asks for may
//! be large. What was handed to the library is counted here, and what went out is counted where it
//! goes out: at the stream of a WebSocket, and at each answer to a poll.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use metrics::gauge;
use socketioxide::socket::Sid;

use crate::server::listen::Sent;

/// One of a bounded number of places, given back when it is dropped.
pub(super) struct Counted(Arc<AtomicUsize>);

impl Counted {
    pub(super) fn take(taken: &Arc<AtomicUsize>, most: usize) -> Option<Self> {
        let free = |taken: usize| (taken < most).then_some(taken + 1);
        let (store, load) = (Ordering::Relaxed, Ordering::Relaxed);
        taken.fetch_update(store, load, free).ok()?;
        gauge!("tok_sockets").increment(1);
        Some(Self(taken.clone()))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
        gauge!("tok_sockets").decrement(1);
    }
}

/// All lines whose sessions are known.
pub(super) struct Lines {
    /// Bytes that may wait for one client.
    most: u64,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    lines: HashMap<Sid, Weak<Line>>,
    /// Streams of sessions that are not known yet: a client may upgrade before it connects.
    upgrades: HashMap<Sid, Sent>,
}

/// The line to one client, from its first request on.
pub(super) struct Line {
    lines: Arc<Lines>,
    session: OnceLock<Sid>,
    traffic: Mutex<Traffic>,
    _place: Counted,
}

#[derive(Default)]
struct Traffic {
    /// Bytes handed over to be sent.
    handed: u64,
    /// Bytes that went out before the present stream did its part.
    before: u64,
    /// The present stream, and what had gone over it before it was this client's.
    stream: Option<(Sent, u64)>,
}

impl Traffic {
    /// Bytes that went out; with what the protocols put around them, it is more than was handed over.
    fn gone(&self) -> u64 {
        let stream = self.stream.as_ref();
        self.before + stream.map_or(0, |(sent, base)| sent.bytes().saturating_sub(*base))
    }

    fn change(&mut self, stream: Sent) {
        self.before = self.gone();
        let base = stream.bytes();
        self.stream = Some((stream, base));
    }

    /// Counts `bytes` as handed over, unless more than `most` wait already.
    fn takes(&mut self, bytes: u64, most: u64) -> bool {
        let gone = self.gone();
        let handed = self.handed.max(gone);
        if handed - gone > most {
            return false;
        }
        self.handed = handed + bytes;
        true
    }
}

impl Lines {
    pub(super) fn new(most: u64) -> Self {
        Self {
            most,
            known: Mutex::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A client comes in, over a WebSocket if there is a stream.
    pub(super) fn begin(self: &Arc<Self>, place: Counted, stream: Option<Sent>) -> Arc<Line> {
        let mut traffic = Traffic::default();
        if let Some(stream) = stream {
            traffic.change(stream);
        }
        Arc::new(Line {
            lines: self.clone(),
            session: OnceLock::new(),
            traffic: Mutex::new(traffic),
            _place: place,
        })
    }

    /// A client that polled asks for a WebSocket.
    pub(super) fn upgrades(&self, session: Sid, stream: Sent) {
        let mut known = self.known();
        if let Some(line) = known.lines.get(&session).and_then(Weak::upgrade) {
            line.traffic().change(stream);
            return;
        }
        // Of clients that were refused or went away.
        known.upgrades.retain(|_, stream| !stream.is_over());
        known.upgrades.insert(session, stream);
    }

    /// So many bytes went to a client that polls.
    pub(super) fn polled(&self, session: Sid, bytes: u64) {
        let line = self.known().lines.get(&session).and_then(Weak::upgrade);
        if let Some(line) = line {
            line.traffic().before += bytes;
        }
    }
}

impl Line {
    fn traffic(&self) -> MutexGuard<'_, Traffic> {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It belongs to this session.
    pub(super) fn is_of(self: &Arc<Self>, session: Sid) {
        if self.session.set(session).is_err() {
            return;
        }
        let mut known = self.lines.known();
        known.lines.insert(session, Arc::downgrade(self));
        if let Some(stream) = known.upgrades.remove(&session) {
            self.traffic().change(stream);
        }
    }

    /// Counts what is about to be sent. Says no when too much waits already.
    pub(super) fn takes(&self, bytes: usize) -> bool {
        self.traffic().takes(bytes as u64, self.lines.most)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(session) = self.session.get() {
            self.lines.known().lines.remove(session);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_what_was_handed_over_and_did_not_go_out() {
        let stream = Sent::default();
        stream.add(5000);
        let mut traffic = Traffic::default();
        traffic.change(stream.clone());
        assert!(traffic.takes(80, 100));
        assert!(traffic.takes(80, 100), "80 wait, which is not too much");
        assert!(!traffic.takes(1, 100), "160 wait");
        stream.add(70);
        assert!(
            traffic.takes(500, 100),
            "90 wait: one more goes, however large"
        );
        assert!(!traffic.takes(1, 100));
        // More goes out than was handed over: heads of frames, signs of life.
        stream.add(1000);
        assert!(traffic.takes(101, 100));
        assert!(
            !traffic.takes(1, 100),
            "what went out too much does not count later"
        );
    }

    #[test]
    fn a_client_that_stops_polling_keeps_its_account() {
        let lines = Arc::new(Lines::new(100));
        let place = Counted::take(&Arc::default(), 1).expect("a place");
        let (line, session) = (lines.begin(place, None), Sid::new());
        line.is_of(session);
        assert!(line.takes(150) && !line.takes(1));
        lines.polled(session, 60);
        assert!(line.takes(20));
        let stream = Sent::default();
        lines.upgrades(session, stream.clone());
        assert!(!line.takes(1));
        stream.add(10);
        assert!(line.takes(1));
        drop(line);
        assert!(lines.known().lines.is_empty());
    }

    #[test]
    fn an_upgrade_may_come_before_the_session_is_known() {
        let lines = Arc::new(Lines::new(100));
        let taken = Arc::default();
        let line = lines.begin(Counted::take(&taken, 1).expect("a place"), None);
        assert!(Counted::take(&taken, 1).is_none());
        let (session, stream) = (Sid::new(), Sent::default());
        lines.upgrades(session, stream.clone());
        line.is_of(session);
        assert!(line.takes(101) && !line.takes(1));
        stream.add(1);
        assert!(line.takes(1));
        // Of one that is never known, nothing stays.
        lines.upgrades(Sid::new(), Sent::default());
        lines.upgrades(Sid::new(), stream);
        assert_eq!(lines.known().upgrades.len(), 1);
    }
}
