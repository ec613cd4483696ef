//! What the logs of servers and workers say of failures: one fault makes one line, with its cause, its place
//! and what set it so.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use super::work::{put, queue, refusing, rooms_at};
use super::{answering, begun, closed};
use crate::support::binary::signal_child;
use crate::support::{Binary, FakeFcm, FcmFault, borrowed};

/// A fault, and the one line that tells of it. In the words `{at}` is the place that the stage tells.
struct LoggedFault {
    name: &'static str,
    stage: fn() -> (Binary, String),
    command: &'static [&'static str],
    /// What every line about it contains.
    about: &'static str,
    /// What is told when whatever would tell of it as well has had its turn.
    after: &'static str,
    level: &'static str,
    parts: &'static [&'static str],
}

/// The lines of what is wrong, until all of these were told and the process was asked to end.
fn troubles(binary: &Binary, command: &[&str], awaited: &[&str]) -> Vec<String> {
    let mut arguments = command.to_vec();
    arguments.extend(["--ops-bind", "127.0.0.1:0"]);
    let mut child = binary.spawn(&arguments, Stdio::null());
    let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    let (mut told, mut left) = (Vec::new(), awaited.to_vec());
    for line in stderr.lines().map_while(Result::ok) {
        let read: Value = serde_json::from_str(&line).unwrap_or_default();
        if !["WARN", "ERROR"]
            .iter()
            .any(|level| read["level"] == *level)
        {
            continue;
        }
        let were = left.len();
        left.retain(|part| !line.contains(part));
        if were > 0 && left.is_empty() {
            signal_child(&child, Signal::SIGTERM);
        }
        told.push(line);
    }
    child.wait().expect("ends");
    told
}

#[track_caller]
fn each_is_logged_once(faults: &[LoggedFault]) {
    let mut wrong = Vec::new();
    for fault in faults {
        let (binary, at) = (fault.stage)();
        let told = troubles(&binary, fault.command, &[fault.about, fault.after]);
        let about: Vec<_> = told
            .iter()
            .filter(|line| line.contains(fault.about))
            .collect();
        let mut bad = |what: String| wrong.push(format!("{}: {what}: {told:#?}", fault.name));
        let [line] = about.as_slice() else {
            bad(format!("{} lines", about.len()));
            continue;
        };
        let level = format!("\"level\":\"{}\"", fault.level);
        for part in fault.parts.iter().copied().chain([level.as_str()]) {
            let part = part.replace("{at}", &at);
            if !line.contains(&part) {
                bad(format!("no {part:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// One who uses this Redis.
fn with_redis(url: &str) -> Binary {
    Binary::with(&[("TOK_REDIS__URL", url)])
}

#[test]
fn a_server_logs_a_fault_once() {
    const SERVE: &[&str] = &["serve", "--bind", "127.0.0.1:0"];
    // The last of what a server looks at by itself.
    const AFTER: &str = "no worker has been seen yet";
    const REDIS: &str = "redis.url (from environment TOK_REDIS__URL)";
    each_is_logged_once(&[
        LoggedFault {
            name: "a Redis that is away",
            stage: || {
                let at = closed();
                (with_redis(&format!("redis://{at}")), at)
            },
            command: SERVE,
            about: "redis",
            after: AFTER,
            level: "WARN",
            parts: &[
                "{at} cannot be reached: Connection refused",
                REDIS,
                "that the server runs",
            ],
        },
        LoggedFault {
            name: "a Redis that wants another password",
            stage: || {
                let at = answering("-WRONGPASS invalid username-password pair\r\n".repeat(4));
                (with_redis(&format!("redis://:guess@{at}")), at)
            },
            command: SERVE,
            about: "redis",
            after: AFTER,
            level: "WARN",
            parts: &["{at} refuses the user or the password", REDIS],
        },
    ]);
}

#[test]
fn a_worker_logs_a_fault_once() {
    each_is_logged_once(&[
        LoggedFault {
            name: "a key that 100ms refuses",
            stage: refusing,
            command: &["work", "--only", "rooms"],
            about: "refused the credential",
            after: "loop paused",
            level: "ERROR",
            parts: &[
                "100ms refused the credential (401)",
                "hundred_ms.access_key (from environment APP_ACCESS_KEY)",
                "\"name\":\"rooms\"",
            ],
        },
        LoggedFault {
            name: "a vendor that is away",
            stage: || {
                let at = closed();
                (rooms_at(&at), at)
            },
            command: &["work", "--only", "rooms"],
            about: "100ms cannot be reached",
            after: "loop broke off",
            level: "WARN",
            parts: &[
                "{at}: connection refused",
                "hundred_ms.base_url (from environment TOK_HUNDRED_MS__BASE_URL)",
                "\"name\":\"rooms\"",
            ],
        },
        LoggedFault {
            name: "an account that may not send",
            stage: || {
                let fcm = begun(FakeFcm::start());
                fcm.fault(FcmFault::Forbidden);
                let variables = fcm.variables();
                let binary = Binary::with(&borrowed(&variables));
                queue(&binary, &["t1"]);
                (binary, fcm.address.to_string())
            },
            command: &["work", "--only", "notify"],
            about: "403",
            after: "loop paused",
            level: "ERROR",
            parts: &[
                "FCM says 403 PERMISSION_DENIED",
                "google.credentials_file",
                "Firebase Cloud Messaging API Admin",
            ],
        },
        LoggedFault {
            name: "notifications that are none",
            stage: || {
                let binary = Binary::new();
                for n in 0..20 {
                    let content = json!({ "token": { "of": "ada" }, "title": "Hello" });
                    put(&binary, "notifications", &format!("odd{n}"), &content);
                }
                (binary, String::new())
            },
            command: &["work", "--only", "notify"],
            about: "was parked",
            after: "`token` is not a text",
            level: "WARN",
            parts: &["\"id\":\"odd"],
        },
    ]);
}
