//! How clients come in: who may, and how many.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics::counter;
use socketioxide::socket::Sid;

use super::PATH;
use super::line::{Counted, Lines};
use crate::config::Config;
use crate::error::{Error, Kind};
use crate::server::App;
use crate::server::error::Problem;
use crate::server::listen::Sent;

/// What stands before the sockets.
#[derive(Clone)]
pub(in crate::server) struct Door(Arc<Inner>);

struct Inner {
    app: App,
    lines: Arc<Lines>,
    taken: Arc<AtomicUsize>,
    most: usize,
}

impl Door {
    pub(super) fn new(app: App, config: &Config) -> Self {
        let queue = config.signalling.queue_size.as_u64();
        Self(Arc::new(Inner {
            app,
            lines: Arc::new(Lines::new(queue)),
            taken: Arc::default(),
            most: config.server.max_connections,
        }))
    }
}

/// Without keys, a web page of elsewhere must not use what this machine may; a browser asks nobody
/// before it opens a socket.
pub(in crate::server) async fn guard(
    State(door): State<Door>,
    request: Request,
    next: Next,
) -> Response {
    if !request.uri().path().starts_with(PATH) {
        return next.run(request).await;
    }
    let inner = &door.0;
    if let Err(error) = inner.app.0.auth.check_socket(request.headers()) {
        return Problem::from(error).into_response();
    }
    let Way { sid, stream } = Way::of(&request);
    let mut request = slim(request);
    match (sid, stream) {
        (None, stream) => {
            // Counted from here: whoever asks for a session and never uses it has one as well.
            let Some(place) = Counted::take(&inner.taken, inner.most) else {
                counter!("tok_sockets_dropped_total", "reason" => "full").increment(1);
                let full = Error::new(Kind::Unavailable, "too many connections; try again later");
                return Problem::from(full).into_response();
            };
            let line = inner.lines.begin(place, stream);
            request.extensions_mut().insert(line);
            next.run(request).await
        }
        (Some(sid), Some(stream)) => {
            inner.lines.upgrades(sid, stream);
            next.run(request).await
        }
        // What is sent by polling must come in like any request; what waits for news may wait longer.
        (Some(_), None) if request.method() == Method::POST => {
            let running = tokio::time::timeout(inner.app.0.request_timeout, next.run(request));
            running
                .await
                .unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response())
        }
        (Some(sid), None) => {
            let response = next.run(request).await;
            let size = response.body().size_hint().exact();
            inner.lines.polled(sid, size.unwrap_or_default());
            response
        }
    }
}

/// How a request reaches a client.
struct Way {
    /// The session, once there is one.
    sid: Option<Sid>,
    /// What is counted of the stream, if it becomes a WebSocket.
    stream: Option<Sent>,
}

impl Way {
    fn of(request: &Request) -> Self {
        let query = request.uri().query().unwrap_or_default();
        let mut sid = None;
        let mut socket = false;
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                // One that cannot be read is refused by the protocol itself.
                "sid" => sid = value.parse().ok(),
                "transport" => socket = value == "websocket",
                _ => {}
            }
        }
        let stream = request.extensions().get::<Sent>().filter(|_| socket);
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
