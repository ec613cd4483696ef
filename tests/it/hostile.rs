//! What is sent to do harm: by strangers, over HTTP and over sockets, in what people write, and by whoever
//! answers in a vendor's place. The server is the real one, in a process of its own: it says no, goes on
//! for all others, and what it takes of memory stays flat.

mod answers;
mod deep;
mod frames;
mod heads;
mod markup;
mod secrets;

use std::net::SocketAddr;
use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::binary::Served;
use crate::support::{Binary, PATIENCE};

/// What a server may take more, whatever comes, in KiB.
const FLAT: u64 = 32 * 1024;

/// A server that is watched: what it took of memory, and whether it went on.
struct Watched {
    served: Served,
    address: SocketAddr,
    before: u64,
    _home: Binary,
}

impl Watched {
    /// A server with these variables that has served a little.
    async fn start(variables: &[(&str, &str)]) -> Self {
        let home = Binary::with(variables);
        let served = home.serve();
        let address = served.url["http://".len()..].parse().expect("an address");
        let new = Self {
            served,
            address,
            before: 0,
            _home: home,
        };
        for _ in 0..20 {
            new.goes_on().await;
        }
        // From here on the most that it took is counted anew.
        std::fs::write(new.proc("clear_refs"), "5").expect("written");
        let before = new.most();
        Self { before, ..new }
    }

    fn proc(&self, file: &str) -> String {
        format!("/proc/{}/{file}", self.served.child.id())
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.served.url)
    }

    /// The most memory that it had, in KiB.
    fn most(&self) -> u64 {
        let status = std::fs::read_to_string(self.proc("status")).expect("it runs");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .expect("a line");
        let number = line.split_whitespace().next().expect("a number");
        number.parse().expect("a number")
    }

    /// Others are served.
    async fn goes_on(&self) {
        let asked = reqwest::get(self.url("/v1/rooms"));
        let answer = tokio::time::timeout(PATIENCE, asked).await;
        let status = answer.expect("in time").expect("an answer").status();
        assert_eq!(status, 200);
    }

    /// Insists that it went on, never took much memory and nothing in it panicked.
    async fn stays_well(self) {
        self.goes_on().await;
        let more = self.most().saturating_sub(self.before);
        assert!(more < FLAT, "it took {more} KiB more than {}", self.before);
        self.served.signal(Signal::SIGTERM);
        let (code, log) = self.served.finish();
        assert_eq!(code, Some(0), "{log}");
        assert!(!log.contains("panicked"), "{log}");
    }
}

/// What comes back for these bytes, until the connection is over.
async fn told(address: SocketAddr, what: &str, bytes: &[u8]) -> String {
    let stream = TcpStream::connect(address).await.expect("connects");
    told_over(stream, what, bytes).await
}

/// The same over a connection that is there.
async fn told_over(stream: TcpStream, what: &str, bytes: &[u8]) -> String {
    let (mut reading, mut writing) = stream.into_split();
    let mut heard = Vec::new();
    let sending = async {
        // It may be cut off meanwhile.
        drop(writing.write_all(bytes).await);
        std::future::pending::<()>().await;
    };
    let ending = async {
        let mut part = [0; 4096];
        while let Ok(read @ 1..) = reading.read(&mut part).await {
            heard.extend_from_slice(&part[..read]);
        }
    };
    let over = async {
        tokio::select! {
            () = sending => {}
            () = ending => {}
        }
    };
    let ended = tokio::time::timeout(PATIENCE, over).await;
    let heard = String::from_utf8_lossy(&heard).into_owned();
    assert!(ended.is_ok(), "{what} is not over after {heard:?}");
    heard
}

/// The statuses of all answers that were heard.
fn statuses(heard: &str) -> Vec<&str> {
    let answers = heard.split("HTTP/1.1 ").skip(1);
    answers.map(|answer| &answer[..3]).collect()
}

/// As seldom as this somebody who drips sends something.
const DRIP: Duration = Duration::from_millis(100);
