//! The id of the request in hand, for the log: whoever reports a fault has it from the answer.

use std::future::Future;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tracing::Instrument;

/// Where it stands in requests and answers.
pub(crate) static HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// The longest id that is taken over from the caller.
const LONGEST: usize = 128;

tokio::task_local! {
    /// The id of the request in hand. A span would cost every request more.
    static CURRENT: RequestId;
}

/// What a request is called, by its caller or by us.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    /// The caller's id if it is harmless, otherwise one of our own: unique, not secret.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        static START: LazyLock<u64> = LazyLock::new(|| uuid::Uuid::new_v4().as_u64_pair().0);
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let given = headers.get(&HEADER).filter(|id| {
            let bytes = id.as_bytes();
            (1..=LONGEST).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic)
        });
        Self(given.cloned().unwrap_or_else(|| {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let id = format!("{:016x}-{count:x}", *START);
            HeaderValue::try_from(id).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
        }))
    }

    /// The request in hand, if this is done for one.
    pub(crate) fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// For an answer, or for what is kept of the request.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

/// Does work for a request.
pub(crate) fn within<F: Future>(id: RequestId, work: F) -> impl Future<Output = F::Output> {
    CURRENT.scope(id, work)
}

/// Does something that waits for nothing for a request.
pub(crate) fn during<T>(id: RequestId, act: impl FnOnce() -> T) -> T {
    CURRENT.sync_scope(id, act)
}

/// Gives a future that is run elsewhere the id of the request in hand, and its place in a trace.
pub(crate) fn same_request<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let (id, work) = (RequestId::current(), work.in_current_span());
    async move {
        match id {
            Some(id) => CURRENT.scope(id, work).await,
            None => work.await,
        }
    }
}
