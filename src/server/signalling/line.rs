//! The lines to clients: what slot each of them takes, and how much waits on it.
//!
//! Who only asked for a session takes one of a few slots, and not for long. Once the client shows
//! that it is there, it takes one of those for connections.
//!
//! The socket library bounds what waits for a client by number only, and what a client asks for may
//! be large. What was handed to the library is counted here, and what went out is counted where it
//! goes out: at the stream of a WebSocket, and at each answer to a poll.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use socketioxide::socket::Sid;

use super::backlog::Backlog;
use super::traffic::Traffic;
use crate::server::address::Network;
use crate::server::slots::{Full, Slot, Slots};
use crate::server::stream::SentBytes;

/// How often a client that is there and finds no slot looks for one.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// How long a client that is served no more has to hear so, and to go.
const LAST_WORD: Duration = Duration::from_secs(1);

/// Signals of others may fill one part in so many of the bytes that may wait for a client,
const SIGNALS: u64 = 2;
/// and of the events.
const SIGNALS_EVENTS: usize = 2;

/// Why somebody goes whose slot is needed, in metrics.
const IDLE: &str = "idle";

/// Makes whoever is at the other end go, for a reason.
pub(super) type Dismiss = Box<dyn Fn(&'static str) + Send + Sync>;

/// All lines whose sessions are known.
pub(super) struct Lines {
    /// Bytes that may wait for one client, and events.
    most: u64,
    most_events: usize,
    backlog: Backlog,
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
    /// Makes whoever is at its other end go, once there is somebody.
    dismiss: OnceLock<Dismiss>,
}

/// What a line takes.
enum LineState {
    /// A session was asked for.
    Asked(Slot),
    /// The client is there.
    There(Slot),
    /// It did not come in time, or its slot was needed for somebody else.
    Over,
}

impl Lines {
    pub(super) fn new(most: u64, most_events: usize, backlog: Backlog, slots: Arc<Slots>) -> Self {
        Self {
            most,
            most_events,
            backlog,
            slots,
            known: Mutex::default(),
        }
    }

    /// Whether somebody from this network would find a slot.
    pub(super) fn check(&self, network: Network) -> Result<(), Full> {
        self.slots.check(network)
    }

    fn known(&self) -> MutexGuard<'_, KnownLines> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives up those for whom most waits, until it is little enough for all together.
    fn shed(&self) {
        // Somebody else may be at it.
        let Some(_shedding) = self.backlog.begin_shedding() else {
            return;
        };
        let lines: Vec<_> = {
            let known = self.known();
            known.lines.values().filter_map(Weak::upgrade).collect()
        };
        let count = |line: Arc<Line>| (line.recount(), line);
        let mut waiting: Vec<_> = lines.into_iter().map(count).collect();
        waiting.sort_unstable_by_key(|(bytes, _)| *bytes);
        while self.backlog.is_too_much() {
            let Some((_, line)) = waiting.pop() else {
                return;
            };
            line.is_shed();
        }
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
            dismiss: OnceLock::new(),
        })
    }

    /// A client uses its session: so it is there. Says whether it has a slot, as far as is known.
    pub(super) fn uses(&self, session: Sid) -> bool {
        let line = self.known().lines.get(&session).and_then(Weak::upgrade);
        line.is_none_or(|line| line.confirm())
    }

    /// Whether we know who uses a session.
    pub(super) fn knows(&self, session: Sid) -> bool {
        let line = self.known().lines.get(&session).and_then(Weak::upgrade);
        line.is_some_and(|line| matches!(&*line.stand(), LineState::There(slot) if slot.is_kept()))
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
    pub(super) fn confirm(self: &Arc<Self>) -> bool {
        let mut stand = self.stand();
        let LineState::Asked(asked) = &*stand else {
            return matches!(*stand, LineState::There(_));
        };
        let line = Arc::downgrade(self);
        let on_loss = Box::new(move || {
            if let Some(line) = line.upgrade() {
                line.give_way();
            }
        });
        let Ok(slot) = self.lines.slots.take_loosely(asked.network(), on_loss) else {
            return false;
        };
        *stand = LineState::There(slot);
        self.traffic().keep();
        true
    }

    /// Somebody is at its other end; `dismiss` makes them go.
    pub(super) fn is_held_by(&self, dismiss: Dismiss) {
        let dismiss = self.dismiss.get_or_init(|| dismiss);
        if matches!(*self.stand(), LineState::Over) {
            dismiss(IDLE);
        }
    }

    /// We know who is at its other end: they do not give way to strangers.
    pub(super) fn keep(&self) {
        if let LineState::There(slot) = &*self.stand() {
            slot.keep();
        }
    }

    /// The slot is somebody else's now.
    fn give_way(&self) {
        *self.stand() = LineState::Over;
        self.traffic().yields();
        self.dismiss(IDLE);
    }

    /// The client is served no more. One that does not go by itself keeps no place of others.
    pub(super) fn hang_up(self: Arc<Self>) {
        tokio::spawn(async move {
            tokio::time::sleep(LAST_WORD).await;
            *self.stand() = LineState::Over;
            self.traffic().cut();
        });
    }

    /// The client is not told anything more, and may come again.
    pub(super) fn cut(&self) {
        self.traffic().cut();
    }

    /// The client is there, and waits for a slot as long as it has time. Says whether it has one.
    pub(super) async fn arrive(self: &Arc<Self>) -> bool {
        while !self.confirm() {
            if matches!(*self.stand(), LineState::Over) {
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
            *stand = LineState::Over;
        }
        late
    }

    /// Whether there is room for what other clients send: a part of what may wait is kept for what
    /// the client must hear.
    pub(super) fn takes_signals(&self) -> bool {
        let (bytes, events) = self.traffic().waits();
        bytes < self.lines.most / SIGNALS && events < self.lines.most_events / SIGNALS_EVENTS
    }

    /// The client sent a whole message.
    pub(super) fn heard(&self) {
        self.traffic().heard();
    }

    /// Counts what is about to be sent. Says no when too much waits already.
    pub(super) fn takes(&self, bytes: usize) -> bool {
        let mut traffic = self.traffic();
        let takes = traffic.takes(bytes as u64, self.lines.most);
        let (before, now) = traffic.recount();
        drop(traffic);
        if self.lines.backlog.change(before, now) {
            self.lines.shed();
        }
        takes
    }

    /// Counts anew what waits for it among what waits for all. Says how much it is.
    fn recount(&self) -> u64 {
        let (before, now) = self.traffic().recount();
        self.lines.backlog.change(before, now);
        now
    }

    /// Too much waits for all, and most of it for this one.
    fn is_shed(&self) {
        self.traffic().is_over = true;
        self.recount();
        self.dismiss("memory");
    }

    fn dismiss(&self, reason: &'static str) {
        if let Some(dismiss) = self.dismiss.get() {
            dismiss(reason);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let counted = self.traffic().counted;
        self.lines.backlog.change(counted, 0);
        if let Some(session) = self.session.get() {
            self.lines.known().lines.remove(session);
        }
    }
}

#[cfg(test)]
mod tests;
