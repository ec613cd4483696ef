//! One connection: who sits on it, and what waits to be done for it.

use std::collections::{HashSet, VecDeque};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use metrics::counter;
use serde_json::Value;
use socketioxide::extract::{AckSender, SocketRef};
use socketioxide::{AckError, SendError, SocketError};
use tokio_util::sync::CancellationToken;

use super::holder::SignIn;
use super::line::Line;
use super::outgoing::{Arguments, ErasedJson, packet};
use super::turns::Turns;
use crate::commands::participant;
use crate::commands::participant::identify::Identity;
use crate::context::Context;
use crate::error::Kind;
use crate::meeting::Packet;
use crate::model::RoomName;
use crate::model::digest::digest;
use crate::model::meeting::Actor;
use crate::request_id::{self, RequestId};
use crate::server::address::ClientAddress;

/// Notifications that were taken and are remembered; many times more than are read at a time.
const TAKEN: usize = 1024;

/// Refusals in a minute after which a flood is a flood.
const REFUSALS: NonZeroU32 = NonZeroU32::new(1000).expect("not zero");
/// Rooms that a connection is kept out of; the oldest is forgotten.
const BARRED: usize = 16;
/// How often a connection is tried to be ended.
const RETRY: Duration = Duration::from_secs(1);

/// Where the holder of a connection is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Joined {
    pub(super) room: RoomName,
    pub(super) id: String,
    /// By what their messages are counted.
    pub(super) sender: String,
    pub(super) resumes: bool,
}

#[derive(Default)]
struct ConnectionState {
    joined: Option<Joined>,
    closed: bool,
    /// Who holds it, if they connected with a token that says it.
    identity: Option<Identity>,
    /// Notifications that were sent over it and not taken yet.
    offered: HashSet<String>,
    /// Digests of the last that were taken: a list that was read just before still names them.
    taken: VecDeque<u64>,
    /// Whether there were more than it may be offered.
    behind: bool,
    /// Rooms that its holder was sent out of.
    barred: Vec<RoomName>,
}

/// The connection of one client, from its admission to its end.
pub(super) struct Connection {
    /// Unique among all connections of all nodes.
    id: String,
    socket: SocketRef,
    pub(super) address: Option<ClientAddress>,
    context: Arc<Context>,
    events: Option<DefaultDirectRateLimiter>,
    refusals: DefaultDirectRateLimiter,
    flooding: AtomicBool,
    state: Mutex<ConnectionState>,
    pub(super) turns: Turns,
    line: Arc<Line>,
    given_up: AtomicBool,
    pub(super) sign_in: SignIn,
    /// Cancelled when it is known who holds it, or that nobody says so.
    pub(super) met: CancellationToken,
}

impl Connection {
    pub(super) fn new(
        socket: SocketRef,
        address: Option<ClientAddress>,
        context: Arc<Context>,
        events: Option<Quota>,
        line: Arc<Line>,
    ) -> Self {
        Self {
            id: socket.id.to_string(),
            socket,
            address,
            context,
            events: events.map(RateLimiter::direct),
            refusals: RateLimiter::direct(Quota::per_minute(REFUSALS)),
            flooding: AtomicBool::new(false),
            state: Mutex::default(),
            turns: Turns::default(),
            line,
            given_up: AtomicBool::new(false),
            sign_in: SignIn::default(),
            met: CancellationToken::new(),
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn socket(&self) -> &SocketRef {
        &self.socket
    }

    /// The request that opened it.
    pub(super) fn request(&self) -> RequestId {
        RequestId::of(&self.socket.req_parts().headers)
    }

    /// Its client is not connected any more, though what carried that may still stand.
    pub(super) fn hang_up(&self) {
        self.line.clone().hang_up();
    }

    /// Ends it.
    pub(super) fn end(&self) {
        tokio::spawn(disconnect(self.socket.clone()));
    }

    /// Whether another event fits into its rate. Who goes on and on is disconnected.
    pub(super) fn admits(&self) -> bool {
        self.line.heard();
        let fits = self
            .events
            .as_ref()
            .is_none_or(|events| events.check().is_ok());
        if !fits && self.refusals.check().is_err() && !self.flooding.swap(true, Ordering::Relaxed) {
            counter!("tok_sockets_dropped_total", "reason" => "flood").increment(1);
            tracing::info!(
                connection = self.id,
                "a client floods us; it is disconnected"
            );
            tokio::spawn(disconnect(self.socket.clone()));
        }
        fits
    }

    fn state(&self) -> MutexGuard<'_, ConnectionState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn joined(&self) -> Option<Joined> {
        self.state().joined.clone()
    }

    /// The holder is in a room now, unless they were taken out of it already. Says whether the
    /// connection still stands.
    pub(super) fn enter(&self, joined: Joined, is_dismissed: impl FnOnce() -> bool) -> bool {
        let mut state = self.state();
        if !state.closed && !is_dismissed() {
            state.joined = Some(joined);
            self.line.keep();
        }
        !state.closed
    }

    /// The holder was taken out of the room. `note` is called before anybody can come in again;
    /// `barred` says that somebody else wanted it so.
    pub(super) fn dismiss(&self, barred: bool, note: impl FnOnce()) {
        let mut state = self.state();
        note();
        if let Some(joined) = state.joined.take().filter(|_| barred) {
            state.barred.push(joined.room);
            let over = state.barred.len().saturating_sub(BARRED);
            state.barred.drain(..over);
        }
    }

    /// Whether there is room for what other clients send.
    pub(super) fn takes_signals(&self) -> bool {
        self.line.takes_signals()
    }

    /// The holder left the room.
    pub(super) fn leave(&self) {
        self.state().joined = None;
    }

    /// Whether somebody else took the holder out of this room.
    pub(super) fn was_sent_out_of(&self, room: &str) -> bool {
        let state = self.state();
        state.barred.iter().any(|of| of.as_str() == room)
    }

    /// The connection is over. Says where its holder was.
    pub(super) fn close(&self) -> Option<Joined> {
        self.turns.forget();
        let mut state = self.state();
        state.closed = true;
        state.joined.take()
    }

    /// Sends an event that only this connection hears.
    pub(super) fn emit(&self, name: &'static str, arguments: &[&dyn ErasedJson]) {
        self.send(&packet(name, arguments));
    }

    /// Sends an event. A client that does not take what is sent is given up.
    pub(super) fn send(&self, packet: &Packet) {
        if !self
            .line
            .takes(packet.arguments.iter().map(|raw| raw.get().len()).sum())
        {
            return self.give_up();
        }
        match self.socket.emit(packet.name, &Arguments(&packet.arguments)) {
            Ok(()) => counter!("tok_socket_events_sent_total").increment(1),
            Err(SendError::Socket(SocketError::InternalChannelFull)) => self.give_up(),
            // It is gone already; its disconnection is told by itself.
            Err(SendError::Socket(_)) => {}
            Err(SendError::Serialize(error)) => {
                tracing::error!(event = packet.name, %error, "an event cannot be sent");
            }
        }
    }

    /// Notes who holds it. Says whether the connection still stands.
    pub(super) fn identify(&self, identity: Identity) -> bool {
        let mut state = self.state();
        if !state.closed {
            state.identity = Some(identity);
            self.line.keep();
        }
        self.met.cancel();
        !state.closed
    }

    /// Who holds it, if that is known.
    pub(super) fn identity(&self) -> Option<Identity> {
        self.state().identity.clone()
    }

    /// Whether the client is gone.
    pub(super) fn is_over(&self) -> bool {
        self.state().closed
    }

    /// Who holds it, if that is known; not known any more then.
    pub(super) fn take_user(&self) -> Option<String> {
        let identity = self.state().identity.take();
        identity.map(|identity| identity.user)
    }

    /// Whether a notification is to be sent over it: each once, and at most `most` at a time.
    pub(super) fn offers(&self, id: &str, most: usize) -> bool {
        let mut state = self.state();
        if state.offered.len() >= most {
            state.behind = true;
            return false;
        }
        let known = state.taken.contains(&digest(id));
        !known && !state.closed && state.offered.insert(id.to_owned())
    }

    /// A notification was taken, or was not. Says whether others should be offered now: there are
    /// some, and no more than `few` are on their way.
    pub(super) fn wants_more(&self, id: &str, taken: bool, few: usize) -> bool {
        let mut state = self.state();
        state.offered.remove(id);
        if taken {
            if state.taken.len() >= TAKEN {
                state.taken.pop_front();
            }
            state.taken.push_back(digest(id));
        }
        let wants = !state.closed && state.behind && state.offered.len() <= few;
        state.behind &= !wants;
        wants
    }

    /// Sends an event and waits until the client acknowledges it. Says whether it did.
    pub(super) async fn ask(&self, event: &'static str, body: &Value) -> bool {
        let body = [body.json()];
        if !self.line.takes(body[0].get().len()) {
            self.give_up();
            return false;
        }
        match self
            .socket
            .emit_with_ack::<_, Value>(event, &Arguments(&body))
        {
            // Whatever it says, or nothing: it is an acknowledgement.
            Ok(answer) => {
                let taken = matches!(answer.await, Ok(_) | Err(AckError::Decode(_)));
                self.line.heard();
                taken
            }
            Err(SendError::Socket(SocketError::InternalChannelFull)) => {
                self.give_up();
                false
            }
            Err(_) => false,
        }
    }

    /// Tells the room that the connection broke.
    pub(super) fn lost(&self, joined: &Joined) {
        let Joined { room, id, .. } = joined;
        let input = participant::lost::Input {
            room: room.clone(),
            participant: id.clone(),
            seat: self.id.clone(),
            resumes: joined.resumes,
        };
        let lost = || participant::lost::run(&self.context, input);
        request_id::during(self.request(), lost);
    }

    /// Tells the room that its holder went.
    pub(super) async fn left(&self, joined: &Joined) {
        let Joined { room, id, .. } = joined;
        let actor = Actor::Seated {
            id: id.clone(),
            seat: self.id.clone(),
        };
        let input = participant::leave::Input {
            room: room.clone(),
            by: actor,
        };
        let leaving = participant::leave::run(&self.context, input);
        match request_id::within(self.request(), leaving).await {
            Err(error) if error.kind() != Kind::NotFound => {
                tracing::warn!(%room, %error, "somebody who went is still in the room");
                self.lost(joined);
            }
            _ => {}
        }
    }

    /// Answers an event; a client that takes no answer is given up.
    pub(super) fn acknowledge(&self, ack: AckSender, body: &Value) {
        let body = [body.json()];
        let fits = self.line.takes(body[0].get().len());
        let sent = fits.then(|| ack.send(&Arguments(&body)));
        match sent {
            None | Some(Err(SendError::Socket(SocketError::InternalChannelFull))) => self.give_up(),
            _ => {}
        }
    }

    /// Nothing more fits into its queue.
    fn give_up(&self) {
        self.give_way("slow");
    }

    /// It must go, because it takes no events, or others need what it has. The transport of one that
    /// takes nothing ends by its missing sign of life; its holder is out of the room at once.
    pub(super) fn give_way(&self, reason: &'static str) {
        if self.given_up.swap(true, Ordering::Relaxed) {
            return;
        }
        counter!("tok_sockets_dropped_total", "reason" => reason).increment(1);
        tracing::info!(connection = self.id, reason, "a client is disconnected");
        if let Some(joined) = self.close() {
            self.lost(&joined);
        }
        tokio::spawn(disconnect(self.socket.clone()));
    }
}

/// Ends a connection that takes nothing any more, as soon as its queue has room for the word; if it
/// never has, its missing sign of life ends it.
async fn disconnect(socket: SocketRef) {
    while socket.connected() {
        if socket.clone().disconnect().is_ok() {
            return;
        }
        tokio::time::sleep(RETRY).await;
    }
}
