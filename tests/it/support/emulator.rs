//! A Firestore emulator of independent origin, in this process.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use tok::backends::documents::{FirestoreDocuments, FirestoreSettings};
use tok::backends::google::TokenSource;
use tok::model::backoff::Backoff;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio_util::sync::CancellationToken;

/// How often each method was called.
pub type Calls = BTreeMap<String, u64>;

/// A running emulator; it ends when this is dropped.
pub struct Emulator {
    pub address: SocketAddr,
    calls: Arc<Mutex<Calls>>,
    stop: CancellationToken,
}

impl Emulator {
    /// What makes a program keep its documents here.
    pub fn variables(&self) -> [(&'static str, String); 3] {
        [
            ("TOK_DOCUMENTS__BACKEND", "firestore".to_owned()),
            ("TOK_FIRESTORE__PROJECT_ID", "demo-tok".to_owned()),
            (
                "TOK_FIRESTORE__BASE_URL",
                format!("http://{}", self.address),
            ),
        ]
    }

    pub async fn start() -> Self {
        let listeners = hidane::bind("127.0.0.1", 0).await.expect("a port");
        let address = listeners[0].local_addr().expect("an address");
        let admin = hidane::Admin::default();
        let (grpc, http) = (hidane::grpc_routes(&admin), hidane::http_routes(admin));
        let calls: Arc<Mutex<Calls>> = Arc::default();
        let counted = calls.clone();
        let grpc = grpc.layer(from_fn(move |request: Request, next: Next| {
            let method = request.uri().path().rsplit('/').next().unwrap_or_default();
            let mut calls = counted.lock().unwrap_or_else(PoisonError::into_inner);
            *calls.entry(method.to_owned()).or_default() += 1;
            drop(calls);
            next.run(request)
        }));
        let stop = CancellationToken::new();
        let ended = stop.clone().cancelled_owned();
        tokio::spawn(async move {
            hidane::serve(listeners, grpc, http, ended)
                .await
                .expect("serves");
        });
        Self {
            address,
            calls,
            stop,
        }
    }

    /// What was called until now.
    #[allow(dead_code, reason = "each user needs a part")]
    pub fn calls(&self) -> Calls {
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A way to it on which the bytes of its answers are counted.
    #[allow(dead_code, reason = "each user needs a part")]
    pub async fn metered(&self) -> (SocketAddr, Arc<AtomicU64>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port");
        let (at, to) = (listener.local_addr().expect("an address"), self.address);
        let bytes: Arc<AtomicU64> = Arc::default();
        let counted = bytes.clone();
        tokio::spawn(async move {
            while let Ok((asking, _)) = listener.accept().await {
                let answering = TcpStream::connect(to).await.expect("is there");
                let (from, into) = asking.into_split();
                let (answers, asked) = answering.into_split();
                tokio::spawn(pass(from, asked, Arc::default()));
                tokio::spawn(pass(answers, into, counted.clone()));
            }
        });
        (at, bytes)
    }

    pub fn settings(&self) -> FirestoreSettings {
        settings_at(self.address)
    }

    pub fn open(&self) -> FirestoreDocuments {
        FirestoreDocuments::new(self.settings()).expect("opens")
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Passes bytes on until either side ends, and counts them.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, counted: Arc<AtomicU64>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        counted.fetch_add(read as u64, Ordering::SeqCst);
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}

/// The settings for a server at this address, with short rests.
pub fn settings_at(address: SocketAddr) -> FirestoreSettings {
    FirestoreSettings {
        project: "demo-tok".to_owned(),
        database: "(default)".to_owned(),
        base_url: format!("http://{address}").parse().expect("a URL"),
        tokens: Arc::new(TokenSource::emulator()),
        timeout: Duration::from_secs(10),
        silence: Duration::from_mins(2),
        backoff: Backoff::new(Duration::from_millis(10), Duration::from_secs(1)).with_jitter(),
    }
}
