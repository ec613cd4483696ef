//! What surrounds every request: its id, its time limit, its line in the log, its metrics.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::Instrument;

use super::App;
use super::error::Problem;
use crate::error::{Error, Kind};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id that is taken over from the caller.
const LONGEST_ID: usize = 128;

pub(super) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = request_id(request.headers());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
    let answer =
        tokio::time::timeout(app.0.request_timeout, next.run(request)).instrument(span.clone());
    let mut response = match answer.await {
        Ok(response) => response,
        Err(_) => Problem::from(Error::new(
            Kind::Timeout,
            "the request took longer than server.request_timeout",
        ))
        .into_response(),
    };
    let status = response.status().as_u16();
    let route = route.as_ref().map_or("unmatched", MatchedPath::as_str);
    let seconds = start.elapsed().as_secs_f64();
    span.in_scope(|| {
        if method.is_safe() && status < 400 {
            tracing::debug!(%method, route, status, seconds, "answered");
        } else {
            tracing::info!(%method, route, status, seconds, "answered");
        }
    });
    record(&method, route, status, seconds);
    response.headers_mut().insert(REQUEST_ID.clone(), id);
    response
}

fn record(method: &axum::http::Method, route: &str, status: u16, seconds: f64) {
    let labels = [
        ("method", known_method(method).to_owned()),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    metrics::counter!("tok_http_requests_total", &labels).increment(1);
    metrics::histogram!("tok_http_request_seconds", "route" => route.to_owned()).record(seconds);
}

/// Callers can invent methods; the metrics must not grow with their fantasy.
fn known_method(method: &axum::http::Method) -> &'static str {
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
