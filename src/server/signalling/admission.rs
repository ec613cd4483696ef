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

use super::PATH;
use super::line::{Line, Lines};
use super::slots::{Full, Slots};
use crate::config::Config;
use crate::error::{Error, Kind};
use crate::server::App;
use crate::server::auth::Peer;
use crate::server::error::ProblemResponse;
use crate::server::listen::SentBytes;
use crate::server::rate_limit::network;

/// How long a client may take from asking for a session until it is there.
pub(super) const TIME_TO_COME: Duration = Duration::from_secs(5);
/// Of the slots for connections, so many may be on their way at the same time; of those, so many
/// from one network.
const PART: usize = 4;
/// But no fewer than this, however few there are.
const FEWEST: usize = 8;

/// What stands before the sockets.
#[derive(Clone)]
pub(super) struct SocketAdmission(Arc<Inner>);

struct Inner {
    app: App,
    lines: Arc<Lines>,
    /// The slots of those who asked for a session and have not come yet.
    asked: Arc<Slots>,
}

impl SocketAdmission {
    pub(super) fn new(app: App, config: &Config) -> Self {
        let queue = config.signalling.queue_size.as_u64();
        let most = config.server.max_connections;
        let asked = (most / PART).max(FEWEST);
        let share = (asked / PART).max(FEWEST);
        let slots = Slots::new(most, most, "tok_sockets");
        Self(Arc::new(Inner {
            app,
            lines: Arc::new(Lines::new(queue, slots)),
            asked: Slots::new(asked, share, "tok_sockets_asked"),
        }))
    }
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
    let SocketRequest { sid, stream } = SocketRequest::of(&request);
    let request = slim(request);
    match sid {
        None => inner.open(request, stream, next).await,
        Some(sid) if inner.lines.uses(sid) => inner.go_on(request, sid, stream, next).await,
        Some(_) => refuse(Full::All),
    }
}

impl Inner {
    /// Somebody asks for a session.
    async fn open(&self, mut request: Request, stream: Option<SentBytes>, next: Next) -> Response {
        let peer = request.extensions().get::<Peer>();
        let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        let network = peer.map_or(unknown, |peer| network(peer.0.ip()));
        let asked = match self.lines.check(network) {
            Ok(()) => self.asked.take(network),
            Err(full) => Err(full),
        };
        let asked = match asked {
            Ok(asked) => asked,
            Err(full) => return refuse(full),
        };
        let line = self.lines.begin(asked, stream);
        tokio::spawn(expire(Arc::downgrade(&line), next.clone()));
        request.extensions_mut().insert(line);
        next.run(request).await
    }

    /// Somebody uses a session.
    async fn go_on(
        &self,
        request: Request,
        sid: Sid,
        stream: Option<SentBytes>,
        next: Next,
    ) -> Response {
        if let Some(stream) = stream {
            self.lines.upgrades(sid, stream);
            return next.run(request).await;
        }
        // What is sent by polling must come in like any request; what waits for news may wait longer.
        if request.method() == Method::POST {
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
}

/// Says no at once and ends the connection: more may have been sent over it already.
fn refuse(full: Full) -> Response {
    let (kind, what, reason) = match full {
        Full::All => (
            Kind::Unavailable,
            "too many connections; try again later",
            "full",
        ),
        Full::Share => (
            Kind::RateLimited,
            "too many sessions were asked for and not used; try again in a moment",
            "share",
        ),
    };
    counter!("tok_sockets_dropped_total", "reason" => reason).increment(1);
    let error = Error::new(kind, what).retry_after(Some(TIME_TO_COME));
    let mut response = ProblemResponse::from(error).into_response();
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
    response
}

/// Whoever did not come in time has no slot any more. The library itself ends sessions that nobody
/// connected; one of the older protocol is always connected, so it is ended as its client would.
async fn expire(line: Weak<Line>, next: Next) {
    tokio::time::sleep(TIME_TO_COME).await;
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
    /// What is counted of the stream, if it becomes a WebSocket.
    stream: Option<SentBytes>,
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
        let stream = request.extensions().get::<SentBytes>().filter(|_| socket);
        Self {
            sid,
            stream: stream.cloned(),
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
