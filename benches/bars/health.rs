//! How long it takes to hear how a node is when every vendor takes connections and never answers.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::Bar;
use crate::cli::{home, tok};
use crate::http::runtime;

/// Each is asked so often; the slowest counts.
const TIMES: u32 = 20;

/// Where connections are taken and nothing is answered.
fn hanging() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    // The system takes them, as many as wait at most; nobody reads.
    (listener, format!("http://{address}"))
}

/// Everything outside that can be configured side by side, all of it there.
fn variables(url: &str) -> Vec<(&'static str, String)> {
    let words = [
        ("DAILY_API_KEY", "key"),
        ("APP_ACCESS_KEY", "key"),
        ("APP_SECRET", "secret"),
        ("TOKBOX_API_KEY", "12345"),
        ("TOKBOX_SECRET", "secret"),
        ("BW_ACCOUNT_ID", "9900000"),
        ("BW_USERNAME", "name"),
        ("BW_PASSWORD", "secret"),
        ("TOK_SEARCH__BACKEND", "algolia"),
        ("ALGOLIA_APP_ID", "ABCDE12345"),
        ("ALGOLIA_API_KEY", "key"),
        ("TOK_PUSH__BACKEND", "fcm"),
        ("TOK_FCM__PROJECT_ID", "demo-tok"),
    ];
    let urls = [
        "TOK_DAILY__BASE_URL",
        "TOK_HUNDRED_MS__BASE_URL",
        "TOK_OPENTOK__BASE_URL",
        "TOK_BANDWIDTH__BASE_URL",
        "TOK_ALGOLIA__BASE_URL",
        "TOK_FCM__BASE_URL",
    ];
    let words = words.map(|(name, word)| (name, word.to_owned()));
    let urls = urls.map(|name| (name, url.to_owned()));
    words.into_iter().chain(urls).collect()
}

/// A server that ends with this.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// The slowest of some runs, in milliseconds.
fn slowest(mut once: impl FnMut()) -> f64 {
    let mut most = Duration::ZERO;
    for _ in 0..TIMES {
        let began = Instant::now();
        once();
        most = most.max(began.elapsed());
    }
    most.as_secs_f64() * 1e3
}

/// `tok status` and `/readyz`, whichever is slower.
pub fn vendors_hang() -> Bar {
    let dir = home();
    let (listener, url) = hanging();
    let variables = variables(&url);
    let serve = [
        "serve",
        "--bind",
        "127.0.0.1:0",
        "--ops-bind",
        "127.0.0.1:0",
    ];
    let child = tok(&dir, &serve)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stderr(Stdio::piped())
        .spawn();
    let mut serving = Serving(child.expect("starts"));
    let stderr = serving.0.stderr.take().expect("a pipe");
    let mut lines = BufReader::new(stderr).lines().map_while(Result::ok);
    let ops = lines.find_map(|line| {
        let address = line.strip_prefix("health and metrics at ")?;
        Some(format!("{address}/readyz"))
    });
    let ops = ops.expect("it says where health is told");
    // Its log must be read, or it would stop at a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    let client = reqwest::Client::new();
    let runtime = runtime();
    let ready = slowest(|| {
        let answer = runtime.block_on(client.get(&ops).send());
        assert!(answer.expect("answers").status().is_success());
    });
    let status = slowest(|| {
        let ended = tok(&dir, &["status"])
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::null())
            .status();
        assert!(ended.expect("runs").success());
    });
    drop(listener);
    Bar {
        name: "tok status and /readyz with every vendor hanging, ms",
        measured: ready.max(status),
        bar: 50.0,
        at_least: false,
        note: format!("the slowest of {TIMES}: /readyz {ready:.1}, status {status:.1}"),
    }
}
