//! Saving and restoring do no harm: to other stores, to good backups, to whoever looks.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use tok::backends::documents::Write;

use crate::stored::{commit, document};
use crate::support::{Binary, NOBODY};

fn data(binary: &Binary) -> PathBuf {
    binary.dir().join(".local/share/tok")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

fn rooms(binary: &Binary) -> String {
    binary.run(&["room", "list", "-o", "name"]).ok().stdout
}

/// A store with one room, and a backup of it.
fn saved() -> (Binary, PathBuf) {
    let binary = Binary::new();
    binary.run(&["room", "create", "saved"]).ok();
    let file = binary.dir().join("saved.db");
    binary.run(&["store", "backup", text(&file)]).ok();
    (binary, file)
}

#[test]
fn a_backup_goes_over_no_store_whosever_it_is() {
    let (binary, _) = saved();
    let other = Binary::new();
    other.run(&["room", "create", "precious"]).ok();
    let own = data(&other).join("tok.db");
    for _at_work in [None, Some(other.serve())] {
        binary
            .run(&["store", "backup", text(&own)])
            .refused(4, "is no backup");
    }
    // Under another name its log tells that it is in use.
    let moved = other.dir().join("store.db");
    let _server = other.serve();
    fs::hard_link(&own, &moved).expect("links");
    binary
        .run(&["store", "backup", text(&moved)])
        .refused(4, "is no backup");
    assert_eq!(rooms(&other), "precious\n");
}

#[test]
fn a_store_that_is_not_there_is_not_saved() {
    let (binary, file) = saved();
    let before = fs::read(&file).expect("reads");
    let nowhere = binary.dir().join("typo");
    for command in [
        &["store", "backup", text(&file)][..],
        &["store", "backup", "-"],
        &["store", "check"],
        &["store", "discard", "users", "x", "--yes"],
    ] {
        let all = [&["--data-dir", text(&nowhere)], command].concat();
        binary.run(&all).refused(10, "there is no store in");
    }
    assert!(!nowhere.exists());
    assert_eq!(fs::read(&file).expect("reads"), before);
}

#[test]
fn two_backups_to_one_place_do_not_meet() {
    let (binary, file) = saved();
    binary.fill();
    for _ in 0..5 {
        let command = ["store", "backup", text(&file)];
        let children = [0, 1, 2].map(|_| binary.spawn(&command, Stdio::null()));
        let mut ended: Vec<_> = children
            .into_iter()
            .map(|child| child.wait_with_output().expect("ends").status.code())
            .collect();
        ended.sort_unstable();
        assert_eq!(ended.first(), Some(&Some(0)), "{ended:?}");
        assert!(
            ended.iter().all(|code| matches!(code, Some(0 | 11))),
            "{ended:?}"
        );
        binary
            .run(&["store", "restore", text(&file), "--dry-run"])
            .ok();
    }
    assert!(!file.with_extension("db.partial").exists());
}

#[test]
fn a_backup_that_nobody_takes_has_failed() {
    let (binary, _) = saved();
    binary.fill();
    let mut child = binary.spawn(&["store", "backup", "-"], Stdio::null());
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert_eq!(output.status.code(), Some(6), "{output:?}");
    let left: Vec<_> = fs::read_dir(data(&binary))
        .expect("lists")
        .map(|entry| entry.expect("an entry").file_name())
        .filter(|name| name.to_string_lossy().contains("backup"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_backup_comes_back_through_a_pipe() {
    let (binary, file) = saved();
    let piped = |bytes: &[u8]| {
        let other = Binary::new();
        let mut child = other.spawn(&["store", "restore", "-", "--yes"], Stdio::piped());
        let mut stdin = child.stdin.take().expect("a pipe");
        // What is refused need not be read to its end.
        drop(std::io::Write::write_all(&mut stdin, bytes));
        drop(stdin);
        (child.wait_with_output().expect("ends"), other)
    };
    let sent = binary
        .command(&["store", "backup", "-"])
        .output()
        .expect("runs")
        .stdout;
    let (output, other) = piped(&sent);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(rooms(&other), "saved\n");
    let half = &sent[..sent.len() / 2];
    for (bytes, why) in [
        (half, "its end is missing"),
        (&b"\x1f\x8b rest"[..], "it is compressed"),
        (b"rubbish", "it is no store"),
        (b"", "it is no store"),
    ] {
        let (output, other) = piped(bytes);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(why),
            "{output:?}"
        );
        assert!(!data(&other).join("tok.db.restoring").exists());
    }
    // A pipe in the place of a file is none.
    let pipe = binary.dir().join("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    for command in ["backup", "restore"] {
        let all = ["store", command, text(&pipe)];
        let all = [
            &all[..],
            if command == "restore" {
                &["--yes"]
            } else {
                &[]
            },
        ]
        .concat();
        binary.run(&all).refused(2, "is no file");
    }
    assert!(file.exists());
}

#[test]
fn a_copy_of_a_store_in_use_comes_with_its_log() {
    let binary = Binary::new();
    let server = binary.serve();
    for n in 0..50 {
        binary
            .run(&["room", "create", &format!("room-{n:02}")])
            .ok();
    }
    let copy = binary.dir().join("copied.db");
    fs::copy(data(&binary).join("tok.db"), &copy).expect("copies");
    fs::copy(
        data(&binary).join("tok.db-wal"),
        binary.dir().join("copied.db-wal"),
    )
    .expect("copies");
    drop(server);
    let other = Binary::new();
    other.run(&["store", "restore", text(&copy), "--yes"]).ok();
    assert_eq!(rooms(&other), rooms(&binary));
    assert!(copy.exists());
}

#[test]
fn a_dry_run_changes_nothing() {
    let (binary, file) = saved();
    binary.run(&["room", "create", "later"]).ok();
    let plan = binary
        .run(&["store", "restore", text(&file), "--dry-run", "--json"])
        .ok()
        .json();
    assert!(
        plan["former"]
            .as_str()
            .is_some_and(|path| path.ends_with("tok.db.before")),
        "{plan}"
    );
    assert_eq!(rooms(&binary), "later\nsaved\n");
    let torn = Write::put("tok_nodes", "torn", &json!({ "at": [] })).expect("JSON");
    commit(&binary, vec![torn]);
    for last in ["--dry-run", "--dry-run", "--yes"] {
        let removed = binary
            .run(&["store", "discard", "tok_nodes", "torn", last, "--json"])
            .ok()
            .json();
        assert_eq!(removed["id"], "torn");
    }
    binary
        .run(&["store", "discard", "tok_nodes", "torn", "--yes"])
        .refused(3, "there is no document");
}

#[test]
fn an_index_that_was_not_made_yet_is_one_difference() {
    let (binary, _) = saved();
    binary.fill();
    let run = binary.run(&["store", "check", "--json"]);
    assert_eq!(run.code, Some(12), "{run:?}");
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(report["wrong"], 1, "{report}");
}

#[test]
fn what_cannot_be_checked_hides_nothing() {
    let url = format!("http://{NOBODY}");
    let daily = [
        ("TOK_DAILY__API_KEY", "key"),
        ("TOK_DAILY__BASE_URL", url.as_str()),
    ];
    let binary = Binary::with(&daily);
    binary.run(&["work", "--once", "--only", "search"]).ok();
    let run = binary.run(&["store", "check"]);
    // As whatever else a vendor keeps from being done.
    assert_eq!(run.code, Some(6), "{run:?}");
    assert!(run.stderr.contains("daily could not be checked"), "{run:?}");
    let torn = Write::put("users", "torn", &json!([7])).expect("JSON");
    commit(&binary, vec![torn]);
    let run = binary.run(&["store", "check", "--json"]);
    assert_eq!(run.code, Some(12), "{run:?}");
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert!(
        report["differences"].to_string().contains("users/torn"),
        "{report}"
    );
    assert_eq!(report["unchecked"][0]["subject"], "daily", "{report}");
}

#[test]
fn a_lost_head_of_a_meeting_loses_no_message() {
    let binary = Binary::new();
    binary.run(&["room", "create", "talk"]).ok();
    // A room's address at the socket: the MD5 of its name.
    let head = "64b59718a47cf57a5e4f8443ff43d117";
    for words in ["one", "two"] {
        binary.run(&["chat", "send", "talk", words]).ok();
    }
    assert!(document(&binary, "tok_meetings", head).is_some());
    let torn = Write::put("tok_meetings", head, &json!({ "room": 7 })).expect("JSON");
    commit(&binary, vec![torn]);
    binary
        .run(&["store", "discard", "tok_meetings", head, "--yes"])
        .ok();
    binary.run(&["chat", "send", "talk", "three"]).ok();
    let told = binary
        .run(&["chat", "history", "talk", "--json"])
        .ok()
        .stdout;
    for words in ["one", "two", "three"] {
        assert!(told.contains(words), "{told}");
    }
}
