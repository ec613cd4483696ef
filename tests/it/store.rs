//! Saving the store, bringing it back, checking it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tok::backends::documents::{Documents, SqliteDocuments, Write};

use crate::support::Binary;
use crate::support::binary::{Run, signal_child};

fn data(binary: &Binary) -> PathBuf {
    binary.dir().join(".local/share/tok")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

fn rooms(binary: &Binary) -> BTreeSet<String> {
    let listed = binary.run(&["room", "list", "-o", "name"]).ok().stdout;
    listed.lines().map(str::to_owned).collect()
}

fn commit(binary: &Binary, writes: Vec<Write>) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = SqliteDocuments::open(&data(binary), 0).expect("opens");
    runtime.block_on(store.commit(writes)).expect("commits");
}

/// The files in a directory.
fn names(files: &Path) -> BTreeSet<String> {
    let found = fs::read_dir(files).expect("a directory");
    found
        .map(|file| {
            file.expect("a file")
                .file_name()
                .into_string()
                .expect("text")
        })
        .collect()
}

#[test]
fn a_backup_holds_what_was_acknowledged_before_it() {
    let binary = Binary::new();
    let server = binary.serve();
    let before: String = (0..200).map(|n| format!("before-{n:03}\n")).collect();
    binary
        .pipe(&["room", "create", "-", "-o", "name"], &before)
        .ok();
    // Others go on writing meanwhile.
    let more: String = (0..3000).map(|n| format!("during-{n:04}\n")).collect();
    let mut child = binary.spawn(&["room", "create", "-", "-q", "-o", "name"], Stdio::piped());
    let mut stdin = child.stdin.take().expect("a pipe");
    let feeding = std::thread::spawn(move || {
        drop(std::io::Write::write_all(&mut stdin, more.as_bytes()));
    });
    let file = binary.dir().join("saved.db");
    let report = binary
        .run(&["store", "backup", text(&file), "--json"])
        .ok()
        .json();
    assert!(report["documents"].as_u64().expect("a number") >= 200);
    signal_child(&child, Signal::SIGKILL);
    drop(child.wait_with_output());
    feeding.join().expect("no panic");
    drop(server);
    assert!(!names(binary.dir()).contains("saved.db.partial"));

    let other = Binary::new();
    other.run(&["store", "restore", text(&file), "--yes"]).ok();
    let found = rooms(&other);
    assert!(before.lines().all(|name| found.contains(name)), "{found:?}");
    other.run(&["doctor"]).ok();
}

#[test]
fn a_restored_store_is_another_one_and_search_follows_by_itself() {
    let binary = Binary::new();
    binary
        .run(&["user", "create", "--id", "ada", "--name", "Ada Lovelace"])
        .ok();
    binary.run(&["work", "--once"]).ok();
    let file = binary.dir().join("saved.db");
    let saved = binary
        .run(&["store", "backup", text(&file), "--json"])
        .ok()
        .json();
    binary.run(&["user", "delete", "ada", "--yes"]).ok();
    binary
        .run(&["user", "create", "--id", "bob", "--name", "Bob Noyce"])
        .ok();
    binary.run(&["work", "--once"]).ok();
    binary.run(&["store", "restore", text(&file), "--yes"]).ok();
    binary.run(&["work", "--once"]).ok();
    let ids = |words: &str| {
        let run = binary.run(&["search", "query", "users", words, "--json"]);
        run.ok().stdout
    };
    assert!(ids("Lovelace").contains("ada"));
    assert!(!ids("Noyce").contains("bob"), "a ghost");
    let checked = binary.run(&["store", "check", "--json"]).ok().json();
    assert_eq!(checked["wrong"], 0, "{checked}");
    assert_ne!(checked["lineage"], saved["lineage"]);
    assert!(names(&data(&binary)).contains("tok.db.before"));
}

#[test]
fn nothing_is_restored_under_those_who_are_at_work() {
    let binary = Binary::new();
    binary.run(&["room", "create", "mine"]).ok();
    let file = binary.dir().join("saved.db");
    binary.run(&["store", "backup", text(&file)]).ok();
    binary.run(&["room", "create", "later"]).ok();
    let server = binary.serve();
    binary
        .run(&["store", "restore", text(&file), "--yes"])
        .refused(4, "is in use");
    drop(server);
    assert!(rooms(&binary).contains("later"), "nothing changed");
    binary
        .run(&["store", "restore", text(&file)])
        .refused(9, "nothing was done");
    binary.run(&["store", "restore", text(&file), "--yes"]).ok();
    assert!(!rooms(&binary).contains("later"));
}

/// A program that knows nothing of the lock, an older release for one.
#[test]
fn whoever_has_the_file_open_is_noticed() {
    let binary = Binary::new();
    binary.run(&["room", "create", "mine"]).ok();
    let file = binary.dir().join("saved.db");
    binary.run(&["store", "backup", text(&file)]).ok();
    let stranger = rusqlite::Connection::open(data(&binary).join("tok.db")).expect("opens");
    let count = |connection: &rusqlite::Connection| {
        connection.query_row("SELECT count(*) FROM documents", [], |row| {
            row.get::<_, i64>(0)
        })
    };
    count(&stranger).expect("reads");
    stranger.execute_batch("BEGIN").expect("begins");
    count(&stranger).expect("reads");
    binary
        .run(&["store", "restore", text(&file), "--yes"])
        .refused(4, "is in use");
    drop(stranger);
    binary.run(&["store", "restore", text(&file), "--yes"]).ok();
}

#[test]
fn what_is_no_whole_backup_changes_nothing() {
    let binary = Binary::new();
    binary.run(&["room", "create", "mine"]).ok();
    let file = binary.dir().join("saved.db");
    binary.run(&["store", "backup", text(&file)]).ok();
    let whole = fs::read(&file).expect("a file");
    let refused = |bytes: &[u8], code: i32, part: &str| {
        let bad = binary.dir().join("bad.db");
        fs::write(&bad, bytes).expect("writes");
        binary
            .run(&["store", "restore", text(&bad), "--yes"])
            .refused(code, part);
        assert_eq!(rooms(&binary), ["mine".to_owned()].into());
        assert!(!names(&data(&binary)).contains("tok.db.restoring"));
    };
    refused(&whole[..whole.len() / 2], 2, "its end is missing");
    refused(&whole[..50], 2, "it is no store of tok");
    refused(b"", 2, "it is no store of tok");
    refused(
        b"SQLite format 3\0 and then something else",
        2,
        "it is no store of tok",
    );
    let mut damaged = whole.clone();
    for byte in damaged.iter_mut().skip(4096).take(20_000) {
        *byte = 0xA5;
    }
    refused(&damaged, 2, "cannot be restored");
    let mut of_another = whole.clone();
    of_another[68..72].copy_from_slice(b"GPKG");
    refused(&of_another, 2, "it is no store of tok");
    let mut newer = whole;
    newer[60..64].copy_from_slice(&900_u32.to_be_bytes());
    refused(&newer, 10, "newer version of tok");
    let none = binary.dir().join("none.db");
    binary
        .run(&["store", "restore", text(&none), "--yes"])
        .refused(2, "none.db");
}

#[test]
fn a_backup_replaces_backups_only() {
    let binary = Binary::new();
    binary.run(&["room", "create", "mine"]).ok();
    let own = data(&binary).join("tok.db");
    binary
        .run(&["store", "backup", text(&own)])
        .refused(4, "is no backup");
    let letter = binary.dir().join("letter.txt");
    fs::write(&letter, "dear all").expect("writes");
    binary
        .run(&["store", "backup", text(&letter)])
        .refused(4, "is no backup");
    assert_eq!(fs::read_to_string(&letter).expect("text"), "dear all");
    let nowhere = binary.dir().join("nowhere/saved.db");
    binary
        .run(&["store", "backup", text(&nowhere)])
        .refused(2, "cannot be written");
    let file = binary.dir().join("saved.db");
    for _ in 0..2 {
        binary.run(&["store", "backup", text(&file)]).ok();
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it holds keys");
    }
}

#[test]
fn a_killed_restore_leaves_the_old_or_the_new() {
    let binary = Binary::new();
    let old: String = (0..300).map(|n| format!("old-{n:03}\n")).collect();
    binary.pipe(&["room", "create", "-", "-q"], &old).ok();
    let file = binary.dir().join("old.db");
    binary.run(&["store", "backup", text(&file)]).ok();
    let first = rooms(&binary);
    binary.run(&["room", "create", "new"]).ok();
    let newer = binary.dir().join("new.db");
    binary.run(&["store", "backup", text(&newer)]).ok();
    let second = rooms(&binary);
    let mut ended = BTreeSet::new();
    for round in 0..40_u32 {
        let from = if round % 2 == 0 { &file } else { &newer };
        let child = binary.spawn(&["store", "restore", text(from), "--yes"], Stdio::null());
        // Another moment each round, from the very beginning to behind the end.
        std::thread::sleep(std::time::Duration::from_millis(u64::from(round * 4)));
        signal_child(&child, Signal::SIGKILL);
        let output = child.wait_with_output().expect("ends");
        ended.insert(output.status.success());
        let found = rooms(&binary);
        assert!(found == first || found == second, "a mixture: {found:?}");
        binary.run(&["room", "create", "probe"]).ok();
        binary.run(&["room", "delete", "probe", "--yes"]).ok();
    }
    assert!(ended.contains(&false), "none was killed");
}

#[test]
fn a_check_names_what_is_wrong() {
    let binary = Binary::new();
    binary.run(&["room", "create", "mine"]).ok();
    binary.run(&["work", "--once"]).ok();
    binary.run(&["store", "check"]).ok();
    commit(
        &binary,
        vec![
            Write::put("tok_rooms", "local:torn", &json!({ "name": 7 })).expect("JSON"),
            Write::put("tok_rooms", "local:next", &json!({ "v": 2 })).expect("JSON"),
            Write::put(
                "tok_meetings",
                "gone",
                &json!({ "room": "gone", "room_id": "x" }),
            )
            .expect("JSON"),
        ],
    );
    let run = binary.run(&["store", "check", "--json"]);
    assert_eq!(run.code, Some(12), "{run:?}");
    // What a check meets is known from then on.
    let told = binary.run(&["doctor"]).ok().stdout;
    assert!(told.contains("tok_rooms/local:torn"), "{told}");
    let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(report["unreadable"], 2, "{report}");
    let subjects = report["differences"].to_string();
    for subject in ["tok_rooms/local:torn", "tok_rooms/local:next", "\"gone\""] {
        assert!(subjects.contains(subject), "{subject}: {subjects}");
    }
    binary
        .run(&["store", "discard", "tok_rooms", "local:mine", "--yes"])
        .refused(4, "can be read");
    binary
        .run(&["store", "discard", "tok_rooms", "local:none", "--yes"])
        .refused(3, "there is no document");
    binary
        .run(&["store", "discard", "rubbish", "x", "--yes"])
        .refused(2, "there is no collection rubbish");
    // What belongs to a room goes with it.
    binary
        .run(&["store", "discard", "tok_rooms", "local:torn", "--yes"])
        .refused(4, "tok room delete torn --backend local");
    let delete = ["room", "delete", "torn", "--backend", "local", "--yes"];
    binary.run(&delete).ok();
    let listed = binary.run(&["doctor"]).ok().stdout;
    assert!(!listed.contains("local:torn"), "{listed}");
}

/// Only root can give files away; whoever else runs this meets the same by being somebody else.
#[cfg(unix)]
#[test]
fn the_data_of_another_user_is_left_alone() {
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    let binary = Binary::new();
    binary
        .run(&["user", "create", "--id", "ada", "--name", "Ada"])
        .ok();
    binary.run(&["work", "--once"]).ok();
    let file = binary.dir().join("saved.db");
    binary.run(&["store", "backup", text(&file)]).ok();
    let dir = data(&binary);
    let nobody = nix::unistd::User::from_name("nobody")
        .expect("asks")
        .expect("is known");
    let give = |path: &Path| {
        std::os::unix::fs::chown(path, Some(nobody.uid.as_raw()), None).expect("gives");
    };
    give(&dir);
    for name in names(&dir) {
        give(&dir.join(name));
    }
    let before = names(&dir);
    for arguments in [
        &["room", "create", "mine"][..],
        &["search", "query", "users", "ada"],
        &["work", "--once"],
        &["store", "restore", text(&file), "--yes"],
    ] {
        binary
            .run(arguments)
            .refused(10, "belongs to the user nobody; run this as that user");
    }
    assert_eq!(names(&dir), before);
}

#[test]
fn a_store_that_was_not_there_is_told() {
    let binary = Binary::new();
    let run = binary.run(&["room", "prune", "--expired", "--yes"]).ok();
    assert!(run.stderr.contains("there was no store in"), "{run:?}");
    let run = binary.run(&["room", "list"]).ok();
    assert!(!run.stderr.contains("there was no store in"), "{run:?}");
    let other = Binary::new();
    let run = other.run(&["room", "create", "first"]).ok();
    assert!(!run.stderr.contains("there was no store in"), "{run:?}");
}

#[test]
fn the_data_directory_is_a_setting() {
    let binary = Binary::new();
    fs::create_dir(binary.dir().join("etc")).expect("a directory");
    let file = binary.dir().join("etc/tok.toml");
    fs::write(&file, "data_dir = 'data'\n[tokens]\nttl = '2h'\n").expect("writes");
    let config = ["--config", text(&file)];
    binary
        .run(&[&["room", "create", "mine"], &config[..]].concat())
        .ok();
    assert!(binary.dir().join("etc/data/tok.db").is_file());
    let shown = binary
        .run(&[&["config", "show", "--json"], &config[..]].concat())
        .ok()
        .stdout;
    assert!(shown.contains("data_dir"), "{shown}");
    let by_flag = [&["room", "list", "--data-dir", "else"], &config[..]].concat();
    binary.run(&by_flag).ok();
    assert!(binary.dir().join("else/tok.db").is_file());
    let by_variable = Binary::with(&[("TOK_DATA_DIR", "there")]);
    by_variable.run(&["room", "create", "mine"]).ok();
    assert!(by_variable.dir().join("there/tok.db").is_file());
}

#[test]
fn a_file_gets_smaller_when_much_is_deleted() {
    let binary = Binary::new();
    let store = SqliteDocuments::open(&data(&binary), 0).expect("opens");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let text = "x".repeat(4000);
    let put = |n: u32| Write::put("things", &n.to_string(), &json!({ "text": text }));
    let gone = |n: u32| Write::delete("things", &n.to_string());
    for from in (0..4000).step_by(500) {
        let writes = (from..from + 500).map(|n| put(n).expect("JSON"));
        runtime
            .block_on(store.commit(writes.collect()))
            .expect("commits");
    }
    for from in (0..4000).step_by(500) {
        let writes = (from..from + 500).map(gone).collect();
        runtime.block_on(store.commit(writes)).expect("commits");
    }
    drop(store);
    let length = fs::metadata(data(&binary).join("tok.db"))
        .expect("a file")
        .len();
    assert!(length < 8 * 1024 * 1024, "{length}");
}

/// Whoever comes while another one makes the store waits for it.
#[test]
fn many_may_be_the_first_at_once() {
    let binary = Binary::new();
    let start = |n: usize| {
        let arguments = ["room".to_owned(), "create".to_owned(), format!("room-{n}")];
        binary.spawn(&arguments, Stdio::null())
    };
    let begun: Vec<_> = (0..24).map(start).collect();
    for child in begun {
        let run = Run::of(&child.wait_with_output().expect("ends"));
        run.ok();
    }
    let rooms = binary.run(&["room", "list", "--json"]).ok().json();
    assert_eq!(rooms.as_array().expect("a list").len(), 24);
}
