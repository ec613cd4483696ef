//! `tok room …`: manners, formats, consent, many targets, interruption.

use std::io::{BufRead, BufReader, Write};
use std::process::{Output, Stdio};

use nix::sys::signal::Signal;
use serde_json::{Value, json};

use crate::releases::eventually;
use crate::support::Binary;
use crate::support::binary::{Run, signal_child};

/// Compares with the committed answer; times and ids may differ.
fn snapshot(name: &str, run: &Run) {
    let filters = [
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<an RFC 3339 time>"),
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "<uuid>"),
        (r"T\d\d:\d\d:\d\d\.\d+Z", "T<time>Z"),
        (r"\d{4}-\d\d-\d\dT", "<date>T"),
    ];
    insta::with_settings!({ filters => filters }, { insta::assert_snapshot!(name, shown(run)) });
}

fn shown(run: &Run) -> String {
    format!(
        "exit {}\n--- stdout\n{}--- stderr\n{}",
        run.code.unwrap_or(-1),
        run.stdout,
        run.stderr
    )
}

#[test]
fn every_format_of_a_list() {
    let binary = Binary::new();
    // The first command on a store that is not there says so.
    binary.run(&["room", "list"]).ok();
    for format in ["table", "json", "jsonl", "csv", "name"] {
        let empty = binary.run(&["room", "list", "-o", format]).ok();
        snapshot(&format!("list_empty_{format}"), &empty);
    }
    binary
        .run(&["room", "create", "alpha", "--privacy", "private"])
        .ok();
    binary
        .run(&[
            "room",
            "create",
            "beta",
            "--expires",
            "2099-01-01T00:00:00Z",
            "--property",
            "lang=de",
        ])
        .ok();
    for format in ["table", "csv", "name"] {
        let run = binary.run(&["room", "list", "-o", format]).ok();
        snapshot(&format!("list_{format}"), &run);
        let run = binary.run(&["room", "show", "beta", "-o", format]).ok();
        snapshot(&format!("show_{format}"), &run);
    }
    let list: Value = binary.run(&["room", "list", "--json"]).ok().json();
    let lines = binary.run(&["room", "list", "-o", "jsonl"]).ok();
    let each: Vec<Value> = lines
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(list, Value::from(each));
    assert_eq!(
        binary
            .run(&["room", "list", "--limit", "1", "-o", "name"])
            .ok()
            .stdout,
        "alpha\n"
    );
}

#[test]
fn what_is_said_when_it_goes_wrong() {
    let binary = Binary::new();
    binary.run(&["room", "create", "taken"]).ok();
    let cases: [(&str, &[&str]); 8] = [
        ("show_missing", &["room", "show", "nope"]),
        ("show_missing_json", &["room", "show", "nope", "--json"]),
        ("create_taken", &["room", "create", "taken"]),
        ("create_bad_name", &["room", "create", "a b"]),
        (
            "create_past",
            &["room", "create", "x", "--expires", "2020-01-01T00:00:00Z"],
        ),
        ("delete_unconfirmed", &["room", "delete", "taken"]),
        ("delete_missing", &["room", "delete", "nope", "--yes"]),
        (
            "daily_not_configured",
            &["room", "list", "--backend", "daily"],
        ),
    ];
    for (name, arguments) in cases {
        snapshot(name, &binary.run(arguments));
    }
    binary
        .run(&["room", "create", "x", "--privacy", "secret"])
        .refused(2, "`secret` is not a privacy; use public or private");
    binary
        .run(&["room", "create", "x", "--backend", "zoom"])
        .refused(2, "`zoom` is not a rooms backend");
    binary
        .run(&["room", "update", "taken"])
        .refused(2, "there is nothing to change");
    binary
        .run(&["room", "delete"])
        .refused(2, "no room is named");
    for arguments in [&["room", "create", "-"][..], &["room", "create", "-", "-n"]] {
        let nothing = binary.pipe(arguments, "").ok();
        assert!(nothing.stderr.contains("nothing to do"), "{nothing:#?}");
        assert_eq!(nothing.stdout, "");
    }
    assert_eq!(
        binary.run(&["room", "list", "-o", "name"]).ok().stdout,
        "taken\n",
        "nothing else was made"
    );
}

#[test]
fn a_dry_run_changes_nothing() {
    let binary = Binary::new();
    binary.run(&["room", "create", "a"]).ok();
    let before = binary.run(&["room", "list", "--json"]).ok().stdout;
    for arguments in [
        ["room", "create", "b", "-n"],
        ["room", "delete", "a", "-n"],
        ["room", "end", "a", "-n"],
        ["room", "prune", "--match=*", "-n"],
    ] {
        binary.run(&arguments).ok();
    }
    binary
        .run(&["room", "update", "a", "--privacy", "private", "-n"])
        .ok();
    assert_eq!(binary.run(&["room", "list", "--json"]).ok().stdout, before);
}

#[test]
fn update_sets_and_unsets() {
    let binary = Binary::new();
    binary
        .run(&[
            "room",
            "create",
            "a",
            "--expires",
            "24h",
            "--max-participants",
            "5",
        ])
        .ok();
    let room = binary
        .run(&[
            "room",
            "update",
            "a",
            "--unset",
            "expires",
            "--property",
            "lang=de",
            "--json",
        ])
        .ok()
        .json();
    assert_eq!(
        (
            room.get("expires_at"),
            &room["max_participants"],
            &room["properties"]["lang"]
        ),
        (None, &json!(5), &json!("de"))
    );
    let room = binary
        .run(&["room", "update", "a", "--unset", "lang", "--json"])
        .ok()
        .json();
    assert_eq!(room.get("properties"), None);
}

#[test]
fn exist_ok_makes_create_repeatable() {
    let binary = Binary::new();
    let first = binary
        .run(&["room", "create", "a", "--exist-ok", "--json"])
        .ok()
        .stdout;
    assert_eq!(
        binary
            .run(&["room", "create", "a", "--exist-ok", "--json"])
            .ok()
            .stdout,
        first
    );
    binary
        .run(&["room", "create", "a", "--exist-ok", "--privacy", "private"])
        .refused(4, "exists already, with other settings");
}

#[test]
fn names_flow_from_list_to_delete() {
    let binary = Binary::new();
    let names: String = (0..300).map(|n| format!("r{n}\n")).collect();
    let made = binary
        .pipe(&["room", "create", "-", "-o", "name"], &names)
        .ok();
    assert_eq!(made.stdout, names, "in the order given");
    let listed = binary.run(&["room", "list", "-o", "name"]).ok().stdout;
    let run = binary
        .pipe(&["room", "delete", "-", "--yes", "--json"], &listed)
        .ok()
        .json();
    assert_eq!((&run["deleted"], &run["missing"]), (&json!(300), &json!(0)));
    let some = binary
        .pipe(
            &["room", "delete", "-", "--yes", "--ignore-not-found"],
            "r1\nr2\n",
        )
        .ok();
    assert!(some.stderr.contains("2 missing"), "{some:#?}");
    binary
        .pipe(&["room", "delete", "-", "--yes"], "r1\nr 2\n")
        .refused(2, "has the character ' '");
}

#[test]
fn a_closed_pipe_is_silent_success() {
    let binary = Binary::new();
    let names: String = (0..5000)
        .map(|n| format!("room-with-a-rather-long-name-{n}\n"))
        .collect();
    binary
        .pipe(&["room", "create", "-", "-o", "name"], &names)
        .ok();
    let mut child = binary.spawn(&["room", "list", "-o", "jsonl"], Stdio::null());
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    stdout.read_line(&mut line).expect("a line");
    drop(stdout);
    let output = child.wait_with_output().expect("ends");
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), b"".as_slice())
    );
}

/// What became of a deletion that this signal came to in the middle, what it said, and the rooms. Where the
/// processor is busy with others it may be done before: then there are others to delete.
fn interrupted(binary: &Binary, signal: Signal, more: &[&str]) -> (Output, Vec<String>, String) {
    eventually("it is interrupted", || {
        let names = binary.fill();
        let (child, stderr) = binary.begin_deletion_with(&names, more);
        signal_child(&child, signal);
        let said = stderr.lines().map_while(Result::ok).collect();
        let output = child.wait_with_output().expect("ends");
        (output.status.code() != Some(0)).then_some((output, said, names))
    })
}

/// Ctrl-C in the middle, the rest at the second run, and nobody is told that a room was missing.
#[test]
fn an_interrupted_deletion_continues() {
    let binary = Binary::new();
    let (output, _, names) = interrupted(&binary, Signal::SIGINT, &[]);
    let first: Value = serde_json::from_slice(&output.stdout).expect("a report");
    assert_eq!(output.status.code(), Some(130), "{first}");
    assert_eq!(first["stopped"], "interrupted");
    let deleted = first["deleted"].as_u64().expect("a number");
    assert_eq!(
        deleted + first["remaining"].as_u64().expect("a number"),
        40_000
    );
    let second = binary
        .pipe(&["room", "delete", "-", "--yes", "--json"], &names)
        .ok()
        .json();
    assert_eq!(
        second["resumed"].as_u64(),
        Some(deleted),
        "{}",
        second["missing"]
    );
    assert_eq!(second["deleted"].as_u64(), Some(40_000 - deleted));
    assert_eq!(second["missing"], 0);
    let third = binary.pipe(&["room", "delete", "-", "--yes", "-o", "name"], &names);
    assert_eq!(
        third.code,
        Some(3),
        "the work is over: now they are missing"
    );
}

/// Whichever signal ends a run in the middle: the process's status, what programs read on stderr and the
/// report for cron say the same.
#[test]
fn an_interrupted_run_says_by_which_signal_everywhere() {
    let binary = Binary::new();
    for (signal, code) in [
        (Signal::SIGTERM, 143),
        (Signal::SIGINT, 130),
        (Signal::SIGHUP, 129),
    ] {
        let report = ["--report", "run.json"];
        let (output, said, _) = interrupted(&binary, signal, &report);
        assert_eq!(output.status.code(), Some(code), "{said:?}");
        let last = said.last().expect("an error");
        let error: Value = serde_json::from_str(last).expect("JSON");
        assert_eq!(error["error"]["exit_code"], code, "{error}");
        assert_eq!(error["error"]["code"], "interrupted", "{error}");
        let printed: Value = serde_json::from_slice(&output.stdout).expect("a report");
        assert_eq!(printed["stopped"], "interrupted", "{printed}");
        let report = std::fs::read_to_string(binary.dir().join("run.json")).expect("a report");
        let report: Value = serde_json::from_str(&report).expect("JSON");
        assert_eq!(report["exit_code"], code, "{report}");
    }
}

#[test]
fn quiet_means_quiet() {
    let binary = Binary::new();
    let run = binary.run(&["key", "create", "a", "-q", "-o", "name"]).ok();
    assert_eq!(run.stderr, "");
    let run = binary
        .run(&["room", "prune", "--match", "*", "--yes", "-q"])
        .ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
}

#[test]
fn colour_is_for_those_who_want_it() {
    let binary = Binary::new();
    let red = "\u{1b}[1;31m";
    assert!(
        binary
            .run(&["room", "show", "x", "--color", "always"])
            .stderr
            .contains(red)
    );
    assert!(!binary.run(&["room", "show", "x"]).stderr.contains(red));
    assert!(
        !binary
            .run(&["room", "show", "x", "--color", "never"])
            .stderr
            .contains(red)
    );
}

/// One room that cannot be made does not hide what became of the others.
#[test]
fn many_are_made_and_each_is_told() {
    let binary = Binary::new();
    binary.run(&["room", "create", "taken"]).ok();
    let run = binary.pipe(&["room", "create", "-", "--json"], "a\ntaken\nb\n");
    assert_eq!(run.code, Some(8), "{run:#?}");
    let names: Vec<Value> = run
        .json()
        .as_array()
        .expect("a list")
        .iter()
        .map(|room| room["name"].clone())
        .collect();
    assert_eq!(names, ["a", "b"]);
    assert!(
        run.stderr
            .contains("taken: a room named `taken` exists already"),
        "{run:#?}"
    );
    binary
        .run(&["room", "create", "c", "bad name", "d"])
        .refused(2, "has the character ' '");
    assert_eq!(
        binary.run(&["room", "list", "-o", "name"]).ok().stdout,
        "a\nb\ntaken\n"
    );
}

#[test]
fn a_reader_that_leaves_does_not_stop_the_work() {
    let binary = Binary::new();
    let names: String = (0..3000)
        .map(|n| format!("room-with-a-long-name-{n}\n"))
        .collect();
    let mut child = binary.spawn(&["room", "create", "-", "-o", "jsonl"], Stdio::piped());
    let mut stdin = child.stdin.take().expect("a pipe");
    let feeding = std::thread::spawn(move || stdin.write_all(names.as_bytes()));
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    stdout.read_line(&mut String::new()).expect("a line");
    drop(stdout);
    feeding.join().expect("no panic").expect("all was read");
    assert_eq!(child.wait().expect("ends").code(), Some(0));
    assert_eq!(
        binary
            .run(&["room", "list", "-o", "name"])
            .ok()
            .stdout
            .lines()
            .count(),
        3000
    );
}

#[test]
fn a_slip_in_update_is_an_error() {
    let binary = Binary::new();
    binary.run(&["room", "create", "a"]).ok();
    binary
        .run(&["room", "update", "a", "--unset", "nonsense"])
        .refused(2, "has no setting `nonsense`");
    binary
        .run(&[
            "room",
            "update",
            "a",
            "--expires",
            "2h",
            "--unset",
            "expires",
        ])
        .refused(2, "cannot be set and unset at once");
    binary
        .run(&[
            "room",
            "update",
            "a",
            "--not-before",
            "3h",
            "--expires",
            "2h",
        ])
        .refused(2, "before it opens");
    binary.run(&["room", "update", "a", "--expires", "2h"]).ok();
    binary
        .run(&["room", "update", "a", "--not-before", "3h"])
        .refused(2, "before it opens");
}

/// What others typed must not command the operator's terminal, nor forge a line.
#[test]
fn foreign_text_is_harmless() {
    let binary = Binary::new();
    binary.run(&["room", "create", "gate"]).ok();
    let hostile = "a\u{1b}[31m\nvalid: true";
    let token = binary
        .run(&[
            "token",
            "create",
            "gate",
            "--user-name",
            hostile,
            "-o",
            "name",
        ])
        .ok()
        .stdout;
    let facts = binary.pipe(&["token", "inspect"], &token).ok().stdout;
    assert!(
        !facts.contains('\u{1b}') && !facts.contains("\nvalid: true"),
        "{facts:?}"
    );
    binary.run(&["key", "create", hostile]).ok();
    assert!(!binary.run(&["key", "list"]).ok().stdout.contains('\u{1b}'));
}

#[test]
fn two_deletions_of_the_same_rooms_never_overlap() {
    let binary = Binary::new();
    let second = eventually("the second begins while the first is at work", || {
        let names = binary.fill();
        let child = binary.begin_deletion(&names);
        let second = binary.pipe(&["room", "delete", "-", "--yes"], &names);
        let output = child.wait_with_output().expect("ends");
        let first: Value = serde_json::from_slice(&output.stdout).expect("a report");
        assert_eq!(first["deleted"], 40_000, "{second:#?}");
        // A second one that comes too late finds none of them.
        (second.code != Some(3)).then_some(second)
    });
    second.refused(11, "another run is at work");
}

#[test]
fn what_cannot_be_understood_is_told_in_the_form_that_was_asked_for() {
    let binary = Binary::new();
    for line in [
        &["--json", "rooms"][..],
        &["room", "list", "--output", "json", "--nope"],
        &["room", "create", "-ojson", "--privacy", "secret", "x"],
    ] {
        let run = binary.run(line);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:?}");
        let told: Value = serde_json::from_str(&run.stderr).expect("one JSON text");
        let error = &told["error"];
        assert_eq!(
            (&error["code"], &error["exit_code"]),
            (&json!("invalid_input"), &json!(2))
        );
        let message = error["message"].as_str().expect("a sentence");
        assert!(
            !message.is_empty() && !message.contains("Usage"),
            "{message}"
        );
    }
    let help = binary.run(&["room", "--json", "--help"]).ok();
    assert!(help.stdout.contains("Usage"), "{help:?}");
}
