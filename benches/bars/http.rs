//! The server under load, beside the least that could do the same.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::post;
use futures_util::StreamExt;
use nix::sys::resource::UsageWho;
use serde_json::json;
use tempfile::TempDir;
use tok::backends::documents::{Documents, Event, SqliteDocuments, Write};
use tok::commands::room::prune;
use tok::config::{Environment, Overrides};
use tok::context::Context;
use tok::server::{self, App, ListenSettings, Listener};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use crate::Bar;
use crate::load::{cpu, run};

#[path = "../../tests/it/support/daily.rs"]
mod daily;

/// The log as in production: JSON lines at `info`, written to nowhere.
fn start_log() {
    let started = tracing_subscriber::fmt()
        .json()
        .with_env_filter("info")
        .with_writer(std::io::sink)
        .try_init();
    // Another measure of this run started it before.
    drop(started);
}

/// Rounds of each side, taken in turns; the best of each counts.
pub const ROUNDS: usize = 5;

pub struct Tok {
    pub address: SocketAddr,
    pub context: Context,
    _dir: TempDir,
}

pub fn runtime() -> Runtime {
    Runtime::new().expect("a runtime")
}

fn open(dir: &TempDir, variables: &[(&str, &str)]) -> (Context, tok::config::Config) {
    let environment = Environment::of(dir.path().to_owned(), variables);
    let loaded = tok::config::load(&environment, &Overrides::default()).expect("a configuration");
    let context = Context::open(&loaded.config, dir.path()).expect("opens");
    (context, loaded.config)
}

pub async fn tok(variables: &[(&str, &str)]) -> Tok {
    start_log();
    // On the disk of the build, not on a RAM disk: a commit must cost what it costs.
    let dir = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let mut all = vec![("TOK_SERVER__RATE_LIMIT", "100000000/1s")];
    all.extend_from_slice(variables);
    let (context, config) = open(&dir, &all);
    let app = App::new(context.clone(), &config).expect("an app");
    let (router, _sockets) = server::router(&app, &config).expect("a router");
    let local = "127.0.0.1:0".parse().expect("an address");
    let listener = Listener::bind(local, "bind").await.expect("a port");
    let address = listener.address;
    let stop = CancellationToken::new();
    let heard = context.unknown_proxies.clone();
    let settings = ListenSettings::of_api(&config.server, heard).expect("settings");
    let (_, serving) = listener.serve(router, settings, stop);
    tokio::spawn(serving);
    Tok {
        address,
        context,
        _dir: dir,
    }
}

pub async fn bare(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
    address
}

#[allow(clippy::cast_precision_loss, reason = "counts of one run")]
pub fn per_second(requests: u64, took: Duration) -> f64 {
    requests as f64 / took.as_secs_f64()
}

/// `POST /create-room` over a Daily that answers at once, beside a handler that only passes on.
pub fn create_room() -> Bar {
    runtime().block_on(async {
        let upstream = bare(Router::new().route("/v1/rooms", post(answer_room))).await;
        let url = format!("http://{upstream}/v1");
        let tok = tok(&[
            ("TOK_ROOMS__BACKEND", "daily"),
            ("DAILY_API_KEY", "bench"),
            ("TOK_DAILY__BASE_URL", &url),
            ("TOK_DAILY__RATE", "off"),
        ])
        .await;
        let client = reqwest::Client::new();
        let target = format!("{url}/rooms");
        let proxy = post(move |body: axum::body::Bytes| async move {
            let request = client.post(target).bearer_auth("bench");
            let request = request.header("content-type", "application/json").body(body);
            let answer = request.send().await.expect("answers").bytes().await.expect("a body");
            ([("content-type", "application/json")], answer)
        });
        let proxy = bare(Router::new().route("/create-room", proxy)).await;
        let request: Arc<crate::load::Request> = Arc::new(|number| {
            let body = format!("{{\"name\":\"call-{number:08}\"}}");
            format!(
                "POST /create-room HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
        });
        let requests = 10_000u64;
        let (mut ours, mut theirs) = (f64::MAX, f64::MAX);
        for _ in 0..3 {
            for (address, best) in [(proxy, &mut theirs), (tok.address, &mut ours)] {
                let before = cpu(UsageWho::RUSAGE_SELF);
                run(address, 32, requests, request.clone()).await;
                *best = best.min((cpu(UsageWho::RUSAGE_SELF) - before) / 10_000.0 * 1e6);
            }
        }
        Bar {
            name: "POST /create-room over Daily - bare proxy, microseconds of CPU per request",
            measured: ours - theirs,
            bar: 150.0,
            at_least: false,
            note: format!("{ours:.0} and {theirs:.0}, load and upstream included in both"),
        }
    })
}

async fn answer_room(
    axum::Json(body): axum::Json<serde_json::Value>,
) -> axum::Json<serde_json::Value> {
    let name = body["name"].as_str().unwrap_or_default();
    axum::Json(json!({
        "id": "00000000-0000-4000-8000-000000000001", "name": name, "api_created": true,
        "privacy": "public", "url": format!("https://bench.daily.co/{name}"),
        "created_at": "2026-01-01T00:00:00.000Z", "config": {},
    }))
}

/// 10 000 durable rooms by 32 clients beside one client: concurrent writes share a commit.
pub fn durable() -> Bar {
    runtime().block_on(async {
        let request = |prefix: &'static str| -> Arc<crate::load::Request> {
            Arc::new(move |number| {
                let body = format!("{{\"name\":\"{prefix}{number}\"}}");
                format!(
                    "POST /v1/rooms HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                )
            })
        };
        let alone = tok(&[]).await;
        let one = per_second(10_000, run(alone.address, 1, 10_000, request("a")).await);
        let together = tok(&[]).await;
        let many = per_second(10_000, run(together.address, 32, 10_000, request("b")).await);
        Bar {
            name: "durable rooms per second, 32 clients / one client",
            measured: many / one,
            bar: 4.0,
            at_least: true,
            note: format!("{many:.0} and {one:.0} per second"),
        }
    })
}

/// Write calls to Daily for pruning 1 000 rooms.
pub fn prune_writes() -> Bar {
    runtime().block_on(async {
        let fake = daily::FakeDaily::start().await;
        for n in 0..1000 {
            fake.add_room(&format!("old-{n}"), 40, json!({}));
        }
        let dir = TempDir::new().expect("a directory");
        let url = fake.url();
        let variables = [
            ("TOK_ROOMS__BACKEND", "daily"),
            ("DAILY_API_KEY", daily::KEY),
            ("TOK_DAILY__BASE_URL", url.as_str()),
        ];
        let (context, _) = open(&dir, &variables);
        let input = prune::Input {
            older_than: Some("30d".parse().expect("a span")),
            ..prune::Input::default()
        };
        let plan = prune::plan(&context, input).await.expect("plans");
        let report = prune::apply(&context, plan).await.expect("prunes");
        assert_eq!(report.deleted, 1000);
        fake.verify();
        let calls = fake.calls();
        let writes = calls.iter().filter(|call| !call.starts_with("GET")).count();
        Bar {
            name: "write calls to prune 1 000 Daily rooms",
            measured: u32::try_from(writes).map_or(f64::MAX, f64::from),
            bar: 3.0,
            at_least: false,
            note: format!("and {} to read", calls.len() - writes),
        }
    })
}

/// From a commit to a watcher on another connection, as another process would have.
pub fn watch_latency() -> Bar {
    runtime().block_on(async {
        let dir = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let writer = SqliteDocuments::open(dir.path(), 0).expect("opens");
        let watcher = SqliteDocuments::open(dir.path(), 0).expect("opens");
        let (told, mut seen) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut events = watcher.watch("things", None);
            while let Some(Ok(event)) = events.next().await {
                if !matches!(event, Event::Reset) && told.send((event, Instant::now())).is_err() {
                    return;
                }
            }
        });
        let mut slowest = Duration::ZERO;
        for n in 0..100 {
            // The watcher rests before each change: it has to be woken.
            while !matches!(seen.recv().await, Some((Event::Current(_), _))) {}
            let write = Write::put("things", "x", &json!({ "n": n })).expect("JSON");
            writer.commit(vec![write]).await.expect("commits");
            let done = Instant::now();
            if let Some((Event::Put(_), at)) = seen.recv().await {
                slowest = slowest.max(at.saturating_duration_since(done));
            }
        }
        Bar {
            name: "slowest of 100 changes seen by another connection, milliseconds",
            measured: slowest.as_secs_f64() * 1e3,
            bar: 100.0,
            at_least: false,
            note: "asked every 20 ms".to_owned(),
        }
    })
}
