//! Failures, staged one after another: whoever meets one at night reads in the first two lines what is wrong
//! and what to do about it.

mod ice;
mod logs;
mod setup;
mod several;
mod store;
mod vendors;
mod work;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::LazyLock;

use tokio::runtime::Runtime;

use crate::support::binary::Run;
use crate::support::{Binary, NOBODY};

/// A failure, and what is said of it. In the words `{at}` is the place that the stage tells.
struct Staged {
    name: &'static str,
    /// Brings it about, and meets it; `None` where that cannot be done on this machine.
    stage: fn() -> Option<Met>,
    code: i32,
    /// What is wrong, where, and what set it so.
    cause: &'static [&'static str],
    /// What to do about it.
    remedy: &'static [&'static str],
}

/// What somebody saw.
struct Met {
    run: Run,
    at: String,
}

impl Met {
    /// What a command said that met a failure at this place.
    #[allow(
        clippy::unnecessary_wraps,
        reason = "stages that cannot be set up give nothing"
    )]
    fn at(place: impl Into<String>, run: Run) -> Option<Self> {
        Some(Self {
            run,
            at: place.into(),
        })
    }

    /// The same where the place goes without saying.
    fn by(run: Run) -> Option<Self> {
        Self::at("", run)
    }

    /// The first two lines of what is told beside the result, or of a table of checks.
    fn first_lines(&self) -> String {
        // A table of checks begins with its heading.
        let told = if self.run.stdout.starts_with("CHECK ") {
            &self.run.stdout
        } else {
            &self.run.stderr
        };
        told.lines().take(2).collect::<Vec<_>>().join("\n")
    }
}

/// Stages each of these; all that are told badly are named at once.
#[track_caller]
#[allow(
    clippy::print_stderr,
    reason = "what is skipped, and what is said, is told aloud"
)]
fn all_are_told(rows: &[Staged]) {
    let mut wrong = Vec::new();
    for row in rows {
        let Some(met) = (row.stage)() else {
            eprintln!("SKIPPED: {} needs root", row.name);
            continue;
        };
        let lines = met.first_lines();
        eprintln!("{}: exit {:?}\n{lines}\n", row.name, met.run.code);
        let mut bad = |what: String| wrong.push(format!("{}: {what}:\n{lines}", row.name));
        if met.run.code != Some(row.code) {
            bad(format!("exit {:?} and not {}", met.run.code, row.code));
        }
        for part in row.cause.iter().chain(row.remedy) {
            let part = part.replace("{at}", &met.at);
            if !lines.contains(&part) {
                bad(format!("no {part:?} in"));
            }
        }
        let panicked = met.run.stderr.contains("panicked");
        if panicked {
            bad("it panicked".to_owned());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What stand-ins run on, to the end of all tests.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// Begins a stand-in.
fn begun<T>(stand_in: impl Future<Output = T>) -> T {
    RUNTIME.block_on(stand_in)
}

/// An address at which nobody listens.
fn closed() -> String {
    NOBODY.to_owned()
}

/// An address at which every request gets these bytes, and nothing if there are none.
fn answering(bytes: impl Into<String>) -> String {
    let (bytes, listener) = (bytes.into(), TcpListener::bind("127.0.0.1:0"));
    let listener = listener.expect("a port");
    let at = listener.local_addr().expect("an address").to_string();
    let answer = move |mut stream: TcpStream, bytes: &str| {
        let mut asked = [0; 8192];
        // Until the other side ends it.
        while let Ok(1..) = stream.read(&mut asked) {
            if stream.write_all(bytes.as_bytes()).is_err() {
                return;
            }
        }
    };
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let bytes = bytes.clone();
            std::thread::spawn(move || answer(stream, &bytes));
        }
    });
    at
}

/// An answer of HTTP.
fn http(status: &str, head: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{head}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

/// Runs again what only met one who was too slow, as on a busy machine anybody may be for a moment.
fn once_answered(run: impl Fn() -> Run) -> Run {
    crate::releases::eventually("it is answered", || {
        let run = run();
        (!run.stdout.contains("does not answer")).then_some(run)
    })
}

/// What a command says in an empty home with these variables.
fn with(variables: &[(&str, &str)], command: &str) -> Run {
    let words: Vec<&str> = command.split_whitespace().collect();
    Binary::with(variables).run(&words)
}

/// The same in a home that is there.
fn run(binary: &Binary, command: &str) -> Run {
    let words: Vec<&str> = command.split_whitespace().collect();
    binary.run(&words)
}
