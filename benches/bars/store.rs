//! The life of a store: saving it, bringing it back, keeping house in it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::backends::documents::{Documents, SqliteDocuments, Write};

use crate::Bar;
use crate::cli::{home, tok};
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

/// CPU of keeping house in so many outcomes, of which a thousand are due.
fn housekeeping_cpu(outcomes: u64) -> f64 {
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
    run(&home, &["work", "--once", "--only", "housekeeping"]);
    let taken = cpu(UsageWho::RUSAGE_CHILDREN) - before;
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let left = runtime.block_on(open(&home).count("tok_outcomes"));
    assert_eq!(left.expect("counts"), outcomes - 1000);
    taken
}

pub fn housekeeping() -> Bar {
    let small = housekeeping_cpu(2_000);
    let large = housekeeping_cpu(1_000_000);
    Bar {
        // Going over the collection would be hundreds of times as much.
        name: "CPU of removing 1 000 of 1 000 000 outcomes / of 2 000",
        measured: large / small,
        bar: 3.0,
        at_least: false,
        note: format!("{:.0} and {:.0} ms", large * 1e3, small * 1e3),
    }
}

pub fn restore() -> Bar {
    let full = home();
    fill(
        &full,
        "things",
        230_000,
        |n| json!({ "n": n, "text": "x".repeat(4000) }),
    );
    let file: PathBuf = full.path().join("saved.db");
    run(&full, &["store", "backup", text(&file)]);
    let bytes = std::fs::metadata(&file).expect("a file").len();
    let other = home();
    let began = Instant::now();
    run(&other, &["store", "restore", text(&file), "--yes"]);
    let taken = began.elapsed().as_secs_f64();
    let peak = getrusage(UsageWho::RUSAGE_CHILDREN)
        .expect("known")
        .max_rss();
    Bar {
        name: "seconds to restore 1 GB",
        measured: taken,
        bar: 60.0,
        at_least: false,
        note: format!("{bytes} bytes; largest child so far {peak} KiB"),
    }
}
