//! The life of a store: saving it, bringing it back, keeping house in it.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use nix::sys::resource::UsageWho;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::backends::documents::{Document, Documents, SqliteDocuments, Write};
use tok::model::{BackendName, Room};
use tok::records::{PEOPLE, ROOMS, RoomKey, StoredPerson};

use crate::Bar;
use crate::cli::{home, memory, tok};
use crate::load::cpu;

fn open(home: &TempDir) -> SqliteDocuments {
    SqliteDocuments::open(&home.path().join(".local/share/tok"), 0).expect("opens")
}

/// Fills a collection, a thousand documents at a time.
fn fill(home: &TempDir, collection: &str, count: u64, document: impl Fn(u64) -> Value) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = open(home);
    for start in (0..count).step_by(1000) {
        let writes = (start..count.min(start + 1000))
            .map(|n| Write::put(collection, &format!("{n:08}"), &document(n)).expect("JSON"));
        runtime
            .block_on(store.commit(writes.collect()))
            .expect("commits");
    }
}

fn run(home: &TempDir, arguments: &[&str]) {
    let status = tok(home, arguments).stdout(Stdio::null()).status();
    assert!(status.expect("starts").success(), "{arguments:?}");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

/// What 64 callers, who each wait for their commit, get done in this time.
fn writes_in(store: &Arc<SqliteDocuments>, time: Duration) -> u64 {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let done = Arc::new(AtomicU64::new(0));
        let until = Instant::now() + time;
        let mut tasks = tokio::task::JoinSet::new();
        for caller in 0..64_u64 {
            let (store, done) = (store.clone(), done.clone());
            tasks.spawn(async move {
                let document = json!({ "caller": caller, "text": "x".repeat(100) });
                while Instant::now() < until {
                    let id = format!("{caller}-{}", done.load(Ordering::Relaxed) % 1000);
                    let write = Write::put("busy", &id, &document).expect("JSON");
                    store.commit(vec![write]).await.expect("commits");
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended.expect("no panic");
        }
        done.load(Ordering::Relaxed)
    })
}

/// Saves one backup after the other until told to stop; says how many.
fn save(home: &TempDir, stop: &AtomicBool) -> u64 {
    let file = home.path().join("saved.db");
    let mut saved = 0;
    while !stop.load(Ordering::Relaxed) {
        run(home, &["store", "backup", text(&file)]);
        saved += 1;
    }
    saved
}

/// People in the room that is read: a fan-out begins with all of them.
const PEOPLE_INSIDE: u64 = 1000;

/// The shortest of many turns of each, taken by turns, in seconds.
fn shortest(mut one: impl FnMut(), mut other: impl FnMut()) -> (f64, f64) {
    let (mut best_one, mut best_other) = (f64::MAX, f64::MAX);
    let time = |work: &mut dyn FnMut()| {
        let began = Instant::now();
        work();
        began.elapsed().as_secs_f64()
    };
    for _ in 0..60 {
        best_one = best_one.min(time(&mut one));
        best_other = best_other.min(time(&mut other));
    }
    (best_one, best_other)
}

/// Reading by declaration beside reading text and decoding it, which is what it replaced.
fn typed(name: &'static str, typed: impl FnMut(), plain: impl FnMut()) -> Bar {
    let (typed, plain) = shortest(typed, plain);
    Bar {
        name,
        measured: typed / plain,
        // Of the bare decoding: a request that reads costs some ten times as much, so that of one it
        // is not a hundredth.
        bar: 1.1,
        at_least: false,
        note: format!("{:.2} and {:.2} ms", typed * 1e3, plain * 1e3),
    }
}

pub fn typed_get() -> Bar {
    let home = home();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = open(&home);
    let key = RoomKey::new(BackendName::Local, "standup");
    let room: Room = serde_json::from_value(json!({
        "name": "standup", "backend": "local", "id": "e0c1", "url": "http://localhost/r/standup",
        "privacy": "public", "created_at": "2026-01-01T00:00:00Z",
    }))
    .expect("a room");
    let write = ROOMS.put(&key, &room).expect("JSON");
    runtime
        .block_on(store.commit(vec![write]))
        .expect("commits");
    let typed_read = || {
        for _ in 0..1000 {
            let room = runtime.block_on(ROOMS.get(&store, &key));
            black_box(room.expect("reads").expect("is there").record);
        }
    };
    let plain_read = || {
        for _ in 0..1000 {
            let found = runtime.block_on(store.get("tok_rooms", key.id()));
            black_box(decoded::<Room>(&found.expect("reads").expect("is there")));
        }
    };
    typed(
        "1 000 reads of a room / the same, decoded by hand",
        typed_read,
        plain_read,
    )
}

pub fn typed_scan() -> Bar {
    let home = home();
    let golden = include_str!("../../tests/it/stored/0.1.0/tok_participants.json");
    let golden: Value = serde_json::from_str(golden).expect("JSON");
    fill(&home, "tok_participants", PEOPLE_INSIDE, |_| golden.clone());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = open(&home);
    let typed_read = || {
        let people = PEOPLE.scan(&store, PEOPLE.all());
        let people: Vec<_> = runtime.block_on(people.try_collect()).expect("reads");
        assert_eq!(black_box(people).len() as u64, PEOPLE_INSIDE);
    };
    let plain_read = || {
        let people = store
            .scan(PEOPLE.all())
            .map_ok(|found| decoded::<StoredPerson>(&found));
        let people: Vec<_> = runtime.block_on(people.try_collect()).expect("reads");
        assert_eq!(black_box(people).len() as u64, PEOPLE_INSIDE);
    };
    typed(
        "all people of a room / the same, decoded by hand",
        typed_read,
        plain_read,
    )
}

fn decoded<T: DeserializeOwned>(document: &Document) -> T {
    serde_json::from_str(&document.json).expect("a record")
}

pub fn backup_slowdown() -> Bar {
    const TIME: Duration = Duration::from_secs(4);
    let home = home();
    fill(
        &home,
        "things",
        50_000,
        |n| json!({ "n": n, "text": "x".repeat(2000) }),
    );
    let store = Arc::new(open(&home));
    writes_in(&store, TIME);
    let (mut alone, mut beside, mut saved) = (0, 0, 0);
    for _ in 0..3 {
        alone += writes_in(&store, TIME);
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let saving = scope.spawn(|| save(&home, &stop));
            beside += writes_in(&store, TIME);
            stop.store(true, Ordering::Relaxed);
            saved += saving.join().expect("no panic");
        });
    }
    Bar {
        name: "writes beside endless backups / writes alone",
        measured: ratio(beside, alone),
        bar: 0.9,
        at_least: true,
        note: format!("{beside} and {alone} writes, {saved} backups of 100 MB"),
    }
}

#[allow(clippy::cast_precision_loss, reason = "small numbers")]
fn ratio(one: u64, other: u64) -> f64 {
    one as f64 / other as f64
}

/// CPU and peak memory of keeping house in so many outcomes, of which a thousand are due.
fn keep_house(outcomes: u64) -> (f64, f64) {
    let home = home();
    let every = outcomes / 1000;
    fill(&home, "tok_outcomes", outcomes, |n| {
        let year = if n % every == 0 { 2020 } else { 2999 };
        json!({
            "id": format!("{n:08}"), "state": "delivered", "attempts": 1,
            "queued_at": "2020-01-01T00:00:00Z", "expires": format!("{year}-01-01T00:00:00Z"),
        })
    });
    let before = cpu(UsageWho::RUSAGE_CHILDREN);
    let peak = peak(&home, &["work", "--once", "--only", "housekeeping"]);
    let taken = cpu(UsageWho::RUSAGE_CHILDREN) - before;
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let left = runtime.block_on(open(&home).count("tok_outcomes"));
    assert_eq!(left.expect("counts"), outcomes - 1000);
    (taken, peak)
}

pub fn housekeeping() -> Bar {
    let (small, small_peak) = keep_house(2_000);
    let (large, large_peak) = keep_house(1_000_000);
    Bar {
        // Each of them has leaves of its own in the large store, in three trees, which are written to the
        // log and folded; in the small one they share a few. Going over the collection would be hundreds of
        // times as much. What is read is counted by the tests of the indexes.
        name: "CPU of removing 1 000 of 1 000 000 outcomes / of 2 000",
        measured: large / small,
        bar: 4.0,
        at_least: false,
        note: format!(
            "{:.0} and {:.0} ms, {large_peak} and {small_peak} KiB",
            large * 1e3,
            small * 1e3
        ),
    }
}

/// Peak memory of a command, in KiB.
fn peak(home: &TempDir, arguments: &[&str]) -> f64 {
    let mut child = tok(home, arguments)
        .stdout(Stdio::null())
        .spawn()
        .expect("starts");
    let mut peak = 0.0_f64;
    // Nothing is left to be read of a process that ended, so it is looked at until then.
    let status = loop {
        peak = memory(&child, "VmHWM:").map_or(peak, |now| peak.max(now));
        if let Some(status) = child.try_wait().expect("is known") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    assert!(status.success(), "{arguments:?}");
    peak
}

/// A store of so many documents of 4 KB.
fn filled(documents: u64) -> TempDir {
    let home = home();
    fill(
        &home,
        "things",
        documents,
        |n| json!({ "n": n, "text": "x".repeat(4000) }),
    );
    home
}

/// Peak memory of saving such a store and of bringing it back.
fn peaks_of(documents: u64) -> [f64; 2] {
    let full = filled(documents);
    let file: PathBuf = full.path().join("saved.db");
    let saved = peak(&full, &["store", "backup", text(&file)]);
    [
        saved,
        peak(&home(), &["store", "restore", text(&file), "--yes"]),
    ]
}

pub fn store_memory() -> Bar {
    let small = peaks_of(2_000);
    let large = peaks_of(230_000);
    let times = |n: usize| large[n] / small[n];
    Bar {
        name: "peak memory of backup and restore, 1 GB / 9 MB",
        measured: times(0).max(times(1)),
        bar: 1.5,
        at_least: false,
        note: format!("{large:?} and {small:?} KiB"),
    }
}

pub fn restore() -> Bar {
    let full = filled(230_000);
    let file: PathBuf = full.path().join("saved.db");
    run(&full, &["store", "backup", text(&file)]);
    let bytes = std::fs::metadata(&file).expect("a file").len();
    let other = home();
    let began = Instant::now();
    run(&other, &["store", "restore", text(&file), "--yes"]);
    Bar {
        name: "seconds to restore 1 GB",
        measured: began.elapsed().as_secs_f64(),
        bar: 60.0,
        at_least: false,
        note: format!("{bytes} bytes"),
    }
}
