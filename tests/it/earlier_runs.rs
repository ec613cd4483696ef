//! Runs that an earlier release began are finished by this one, whenever it is killed.

use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use rusqlite::Connection;
use serde_json::json;
use tok::backends::documents::Write;

use crate::releases::eventually;
use crate::stored::{commit, count};
use crate::support::Binary;
use crate::support::binary::signal_child;

/// The file under the store.
fn file(binary: &Binary) -> Connection {
    Connection::open(binary.dir().join(".local/share/tok/tok.db")).expect("opens")
}

/// Changes the store as no release does.
fn execute(binary: &Binary, sql: &str) {
    file(binary).execute_batch(sql).expect("is done");
}

/// Nobody who died holds a lease any more.
const LEASES_RUN_OUT: &str = "DELETE FROM documents WHERE collection = 'tok_leases';";
/// What this release notes of a deletion lies where the earlier one noted it.
const AS_EARLIER: &str =
    "UPDATE documents SET collection = 'tok_runs' WHERE collection = 'tok_deletions';";

/// How many rooms there are.
const LEFT: &str = "SELECT count(*) FROM documents WHERE collection = 'tok_rooms'";

/// Begins to delete the named rooms, and dies when some more of them are gone and some are left.
fn delete_and_die(binary: &Binary, names: &str) {
    // Looking must not take so long that all are gone meanwhile.
    let file = file(binary);
    let left = || file.query_row(LEFT, [], |row| row.get::<_, i64>(0));
    let before = left().expect("counts");
    let child = binary.begin_deletion(names);
    eventually("some are deleted", || {
        left().is_ok_and(|left| left < before).then_some(())
    });
    signal_child(&child, Signal::SIGKILL);
    child.wait_with_output().expect("ends");
    assert!(count(binary, "tok_rooms") > 0, "it was done");
    execute(binary, LEASES_RUN_OUT);
}

#[test]
fn a_deletion_is_continued_and_killed_and_continued() {
    let binary = Binary::new();
    let names = binary.fill();
    delete_and_die(&binary, &names);
    execute(&binary, AS_EARLIER);
    assert_eq!(count(&binary, "tok_runs"), 1);
    delete_and_die(&binary, &names);
    assert_eq!(count(&binary, "tok_deletions"), 1);
    let arguments = ["room", "delete", "-", "--yes", "--json"];
    let report = binary.pipe(&arguments, &names).ok().json();
    let number = |name: &str| report[name].as_u64().unwrap_or_default();
    assert_eq!(
        number("deleted") + number("resumed"),
        40_000,
        "{}",
        report["missing"]
    );
    assert_eq!((number("missing"), number("failed")), (0, 0));
    for collection in ["tok_rooms", "tok_runs", "tok_deletions"] {
        assert_eq!(count(&binary, collection), 0, "{collection}");
    }
    // What is forgotten is not continued: the same names are missing now.
    let again = binary.pipe(&arguments, &names);
    assert_eq!(again.json()["resumed"].as_u64().unwrap_or_default(), 0);
}

/// Many users, of whom the index knows nothing, and a note of an earlier release that it had begun to
/// make the index true.
fn with_an_earlier_reindexing() -> Binary {
    let binary = Binary::new();
    let user = |n: u32| {
        let content = json!({ "name": format!("User {n}") });
        Write::put("users", &format!("u{n:04}"), &content).expect("JSON")
    };
    let note = json!({ "index": "users", "mode": "swap", "mended": false });
    let epoch = json!({ "run": "1f2e3d4c" });
    let mut writes: Vec<Write> = (0..2000).map(user).collect();
    for (id, content) in [
        ("search-reindex:users", note),
        ("search-epoch:users", epoch),
    ] {
        writes.push(Write::put("tok_runs", id, &content).expect("JSON"));
    }
    commit(&binary, writes);
    binary
}

#[test]
fn a_reindexing_is_continued_and_killed_and_continued() {
    const TRIES: u32 = 8;
    let reindex = ["search", "reindex", "users", "--mode", "swap"];
    let begun = Instant::now();
    with_an_earlier_reindexing().run(&reindex).ok();
    let whole = begun.elapsed();
    let mut unfinished = 0;
    for n in 0..TRIES {
        let binary = with_an_earlier_reindexing();
        let child = binary.spawn(&reindex, Stdio::null());
        // Another moment each time, not a wait for anything.
        std::thread::sleep(Duration::from_millis(20) + whole * n / TRIES);
        signal_child(&child, Signal::SIGKILL);
        child.wait_with_output().expect("ends");
        execute(&binary, LEASES_RUN_OUT);
        unfinished += count(&binary, "tok_runs") - 1;
        binary.run(&["work", "--once", "--only", "search"]).ok();
        binary.run(&["search", "verify", "users"]).ok();
        binary.run(&reindex).ok();
        binary.run(&["search", "verify", "users"]).ok();
        let query = ["search", "query", "users", "1999", "-o", "name"];
        let found = binary.run(&query).ok().stdout;
        assert_eq!(found.lines().next(), Some("u1999"), "{found}");
        assert_eq!(count(&binary, "tok_reindexes"), 0);
        assert_eq!(count(&binary, "tok_runs"), 1, "the epoch only");
    }
    assert!(unfinished > 0, "none was killed in the middle");
}
