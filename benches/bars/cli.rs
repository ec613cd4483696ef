//! The binary as the system sees it: CPU time and memory.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use nix::sys::resource::UsageWho;
use tempfile::TempDir;
use tok::backends::documents::{Documents, SqliteDocuments, Write};
use tok::model::Room;

use crate::Bar;
use crate::load::cpu;

pub fn tok(dir: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tok"));
    command
        .args(arguments)
        .env_clear()
        .env("HOME", dir.path())
        .current_dir(dir.path())
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}

pub fn home() -> TempDir {
    TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory")
}

/// A line of `/proc/<pid>/status`, in KiB; nothing of a process that ended.
pub fn memory(child: &Child, line: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let found = status.lines().find_map(|text| text.strip_prefix(line))?;
    let number = found.trim().trim_end_matches("kB").trim();
    Some(number.parse().expect("a number"))
}

/// Fills the store of a home with rooms.
fn fill(home: &TempDir, rooms: usize) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let documents =
            SqliteDocuments::open(&home.path().join(".local/share/tok"), 0).expect("opens");
        for start in (0..rooms).step_by(1000) {
            let writes = (start..start + 1000).map(|n| {
                let name = format!("room-{n:06}");
                let room: Room = serde_json::from_value(serde_json::json!({
                    "name": name, "backend": "local", "id": format!("id-{n}"), "url": "",
                    "privacy": "public", "created_at": "2026-01-01T00:00:00.000Z",
                }))
                .expect("a room");
                Write::put("tok_rooms", &format!("local:{name}"), &room).expect("JSON")
            });
            documents.commit(writes.collect()).await.expect("commits");
        }
    });
}

/// Peak memory of listing, seen before the end: more is still to be read than a pipe holds.
fn list_peak(rooms: usize) -> f64 {
    let home = home();
    fill(&home, rooms);
    let mut child = tok(&home, &["room", "list", "-o", "jsonl"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut lines = BufReader::with_capacity(1024, child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    for _ in 0..rooms - 900 {
        line.clear();
        lines.read_line(&mut line).expect("a line");
        assert!(line.starts_with('{'), "{line}");
    }
    let peak = memory(&child, "VmHWM:").expect("a process");
    lines.read_to_string(&mut line).expect("the rest");
    assert!(child.wait().expect("ends").success());
    peak
}

pub fn list_memory() -> Bar {
    let small = list_peak(1_000);
    let large = list_peak(100_000);
    Bar {
        name: "peak memory of listing 100 000 rooms / 1 000 rooms",
        measured: large / small,
        bar: 1.3,
        at_least: false,
        note: format!("{large:.0} and {small:.0} KiB"),
    }
}

/// Milliseconds of CPU time of one run, over many.
fn milliseconds(home: &TempDir, arguments: &[&str]) -> f64 {
    let once = || {
        let status = tok(home, arguments)
            .stdout(Stdio::null())
            .status()
            .expect("runs");
        assert!(status.success());
    };
    once();
    let before = cpu(UsageWho::RUSAGE_CHILDREN);
    for _ in 0..20 {
        once();
    }
    (cpu(UsageWho::RUSAGE_CHILDREN) - before) / 20.0 * 1e3
}

fn cpu_bar(name: &'static str, arguments: &[&str]) -> Bar {
    Bar {
        name,
        measured: milliseconds(&home(), arguments),
        bar: 15.0,
        at_least: false,
        note: "mean of 20 runs".to_owned(),
    }
}

pub fn version_cpu() -> Bar {
    cpu_bar("tok --version, milliseconds of CPU", &["--version"])
}

pub fn list_cpu() -> Bar {
    cpu_bar(
        "tok room list on an empty store, milliseconds of CPU",
        &["room", "list"],
    )
}

pub fn idle_memory() -> Bar {
    let home = home();
    let arguments = [
        "serve",
        "--bind",
        "127.0.0.1:0",
        "--ops-bind",
        "127.0.0.1:0",
    ];
    let mut child = tok(&home, &arguments)
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    for _ in 0..2 {
        stderr.read_line(&mut String::new()).expect("a line");
    }
    let resident = memory(&child, "VmRSS:").expect("a process") / 1024.0;
    child.kill().expect("stops");
    child.wait().expect("ends");
    Bar {
        name: "idle tok serve, MiB resident",
        measured: resident,
        bar: 30.0,
        at_least: false,
        note: "after both listeners are up".to_owned(),
    }
}
