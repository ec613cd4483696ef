//! Work on many things that is cut short: what was done is told, and the same command once more goes on.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tok::backends::documents::Write;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::Notify;

use crate::stored;
use crate::support::binary::{Run, signal_child};
use crate::support::{Binary, PATIENCE};

/// What is done to each of many, at a server.
const LINES: [&str; 6] = [
    "user delete - --yes",
    "device delete - --yes",
    "recording delete - --yes --backend daily",
    "notify discard - --yes",
    "call end -",
    "webhook replay -",
];

fn words(line: &str) -> Vec<&str> {
    line.split(' ').collect()
}

/// Begins a command over these names.
fn begin(binary: &Binary, line: &str, names: &[String]) -> Child {
    let mut child = binary.spawn(&words(line), Stdio::piped());
    let mut stdin = child.stdin.take().expect("a pipe");
    let text = names.join("\n") + "\n";
    stdin.write_all(text.as_bytes()).expect("written");
    child
}

/// Begins a command over these names, and sends it a signal once something was printed. More is to be
/// printed than a pipe holds, so that it is not over before.
fn stopped(binary: &Binary, line: &str, names: &[String], signal: Signal) -> Run {
    let mut child = begin(binary, line, names);
    let mut stderr = child.stderr.take().expect("a pipe");
    let said = std::thread::spawn(move || {
        let mut text = String::new();
        stderr.read_to_string(&mut text).map(|_| text)
    });
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let begun = !stdout.fill_buf().expect("readable").is_empty();
    signal_child(&child, signal);
    let mut printed = String::new();
    stdout.read_to_string(&mut printed).expect("text");
    let run = Run {
        code: child.wait().expect("ends").code(),
        stdout: printed,
        stderr: said.join().expect("no panic").expect("text"),
    };
    assert!(begun, "nothing was printed: {:?} {}", run.code, run.stderr);
    run
}

/// What was done, as a format tells it.
fn printed(format: &str, stdout: &str) -> Vec<String> {
    let first = |line: &str| line.split_whitespace().next().map(str::to_owned);
    match format {
        "json" => {
            let all: Value = serde_json::from_str(stdout).expect("one document of JSON");
            let all = all.as_array().expect("a list").iter();
            all.map(|one| one["id"].as_str().expect("an id").to_owned())
                .collect()
        }
        "table" => stdout.lines().skip(1).filter_map(first).collect(),
        _ => stdout.lines().filter_map(first).collect(),
    }
}

#[test]
fn what_was_done_before_a_signal_is_printed_and_the_same_command_goes_on() {
    let binary = Binary::new();
    let id = |n: usize| format!("u{n:03}-{}", "x".repeat(1_000));
    let ids: Vec<String> = (0..300).map(id).collect();
    let write = |id: &String| Write::put("users", id, &json!({ "name": "Ada" })).expect("JSON");
    stored::commit(&binary, ids.iter().map(write).collect());
    let there = || stored::count(&binary, "users");

    let first = stopped(&binary, "user delete - --yes -o name", &ids, Signal::SIGINT);
    assert_eq!(first.code, Some(130), "{}", first.stderr);
    assert!(first.stderr.contains("error: interrupted"), "{first:#?}");
    let gone = printed("name", &first.stdout);
    let done = gone.len();
    assert!(done > 0 && done < ids.len(), "{done}");
    assert_eq!(gone, ids[..done]);
    assert_eq!(there(), (ids.len() - done) as u64);

    // What the first removed is missed, and keeps the second from nothing.
    let second = stopped(&binary, "user delete - --yes --json", &ids, Signal::SIGTERM);
    assert_eq!(second.code, Some(143), "{}", second.stderr);
    let gone = printed("json", &second.stdout);
    assert!(!gone.is_empty());
    let more = done + gone.len();
    assert_eq!(gone, ids[done..more]);
    assert_eq!(there(), (ids.len() - more) as u64);

    let names = ids.join("\n");
    let third = binary.pipe(&words("user delete - --yes -o name"), &names);
    assert_eq!(third.code, Some(8), "{}", third.stderr);
    assert_eq!(printed("name", &third.stdout), ids[more..]);
    assert_eq!(third.stderr.matches("there is no user").count(), more);
    assert_eq!(there(), 0);
}

#[test]
fn one_of_several_that_is_not_there_keeps_no_other() {
    let binary = Binary::new();
    let run = |line: &str| binary.run(&words(line));
    run("user create --id ada --name Ada").ok();
    run("notify send --user ada --title Hello --id n1").ok();
    binary.key(&[]);
    let key = run("key list -o name").ok().stdout;
    for (command, id) in [
        ("user delete", "ada"),
        ("notify discard", "n1"),
        ("key revoke", key.trim()),
    ] {
        for how in ["--dry-run", "--yes"] {
            let line = format!("{command} nope {id} {how} -o name");
            let run = run(&line);
            assert_eq!(run.code, Some(8), "{line}: {run:#?}");
            assert_eq!(run.stdout, format!("{id}\n"), "{line}: {run:#?}");
            let told = run.stderr.matches("warning: nope: there is no ").count();
            assert_eq!(told, 1, "{line}: {run:#?}");
        }
        // Who names but one is not told that some are left.
        run(&format!("{command} {id} --yes")).refused(3, "error: ");
        let none = run(&format!("{command} nope {id} --yes --json"));
        assert_eq!((none.code, none.stdout.as_str()), (Some(8), "[]\n"));
    }
}

/// Somebody in the place of a server, who does what is wanted of each.
#[derive(Default)]
pub struct StandIn {
    pub done: Mutex<Vec<String>>,
    /// Told of the second, which is not done before somebody says so; without, the third fails.
    pub second: Option<(Sender<()>, Notify)>,
}

impl StandIn {
    /// Begins to answer; says where.
    pub fn begin(self: &Arc<Self>, runtime: &Runtime) -> String {
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let own = self.clone();
        let answer = move |request: Request| own.clone().answer(request);
        let app = Router::new().fallback(answer);
        runtime.spawn(async move { axum::serve(listener, app).await });
        url
    }

    async fn answer(self: Arc<Self>, request: Request) -> Response {
        let path = request.uri().path().to_owned();
        let planned = request.uri().query().unwrap_or_default();
        let planned = planned.contains("dry_run");
        drop(request);
        let mut parts = path.trim_start_matches("/v1/").split('/');
        let (noun, id) = (parts.next(), parts.next().unwrap_or_default());
        match (&self.second, id) {
            _ if planned => {}
            (None, "n2") => {
                let problem = json!({ "detail": "it is going down", "code": "unavailable" });
                return (StatusCode::SERVICE_UNAVAILABLE, Json(problem)).into_response();
            }
            (Some((asked, go)), "n1") => {
                asked.send(()).expect("somebody waits");
                go.notified().await;
            }
            _ => {}
        }
        if !planned {
            let mut done = self.done.lock().expect("no panic");
            done.push(id.to_owned());
        }
        let state = match noun {
            Some("calls") => "ended",
            Some("webhooks") => "applied",
            _ => "discarded",
        };
        let at = "2026-01-01T00:00:00Z";
        // Of everything what it must have; nobody minds the rest.
        Json(json!({
            "id": id, "state": state, "backend": "daily", "kind": "meeting.ended", "body": {},
            "platform": "gcm", "token": "t", "status": "ready", "vendor": {}, "room": "standup",
            "caller": {}, "callee": {}, "created_at": at, "updated_at": at, "queued_at": at,
            "received_at": at, "rings_until": at,
        }))
        .into_response()
    }
}

pub fn numbered(many: usize) -> Vec<String> {
    (0..many).map(|n| format!("n{n}")).collect()
}

#[test]
fn what_was_done_before_a_server_failed_is_printed() {
    let runtime = Runtime::new().expect("a runtime");
    let binary = Binary::new();
    for line in LINES {
        for format in ["name", "json", "table"] {
            let url = Arc::new(StandIn::default()).begin(&runtime);
            let line = format!("{line} -o {format} --server {url}");
            let child = begin(&binary, &line, &numbered(4));
            let run = Run::of(&child.wait_with_output().expect("ends"));
            assert_eq!(run.code, Some(6), "{line}: {run:#?}");
            assert!(run.stderr.contains("it is going down"), "{line}: {run:#?}");
            assert_eq!(printed(format, &run.stdout), ["n0", "n1"], "{line}");
        }
    }
}

#[test]
fn all_bulk_work_tells_what_it_did_before_a_signal() {
    let runtime = Runtime::new().expect("a runtime");
    let binary = Binary::new();
    for line in LINES {
        let (tell, asked) = channel();
        let stand_in = Arc::new(StandIn {
            second: Some((tell, Notify::new())),
            ..StandIn::default()
        });
        let url = stand_in.begin(&runtime);
        let line = format!("{line} --json --server {url}");
        let child = begin(&binary, &line, &numbered(50));
        asked
            .recv_timeout(PATIENCE)
            .expect("it comes to the second");
        signal_child(&child, Signal::SIGINT);
        let (_, go) = stand_in.second.as_ref().expect("it waits");
        go.notify_one();
        let run = Run::of(&child.wait_with_output().expect("ends"));
        assert_eq!(run.code, Some(130), "{line}: {run:#?}");
        let done = stand_in.done.lock().expect("no panic").clone();
        assert!(done.len() > 1 && done.len() < 50, "{line}: {run:#?}");
        assert_eq!(printed("json", &run.stdout), done, "{line}: {run:#?}");
    }
}

#[test]
fn a_creation_that_was_interrupted_goes_on_as_the_hint_says() {
    let binary = Binary::new();
    let name = |n: usize| format!("r{n:03}-{}", "x".repeat(120));
    let names: Vec<String> = (0..400).map(name).collect();
    let run = stopped(&binary, "room create - -o jsonl", &names, Signal::SIGINT);
    assert_eq!(run.code, Some(130), "{}", run.stderr);
    let hint = "run the same command again with `--exist-ok`";
    assert!(run.stderr.contains(hint), "{}", run.stderr);
    let again = words("room create - --exist-ok -o name");
    let run = binary.pipe(&again, &names.join("\n")).ok();
    assert_eq!(run.stdout.lines().count(), names.len());
}

#[test]
fn hints_about_rooms_name_the_flag_that_helps() {
    let binary = Binary::new();
    let run = |line: &str| binary.run(&words(line));
    run("room create hello a b").ok();
    let flag = "hint: with `--exist-ok`";
    run("room create hello").refused(4, flag);
    run("room create hello --dry-run").refused(4, flag);
    let many = run("room create hello c -o name");
    assert_eq!(many.code, Some(8), "{many:#?}");
    assert!(many.stderr.contains("with `--exist-ok`"), "{many:#?}");
    let other = run("room create hello --exist-ok --privacy private");
    assert!(!other.stderr.contains("hint:"), "{other:#?}");
    run("room create hello --exist-ok").ok();
    // Where time ran out there is nothing to mend.
    for command in ["room delete a b", "room prune --match ?"] {
        let late = run(&format!("{command} --yes --max-runtime 1ns"));
        assert_eq!(late.code, Some(8), "{late:#?}");
        let hint = "hint: run the same command again; it goes on with the rest\n";
        assert!(late.stderr.contains(hint), "{late:#?}");
    }
    run("room delete a b --yes").ok();
    let missing = run("room delete hello nope nobody --yes");
    assert_eq!(missing.code, Some(8), "{missing:#?}");
    let hint = "hint: the others are deleted; with `--ignore-not-found`";
    assert!(missing.stderr.contains(hint), "{missing:#?}");
    run("room delete hello nope nobody --yes --ignore-not-found").ok();
}

#[cfg(target_os = "linux")]
#[test]
fn a_call_whose_join_token_reached_nobody_is_ended() {
    let binary = Binary::new();
    for id in ["ada", "bob"] {
        let create = format!("user create --id {id} --name {id}");
        binary.run(&words(&create)).ok();
    }
    let served = binary.serve();
    for more in [String::new(), format!(" --server {}", served.url)] {
        let start = format!("call start ada bob -o name{more}");
        let full = std::fs::File::options().write(true).open("/dev/full");
        let mut command = binary.command(&words(&start));
        let output = command.stdout(full.expect("opens")).output();
        let run = Run::of(&output.expect("runs"));
        assert!(run.code != Some(0), "{run:#?}");
        assert!(run.stderr.contains("the call is ended again"), "{run:#?}");
        // Both are free at once.
        let id = binary.run(&words(&start)).ok().stdout;
        let end = format!("call end {}{more}", id.trim());
        binary.run(&words(&end)).ok();
    }
}

#[cfg(target_os = "linux")]
#[test]
#[allow(clippy::print_stderr, reason = "what is skipped is said aloud")]
fn a_question_about_one_speaks_of_one() {
    let binary = Binary::new();
    for id in ["ada", "bob"] {
        let create = format!("user create --id {id} --name {id}");
        binary.run(&words(&create)).ok();
    }
    let tok = env!("CARGO_BIN_EXE_tok");
    for (ids, asked) in [
        ("ada", "Delete the user ada? [y/N]"),
        ("ada bob", "Delete the users ada, bob? [y/N]"),
    ] {
        let run = Command::new("script")
            .args(["-qec", &format!("{tok} user delete {ids}"), "/dev/null"])
            .env_clear()
            .env("HOME", binary.dir())
            .env("PATH", "/usr/bin:/bin")
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::null())
            .output();
        let Ok(run) = run else {
            eprintln!("SKIPPED: script is not installed, so that nobody was asked at a terminal");
            return;
        };
        let shown = String::from_utf8_lossy(&run.stdout);
        assert!(shown.contains(asked), "{shown}");
    }
}
