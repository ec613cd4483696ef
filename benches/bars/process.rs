//! Servers as processes of their own, so that what they take is theirs alone: the load runs on one
//! core, the server on another, and the bar is for requests per second of the server's processor.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use tempfile::TempDir;

use crate::http::ROUNDS;
use crate::load::spin;

/// The argument with which this program is the bare server.
pub const BARE: &str = "be-bare";
/// Where the load runs and where the server, when there are two cores.
const CORES: (&str, &str) = ("0", "1");
/// As many as the backend of an app keeps open.
const CONNECTIONS: usize = 32;

/// A server that is measured from outside.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Server {
    fn start(mut command: Command, says: &str) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let out: Box<dyn std::io::Read + Send> = if says.is_empty() {
            Box::new(child.stdout.take().expect("a pipe"))
        } else {
            Box::new(child.stderr.take().expect("a pipe"))
        };
        let mut lines = BufReader::new(out).lines();
        let address = loop {
            let line = lines
                .next()
                .expect("it says where it listens")
                .expect("a line");
            let Some(url) = line.strip_prefix(says) else {
                continue;
            };
            break url
                .split_whitespace()
                .next()
                .expect("an address")
                .parse()
                .expect("an address");
        };
        // Its log goes through a pipe that somebody reads, as it does in production.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// tok with a store in `dir`.
    pub fn tok(dir: &TempDir, variables: &[(&str, &str)]) -> Self {
        let program = std::env::var("TOK").unwrap_or_else(|_| env!("CARGO_BIN_EXE_tok").to_owned());
        let mut command = pinned(&program);
        command
            .args([
                "serve",
                "--bind",
                "127.0.0.1:0",
                "--ops-bind",
                "127.0.0.1:0",
            ])
            .env_clear()
            .env("HOME", dir.path())
            .env("TOK_SERVER__RATE_LIMIT", "off")
            .envs(variables.iter().copied())
            .current_dir(dir.path());
        Self::start(command, "tok serves http://")
    }

    /// The least that answers the same bytes.
    fn bare(body: &[u8]) -> Self {
        let this = std::env::current_exe().expect("this program");
        let mut command = pinned(&this.to_string_lossy());
        command.args([BARE, std::str::from_utf8(body).expect("text")]);
        Self::start(command, "")
    }

    /// The originals' work on Node, without a framework.
    fn node() -> Option<Self> {
        let there = Command::new("node")
            .arg("--version")
            .stdout(Stdio::null())
            .status();
        if !there.is_ok_and(|status| status.success()) {
            return None;
        }
        let mut command = pinned("node");
        command.arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/benches/reference.mjs"
        ));
        Some(Self::start(command, ""))
    }

    /// Seconds of the processor until now.
    fn cpu(&self) -> f64 {
        let stat =
            fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("a process");
        let (_, rest) = stat.rsplit_once(") ").expect("fields");
        let fields: Vec<&str> = rest.split(' ').collect();
        let ticks: f64 = [fields[11], fields[12]]
            .iter()
            .map(|of| of.parse::<f64>().expect("a number"))
            .sum();
        ticks / 100.0
    }

    /// MiB in memory.
    pub fn resident(&self) -> f64 {
        crate::cli::memory(&self.child, "VmRSS:").expect("a process") / 1024.0
    }

    /// Requests per second of the processor.
    pub fn rate(&self, requests: u32, request: &[u8]) -> f64 {
        let before = self.cpu();
        spin(self.address, CONNECTIONS, requests, request);
        f64::from(requests) / (self.cpu() - before)
    }
}

/// A program on the server's core, where there is one.
fn pinned(program: &str) -> Command {
    if cores() < 2 {
        return Command::new(program);
    }
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", CORES.1, program]);
    command
}

fn cores() -> usize {
    // Of the machine: this program may have been put on one already.
    let online = fs::read_to_string("/proc/cpuinfo").expect("/proc");
    online
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count()
}

/// While this is held, the load and whatever else this program does are on the other core.
pub struct Aside;

impl Aside {
    pub fn stand() -> Self {
        move_to(CORES.0);
        Self
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        move_to(&format!("0-{}", cores() - 1));
    }
}

fn move_to(list: &str) {
    if cores() < 2 {
        return;
    }
    let own = std::process::id().to_string();
    let status = Command::new("taskset")
        .args(["--all-tasks", "--cpu-list", "--pid", list, &own])
        .stdout(Stdio::null())
        .status();
    assert!(status.expect("taskset of util-linux").success());
}

/// Requests per second of the processor.
pub struct Rates {
    pub tok: f64,
    pub bare: f64,
    /// Of the least that Node can do, where there is Node.
    pub node: Option<f64>,
}

impl Rates {
    pub fn note(&self) -> String {
        let node = self.node.map_or_else(
            || "Node is not here".to_owned(),
            |node| format!("Node {node:.0}, of which tok is {:.1}", self.tok / node),
        );
        format!(
            "{:.0} and {:.0} per second of the processor; {node}",
            self.tok, self.bare
        )
    }
}

/// Loads tok, a bare server that answers the same bytes and Node, in turns; the best of each counts.
pub async fn beside(tok: &Server, requests: u32, request: &str) -> Rates {
    let body = answer(tok.address, request).await;
    let request = request.as_bytes();
    let (bare, node) = (Server::bare(&body), Server::node());
    let mut best = Rates {
        tok: 0.0,
        bare: 0.0,
        node: None,
    };
    for _ in 0..ROUNDS {
        best.bare = best.bare.max(bare.rate(requests, request));
        best.tok = best.tok.max(tok.rate(requests, request));
        if let Some(node) = &node {
            let rate = node.rate(requests / 4, request);
            best.node = Some(best.node.unwrap_or_default().max(rate));
        }
    }
    best
}

/// The body of one answer.
async fn answer(address: SocketAddr, request: &str) -> Vec<u8> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address)
        .await
        .expect("connects");
    let last = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    stream.write_all(last.as_bytes()).await.expect("writes");
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.expect("reads");
    assert!(
        all.starts_with(b"HTTP/1.1 200"),
        "{}",
        String::from_utf8_lossy(&all)
    );
    let end = all
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("a head");
    all.split_off(end + 4)
}

/// Is the bare server: reads what is sent, answers `body`.
pub fn be_bare(body: String) {
    crate::http::runtime().block_on(async {
        let body = Bytes::from(body);
        let router = Router::new().fallback(move |_sent: Bytes| async move {
            ([(CONTENT_TYPE, "application/json")], body)
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        axum::serve(listener, router).await.expect("serves");
    });
}
