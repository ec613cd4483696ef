//! The part of the server that forwards media as a process of its own, so that what it takes is its
//! alone. It is asked over a pipe: a line with an offer, and the answer comes back in one; without an offer,
//! somebody leaves.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::media_client::settings;
use serde_json::{Value, json};
use tok::backends::media::{LocalMedia, Media, MediaOffer};

/// The argument with which this program is that server.
pub const MEDIA: &str = "be-media";
/// The processor's ticks in a second, as Linux counts them.
pub const TICKS: f64 = 100.0;

/// Is the server until nobody asks any more.
pub fn be_media() {
    let runtime = crate::http::runtime();
    let media = LocalMedia::new(settings());
    let mut out = std::io::stdout();
    for line in std::io::stdin().lines() {
        let asked: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let text = |key: &str| asked[key].as_str().expect("text").to_owned();
        if asked["sdp"].is_null() {
            media.close(&text("room"), &text("participant"));
            continue;
        }
        let offer = MediaOffer {
            room: text("room"),
            participant: text("participant"),
            sends: true,
            sdp: text("sdp"),
        };
        let answer = runtime.block_on(media.offer(offer)).expect("answered");
        writeln!(out, "{}", json!(answer)).expect("somebody listens");
    }
}

/// That server, from outside.
pub struct MediaServer {
    child: Child,
    asks: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Drop for MediaServer {
    fn drop(&mut self) {
        drop(self.asks.take());
        drop(self.child.wait());
    }
}

impl MediaServer {
    pub fn start() -> Self {
        let this = std::env::current_exe().expect("this program");
        let mut child = Command::new(this)
            .arg(MEDIA)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let asks = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("a pipe"));
        Self {
            child,
            asks,
            answers,
        }
    }

    /// The answer to somebody's offer.
    pub fn offer(&mut self, room: &str, participant: &str, sdp: &str) -> String {
        let offer = json!({ "room": room, "participant": participant, "sdp": sdp });
        let asks = self.asks.as_mut().expect("not dropped");
        writeln!(asks, "{offer}").expect("it listens");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).expect("JSON")
    }

    /// Somebody leaves.
    pub fn close(&mut self, room: &str, participant: &str) {
        let left = json!({ "room": room, "participant": participant });
        writeln!(self.asks.as_mut().expect("not dropped"), "{left}").expect("it listens");
    }

    /// Seconds of the processor until now.
    pub fn cpu(&self) -> f64 {
        let path = format!("/proc/{}/stat", self.child.id());
        let stat = fs::read_to_string(path).expect("a process");
        let (_, rest) = stat.rsplit_once(") ").expect("fields");
        let fields: Vec<&str> = rest.split(' ').collect();
        let ticks = |at: usize| fields[at].parse::<f64>().expect("a number");
        (ticks(11) + ticks(12)) / TICKS
    }

    /// What is in memory, in kB.
    pub fn resident(&self) -> f64 {
        crate::cli::memory(&self.child, "VmRSS:").expect("a process")
    }
}
