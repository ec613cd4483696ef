//! kill -9 at any moment: what was acknowledged is there, nothing is half there, nobody misses
//! or keeps what is not so.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::{StreamExt, TryStreamExt};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::backends::documents::{Cursor, Document, Documents, Event, Scan, SqliteDocuments, Write};

use crate::releases::eventually;
use crate::stored::count;
use crate::support::binary::{Run, signal_child};
use crate::support::{Binary, PATIENCE, PAUSE};

/// Kills this many writers of one store at the same moment, once so many lines were told by each.
fn kill_writers(binary: &Binary, round: &str, writers: usize, told: usize) {
    let begin = |writer: usize| {
        let name = |n| format!("c{round}-{writer}-{n:05}\n");
        let names: String = (0..20_000).map(name).collect();
        let mut child = binary.spawn(&["room", "create", "-", "-o", "name"], Stdio::piped());
        let mut stdin = child.stdin.take().expect("a pipe");
        // It is cut off in the middle when its reader is killed.
        let feeding = std::thread::spawn(move || drop(stdin.write_all(names.as_bytes())));
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        (child, lines, feeding)
    };
    let mut writing: Vec<_> = (0..writers).map(begin).collect();
    let mut acknowledged = BTreeSet::new();
    for (_, lines, _) in &mut writing {
        let first = lines.take(told);
        acknowledged.extend(first.map(|line| line.expect("text")));
    }
    assert_eq!(acknowledged.len(), writers * told);
    for (child, ..) in &writing {
        signal_child(child, Signal::SIGKILL);
    }
    for (mut child, lines, feeding) in writing {
        acknowledged.extend(lines.map_while(Result::ok));
        child.wait().expect("ends");
        feeding.join().expect("no panic");
    }
    let listed = binary.run(&["room", "list", "-o", "name"]).ok().stdout;
    let listed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
    let lost: Vec<_> = acknowledged.difference(&listed).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let doctor = binary.run(&["doctor", "--json"]).ok();
    assert_eq!(doctor.json()["healthy"], true);
}

#[test]
fn a_killed_writer_loses_nothing_it_acknowledged() {
    let binary = Binary::new();
    for round in 0..5 {
        // Another moment each round.
        kill_writers(&binary, &round.to_string(), 1, 1 + round * 37);
    }
}

#[test]
fn writers_that_are_killed_at_once_lose_nothing_they_acknowledged() {
    let binary = Binary::new();
    for (round, told) in [("a", 1), ("b", 23)] {
        kill_writers(&binary, round, 8, told);
    }
}

/// A machine that lost its power wrote a part of the store's log, or left something else there.
#[tokio::test]
async fn a_log_that_is_torn_anywhere_leaves_what_was_written_before() {
    const ALL: u64 = 60;
    const PLACES: usize = 12;
    let dir = TempDir::new().expect("a directory");
    let documents = SqliteDocuments::open(dir.path(), 0).expect("opens");
    let put = |n: u64| {
        let text = "x".repeat(usize::try_from(n * 137 % 3000).expect("small"));
        let value = json!({ "n": n, "text": text });
        vec![Write::put("torn", &format!("{n:03}"), &value).expect("JSON")]
    };
    for n in 0..ALL {
        documents.commit(put(n)).await.expect("commits");
    }
    let [whole, log] = ["tok.db", "tok.db-wal"]
        .map(|name| std::fs::read(dir.path().join(name)).expect("a file of the store"));
    assert!(log.len() > 100_000, "{} bytes", log.len());
    let mut found = Vec::new();
    for place in 0..=PLACES {
        // In the middle of a page, too; and every second time the disk has old bytes behind it.
        let end = (log.len() * place / PLACES + place * 7).min(log.len());
        let mut torn = log[..end].to_vec();
        if place % 2 == 1 {
            torn.extend([0xA5; 5000]);
        }
        let home = TempDir::new().expect("a directory");
        std::fs::write(home.path().join("tok.db"), &whole).expect("written");
        std::fs::write(home.path().join("tok.db-wal"), torn).expect("written");
        let documents = SqliteDocuments::open(home.path(), 0).expect("opens");
        let read = documents.scan(Scan::all("torn"));
        let kept: Vec<_> = read.try_collect().await.expect("is read");
        let number = |of: &Document| of.decode::<Value>().ok()?["n"].as_u64();
        let numbers: Vec<_> = kept.iter().map(number).collect();
        let first: Vec<_> = (0..kept.len() as u64).map(Some).collect();
        assert_eq!(numbers, first, "torn at {end} of {}", log.len());
        documents.commit(put(ALL)).await.expect("goes on");
        found.push(kept.len() as u64);
    }
    assert!(found.is_sorted(), "{found:?}");
    assert_eq!((found[0], found[PLACES]), (0, ALL), "{found:?}");
}

#[test]
fn a_killed_deletion_is_finished_by_the_next_run() {
    let binary = Binary::new();
    // Where the processor is busy with others it may be done before it is killed.
    let names = eventually("it is killed in the middle", || {
        let names = binary.fill();
        let child = binary.begin_deletion(&names);
        signal_child(&child, Signal::SIGKILL);
        drop(Run::of(&child.wait_with_output().expect("ends")));
        (count(&binary, "tok_rooms") > 0).then_some(names)
    });
    // The dead run's lease has to end first; until then the answer is "another run is at work".
    let report = eventually("the lease of a dead run ends", || {
        let run = binary.pipe(&["room", "delete", "-", "--yes", "--json"], &names);
        (run.code != Some(11)).then(|| run.ok().json())
    });
    let number = |name: &str| report[name].as_u64().expect("a number");
    assert_eq!(
        number("deleted") + number("resumed"),
        40_000,
        "{}",
        report["missing"]
    );
    assert_eq!(binary.run(&["room", "list", "-o", "name"]).ok().stdout, "");
}

#[test]
fn several_processes_share_one_directory() {
    let binary = Binary::new();
    let served = binary.serve();
    let children: Vec<_> = (0..4)
        .map(|n| {
            let names: String = (0..200).map(|m| format!("p{n}-{m}\n")).collect();
            let mut child = binary.spawn(&["room", "create", "-", "-o", "name"], Stdio::piped());
            child
                .stdin
                .take()
                .expect("a pipe")
                .write_all(names.as_bytes())
                .expect("written");
            child
        })
        .collect();
    for child in children {
        Run::of(&child.wait_with_output().expect("ends")).ok();
    }
    assert_eq!(
        binary
            .run(&["room", "list", "-o", "name"])
            .ok()
            .stdout
            .lines()
            .count(),
        800
    );
    drop(served);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_in_another_process_sees_a_change_at_once() {
    let binary = Binary::new();
    binary.run(&["room", "create", "first"]).ok();
    let dir = binary.dir().join(".local/share/tok");
    let documents = SqliteDocuments::open(&dir, 0).expect("opens");
    let (told, mut seen) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut events = documents.watch("tok_rooms", None);
        while let Some(Ok(event)) = events.next().await {
            told.send((event, Instant::now())).expect("a reader");
        }
    });
    let mut delays = Vec::new();
    for n in 0..10 {
        let name = format!("seen-{n}");
        tokio::task::block_in_place(|| binary.run(&["room", "create", &name, "-o", "name"]).ok());
        let done = Instant::now();
        let change = async {
            loop {
                if let (Event::Put(document), at) = seen.recv().await.expect("no end")
                    && document.id == format!("local:{name}")
                {
                    return at;
                }
            }
        };
        let at = tokio::time::timeout(PATIENCE, change)
            .await
            .expect("in time");
        delays.push(at.saturating_duration_since(done));
    }
    // The promise is 100 ms; a loaded machine may be late now and then, but not most of the time.
    delays.sort_unstable();
    assert!(delays[5] < Duration::from_secs(1), "{delays:?}");
}

const CHILD: &str = "TOK_TEST_WATCHED_DIR";

/// The effects of a watcher, written so that each is done before its cursor is saved.
fn effects(dir: &std::path::Path) -> BTreeMap<String, u64> {
    let mut copy = BTreeMap::new();
    let text = std::fs::read_to_string(dir.join("effects")).unwrap_or_default();
    for line in text.lines() {
        let Ok(event) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        match (event["put"].as_str(), event["removed"].as_str()) {
            (Some(id), _) => {
                copy.insert(id.to_owned(), event["n"].as_u64().expect("a number"));
            }
            (_, Some(id)) => {
                copy.remove(id);
            }
            _ => copy.clear(),
        }
    }
    copy
}

/// The body of the child process of the test below; does nothing in an ordinary run.
#[tokio::test(flavor = "multi_thread")]
async fn child_that_watches() {
    let Ok(dir) = std::env::var(CHILD) else {
        return;
    };
    let dir = std::path::PathBuf::from(dir);
    let documents = SqliteDocuments::open(&dir, 0).expect("opens");
    let saved = std::fs::read_to_string(dir.join("cursor")).ok().map(Cursor);
    let mut events = documents.watch("things", saved);
    let mut log = std::fs::File::options()
        .append(true)
        .create(true)
        .open(dir.join("effects"))
        .expect("a file");
    loop {
        let line = match events.next().await.expect("no end").expect("no error") {
            Event::Reset => json!({ "reset": true }),
            Event::Put(document) => {
                let value: Value = document.decode().expect("JSON");
                json!({ "put": document.id, "n": value["n"] })
            }
            Event::Removed(id) => json!({ "removed": id }),
            Event::Current(cursor) => {
                let next = dir.join("cursor.next");
                std::fs::write(&next, cursor.0).expect("written");
                std::fs::rename(next, dir.join("cursor")).expect("moved");
                continue;
            }
        };
        log.write_all(format!("{line}\n").as_bytes())
            .expect("written");
    }
}

/// The watcher is killed again and again while others write and delete; what it did in all its
/// lives together is the truth.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_watcher_ends_up_with_the_truth() {
    let dir = TempDir::new().expect("a directory");
    let documents = SqliteDocuments::open(dir.path(), 0).expect("opens");
    let written = std::cell::Cell::new(0u64);
    let write = async || {
        written.set(written.get() + 1);
        let n = written.get();
        let id = format!("d{}", n % 17);
        let write = if n.is_multiple_of(3) {
            Write::delete("things", &id)
        } else {
            Write::put("things", &id, &json!({ "n": n })).expect("JSON")
        };
        documents.commit(vec![write]).await.expect("commits");
    };
    for life in 0..6 {
        let mut child = Command::new(std::env::current_exe().expect("this binary"))
            .args(["--exact", "crash::child_that_watches"])
            .env(CHILD, dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        let length = || std::fs::metadata(dir.path().join("effects")).map_or(0, |file| file.len());
        let before = length();
        let deadline = Instant::now() + PATIENCE;
        // It has done something in this life, and is killed at another point each time.
        while length() == before || written.get() < (life + 1) * 23 {
            write().await;
            assert!(Instant::now() < deadline, "the watcher does nothing");
        }
        child.kill().expect("dies");
        child.wait().expect("ends");
        for _ in 0..10 {
            write().await;
        }
    }
    let truth: BTreeMap<String, u64> = documents
        .scan(Scan::all("things"))
        .map_ok(|document| {
            let value: Value = document.decode().expect("JSON");
            (document.id, value["n"].as_u64().expect("a number"))
        })
        .try_collect()
        .await
        .expect("scans");
    let mut child = Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", "crash::child_that_watches"])
        .env(CHILD, dir.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let deadline = Instant::now() + PATIENCE;
    while effects(dir.path()) != truth {
        assert!(
            Instant::now() < deadline,
            "{:?} is not {truth:?}",
            effects(dir.path())
        );
        tokio::time::sleep(PAUSE).await;
    }
    child.kill().expect("dies");
    child.wait().expect("ends");
}
