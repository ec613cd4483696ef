//! Listening: connections bounded in number and patience, and an orderly end.
//!
//! A connection counts as a stranger's until somebody shows over it who they are: then it is kept.
//! When there are too many, strangers' give way, so that whoever comes is heard.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use metrics::counter;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::address::{ClientAddress, TrustedProxies};
use super::compat;
use super::passed_on::Passage;
use super::slots::{Full, Share, Slot, Slots};
use super::stream::{ConnectionSlot, CountedStream, LINGER, SentBytes};
use super::unread::UnreadBody;
use crate::config::ServerSection;
use crate::error::{Error, Result};
use crate::model::health::{Depth, Finding, Health, Probe};
use crate::model::unknown_proxies::UnknownProxies;

/// How long a caller may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a peer may leave what is sent to it unacknowledged.
const TAKES_NOTHING: Duration = Duration::from_secs(45);
/// How long to wait after the machine ran out of something.
const PAUSE: Duration = Duration::from_millis(50);
/// Refusals that may be on their way; whoever comes beyond that is cut off.
const REFUSING: usize = 64;
/// What a refused peer may still send.
const REFUSED_BYTES: u64 = 64 * 1024;

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

/// How a listener treats those who come.
pub struct ListenSettings {
    /// Connections at the same time,
    pub connections: usize,
    /// and of one address.
    pub of_one_address: usize,
    /// How long those in hand may take when it is over.
    pub drain: Duration,
    /// Whose word on the client's address counts.
    pub(super) proxies: TrustedProxies,
    /// The metric of its connections.
    pub(super) gauge: &'static str,
}

impl ListenSettings {
    /// For the API; of proxies that are not trusted is told there.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) when a trusted proxy is none.
    pub fn of_api(server: &ServerSection, unknown: Arc<UnknownProxies>) -> Result<Self> {
        Ok(Self {
            connections: server.max_connections,
            of_one_address: server.address_connections,
            drain: server.drain_timeout.0,
            proxies: TrustedProxies::new(&server.trusted_proxies)?.telling(unknown),
            gauge: "tok_connections",
        })
    }

    /// For operators.
    pub fn of_operators(connections: usize, drain: Duration) -> Self {
        Self {
            connections,
            of_one_address: connections,
            drain,
            proxies: TrustedProxies::none(),
            gauge: "tok_ops_connections",
        }
    }
}

/// What all connections of a listener share.
struct Door {
    router: Router,
    proxies: TrustedProxies,
    slots: Arc<Slots>,
    /// How many refusals may be on their way.
    refusing: Arc<Semaphore>,
}

/// Connections of a listener, or sockets, as readiness sees them.
pub struct Connections {
    slots: Arc<Slots>,
    check: &'static str,
}

impl Connections {
    pub(super) fn of_sockets(slots: Arc<Slots>) -> Self {
        let check = "sockets";
        Self { slots, check }
    }
}

#[async_trait::async_trait]
impl Probe for Connections {
    fn is_vital(&self) -> bool {
        true
    }

    fn is_instant(&self) -> bool {
        true
    }

    async fn probe(&self, _depth: Depth) -> Vec<Finding> {
        if self.slots.is_full() {
            let advice = "raise server.max_connections, or add a machine";
            let what = "all are taken by people who are inside; nobody else can come in";
            return vec![Finding::bad(self.check, Health::Fail, what, advice)];
        }
        vec![Finding::ok(self.check, "there is room for others")]
    }
}

impl Listener {
    /// Serves until `stop`, then takes no more connections and gives those in hand time to finish.
    /// Returns at once what readiness looks at, and the work.
    pub fn serve(
        self,
        router: Router,
        settings: ListenSettings,
        stop: CancellationToken,
    ) -> (Arc<Connections>, impl Future<Output = ()>) {
        let ListenSettings {
            connections,
            of_one_address,
            drain,
            proxies,
            gauge,
        } = settings;
        let slots = Slots::new(
            connections,
            Share::OfCaller(of_one_address),
            Duration::ZERO,
            gauge,
        );
        let door = Arc::new(Door {
            router,
            proxies,
            slots: slots.clone(),
            refusing: Arc::new(Semaphore::new(REFUSING)),
        });
        let work = self.accept_all(door, drain, stop);
        let check = "connections";
        (Arc::new(Connections { slots, check }), work)
    }

    async fn accept_all(self, door: Arc<Door>, drain: Duration, stop: CancellationToken) {
        let running = TaskTracker::new();
        while let Some((stream, peer)) = accept(&self.inner, &stop).await {
            match door.admit(peer.ip()) {
                Ok((slot, lost)) => {
                    let connection = converse(door.clone(), stream, peer, slot, lost, stop.clone());
                    running.spawn(connection);
                }
                Err(full) => door.refuse(stream, full),
            }
        }
        drop(self);
        running.close();
        if tokio::time::timeout(drain, running.wait()).await.is_err() {
            tracing::warn!(
                ?drain,
                "requests were still running at the end of the drain time"
            );
        }
    }
}

impl Door {
    /// A slot for somebody from this address, and what tells that it is needed for somebody else.
    fn admit(&self, peer: IpAddr) -> std::result::Result<(Arc<Slot>, CancellationToken), Full> {
        let lost = CancellationToken::new();
        let ip = peer.to_canonical();
        let is_proxy = self.proxies.trusts(ip);
        let network = ClientAddress { ip, is_proxy }.network();
        let slot = if is_proxy {
            // Its connections are those of everybody behind it: each request counts for its client.
            self.slots.take(network)?
        } else {
            let lost = lost.clone();
            self.slots
                .take_loosely(network, Box::new(move || lost.cancel()))?
        };
        Ok((Arc::new(slot), lost))
    }

    /// Says no at once, to whoever still listens.
    fn refuse(&self, stream: TcpStream, full: Full) {
        counter!("tok_connections_refused_total", "reason" => full.reason()).increment(1);
        let Ok(turn) = self.refusing.clone().try_acquire_owned() else {
            return;
        };
        tokio::spawn(async move {
            let refusing = async {
                let mut stream = stream;
                stream.write_all(refusal(full).as_bytes()).await?;
                stream.shutdown().await?;
                // Closing before what was sent is read would take the answer back.
                let mut rest = stream.take(REFUSED_BYTES);
                tokio::io::copy(&mut rest, &mut tokio::io::sink()).await
            };
            // It may be gone, or slow: there is nothing more to be done for it.
            drop(tokio::time::timeout(LINGER, refusing).await);
            drop(turn);
        });
    }
}

/// What somebody is told for whom there is no connection.
fn refusal(full: Full) -> String {
    let (status, title, detail, code) = match full {
        Full::All => {
            let what = "all connections are taken; try again later";
            (503, "Service Unavailable", what, "unavailable")
        }
        Full::Share => {
            let what = "your address has too many connections; close some";
            (429, "Too Many Requests", what, "rate_limited")
        }
    };
    let body = format!(
        r#"{{"type":"about:blank","title":"{title}","status":{status},"detail":"{detail}","code":"{code}"}}"#
    );
    let length = body.len();
    format!(
        "HTTP/1.1 {status} {title}\r\nConnection: close\r\nRetry-After: 5\r\n\
         Content-Type: application/problem+json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// Serves one connection.
async fn converse(
    door: Arc<Door>,
    stream: TcpStream,
    peer: SocketAddr,
    slot: Arc<Slot>,
    lost: CancellationToken,
    stop: CancellationToken,
) {
    let (sent, unread) = (SentBytes::of(&slot), UnreadBody::default());
    let losing = lost.clone();
    // A socket is a connection as well: its slot goes with the stream, wherever that goes.
    let held = CountedStream::new(stream, sent.clone(), unread.clone(), slot.clone());
    let service = service_fn(move |request: Request<Incoming>| {
        let client = door.proxies.client(peer.ip(), request.headers());
        let passage = Passage::of(&slot, client, &losing);
        let (mut request, drained) = unread.watch(request);
        compat::spell(request.uri_mut());
        let extensions = request.extensions_mut();
        extensions.insert(client);
        extensions.insert(sent.clone());
        extensions.insert(ConnectionSlot(slot.clone()));
        let refusal = passage.refusal();
        let answer = match refusal {
            Some(refusal) => Err(refusal),
            None => Ok(door.router.clone().oneshot(request)),
        };
        async move {
            let response = match answer {
                Ok(answer) => {
                    let Ok(response) = answer.await;
                    drained.finish(response).await
                }
                Err(refusal) => {
                    drained.leave();
                    refusal
                }
            };
            Ok::<_, Infallible>(passage.until_sent(response))
        }
    });
    // HTTP/1.1 only: what stands in front speaks it, and every wait in it has a limit.
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    let connection = builder
        .serve_connection(TokioIo::new(held), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = lost.cancelled() => return,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection broke");
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
