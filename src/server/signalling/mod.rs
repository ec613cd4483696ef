//! Live rooms over socket.io: the events of the original video-web-app backend, and ours beside
//! them. Clients of socket.io 2 (Engine.IO 3) and of 3 and 4 (Engine.IO 4) connect, by polling or
//! WebSocket.
//!
//! Everything of one connection is done in the order it came; a room's desk orders what comes from
//! all of them.

mod admission;
mod backlog;
mod connected_people;
mod credentials;
mod holder;
mod hosting;
mod incoming;
mod inside;
mod limits;
mod line;
mod media_offer;
mod messages;
mod operations;
mod outgoing;
mod seat;
mod sign_in;
mod socket;
mod sockets;
mod traffic;
mod turns;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::any_service;
use futures_util::FutureExt;
use metrics::counter;
use serde::Deserialize;
use socketioxide::extract::{AckSender, MaybeHttpExtension, SocketRef, TryData};
use socketioxide::handler::ConnectHandler;
use socketioxide::socket::{DisconnectReason, Sid};
use socketioxide::{ParserConfig, ProtocolVersion, SocketIo, TransportType};
use tokio_util::task::AbortOnDropHandle;

use self::admission::{SocketAdmission, TIME_TO_COME};
use self::connected_people::ConnectedPeople;
use self::incoming::{ClientEvent, EventParts, failure, original, success};
use self::limits::SocketLimits;
use self::line::Line;
use self::socket::{Connection, Joined};
pub use self::sockets::Sockets;
use self::turns::Turn;
use super::App;
use super::address::ClientAddress;
use super::listen::Connections;
use crate::commands::issuer;
use crate::config::Config;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::RoomName;
use crate::request_id;
use crate::traces;

/// Where socket.io clients look for it.
const PATH: &str = "/socket.io";
/// It, and whatever is below it.
const PATHS: [&str; 3] = [PATH, "/socket.io/", "/socket.io/{*rest}"];
/// The largest packet of a client: an offer with many tracks fits, with room to spare.
const LARGEST: usize = 256 * 1024;
/// The longest time between being admitted and being told so.
const CONNECTING: Duration = Duration::from_mins(1);
/// Binary parts of one packet, which no event has.
const FEW: usize = 16;
/// What is read at a time: most packets are small.
const READ: usize = 512;

/// What all connections share.
pub(super) struct LiveRooms {
    context: Arc<Context>,
    limits: SocketLimits,
    app: App,
    connecting: Mutex<Connecting>,
    people: Arc<ConnectedPeople>,
    _followers: [AbortOnDropHandle<()>; 2],
}

/// What a client says of itself when it connects.
#[derive(Deserialize)]
struct HandshakeAuth {
    /// A join token, or a token that somebody signed in with; whom it is for is told what waits for
    /// them.
    #[serde(default)]
    token: Option<String>,
}

/// Clients that were admitted and do not know yet, since when.
type Connecting = HashMap<Sid, (Instant, Arc<Connection>)>;

/// What a client is told that is not let in.
#[derive(Debug)]
struct Refused(&'static str);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// The routes of sockets behind what admits clients, and the sockets themselves.
pub(super) fn routes(app: &App, config: &Config) -> (Router, Sockets) {
    let signalling = &config.signalling;
    // Of a context there is one: a connection must not cost a copy.
    let context = Arc::new(app.0.context.clone());
    // What is announced is kept until all of it is there.
    let parser = ParserConfig::common()
        .max_incoming_binaries(FEW)
        .max_incoming_binary_buf_size(LARGEST);
    let (service, io) = SocketIo::builder()
        .req_path(PATH)
        .ping_interval(signalling.ping_interval.0)
        .ping_timeout(signalling.ping_timeout.0)
        .connect_timeout(TIME_TO_COME)
        .max_buffer_size(signalling.queue.get())
        .max_payload(LARGEST as u64)
        .ws_max_message_size(LARGEST)
        .ws_max_frame_size(LARGEST)
        .ws_read_buffer_size(READ)
        .with_parser(parser)
        .build_svc();
    let people = Arc::new(ConnectedPeople::default());
    let followers = [
        AbortOnDropHandle::new(tokio::spawn(connected_people::deliver(
            context.clone(),
            people.clone(),
        ))),
        AbortOnDropHandle::new(tokio::spawn(connected_people::keep_present(
            context.clone(),
            people.clone(),
        ))),
    ];
    let live = Arc::new(LiveRooms {
        context: context.clone(),
        limits: SocketLimits::new(signalling, app.0.room_events.clone()),
        app: app.clone(),
        connecting: Mutex::default(),
        people,
        _followers: followers,
    });
    let events = outgoing::ClientWire::new(&context);
    context.meetings.serve(Arc::new(events));
    let (admitting, serving) = (live.clone(), live);
    let admit = move |socket: SocketRef,
                      address: MaybeHttpExtension<ClientAddress>,
                      line: MaybeHttpExtension<Arc<Line>>| {
        let live = admitting.clone();
        async move { live.admit(&socket, address.0, line.0).await }
    };
    let serve = move |socket: SocketRef, auth: TryData<HandshakeAuth>| {
        serving.serve(&socket, auth.0.ok().and_then(|auth| auth.token));
        std::future::ready(())
    };
    io.ns("/", serve.with(admit));
    let (admission, slots) = SocketAdmission::new(app.clone(), config);
    let guarded = any_service(service).layer(from_fn_with_state(admission, admission::guard));
    let routes = PATHS.map(|path| Router::new().route(path, guarded.clone()));
    let routes = routes.into_iter().fold(Router::new(), Router::merge);
    let places = Arc::new(Connections::of_sockets(slots));
    (routes, Sockets::new(io, context, places))
}

impl LiveRooms {
    fn context(&self) -> &Arc<Context> {
        &self.context
    }

    /// A client connects, and takes a place by it.
    async fn admit(
        self: &Arc<Self>,
        socket: &SocketRef,
        address: Option<ClientAddress>,
        line: Option<Arc<Line>>,
    ) -> std::result::Result<(), Refused> {
        // Who is admitted has one.
        let line = line.ok_or(Refused("this connection came in by no door"))?;
        line.is_of(socket.id);
        // By the older protocol everybody connects who asks for a session. Whether the client is
        // there is seen when it uses it.
        let unasked = socket.protocol() == ProtocolVersion::V4
            && socket.transport_type() == TransportType::Polling;
        if !unasked && !line.arrive().await {
            // Told now it would be the last word: a stock client that is refused does not come
            // again, one whose line breaks does. Without a WebSocket the library ends its session.
            line.cut();
            tokio::time::sleep(TIME_TO_COME).await;
            return Err(Refused("too many connections; try again later"));
        }
        self.make_ready(socket, address, &line);
        Ok(())
    }

    /// Gets ready for what a client sends. This is done before it hears that it is connected: from
    /// then on it may send events, which would be lost without somebody who takes them.
    fn make_ready(
        self: &Arc<Self>,
        socket: &SocketRef,
        address: Option<ClientAddress>,
        line: &Arc<Line>,
    ) {
        let connection = Arc::new(Connection::new(
            socket.clone(),
            address,
            self.context.clone(),
            self.limits.events,
            line.clone(),
        ));
        let holder = Arc::downgrade(&connection);
        line.is_held_by(Box::new(move |reason| {
            if let Some(connection) = holder.upgrade() {
                connection.give_way(reason);
            }
        }));
        // The connection knows its socket: the socket must not keep it alive in turn.
        let (live, receiving) = (self.clone(), Arc::downgrade(&connection));
        socket.on_fallback(move |call: EventParts, ack: AckSender| {
            if let Some(connection) = receiving.upgrade() {
                live.receive(&connection, call, ack);
            }
            std::future::ready(())
        });
        let mut connecting = self.connecting();
        // Who broke off before being told that they are connected is told nowhere else.
        connecting.retain(|_, (since, _)| since.elapsed() < CONNECTING);
        connecting.insert(socket.id, (Instant::now(), connection));
    }

    fn connecting(&self) -> MutexGuard<'_, Connecting> {
        self.connecting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A client is connected.
    fn serve(self: &Arc<Self>, socket: &SocketRef, token: Option<String>) {
        let Some((_, connection)) = self.connecting().remove(&socket.id) else {
            return;
        };
        // However meeting them ends, nobody waits for it any longer.
        let met = connection.met.clone().drop_guard();
        if let Some(token) = token {
            let (live, connection) = (self.clone(), connection.clone());
            let of_issuer = issuer::verify::is_ours(&self.context, &token);
            let token = if of_issuer {
                connection.sign_in.came_with(token);
                None
            } else {
                Some(token)
            };
            tokio::spawn(async move {
                match token {
                    Some(token) => meet(live, connection, token).await,
                    None => sign_in::meet(live, connection).await,
                }
                drop(met);
            });
        }
        let live = self.clone();
        let last = connection.clone();
        socket.on_disconnect(async move |reason: DisconnectReason| {
            let by_client = matches!(
                reason,
                DisconnectReason::ClientNSDisconnect | DisconnectReason::TransportClose
            );
            if by_client {
                connection.turns.finish().await;
            }
            if matches!(
                reason,
                DisconnectReason::ClientNSDisconnect | DisconnectReason::ServerNSDisconnect
            ) {
                connection.hang_up();
            }
            let joined = connection.close();
            if let Some(user) = connection.take_user() {
                connected_people::farewell(&live.context, &live.people, &connection, &user).await;
            }
            match joined {
                // They went on purpose: nobody waits for them to come back.
                Some(joined) if reason == DisconnectReason::ClientNSDisconnect => {
                    connection.left(&joined).await;
                }
                Some(joined) => connection.lost(&joined),
                None => {}
            }
        });
        // It may have been over before: then nobody calls what was just registered.
        if !socket.connected() {
            socket.on_disconnect(async || {});
            if let Some(joined) = last.close() {
                last.lost(&joined);
            }
        } else if last.is_over() {
            // It had to give way just before it was connected, when it could not be disconnected.
            last.end();
        }
    }

    /// Runs on the connection's reading task: whatever takes time is done elsewhere.
    fn receive(self: &Arc<Self>, connection: &Arc<Connection>, call: EventParts, ack: AckSender) {
        counter!("tok_socket_events_received_total").increment(1);
        let Some((name, arguments)) = call.0 else {
            return;
        };
        let incoming = ClientEvent {
            name,
            arguments,
            ack,
        };
        if !connection.admits() {
            let wait = Error::new(Kind::RateLimited, "too many events; wait a moment");
            return answer(connection, &incoming.name, incoming.ack, Err(wait));
        }
        match connection.turns.queue(incoming) {
            Turn::Later => {}
            Turn::Now(first) => {
                let work = run(self.clone(), connection.clone(), first);
                tokio::spawn(request_id::within(connection.request(), work));
            }
            Turn::Refused(incoming) => {
                let wait = Error::new(Kind::RateLimited, "too many events wait; wait a moment");
                answer(connection, &incoming.name, incoming.ack, Err(wait));
            }
        }
    }

    fn admits_room(&self, room: &RoomName) -> Result<()> {
        self.limits.check_room(room)
    }

    /// Whether a message of so many bytes may be written over a connection.
    fn admits_message(&self, connection: &Connection, joined: &Joined, bytes: usize) -> Result<()> {
        let Joined { room, sender, .. } = joined;
        self.app
            .check_message(connection.address, room, sender, bytes)
    }
}

/// Somebody connected with a token that may say who they are.
async fn meet(live: Arc<LiveRooms>, connection: Arc<Connection>, token: String) {
    let known = connected_people::welcome(&live.context, &live.people, &connection, &token).await;
    if let Err(error) = known {
        refuse_token(&connection, &error);
    }
}

/// Tells a client what is wrong with the token that it came with.
fn refuse_token(connection: &Connection, error: &Error) {
    super::error::log_by_kind(error);
    let code = format!("T{}", super::error::status(error.kind()).as_u16());
    connection.emit("error-event", &[&"token", &error.message(), &code]);
}

/// Does what came in over a connection, one after the other; what only needs to begin in order goes
/// on by itself.
async fn run(live: Arc<LiveRooms>, connection: Arc<Connection>, first: ClientEvent) {
    let mut next = Some(first);
    while let Some(incoming) = next {
        if matches!(incoming.name.as_str(), "accept-call" | "decline-call") {
            // It counts who answers, and whoever connected a moment ago is still being met.
            connection.met.cancelled().await;
        }
        let span = traces::span!("socket event", event = incoming.known_name());
        let work = operations::work(&live, &connection, &incoming);
        let mut work = traces::within(span, work).boxed();
        let ClientEvent { name, ack, .. } = incoming;
        if operations::blocks_later(&name) {
            answer(&connection, &name, ack, work.await);
        } else {
            match futures_util::poll!(&mut work) {
                std::task::Poll::Ready(done) => answer(&connection, &name, ack, done),
                std::task::Poll::Pending => {
                    let connection = connection.clone();
                    tokio::spawn(async move { answer(&connection, &name, ack, work.await) });
                }
            }
        }
        next = connection.turns.next();
    }
}

fn answer(connection: &Connection, event: &str, ack: AckSender, done: Result<serde_json::Value>) {
    let body = match done {
        Ok(data) => success(&data),
        Err(error) => {
            super::error::log_by_kind(&error);
            counter!("tok_socket_events_refused_total", "code" => error.kind().code()).increment(1);
            if let Some((what, why, code)) = original(event, &error) {
                connection.emit("error", &[&what, &why, &code]);
                connection.emit("error-event", &[&what, &why, &code]);
            }
            failure(&error)
        }
    };
    connection.acknowledge(ack, &body);
}
