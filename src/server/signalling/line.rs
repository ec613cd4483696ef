//! The lines to clients: what slot each of them takes, and how much waits on it.
//!
//! Who only asked for a session takes one of a few slots, and not for long. Once the client shows
//! that it is there, it takes one of those for connections.
//!
//! The socket library bounds what waits for a client by number only, and what a client asks for may
//! be large. What was handed to the library is counted here, and what went out is counted where it
//! goes out: at the stream of a WebSocket, and at each answer to a poll.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use socketioxide::socket::Sid;

use super::slots::{Full, Slot, Slots};
use crate::server::listen::SentBytes;

/// How often a client that is there and finds no slot looks for one.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// All lines whose sessions are known.
pub(super) struct Lines {
    /// Bytes that may wait for one client.
    most: u64,
    /// The slots of clients that are there.
    slots: Arc<Slots>,
    known: Mutex<KnownLines>,
}

#[derive(Default)]
struct KnownLines {
    lines: HashMap<Sid, Weak<Line>>,
    /// Streams of sessions that are not known yet: a client may upgrade before it connects.
    upgrades: HashMap<Sid, SentBytes>,
}

/// The line to one client, from its first request on.
pub(super) struct Line {
    lines: Arc<Lines>,
    session: OnceLock<Sid>,
    traffic: Mutex<Traffic>,
    stand: Mutex<LineState>,
}

/// What a line takes.
enum LineState {
    /// A session was asked for.
    Asked(Slot),
    /// The client is there.
    There(#[expect(dead_code, reason = "held, and given back with the line")] Slot),
    /// It did not come in time.
    Late,
}

#[derive(Default)]
struct Traffic {
    /// Bytes handed over to be sent.
    handed: u64,
    /// Bytes that went out before the present stream did its part.
    before: u64,
    /// The present stream, and what had gone over it before it was this client's.
    stream: Option<(SentBytes, u64)>,
}

impl Traffic {
    /// Bytes that went out; with what the protocols put around them, it is more than was handed over.
    fn gone(&self) -> u64 {
        let stream = self.stream.as_ref();
        self.before + stream.map_or(0, |(sent, base)| sent.bytes().saturating_sub(*base))
    }

    fn change(&mut self, stream: SentBytes) {
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
    pub(super) fn new(most: u64, slots: Arc<Slots>) -> Self {
        Self {
            most,
            slots,
            known: Mutex::default(),
        }
    }

    /// Whether somebody from this network would find a slot.
    pub(super) fn check(&self, network: IpAddr) -> Result<(), Full> {
        self.slots.check(network)
    }

    fn known(&self) -> MutexGuard<'_, KnownLines> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A client asks for a session, over a WebSocket if there is a stream.
    pub(super) fn begin(self: &Arc<Self>, asked: Slot, stream: Option<SentBytes>) -> Arc<Line> {
        let mut traffic = Traffic::default();
        if let Some(stream) = stream {
            traffic.change(stream);
        }
        Arc::new(Line {
            lines: self.clone(),
            session: OnceLock::new(),
            traffic: Mutex::new(traffic),
            stand: Mutex::new(LineState::Asked(asked)),
        })
    }

    /// A client uses its session: so it is there. Says whether it has a slot, as far as is known.
    pub(super) fn uses(&self, session: Sid) -> bool {
        let line = self.known().lines.get(&session).and_then(Weak::upgrade);
        line.is_none_or(|line| line.confirm())
    }

    /// A client that polled asks for a WebSocket.
    pub(super) fn upgrades(&self, session: Sid, stream: SentBytes) {
        let mut known = self.known();
        if let Some(line) = known.lines.get(&session).and_then(Weak::upgrade) {
            line.traffic().change(stream);
            // This may be the last to hold the line, which is taken off the list when it goes.
            drop(known);
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

    /// The session, once it is known.
    pub(super) fn session(&self) -> Option<Sid> {
        self.session.get().copied()
    }

    fn stand(&self) -> MutexGuard<'_, LineState> {
        self.stand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The client is there. Says whether it has a slot.
    pub(super) fn confirm(&self) -> bool {
        let mut stand = self.stand();
        let LineState::Asked(asked) = &*stand else {
            return matches!(*stand, LineState::There(_));
        };
        let Ok(slot) = self.lines.slots.take(asked.network()) else {
            return false;
        };
        *stand = LineState::There(slot);
        true
    }

    /// The client is there, and waits for a slot as long as it has time. Says whether it has one.
    pub(super) async fn arrive(&self) -> bool {
        while !self.confirm() {
            if matches!(*self.stand(), LineState::Late) {
                return false;
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        true
    }

    /// The time to come is over. Says whether the client did not.
    pub(super) fn expire(&self) -> bool {
        let mut stand = self.stand();
        let late = matches!(*stand, LineState::Asked(_));
        if late {
            *stand = LineState::Late;
        }
        late
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

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn lines(slots: usize) -> Arc<Lines> {
        let slots = Slots::new(slots, slots, "tok_test_sockets");
        Arc::new(Lines::new(100, slots))
    }

    fn begin(lines: &Arc<Lines>) -> Arc<Line> {
        let asked = Slots::new(1, 1, "tok_test_asked").take(HERE);
        lines.begin(asked.expect("a slot"), None)
    }

    #[test]
    fn who_only_asks_takes_none_of_the_places_of_those_who_come() {
        let lines = lines(1);
        let asked = Slots::new(2, 2, "tok_test_asked");
        let ask = || lines.begin(asked.take(HERE).expect("a slot"), None);
        let (one, two) = (ask(), ask());
        assert_eq!(asked.check(HERE), Err(Full::All));
        assert_eq!(lines.check(HERE), Ok(()));
        assert!(one.confirm() && one.confirm());
        assert_eq!(asked.check(HERE), Ok(()));
        assert!(!two.confirm(), "there is only one");
        assert!(!one.expire() && two.expire());
        drop(one);
        assert!(!two.confirm(), "the time is over");
        assert_eq!(lines.check(HERE), Ok(()));
        let three = ask();
        three.is_of(Sid::new());
        assert!(three.session().is_some_and(|session| lines.uses(session)));
        assert!(lines.uses(Sid::new()), "of others nothing is known");
        assert_eq!(lines.check(HERE), Err(Full::All));
    }

    #[test]
    fn what_waits_is_what_was_handed_over_and_did_not_go_out() {
        let stream = SentBytes::default();
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
        let lines = lines(1);
        let (line, session) = (begin(&lines), Sid::new());
        line.is_of(session);
        assert!(line.takes(150) && !line.takes(1));
        lines.polled(session, 60);
        assert!(line.takes(20));
        let stream = SentBytes::default();
        lines.upgrades(session, stream.clone());
        assert!(!line.takes(1));
        stream.add(10);
        assert!(line.takes(1));
        drop(line);
        assert!(lines.known().lines.is_empty());
    }

    #[test]
    fn an_upgrade_may_come_before_the_session_is_known() {
        let lines = lines(1);
        let line = begin(&lines);
        let (session, stream) = (Sid::new(), SentBytes::default());
        lines.upgrades(session, stream.clone());
        line.is_of(session);
        assert!(line.takes(101) && !line.takes(1));
        stream.add(1);
        assert!(line.takes(1));
        // Of one that is never known, nothing stays.
        lines.upgrades(Sid::new(), SentBytes::default());
        lines.upgrades(Sid::new(), stream);
        assert_eq!(lines.known().upgrades.len(), 1);
    }
}
