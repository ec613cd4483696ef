//! What is done to a whole store, on a disk with no room and with a kill in the middle.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use rusqlite::Connection;
use serde_json::json;
use tok::backends::documents::{Documents, SqliteDocuments, Write};

use crate::stored::{commit, earlier};
use crate::support::Binary;
use crate::support::binary::{Run, signal_child};

/// What the shell counts the longest file in, in bytes.
const BLOCK: u64 = 512;
/// Lets files grow to so many blocks and no further; a write beyond that fails, as on a full disk.
const LIMITED: &str = r#"trap '' XFSZ; ulimit -f "$0"; exec "$@""#;

/// Runs `tok` where no file has room for more than `longest` bytes.
fn short_of_disk(binary: &Binary, longest: u64, arguments: &[&str]) -> Run {
    let blocks = (longest / BLOCK).to_string();
    binary.in_script((LIMITED, &blocks), arguments)
}

/// Insists that a run says in one sentence that no more can be written; what to do about it may follow.
#[track_caller]
fn refused_by_the_disk(run: &Run) {
    assert_eq!(run.code, Some(6), "{run:#?}");
    assert_eq!(run.stdout, "", "{run:#?}");
    let mut lines = run.stderr.lines();
    let said = lines.next().unwrap_or_default();
    let is_told = said.contains("disk") || said.contains("make no larger files");
    assert!(is_told, "{run:#?}");
    assert!(lines.all(|line| line.starts_with("hint: ")), "{run:#?}");
}

fn data(binary: &Binary) -> PathBuf {
    binary.dir().join(".local/share/tok")
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).expect("a file").len()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

/// The files in a directory, but for those that come and go with whoever has the store open.
fn files(dir: &Path) -> BTreeSet<String> {
    let found = fs::read_dir(dir).expect("a directory");
    let name = |file: std::io::Result<fs::DirEntry>| file.expect("a file").file_name();
    found
        .map(|file| name(file).into_string().expect("text"))
        .filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm"))
        .collect()
}

/// Users that fill more than a megabyte.
fn large_users() -> Vec<Write> {
    let about = "x".repeat(4000);
    let user = |n: u32| {
        let content = json!({ "name": format!("User {n}"), "about": about });
        Write::put("users", &format!("u{n:03}"), &content).expect("JSON")
    };
    (0..300).map(user).collect()
}

fn users(binary: &Binary) -> usize {
    let told = binary.run(&["user", "list", "-o", "name"]).ok().stdout;
    told.lines().count()
}

#[test]
fn a_backup_that_has_no_room_leaves_nothing_behind() {
    let binary = Binary::new();
    commit(&binary, large_users());
    binary.run(&["work", "--once"]).ok();
    let dir = binary.dir().join("backups");
    fs::create_dir(&dir).expect("a directory");
    let file = dir.join("saved.db");
    let before = files(&data(&binary));
    for target in [text(&file), "-"] {
        let run = short_of_disk(&binary, 256 * 1024, &["store", "backup", target]);
        refused_by_the_disk(&run);
        assert_eq!(files(&dir), BTreeSet::new(), "{target}");
        assert_eq!(files(&data(&binary)), before, "{target}");
    }
    assert_eq!(users(&binary), 300);
    // What was saved before is not lost to a later one that has no room.
    binary.run(&["store", "backup", text(&file)]).ok();
    let whole = fs::read(&file).expect("a file");
    let run = short_of_disk(&binary, 256 * 1024, &["store", "backup", text(&file)]);
    refused_by_the_disk(&run);
    assert_eq!(files(&dir), ["saved.db".to_owned()].into());
    assert!(fs::read(&file).expect("a file") == whole, "it changed");
    binary.run(&["store", "check"]).ok();
}

#[test]
fn a_restore_that_has_no_room_leaves_the_store_as_it_was() {
    let binary = Binary::new();
    binary.run(&["room", "create", "mine"]).ok();
    binary.run(&["work", "--once"]).ok();
    let before = files(&data(&binary));
    let other = Binary::new();
    commit(&other, large_users());
    let large = other.dir().join("large.db");
    other.run(&["store", "backup", text(&large)]).ok();
    // Of the one there is no room for the copy, of the other none for what its new shape adds.
    let older = other.dir().join("older.db");
    fs::copy(data(&earlier()).join("tok.db"), &older).expect("copied");
    for (file, longest) in [(&large, 512 * 1024), (&older, length(&older))] {
        let restore = ["store", "restore", text(file), "--yes"];
        refused_by_the_disk(&short_of_disk(&binary, longest, &restore));
        assert_eq!(files(&data(&binary)), before, "{}", file.display());
        let rooms = binary.run(&["room", "list", "-o", "name"]).ok().stdout;
        assert_eq!(rooms, "mine\n");
        binary.run(&["store", "check"]).ok();
    }
    binary
        .run(&["store", "restore", text(&large), "--yes"])
        .ok();
    assert_eq!(users(&binary), 300);
}

/// A writer that died leaves its last changes beside the file, into which they no more fit.
#[test]
fn what_the_former_store_has_beside_it_is_not_thrown_away() {
    let binary = Binary::new();
    let small = binary.dir().join("small.db");
    binary.run(&["room", "create", "mine"]).ok();
    binary.run(&["store", "backup", text(&small)]).ok();
    let crashed = Binary::new();
    fs::create_dir_all(data(&crashed)).expect("a directory");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = SqliteDocuments::open(&data(&binary), 0).expect("opens");
    runtime
        .block_on(store.commit(large_users()))
        .expect("commits");
    for name in ["tok.db", "tok.db-wal"] {
        let to = data(&crashed).join(name);
        fs::copy(data(&binary).join(name), to).expect("copied");
    }
    drop(store);
    let beside = length(&data(&crashed).join("tok.db-wal"));
    let longest = length(&small) + 128 * 1024;
    assert!(beside > 2 * longest, "{beside} of {longest}");
    let restore = ["store", "restore", text(&small), "--yes"];
    refused_by_the_disk(&short_of_disk(&crashed, longest, &restore));
    let left = files(&data(&crashed));
    assert!(!left.contains("tok.db.restoring"), "{left:?}");
    assert_eq!(users(&crashed), 300);
    crashed.run(&restore).ok();
    assert_eq!(users(&crashed), 0);
    let kept = Connection::open(data(&crashed).join("tok.db.before")).expect("opens");
    assert_eq!(dump(&kept).len(), 301, "the former one is kept whole");
}

/// Every document with its content, except what each run notes for itself.
fn dump(connection: &Connection) -> BTreeSet<(String, String, String)> {
    let mut statement = connection
        .prepare("SELECT collection, id, json FROM documents")
        .expect("a store");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    rows.expect("reads")
        .map(|row| row.expect("a row"))
        .collect()
}

/// Which shape a store has; all that belongs to it has to be there.
fn shape(connection: &Connection) -> i64 {
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    let version = number("PRAGMA user_version").expect("a version");
    let lineage = "SELECT count(*) FROM pragma_table_info('clock') WHERE name = 'lineage'";
    let newer = i64::from(version > 2);
    assert_eq!(number(lineage).expect("counts"), newer, "of {version}");
    let checked = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0));
    assert_eq!(checked, Ok("ok".to_owned()));
    version
}

/// Kills what brings an older store to the present shape after `delay`, and tells the shape that is
/// left.
fn kill_a_change_of_shape(delay: Duration) -> i64 {
    let binary = earlier();
    let path = data(&binary).join("tok.db");
    let before = dump(&Connection::open(&path).expect("opens"));
    let child = binary.spawn(&["room", "list"], Stdio::null());
    // Another moment each time, not a wait for anything.
    std::thread::sleep(delay);
    signal_child(&child, Signal::SIGKILL);
    child.wait_with_output().expect("ends");
    let left = Connection::open(&path).expect("opens");
    let version = shape(&left);
    assert_eq!(dump(&left), before, "after {delay:?}");
    drop(left);
    let rooms = binary.run(&["room", "list", "-o", "name"]).ok().stdout;
    assert_eq!(rooms.lines().count(), 6, "after {delay:?}");
    let opened = Connection::open(&path).expect("opens");
    assert_eq!(shape(&opened), 5, "after {delay:?}");
    assert_eq!(dump(&opened), before, "after {delay:?}");
    version
}

#[test]
fn a_killed_change_of_shape_leaves_the_old_or_the_new() {
    const TRIES: u32 = 40;
    let begun = Instant::now();
    earlier().run(&["room", "list"]).ok();
    let whole = begun.elapsed();
    let found: BTreeSet<i64> = (0..=TRIES)
        .map(|n| kill_a_change_of_shape(whole * n / TRIES))
        .collect();
    assert!(found.contains(&2), "none was killed before: {found:?}");
    // However slow the machine is, at some point it is done.
    let done = (1..=64).any(|n| kill_a_change_of_shape(whole * n) == 5);
    assert!(done && found.is_subset(&[2, 3, 5].into()), "{found:?}");
}

#[test]
fn many_may_change_the_shape_at_once() {
    let binary = earlier();
    let path = data(&binary).join("tok.db");
    let before = dump(&Connection::open(&path).expect("opens"));
    let list = ["room", "list", "-o", "name"];
    let listing: Vec<_> = (0..6).map(|_| binary.spawn(&list, Stdio::null())).collect();
    for child in listing {
        let listed = Run::of(&child.wait_with_output().expect("ends")).ok();
        assert_eq!(listed.stdout.lines().count(), 6);
    }
    let left = Connection::open(&path).expect("opens");
    assert_eq!(shape(&left), 5);
    assert_eq!(dump(&left), before);
}
