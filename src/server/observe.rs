//! What surrounds every request: its id, its time limit, its line in the log, its metrics.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, PoisonError, RwLock};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{Counter, Histogram};

use super::request_id::CURRENT;
use super::{App, compat};
use crate::error::{Error, Kind};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id that is taken over from the caller.
const LONGEST_ID: usize = 128;

pub(super) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = request_id(request.headers());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let uri = request.uri().clone();
    let strange = app.0.auth.check_origin_of_request(request.headers());
    let answer = tokio::time::timeout(app.0.request_timeout, next.run(request));
    let answered = CURRENT.scope(id.clone(), async {
        if let Err(error) = strange {
            compat::shaped(uri.path(), StatusCode::FORBIDDEN, error)
        } else if let Ok(response) = answer.await {
            response
        } else {
            let what = "the request took longer than server.request_timeout";
            compat::shaped(
                uri.path(),
                StatusCode::GATEWAY_TIMEOUT,
                Error::new(Kind::Timeout, what),
            )
        }
    });
    let mut response = answered.await;
    let status = response.status().as_u16();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let seconds = start.elapsed().as_secs_f64();
    if method.is_safe() && status < 400 {
        tracing::debug!(request = ?id, %method, route, status, seconds, "answered");
    } else {
        tracing::info!(request = ?id, %method, route, status, seconds, "answered");
    }
    record(&method, route, status, seconds);
    response.headers_mut().insert(REQUEST_ID.clone(), id);
    response
}

/// Where one kind of answer is counted.
#[derive(Clone)]
struct Meters {
    requests: Counter,
    seconds: Histogram,
}

type Known = HashMap<String, HashMap<(&'static str, u16), Meters>>;

/// Looking a meter up by its labels costs more than a point read, so they are kept by route. There
/// are as many as routes, methods and statuses, which callers cannot add to.
fn record(method: &Method, route: &str, status: u16, seconds: f64) {
    static KNOWN: LazyLock<RwLock<Known>> = LazyLock::new(RwLock::default);
    let kind = (known_method(method), status);
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    let meters = known.get(route).and_then(|of| of.get(&kind)).cloned();
    drop(known);
    let meters = meters.unwrap_or_else(|| {
        let made = meters_for(kind, route);
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        let of = known.entry(route.to_owned()).or_default();
        of.entry(kind).or_insert(made).clone()
    });
    meters.requests.increment(1);
    meters.seconds.record(seconds);
}

fn meters_for((method, status): (&'static str, u16), route: &str) -> Meters {
    let labels = [
        ("method", method.to_owned()),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    Meters {
        requests: metrics::counter!("tok_http_requests_total", &labels),
        seconds: metrics::histogram!("tok_http_request_seconds", "route" => route.to_owned()),
    }
}

/// Callers can invent methods; the metrics must not grow with their fantasy.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// The caller's id if it is harmless, otherwise one of our own: unique, not secret.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    static START: LazyLock<u64> = LazyLock::new(|| uuid::Uuid::new_v4().as_u64_pair().0);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let given = headers.get(&REQUEST_ID).filter(|id| {
        let bytes = id.as_bytes();
        (1..=LONGEST_ID).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic)
    });
    given.cloned().unwrap_or_else(|| {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let id = format!("{:016x}-{count:x}", *START);
        HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
    })
}
