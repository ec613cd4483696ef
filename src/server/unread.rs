//! Bodies that nobody read, because the request was refused before.
//!
//! The answer must reach the client all the same. Were the connection closed while it still sends, or
//! the rest taken for the next request, a proxy in front would tell of a broken pipe instead. So the
//! rest is read and thrown away; if it is too long or too slow, the connection ends after the answer.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, Request, Response, header};
use hyper::body::{Frame, Incoming, SizeHint};

/// The most that is thrown away,
const MOST: u64 = 8 * 1024 * 1024;
/// and how long that may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether a connection ends with something unread.
#[derive(Clone, Default)]
pub(super) struct UnreadBody(Arc<AtomicBool>);

impl UnreadBody {
    pub(super) fn is_left(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The same request, whose body comes back if it is not read to its end.
    pub(super) fn watch(&self, request: Request<Incoming>) -> (Request<Body>, Drained) {
        if request.body().is_end_stream() {
            return (request.map(Body::new), Drained(None));
        }
        let expects = request.headers().contains_key(header::EXPECT);
        let rest = Arc::new(Rest::default());
        let watched = rest.clone();
        let request = request.map(|body| {
            Body::new(WatchedBody {
                body: Some(body),
                begun: false,
                rest: watched,
            })
        });
        let left = self.clone();
        let drained = Drained(Some(Unfinished {
            rest,
            expects,
            left,
        }));
        (request, drained)
    }
}

/// What is left of a body.
#[derive(Default)]
struct Rest(Mutex<Option<(Incoming, bool)>>);

impl Rest {
    fn body(&self) -> MutexGuard<'_, Option<(Incoming, bool)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A body that is given back when it is dropped before its end.
struct WatchedBody {
    body: Option<Incoming>,
    /// Whether somebody began to read it.
    begun: bool,
    rest: Arc<Rest>,
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        self.begun = true;
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let frame = std::task::ready!(Pin::new(body).poll_frame(context));
        if !matches!(frame, Some(Ok(_))) {
            self.body = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl Drop for WatchedBody {
    fn drop(&mut self) {
        let rest = self.body.take().filter(|body| !body.is_end_stream());
        if let Some(body) = rest {
            *self.rest.body() = Some((body, self.begun));
        }
    }
}

/// What is to be done about a request's body once it is answered; nothing if it has none.
pub(super) struct Drained(Option<Unfinished>);

struct Unfinished {
    rest: Arc<Rest>,
    /// Whether the client waits for a word before it sends it.
    expects: bool,
    left: UnreadBody,
}

impl Drained {
    /// Makes the connection fit for the next request, or the answer its last.
    pub(super) async fn finish<B>(self, mut response: Response<B>) -> Response<B> {
        let Some(Unfinished {
            rest,
            expects,
            left,
        }) = self.0
        else {
            return response;
        };
        let Some((body, begun)) = rest.body().take() else {
            return response;
        };
        // Reading would be the word to send it.
        let unasked = expects && !begun;
        if unasked || !drain(body).await {
            left.0.store(true, Ordering::Relaxed);
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
        }
        response
    }
}

/// Reads to the end. Says whether it came to it.
async fn drain(mut body: Incoming) -> bool {
    let reading = async {
        let mut read = 0;
        while read <= MOST {
            let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context));
            match frame.await {
                None => return true,
                Some(Ok(frame)) => {
                    read += frame.data_ref().map_or(0, |data| data.len() as u64);
                }
                // The client is gone.
                Some(Err(_)) => return false,
            }
        }
        false
    };
    tokio::time::timeout(PATIENCE, reading)
        .await
        .unwrap_or(false)
}
