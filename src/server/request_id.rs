//! The id of the request in hand, for the log.

use std::future::Future;

use axum::http::HeaderValue;
use tracing::Instrument;

tokio::task_local! {
    /// The id of the request in hand, for the log. A span would cost every request more.
    pub(super) static CURRENT: HeaderValue;
}

/// The id of the request in hand.
pub(super) fn current_id() -> String {
    let text = |id: &HeaderValue| id.to_str().unwrap_or_default().to_owned();
    CURRENT.try_with(text).unwrap_or_default()
}

/// Gives a future that is run elsewhere the id of the request in hand, and its place in a trace.
pub(super) fn same_request<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let id = CURRENT.try_with(HeaderValue::clone);
    let id = id.unwrap_or_else(|_| HeaderValue::from_static(""));
    CURRENT.scope(id, work.in_current_span())
}
