//! Listening: connections bounded in number and patience, and an orderly end.

use std::convert::Infallible;
use std::io::IoSlice;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::auth::Peer;
use crate::error::{Error, Result};

/// How long a caller may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a peer may leave what is sent to it unacknowledged.
const TAKES_NOTHING: Duration = Duration::from_secs(45);
/// How long to wait after the machine ran out of something.
const PAUSE: Duration = Duration::from_millis(50);

/// An address that is bound, and not served yet.
pub struct Listener {
    inner: TcpListener,
    /// Where it listens, with the port that was really taken.
    pub address: SocketAddr,
}

impl Listener {
    /// Takes the address.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config), naming the setting, when it cannot be had.
    pub async fn bind(address: SocketAddr, setting: &str) -> Result<Self> {
        let taken = |error: std::io::Error| {
            let what = match error.kind() {
                std::io::ErrorKind::AddrInUse => "is in use by another program".to_owned(),
                _ => format!("cannot be listened on: {error}"),
            };
            Error::config(format!("{address} {what}; choose another {setting}")).because(error)
        };
        let inner = TcpListener::bind(address).await.map_err(taken)?;
        let address = inner.local_addr().map_err(taken)?;
        Ok(Self { inner, address })
    }
}

/// Serves until `stop`, then takes no more connections and gives those in hand `drain` to finish.
pub async fn serve(
    listener: Listener,
    router: Router,
    connections: usize,
    drain: Duration,
    stop: CancellationToken,
) {
    let running = TaskTracker::new();
    let places = Arc::new(Semaphore::new(connections.min(Semaphore::MAX_PERMITS)));
    // HTTP/1.1 only: what stands in front speaks it, and every wait in it has a limit.
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    while let Some((stream, peer)) = accept(&listener.inner, &stop).await {
        let place = tokio::select! {
            () = stop.cancelled() => break,
            place = places.clone().acquire_owned() => place,
        };
        let (router, sent) = (router.clone(), SentBytes::default());
        // A socket is a connection as well: its place goes with the stream, wherever that goes.
        let held = CountedStream {
            stream,
            sent: sent.clone(),
            // It is never closed.
            _place: match place {
                Ok(place) => place,
                Err(_) => break,
            },
        };
        let service =
            service_fn(move |request| answer(router.clone(), request, peer, sent.clone()));
        let connection = builder
            .serve_connection(TokioIo::new(held), service)
            .with_upgrades();
        let stop = stop.clone();
        running.spawn(async move {
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = stop.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%peer, %error, "a connection broke");
            }
        });
    }
    drop(listener);
    running.close();
    if tokio::time::timeout(drain, running.wait()).await.is_err() {
        tracing::warn!(
            ?drain,
            "requests were still running at the end of the drain time"
        );
    }
}

/// The next connection, or nothing when it is time to stop.
async fn accept(
    listener: &TcpListener,
    stop: &CancellationToken,
) -> Option<(TcpStream, SocketAddr)> {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return None,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                if let Err(error) = prepare(&stream) {
                    tracing::debug!(%error, "a connection is slower than it could be");
                }
                return Some((stream, peer));
            }
            Err(error) => {
                // Out of descriptors, or the caller is gone already; the next one may be fine.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Small answers go out at once, and a peer that takes nothing for long is given up.
fn prepare(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(TAKES_NOTHING))?;
    Ok(())
}

/// Bytes that went out over a stream, for whoever must know how much waits.
#[derive(Debug, Clone, Default)]
pub(super) struct SentBytes(Arc<AtomicU64>);

impl SentBytes {
    pub(super) fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Whether nobody else counts any more.
    pub(super) fn is_over(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}

/// A stream with what it sent and the place that it takes.
struct CountedStream {
    stream: TcpStream,
    sent: SentBytes,
    _place: OwnedSemaphorePermit,
}

impl CountedStream {
    fn count_written(&self, written: Poll<std::io::Result<usize>>) -> Poll<std::io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = &written {
            self.sent.add(*bytes);
        }
        written
    }
}

impl AsyncRead for CountedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for CountedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.count_written(written)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.count_written(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

async fn answer(
    router: Router,
    request: Request<Incoming>,
    peer: SocketAddr,
    sent: SentBytes,
) -> Result<axum::response::Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Peer(peer));
    request.extensions_mut().insert(sent);
    router.oneshot(request).await
}
