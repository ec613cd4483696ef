//! The id of the request in hand, for the log.

use std::future::Future;

use axum::http::HeaderValue;

tokio::task_local! {
    /// The id of the request in hand, for the log. A span would cost every request more.
    pub(super) static CURRENT: HeaderValue;
}

/// The id of the request in hand.
pub(super) fn current_id() -> String {
    let text = |id: &HeaderValue| id.to_str().unwrap_or_default().to_owned();
    CURRENT.try_with(text).unwrap_or_default()
}

/// Gives a future that is run elsewhere the id of the request in hand.
pub(super) fn same_request<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let id = CURRENT.try_with(HeaderValue::clone);
    CURRENT.scope(id.unwrap_or_else(|_| HeaderValue::from_static("")), work)
}
