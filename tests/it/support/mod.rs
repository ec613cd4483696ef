//! What the tests share: a server on a free port, a stand-in for Daily, the binary in an empty home.

pub mod algolia;
pub mod bandwidth;
pub mod binary;
pub mod collector;
pub mod daily;
pub mod emulator;
pub mod fcm;
pub mod google;
pub mod google_keys;
pub mod hundred_ms;
pub mod issuer;
pub mod listen;
pub mod meddled;
#[allow(dead_code, reason = "benches use the rest")]
pub mod media_client;
pub mod media_line;
pub mod opentok;
pub mod pinpoint;
#[allow(dead_code, reason = "benches do not poll")]
pub mod polling;
pub mod promql;
pub mod rtdb;
pub mod signer;
pub mod tls;
pub mod web_push;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::backends::documents::{Document, Scan, Write};
use tok::config::{Config, Environment, Overrides};
use tok::context::Context;
use tok::server::{self, App, Connections, ListenSettings, Listener};
use tokio_util::sync::CancellationToken;

pub use algolia::FakeAlgolia;
pub use binary::Binary;
pub use daily::{FakeDaily, Fault};
pub use emulator::Emulator;
pub use fcm::{FakeFcm, Fault as FcmFault};

/// How long a test waits for something that must happen.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks at what is to come: whoever looks all the time takes the processor from it.
pub const PAUSE: Duration = Duration::from_millis(10);

/// A whole server in this process, in an empty data directory.
pub struct TestApp {
    pub connections: Arc<Connections>,
    pub sockets: server::Sockets,
    pub context: Context,
    pub address: SocketAddr,
    pub client: reqwest::Client,
    pub dir: TempDir,
    key: Option<String>,
    stop: CancellationToken,
}

impl TestApp {
    /// A server without any configuration.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// A server over a Daily account.
    pub async fn over(daily: &FakeDaily) -> Self {
        Self::over_with(daily, &[]).await
    }

    /// A server over a Daily account, with further settings.
    pub async fn over_with(daily: &FakeDaily, more: &[(&str, &str)]) -> Self {
        let url = daily.url();
        let mut variables = daily_variables(&url);
        variables.extend_from_slice(more);
        Self::with(&variables).await
    }

    /// A server with these environment variables.
    pub async fn with(variables: &[(&str, &str)]) -> Self {
        Self::meddled(variables, |context| context).await
    }

    /// The same over a context that somebody meddles with first.
    pub async fn meddled(
        variables: &[(&str, &str)],
        meddle: impl FnOnce(Context) -> Context,
    ) -> Self {
        let dir = TempDir::new().expect("a directory");
        let mut config = config(dir.path(), variables);
        let listener = Listener::bind("127.0.0.1:0".parse().expect("an address"), "bind")
            .await
            .expect("a port");
        let address = listener.address;
        config.server.bind = address;
        let context = meddle(Context::open(&config, dir.path()).expect("opens"));
        let app = App::new(context.clone(), &config).expect("an app");
        let (router, sockets) = server::router(&app, &config).expect("a router");
        let stop = CancellationToken::new();
        let heard = context.unknown_proxies.clone();
        let settings = ListenSettings::of_api(&config.server, heard).expect("settings");
        let (connections, serving) = listener.serve(router, settings, stop.clone());
        tokio::spawn(serving);
        Self {
            context,
            connections,
            sockets,
            address,
            client: reqwest::Client::new(),
            dir,
            key: None,
            stop,
        }
    }

    /// The same server, called with this key.
    pub fn with_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, self.url(path));
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        answer(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        answer(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> (StatusCode, Value) {
        answer(self.request(Method::DELETE, path)).await
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Sends a request; a body that is not JSON comes back as a text.
pub async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status();
    let text = response.text().await.expect("a body");
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    (status, body)
}

/// The configuration that these environment variables make.
pub fn config(dir: &Path, variables: &[(&str, &str)]) -> Config {
    let environment = Environment::of(dir.to_owned(), variables);
    tok::config::load(&environment, &Overrides::default())
        .expect("a configuration")
        .config
}

/// Where nobody listens: no one is given this port who asks for any.
pub const NOBODY: &str = "127.0.0.1:1";

/// The environment of a Daily account at `url`, with its limits off. As all stand-ins it is waited for long: none is
/// slow unless it is told to be, but the machine may be.
pub fn daily_variables(url: &str) -> Vec<(&str, &str)> {
    vec![
        ("TOK_ROOMS__BACKEND", "daily"),
        ("DAILY_API_KEY", daily::KEY),
        ("TOK_DAILY__BASE_URL", url),
        ("TOK_DAILY__RATE", "off"),
        ("TOK_DAILY__SLOW_RATE", "off"),
        ("TOK_DAILY__TIMEOUT", "30s"),
    ]
}

/// The variables of a stand-in as texts that are lent.
pub fn borrowed<'a>(variables: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    let lend = |(name, value): &'a (&'static str, String)| (*name, value.as_str());
    variables.iter().map(lend).collect()
}

/// Somebody stands in a local room, as its meeting notes it.
pub async fn enter(context: &Context, room: &str, id: &str) {
    let documents = &context.documents;
    let found = documents.get("tok_rooms", &format!("local:{room}")).await;
    let found: Value = found
        .expect("reads")
        .expect("a room")
        .decode()
        .expect("a room");
    let room_id = found["id"].as_str().expect("an id");
    let person = json!({
        "room": room, "id": id, "name": format!("Name {id}"), "user_id": format!("user-{id}"),
        "role": "participant", "place": "inside", "joined_at": "2026-01-01T10:00:00Z",
        "key_hash": "",
    });
    let write = Write::put("tok_participants", &format!("{room_id}/{id}"), &person);
    documents
        .commit(vec![write.expect("JSON")])
        .await
        .expect("commits");
}

/// Moves what live calls wait for into the past: as if the time had come.
pub async fn let_calls_run_out(context: &Context, fields: &[&str]) {
    let documents = &context.documents;
    let scan = documents.scan(Scan::all("tok_calls"));
    let found: Vec<Document> = scan.try_collect().await.expect("reads");
    for document in found {
        let past = fields.iter().map(|field| ((*field).to_owned(), 1.into()));
        let write = Write::merge("tok_calls", &document.id, past.collect());
        documents.commit(vec![write]).await.expect("commits");
    }
}

/// A context over an empty directory.
pub fn context(variables: &[(&str, &str)]) -> (Context, TempDir) {
    let dir = TempDir::new().expect("a directory");
    let config = config(dir.path(), variables);
    let context = Context::open(&config, dir.path()).expect("opens");
    (context, dir)
}

/// The same over a stand-in, by its variables, with further settings.
pub fn over(variables: &[(&'static str, String)], more: &[(&str, &str)]) -> (Context, TempDir) {
    let mut variables = borrowed(variables);
    variables.extend_from_slice(more);
    context(&variables)
}

/// Somebody else puts a document into the store.
pub async fn put(context: &Context, collection: &str, id: &str, value: Value) {
    let write = Write::put(collection, id, &value).expect("JSON");
    let committed = context.documents.commit(vec![write]).await;
    committed.expect("commits");
}

/// An app puts a document to Firestore, its fields as the REST API writes them.
pub async fn put_as_app(emulator: &Emulator, collection: &str, id: &str, fields: Value) {
    let at = emulator.address;
    let place = format!("http://{at}/v1/projects/demo-tok/databases/(default)/documents");
    let request = reqwest::Client::new().post(format!("{place}/{collection}"));
    let request = request.query(&[("documentId", id)]).bearer_auth("owner");
    let (status, said) = answer(request.json(&json!({ "fields": fields }))).await;
    assert_eq!(status, StatusCode::OK, "{collection}/{id} {fields}: {said}");
}
