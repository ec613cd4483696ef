//! The worker: notifications, search and presence. Emulator and stand-ins run on the same machine.

#![allow(clippy::cast_precision_loss, reason = "counts of one run")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::backends::documents::{Documents, Scan, SqliteDocuments, Write};
use tok::backends::search::{EmbeddedSearch, Operation, Search};
use tok::commands::{notify, presence, search};
use tok::config::{Environment, Overrides};
use tok::context::Context;
use tok::model::search::{IndexRecord, IndexSpec, SearchQuery, Source};

use crate::Bar;
use crate::cli::{home, memory, tok};
use crate::http::runtime;
use crate::peers::algolia::FakeAlgolia;
use crate::peers::emulator::Emulator;
use crate::peers::fcm::FakeFcm;
use crate::peers::rtdb::FakeDatabase;

pub type Variables = Vec<(&'static str, String)>;

pub fn context(dir: &Path, variables: &Variables) -> Context {
    let variables: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let environment = Environment::of(dir.to_owned(), &variables);
    let loaded = tok::config::load(&environment, &Overrides::default()).expect("a configuration");
    Context::open(&loaded.config, dir).expect("opens")
}

fn firestore(emulator: &Emulator) -> Variables {
    vec![
        ("TOK_DOCUMENTS__BACKEND", "firestore".to_owned()),
        ("TOK_FIRESTORE__PROJECT_ID", "demo-tok".to_owned()),
        (
            "TOK_FIRESTORE__BASE_URL",
            format!("http://{}", emulator.address),
        ),
    ]
}

fn notification(n: usize) -> Write {
    let value = json!({
        "userID": "ada", "title": "Ada", "body": format!("message {n}"), "photoURL": null,
        "token": format!("token-{n}"),
    });
    Write::put("notifications", &format!("n{n:06}"), &value).expect("JSON")
}

pub async fn fill(documents: &dyn Documents, count: usize, write: impl Fn(usize) -> Write) {
    for start in (0..count).step_by(500) {
        let writes = (start..count.min(start + 500)).map(&write).collect();
        documents.commit(writes).await.expect("commits");
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Milliseconds from writing a document to the request at the push service, each alone.
async fn latencies(documents: &dyn Documents, fcm: &FakeFcm) -> f64 {
    let mut times = Vec::new();
    for n in 0..100 {
        let began = Instant::now();
        documents
            .commit(vec![notification(n)])
            .await
            .expect("commits");
        fcm.reached(n + 1).await;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    // The first ones open connections.
    median(times.split_off(10))
}

pub fn push_latency_firestore() -> Bar {
    let measured = runtime().block_on(async {
        let (emulator, fcm) = (Emulator::start().await, FakeFcm::start().await);
        let dir = home();
        let mut variables = fcm.variables();
        variables.extend(firestore(&emulator));
        let context = context(dir.path(), &variables);
        let following = tokio::spawn({
            let context = context.clone();
            let shard = tok::model::shard::Shard { number: 0, of: 1 };
            async move { notify::follow::run(&context, shard).await }
        });
        let measured = latencies(context.documents.as_ref(), &fcm).await;
        context.stop.cancel();
        following.await.expect("no panic").expect("ends well");
        measured
    });
    Bar {
        name: "document in Firestore to FCM request, median milliseconds",
        measured,
        bar: 5.0,
        at_least: false,
        note: "emulator and FCM in the same process, commit included".to_owned(),
    }
}

/// Starts `tok work` and waits until it is up.
pub fn work(dir: &TempDir, variables: &Variables, more: &[&str]) -> Child {
    let mut arguments = vec!["work", "--ops-bind", "127.0.0.1:0"];
    arguments.extend_from_slice(more);
    let mut child = tok(dir, &arguments)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    stderr.read_line(&mut String::new()).expect("a line");
    std::thread::spawn(move || stderr.lines().map_while(Result::ok).count());
    child
}

pub fn store(dir: &TempDir) -> SqliteDocuments {
    SqliteDocuments::open(&dir.path().join(".local/share/tok"), 0).expect("opens")
}

pub fn push_latency_sqlite() -> Bar {
    let runtime = runtime();
    let fcm = runtime.block_on(FakeFcm::start());
    let dir = home();
    let mut child = work(&dir, &fcm.variables(), &["--only", "notify"]);
    let measured = runtime.block_on(latencies(&store(&dir), &fcm));
    child.kill().expect("stops");
    child.wait().expect("ends");
    Bar {
        name: "document in SQLite to FCM request of another process, median milliseconds",
        measured,
        bar: 20.0,
        at_least: false,
        note: "commit with fsync included".to_owned(),
    }
}

pub fn flush_rate() -> Bar {
    const COUNT: usize = 10_000;
    let latency = Duration::from_millis(50);
    let (rate, streams) = runtime().block_on(async {
        let fcm = FakeFcm::slow(latency).await;
        let dir = home();
        let context = context(dir.path(), &fcm.variables());
        fill(context.documents.as_ref(), COUNT, notification).await;
        let began = Instant::now();
        let report = notify::flush::run(&context, notify::flush::Input::default())
            .await
            .expect("flushes");
        assert_eq!(report.delivered, COUNT as u64, "{report:?}");
        let rate = COUNT as f64 / began.elapsed().as_secs_f64();
        (rate, context.notify.streams)
    });
    let possible = streams as f64 / latency.as_secs_f64();
    Bar {
        name: "notify flush of 10 000, part of what the streams over 50 ms allow",
        measured: rate / possible,
        bar: 0.6,
        at_least: true,
        note: format!("{rate:.0} of {possible:.0} per second, {streams} streams"),
    }
}

/// Peak memory of a run of `tok`, in KiB.
fn peak(dir: &TempDir, variables: &Variables, arguments: &[&str]) -> f64 {
    let mut child = tok(dir, arguments)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::null())
        .spawn()
        .expect("starts");
    let mut peak: f64 = 0.0;
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            assert!(status.success(), "{arguments:?}: {status}");
            return peak;
        }
        // A child that has just ended has no memory any more.
        peak = peak.max(memory(&child, "VmHWM:").unwrap_or(0.0));
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub fn flush_memory() -> Bar {
    let runtime = runtime();
    let fcm = runtime.block_on(FakeFcm::start());
    let once = |count: usize| {
        let dir = home();
        runtime.block_on(fill(&store(&dir), count, notification));
        peak(&dir, &fcm.variables(), &["notify", "flush"])
    };
    let (small, large) = (once(1_000), once(100_000));
    Bar {
        name: "peak memory of notify flush, 100 000 / 1 000 pending",
        measured: large / small,
        bar: 1.3,
        at_least: false,
        note: format!("{large:.0} and {small:.0} KiB"),
    }
}

fn user(n: usize) -> Write {
    let value = json!({
        "id": format!("u{n:06}"), "name": format!("Person {n}"), "state": "online",
        "photoURL": format!("https://example.com/{n}.png"), "token": format!("token-{n}"),
    });
    Write::put("users", &format!("u{n:06}"), &value).expect("JSON")
}

pub fn reindex_speed() -> Bar {
    const COUNT: usize = 100_000;
    let (scan, index) = runtime().block_on(async {
        let (emulator, algolia) = (Emulator::start().await, FakeAlgolia::start().await);
        let dir = home();
        let mut variables = algolia.variables();
        variables.extend(firestore(&emulator));
        let context = context(dir.path(), &variables);
        let documents = context.documents.as_ref();
        fill(documents, COUNT, user).await;
        let began = Instant::now();
        let scanned = documents
            .scan(Scan::all("users"))
            .try_fold(0, async |count, _| Ok(count + 1));
        assert_eq!(scanned.await.expect("reads"), COUNT);
        let scan = began.elapsed().as_secs_f64();
        let spec = context.mirrors.get("users").expect("configured").clone();
        let began = Instant::now();
        let input = search::reindex::Input::of(spec);
        let report = search::reindex::run(&context, input.clone()).await;
        let report = report.expect("indexes");
        assert_eq!(report.puts, COUNT as u64, "{report:?}");
        let index = began.elapsed().as_secs_f64();
        let report = search::reindex::run(&context, input).await;
        assert_eq!(report.expect("indexes").puts, 0, "nothing changed");
        (scan, index)
    });
    Bar {
        name: "reindexing 100 000 users, part of the speed of the bare scan",
        measured: scan / index,
        bar: 0.75,
        at_least: true,
        note: format!("{index:.2} s and {scan:.2} s; emulator, Algolia and tok in one process"),
    }
}

pub fn reindex_memory() -> Bar {
    let runtime = runtime();
    let once = |count: usize| {
        let (emulator, algolia) =
            runtime.block_on(async { (Emulator::start().await, FakeAlgolia::start().await) });
        let dir = home();
        let mut variables = algolia.variables();
        variables.extend(firestore(&emulator));
        let context = runtime.block_on(async { context(dir.path(), &variables) });
        runtime.block_on(fill(context.documents.as_ref(), count, user));
        peak(&dir, &variables, &["search", "reindex", "users"])
    };
    let (small, large) = (once(10_000), once(100_000));
    Bar {
        name: "peak memory of search reindex, 100 000 / 10 000 users",
        measured: large / small,
        bar: 1.3,
        at_least: false,
        note: format!("{large:.0} and {small:.0} KiB"),
    }
}

/// A name out of syllables, different for every number.
fn name(n: usize) -> String {
    const SYLLABLES: [&str; 16] = [
        "an", "bel", "cor", "dan", "el", "fen", "gar", "hol", "is", "jo", "kar", "lin", "mor",
        "nel", "ol", "per",
    ];
    let word = |mut n: usize| {
        let mut text = String::new();
        for _ in 0..3 {
            text.push_str(SYLLABLES[n % 16]);
            n /= 16;
        }
        text
    };
    format!("{} {}", word(n % 4096), word(n / 4096 + n * 7))
}

pub fn typo() -> Bar {
    const COUNT: usize = 1_000_000;
    let spec = IndexSpec {
        name: "users".to_owned(),
        sources: vec![Source {
            collection: "users".to_owned(),
            fields: vec!["name".to_owned()],
            searchable: vec!["name".to_owned()],
            moments: Vec::new(),
            required: Vec::new(),
            constants: [].into(),
        }],
    };
    let dir = home();
    let (measured, built) = runtime().block_on(async {
        let engine = EmbeddedSearch::new(dir.path(), &[spec.into()]);
        let began = Instant::now();
        for start in (0..COUNT).step_by(10_000) {
            let operation = |n: usize| {
                let fields = json!({ "name": name(n) });
                let record = IndexRecord {
                    id: format!("u{n}"),
                    fields: fields.as_object().cloned().expect("an object"),
                };
                Operation::Put(record, n as u64)
            };
            let operations: Vec<_> = (start..start + 10_000).map(operation).collect();
            let applied = engine.apply("users", Arc::new(operations), None).await;
            applied.expect("applies");
        }
        let built = began.elapsed().as_secs_f64();
        let mut times = Vec::new();
        for n in (0..COUNT).step_by(COUNT / 300) {
            // An unfinished first name with two letters exchanged.
            let mut letters: Vec<char> = name(n).chars().take(6).collect();
            letters.swap(2, 3);
            let query = SearchQuery {
                text: letters.into_iter().collect(),
                limit: 20,
                offset: 0,
            };
            let began = Instant::now();
            let found = engine.query("users", &query).await.expect("searches");
            times.push(began.elapsed().as_secs_f64() * 1e3);
            assert!(!found.hits.is_empty(), "{}", query.text);
        }
        (median(times), built)
    });
    Bar {
        name: "prefix query with a slip among 1 000 000 users, median milliseconds",
        measured,
        bar: 5.0,
        at_least: false,
        note: format!(
            "300 queries; built in {built:.0} s, {:.0} MiB",
            size(dir.path()) / 1024.0 / 1024.0
        ),
    }
}

/// Bytes of all files below.
fn size(dir: &Path) -> f64 {
    let entries = std::fs::read_dir(dir).expect("a directory");
    let sizes = entries.map(|entry| {
        let (path, meta) = entry
            .and_then(|entry| Ok((entry.path(), entry.metadata()?)))
            .expect("can be read");
        if meta.is_dir() {
            size(&path)
        } else {
            meta.len() as f64
        }
    });
    sizes.sum()
}

pub fn presence_writes() -> Bar {
    const PEOPLE: usize = 100_000;
    let (written, took) = runtime().block_on(async {
        let database = FakeDatabase::start().await;
        let dir = home();
        let context = context(dir.path(), &database.variables());
        let at = 1_700_000_000_000_i64;
        fill(context.documents.as_ref(), PEOPLE, |n| {
            let noted = json!({ "state": "online", "last_changed": "2023-11-14T22:13:20Z" });
            Write::put("users", &format!("u{n}"), &noted).expect("JSON")
        })
        .await;
        let node = |n: usize| {
            let state = if n < 100 { "offline" } else { "online" };
            let at = at + i64::from(n < 100);
            (
                format!("u{n}"),
                json!({ "state": state, "last_changed": at }),
            )
        };
        let all = (0..PEOPLE).map(node).collect();
        database.put("/status", Value::Object(all));
        let began = Instant::now();
        let report = presence::follow::run_once(&context, presence::follow::Trust::Guarded)
            .await
            .expect("compares");
        assert_eq!(report.people, PEOPLE as u64);
        (report.written, began.elapsed().as_secs_f64())
    });
    assert!(written >= 100, "{written} were written");
    Bar {
        name: "documents written for 100 changes in a snapshot of 100 000 people",
        measured: written as f64,
        bar: 100.0,
        at_least: false,
        note: format!("in {took:.1} s"),
    }
}

pub fn idle_worker() -> Bar {
    let dir = home();
    let mut child = work(&dir, &Vec::new(), &[]);
    // Until every loop has had its first turn.
    std::thread::sleep(Duration::from_secs(5));
    let before = ticks(&child);
    std::thread::sleep(Duration::from_secs(10));
    let busy = (ticks(&child) - before) / 10.0;
    let resident = memory(&child, "VmRSS:").expect("a process") / 1024.0;
    child.kill().expect("stops");
    child.wait().expect("ends");
    assert!(
        busy < 0.02,
        "an idle worker uses {:.1} % of a core",
        busy * 100.0
    );
    Bar {
        name: "idle tok work, MiB resident",
        measured: resident,
        bar: 40.0,
        at_least: false,
        note: format!("{:.2} % of a core over 10 s", busy * 100.0),
    }
}

/// CPU time that a process used, in seconds.
fn ticks(child: &Child) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).expect("a process");
    let after = stat.rsplit_once(')').expect("a name").1;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks = |n: usize| fields[n].parse::<f64>().expect("a number");
    (ticks(11) + ticks(12)) / 100.0
}
