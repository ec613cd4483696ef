//! How clients come in: who may, and how many.
//!
//! A session costs whoever asks for it next to nothing. So it takes none of the slots for
//! connections until the client shows that it is there: by connecting to the namespace or, by the
//! older protocol, which connects by itself, by using the session. Those who have not come yet have
//! few slots of their own, one network of them a part, and little time.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics::counter;
use socketioxide::socket::Sid;
use tokio::sync::Notify;

use super::PATH;
use super::backlog::Backlog;
use super::line::{Line, Lines};
use crate::config::Config;
use crate::error::{Error, Kind};
use crate::request_id::{HEADER, RequestId};
use crate::server::App;
use crate::server::address::{ClientAddress, Network};
use crate::server::error::ProblemResponse;
use crate::server::half_sent::HalfSentBudget;
use crate::server::slots::{Full, Share, Slot, Slots};
use crate::server::stream::{ConnectionSlot, SentBytes};
use crate::server::unread::Acquaintance;

/// How long a client may take from asking for a session until it is there.
pub(super) const TIME_TO_COME: Duration = Duration::from_secs(5);
/// Nobody who asked gives way before: they may be on their way.
const COMING: Duration = Duration::from_millis(200);
/// Of the slots for connections, so many may be on their way at the same time; of those, so many
/// from one network.
const PART: usize = 4;
/// But no fewer than this, however few there are.
const FEWEST: usize = 8;
/// One of so many connections is kept for what is no socket: callers of the API, and vendors. Where
/// there are fewer, one is.
const KEPT: usize = 32;
/// Of what may wait for all clients, one part in so many may be messages that they have not sent whole.
const HALF_SENT: u64 = 4;
/// How long somebody may be connected without going into a room or saying who they are, before they
/// give way to others when there is no slot left.
const IDLE: Duration = Duration::from_secs(3);

/// Where somebody comes from of whom nothing is known.
const NOWHERE: Network = Network {
    address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    is_shared_by_all: true,
};

/// What stands before the sockets.
#[derive(Clone)]
pub(super) struct SocketAdmission(Arc<Inner>);

struct Inner {
    app: App,
    lines: Arc<Lines>,
    /// The slots of those who asked for a session and have not come yet.
    asked: Arc<Slots>,
    /// What may be half sent.
    half_sent: Arc<HalfSentBudget>,
}

impl SocketAdmission {
    /// What stands before them, and the slots of those who are there.
    pub(super) fn new(app: App, config: &Config) -> (Self, Arc<Slots>) {
        let signalling = &config.signalling;
        let queue = signalling.queue_size.as_u64();
        let events = signalling.queue.get();
        let total = signalling.queue_total.as_u64();
        let backlog = Backlog::new(total);
        // Who is in the middle of a message gives no sign of life.
        let longest = signalling.ping_interval.0 + signalling.ping_timeout.0;
        let most = config.server.max_connections;
        let asked = (most / PART).max(FEWEST);
        let asked_share = Share::OfAnybody((asked / PART).max(FEWEST));
        let share = Share::OfCaller(config.server.address_connections);
        let slots = Slots::new(of_sockets(most), share, IDLE, "tok_sockets");
        let admission = Self(Arc::new(Inner {
            app,
            lines: Arc::new(Lines::new(queue, events, backlog, slots.clone())),
            asked: Slots::new(asked, asked_share, COMING, "tok_sockets_asked"),
            half_sent: HalfSentBudget::new(total / HALF_SENT, longest),
        }));
        (admission, slots)
    }
}

/// Of so many connections, how many may be sockets.
fn of_sockets(most: usize) -> usize {
    most.saturating_sub((most / KEPT).max(1)).max(1)
}

/// Without keys, a web page of elsewhere must not use what this machine may; a browser asks nobody
/// before it opens a socket.
pub(super) async fn guard(
    State(admission): State<SocketAdmission>,
    request: Request,
    next: Next,
) -> Response {
    let inner = &admission.0;
    if let Err(error) = inner.app.0.auth.check_socket(request.headers()) {
        return ProblemResponse::from(error).into_response();
    }
    let SocketRequest { sid, stream, bytes } = SocketRequest::of(&request);
    if let Some(bytes) = &bytes {
        bytes.count_received(&inner.half_sent);
    }
    let id = RequestId::of(request.headers()).header();
    let mut request = slim(request);
    if sid.is_none() {
        // What happens over a session belongs to the request that opened it. A copy, as all that is
        // kept of it.
        let copy = HeaderValue::from_bytes(id.as_bytes()).unwrap_or_else(|_| id.clone());
        request.headers_mut().insert(HEADER.clone(), copy);
    }
    // A session outlives the connections that it is used over.
    let connection = request.extensions_mut().remove::<ConnectionSlot>();
    let mut response = match sid {
        None => inner.open(request, stream, next).await,
        Some(sid) if inner.lines.uses(sid) => {
            inner.go_on(request, sid, stream, connection, next).await
        }
        Some(_) => refuse(Full::All),
    };
    if let Some(bytes) = bytes
        && response.status() != StatusCode::SWITCHING_PROTOCOLS
    {
        bytes.heard(false);
    }
    response.headers_mut().insert(HEADER.clone(), id);
    // What is polled is said to one client only: ids of sessions, keys of seats, messages.
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}

impl Inner {
    /// Somebody asks for a session.
    async fn open(&self, mut request: Request, stream: Option<SentBytes>, next: Next) -> Response {
        let client = request.extensions().get::<ClientAddress>();
        let network = client.map_or(NOWHERE, |client| client.network());
        let lost = Arc::new(Notify::new());
        let asked = match self.ask(network, lost.clone()) {
            Ok(asked) => asked,
            Err(full) => return refuse(full),
        };
        // It may be cut off as long as the client has not come.
        if let Some(stream) = &stream {
            stream.yields();
        }
        let line = self.lines.begin(asked, stream);
        tokio::spawn(expire(Arc::downgrade(&line), lost, next.clone()));
        request.extensions_mut().insert(line);
        next.run(request).await
    }

    /// Somebody uses a session.
    async fn go_on(
        &self,
        request: Request,
        sid: Sid,
        stream: Option<SentBytes>,
        connection: Option<ConnectionSlot>,
        next: Next,
    ) -> Response {
        if let Some(stream) = stream {
            stream.keep();
            self.lines.upgrades(sid, stream);
            return next.run(request).await;
        }
        // It must not be cut off in the middle, but what else comes over it is a stranger's again.
        let held = connection.as_ref().and_then(|of| of.0.keep_for_now()?);
        let response = self.poll(request, sid, next).await;
        if let (Some(connection), Some(loss)) = (connection, held) {
            connection.0.loosen(loss);
        }
        response
    }

    /// Somebody sends something without a WebSocket, or waits for news.
    async fn poll(&self, request: Request, sid: Sid, next: Next) -> Response {
        // What is sent by polling must come in like any request; what waits for news may wait longer.
        if request.method() == Method::POST {
            if self.lines.knows(sid) {
                Acquaintance::made(request.extensions());
            }
            let running = tokio::time::timeout(self.app.0.request_timeout, next.run(request));
            return running
                .await
                .unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response());
        }
        let response = next.run(request).await;
        let size = response.body().size_hint().exact();
        self.lines.polled(sid, size.unwrap_or_default());
        response
    }

    /// A slot for a session that is asked for, if there would be one for a client that comes.
    fn ask(&self, network: Network, lost: Arc<Notify>) -> Result<Slot, Full> {
        self.lines.check(network)?;
        let on_loss = Box::new(move || lost.notify_one());
        self.asked.take_loosely(network, on_loss)
    }
}

/// Says no at once and ends the connection: more may have been sent over it already.
fn refuse(full: Full) -> Response {
    let (kind, what) = match full {
        Full::All => (Kind::Unavailable, "too many connections; try again later"),
        Full::Share => (
            Kind::RateLimited,
            "your address has too many sessions, or asked for too many and did not use them; try again in a moment",
        ),
    };
    counter!("tok_sockets_dropped_total", "reason" => full.reason()).increment(1);
    let error = Error::new(kind, what).retry_after(Some(TIME_TO_COME));
    let mut response = ProblemResponse::from(error).untold();
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

/// Whoever did not come in time has no slot any more. The library itself ends sessions that nobody
/// connected; one of the older protocol is always connected, so it is ended as its client would.
async fn expire(line: Weak<Line>, lost: Arc<Notify>, next: Next) {
    // Its slot may be needed for somebody else before.
    drop(tokio::time::timeout(TIME_TO_COME, lost.notified()).await);
    let late = line.upgrade().filter(|line| line.expire());
    let Some(session) = late.and_then(|line| line.session()) else {
        return;
    };
    let address = format!("{PATH}/?EIO=3&transport=polling&sid={session}");
    // One packet of one character, which says that the session is over.
    let goodbye = axum::http::Request::post(address).body(Body::from("1:1"));
    if let Ok(goodbye) = goodbye {
        next.run(goodbye).await;
    }
}

/// How a request reaches a client.
struct SocketRequest {
    /// The session, once there is one.
    sid: Option<Sid>,
    /// What is counted of the stream, if it becomes a WebSocket,
    stream: Option<SentBytes>,
    /// and whatever it becomes.
    bytes: Option<SentBytes>,
}

impl SocketRequest {
    /// Reads the address as the library does: what makes a session there must count as one here.
    fn of(request: &Request) -> Self {
        let query = request.uri().query().unwrap_or_default();
        let first = |name: &str| query.split('&').find_map(|part| part.strip_prefix(name));
        // One that cannot be read is refused by the library.
        let sid = first("sid=").and_then(|sid| sid.parse().ok());
        let transport = first("transport=").and_then(|of| of.split('=').next());
        let socket = transport == Some("websocket");
        let bytes = request.extensions().get::<SentBytes>().cloned();
        Self {
            sid,
            stream: bytes.clone().filter(|_| socket),
            bytes,
        }
    }
}

/// The same request, with copies of what is needed of its head: a socket keeps it as long as it
/// lives, and with the original the whole buffer that it was read into.
fn slim(mut request: Request) -> Request {
    const NEEDED: [HeaderName; 10] = [
        header::AUTHORIZATION,
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::CONTENT_TYPE,
        header::ORIGIN,
        header::SEC_WEBSOCKET_EXTENSIONS,
        header::SEC_WEBSOCKET_KEY,
        header::SEC_WEBSOCKET_PROTOCOL,
        header::SEC_WEBSOCKET_VERSION,
        header::UPGRADE,
    ];
    let copies = NEEDED.iter().filter_map(|name| {
        let value = request.headers().get(name)?;
        let copy = HeaderValue::from_bytes(value.as_bytes()).ok()?;
        Some((name.clone(), copy))
    });
    let headers: HeaderMap = copies.collect();
    *request.headers_mut() = headers;
    if let Ok(uri) = request.uri().to_string().parse() {
        *request.uri_mut() = uri;
    }
    request
}
