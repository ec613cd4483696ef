//! A machine that lets a server open fewer files than its settings promise connections: it says so when it
//! starts, and serves as many as it can.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;

use crate::support::binary::signal_child;
use crate::support::{Binary, PATIENCE};

/// A server whose shell did this first.
struct Limited {
    child: Child,
    address: String,
    /// What it said before it listened.
    told: String,
    _binary: Binary,
}

impl Limited {
    fn start(limits: &str, variables: &[(&str, &str)]) -> Self {
        let binary = Binary::new();
        let serve = [
            "serve",
            "--bind",
            "127.0.0.1:0",
            "--ops-bind",
            "127.0.0.1:0",
        ];
        let serve = binary.command(&serve);
        let mut child = Command::new("sh")
            .args(["-c", &format!("{limits}; exec \"$0\" \"$@\"")])
            .arg(serve.get_program())
            .args(serve.get_args())
            .env_clear()
            .env("HOME", binary.dir())
            .envs(variables.iter().copied())
            .current_dir(binary.dir())
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let (mut told, mut address) = (String::new(), String::new());
        while address.is_empty() {
            let mut line = String::new();
            let read = stderr.read_line(&mut line).expect("readable");
            assert!(read > 0, "it did not start: {told}");
            told.push_str(&line);
            let url = line.split("tok serves http://").nth(1);
            if let Some(url) = url.and_then(|rest| rest.split_whitespace().next()) {
                address.push_str(url);
            }
        }
        // A full pipe would hold it up.
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).for_each(drop));
        Self {
            child,
            address,
            told,
            _binary: binary,
        }
    }

    /// How many files it may have open now.
    fn soft_limit(&self) -> u64 {
        let path = format!("/proc/{}/limits", self.child.id());
        let limits = std::fs::read_to_string(path).expect("readable");
        let line = limits
            .lines()
            .find_map(|line| line.strip_prefix("Max open files"));
        let soft = line.and_then(|line| line.split_whitespace().next());
        soft.expect("a limit").parse().expect("a number")
    }

    /// Whether it answers somebody new.
    fn answers(&self) -> bool {
        let asking = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(&self.address)?;
            stream.set_read_timeout(Some(Duration::from_secs(2)))?;
            stream.write_all(
                b"GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            )?;
            let mut told = String::new();
            stream.read_to_string(&mut told)?;
            Ok(told)
        };
        asking().is_ok_and(|told| told.starts_with("HTTP/1.1 200 "))
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

const CONNECTIONS: &str = "TOK_SERVER__MAX_CONNECTIONS";
/// What is told when they cannot be had.
const TOO_FEW: &str = "files open";

#[test]
fn a_limit_that_is_too_low_is_told_with_what_to_raise() {
    for (limits, connections, parts) in [
        (
            "ulimit -n 300",
            None,
            ["connections is 4096", "have 300 files", "to 4352"],
        ),
        (
            "ulimit -n 300",
            Some("45"),
            ["connections is 45", "have 300 files", "to 301"],
        ),
        (
            "ulimit -Sn 100; ulimit -Hn 4351",
            None,
            ["connections is 4096", "have 4351 files", "to 4352"],
        ),
    ] {
        let variables: Vec<_> = connections
            .map(|of| (CONNECTIONS, of))
            .into_iter()
            .collect();
        let server = Limited::start(limits, &variables);
        let told = &server.told;
        let lines: Vec<_> = told.lines().filter(|line| line.contains(TOO_FEW)).collect();
        let [line] = lines[..] else {
            panic!("{limits}: {told}");
        };
        for part in parts.iter().chain(&[
            "server.max_connections",
            "LimitNOFILE=",
            "ulimit -n",
            "or lower the setting",
        ]) {
            assert!(line.contains(part), "{limits}: no {part} in {line}");
        }
        assert!(server.answers(), "{limits}");
    }
}

#[test]
fn a_limit_that_is_enough_or_can_be_raised_is_told_nobody() {
    for (limits, connections, soft) in [
        ("ulimit -n 300", "44", 300),
        ("ulimit -Sn 64", "44", 300),
        ("ulimit -Sn 64; ulimit -Hn 4352", "4096", 4352),
        ("ulimit -n 1000", "100", 1000),
    ] {
        let server = Limited::start(limits, &[(CONNECTIONS, connections)]);
        let told = &server.told;
        assert!(!told.contains(TOO_FEW), "{limits}: {told}");
        assert_eq!(server.soft_limit(), soft, "{limits}");
        assert!(server.answers(), "{limits}");
    }
}

/// Whoever was told may do nothing about it.
#[test]
fn when_no_more_files_can_be_opened_others_wait_and_are_served_after_it() {
    let keys = [
        ("TOK_SERVER__ADDRESS_CONNECTIONS", "4000"),
        ("TOK_SERVER__TRUSTED_PROXIES", "192.0.2.1"),
    ];
    let server = Limited::start("ulimit -n 128", &keys);
    assert!(server.told.contains(TOO_FEW), "{}", server.told);
    let idle: Vec<_> = (0..300)
        .map_while(|_| TcpStream::connect(&server.address).ok())
        .collect();
    assert!(
        !server.answers(),
        "there is no room with {} idle",
        idle.len()
    );
    drop(idle);
    let deadline = Instant::now() + PATIENCE;
    while !server.answers() {
        assert!(Instant::now() < deadline, "it does not recover");
    }
    signal_child(&server.child, Signal::SIGTERM);
}
