//! Bodies that nobody read, because the request was refused before.
//!
//! The answer must reach the client all the same. Were the connection closed while it still sends, or
//! the rest taken for the next request, a proxy in front would tell of a broken pipe instead. So the
//! rest is read and thrown away; if it is too long or too slow, the connection ends after the answer.
//!
//! Nor does anybody wait long for what a stranger sends bit by bit.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Extensions, HeaderValue, Request, Response, header};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::Sleep;

/// The most that is thrown away,
const MOST: u64 = 8 * 1024 * 1024;
/// and how long that may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a body may take of which nobody knows who sends it.
const OF_STRANGERS: Duration = Duration::from_secs(5);

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
        let mut request = request.map(|body| {
            Body::new(WatchedBody {
                body: Some(body),
                begun: false,
                too_late: None,
                rest: watched,
            })
        });
        let acquaintance = Acquaintance(rest.clone());
        request.extensions_mut().insert(acquaintance);
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
struct Rest {
    left: Mutex<Option<(Incoming, bool)>>,
    /// Whether it is known who sends it.
    is_known: AtomicBool,
}

impl Rest {
    fn body(&self) -> MutexGuard<'_, Option<(Incoming, bool)>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Put into each request with a body: whoever finds out who sent it notes that here.
#[derive(Clone)]
pub(super) struct Acquaintance(Arc<Rest>);

impl Acquaintance {
    /// It is known who sent the request with these extensions: their body may take its time.
    pub(super) fn made(extensions: &Extensions) {
        if let Some(Self(rest)) = extensions.get() {
            rest.is_known.store(true, Ordering::Relaxed);
        }
    }
}

/// A stranger's body did not come in time.
#[derive(Debug)]
pub(super) struct SlowBody;

impl std::fmt::Display for SlowBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the body took too long")
    }
}

impl std::error::Error for SlowBody {}

impl SlowBody {
    /// Whether this is why a body could not be read.
    pub(super) fn is_behind(error: &(dyn std::error::Error + 'static)) -> bool {
        let mut causes = std::iter::successors(Some(error), |error| error.source());
        causes.any(<dyn std::error::Error>::is::<Self>)
    }
}

/// A body that is given back when it is dropped before its end.
struct WatchedBody {
    body: Option<Incoming>,
    /// Whether somebody began to read it.
    begun: bool,
    /// When it is too late for a stranger's.
    too_late: Option<Pin<Box<Sleep>>>,
    rest: Arc<Rest>,
}

impl WatchedBody {
    /// Whether a stranger has had their time.
    fn poll_too_late(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.rest.is_known.load(Ordering::Relaxed) {
            return Poll::Pending;
        }
        let sleep = || Box::pin(tokio::time::sleep(OF_STRANGERS));
        self.too_late
            .get_or_insert_with(sleep)
            .as_mut()
            .poll(context)
    }
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.begun = true;
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let Poll::Ready(frame) = Pin::new(body).poll_frame(context) else {
            let late = self.poll_too_late(context);
            return late.map(|()| Some(Err(SlowBody.into())));
        };
        if !matches!(frame, Some(Ok(_))) {
            self.body = None;
        }
        Poll::Ready(frame.map(|frame| frame.map_err(BoxError::from)))
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
    /// Nothing more is taken of it: the connection ends, once the answer had its time to get there.
    pub(super) fn leave(self) {
        if let Some(Unfinished { rest, left, .. }) = self.0
            && rest.body().take().is_some()
        {
            left.0.store(true, Ordering::Relaxed);
        }
    }

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
