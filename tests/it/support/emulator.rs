//! A Firestore emulator of independent origin, in this process.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tok::backends::documents::{FirestoreDocuments, FirestoreSettings};
use tok::backends::google::TokenSource;
use tok::model::backoff::Backoff;
use tokio_util::sync::CancellationToken;

/// A running emulator; it ends when this is dropped.
pub struct Emulator {
    pub address: SocketAddr,
    stop: CancellationToken,
}

impl Emulator {
    pub async fn start() -> Self {
        let listeners = hidane::bind("127.0.0.1", 0).await.expect("a port");
        let address = listeners[0].local_addr().expect("an address");
        let admin = hidane::Admin::default();
        let (grpc, http) = (hidane::grpc_routes(&admin), hidane::http_routes(admin));
        let stop = CancellationToken::new();
        let ended = stop.clone().cancelled_owned();
        tokio::spawn(async move {
            hidane::serve(listeners, grpc, http, ended)
                .await
                .expect("serves");
        });
        Self { address, stop }
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
