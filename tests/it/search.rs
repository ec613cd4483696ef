//! Search: the index is the truth, whoever writes meanwhile and whatever breaks.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt, TryStreamExt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::Kind;
use tok::backends::documents::{Mutation, Precondition, Scan, Write};
use tok::backends::search::{Operation, staging_of};
use tok::commands::lease::Lease;
use tok::commands::search::{follow, key, parked, query, reindex, settings, verify};
use tok::context::Context;
use tok::model::search::{IndexRecord, IndexSpec};
use tokio_util::sync::CancellationToken;

use crate::support::algolia::Fault;
use crate::support::{
    self, Binary, Emulator, FakeAlgolia, PATIENCE, TestApp, borrowed, context, over,
};

fn users(context: &Context) -> Arc<IndexSpec> {
    context.mirrors.get("users").expect("configured").clone()
}

async fn put(context: &Context, id: &str, value: Value) {
    support::put(context, "users", id, value).await;
}

async fn remove(context: &Context, id: &str) {
    let write = Write::delete("users", id);
    context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
}

fn person(name: &str) -> Value {
    json!({ "id": "x", "name": name, "token": "secret", "state": "online", "last_changed": 1 })
}

fn anything(index: &str) -> query::Input {
    query::Input {
        index: index.to_owned(),
        ..query::Input::default()
    }
}

fn look(spec: Arc<IndexSpec>, repair: bool) -> verify::Input {
    verify::Input { spec, repair }
}

async fn run(context: &Context, mode: reindex::Mode) -> reindex::Report {
    let input = reindex::Input {
        mode,
        ..reindex::Input::of(users(context))
    };
    reindex::run(context, input).await.expect("indexes")
}

async fn clean(context: &Context) -> verify::Report {
    let report = verify::run(context, look(users(context), false))
        .await
        .expect("verifies");
    assert_eq!(report.drift, [], "{report:?}");
    report
}

async fn find(context: &Context, text: &str) -> Vec<String> {
    let input = query::Input {
        text: text.to_owned(),
        ..anything("users")
    };
    let found = query::run(context, input).await.expect("searches");
    found.items.into_iter().map(|hit| hit.id).collect()
}

#[tokio::test]
async fn a_slip_and_an_unfinished_word_are_forgiven() {
    let (context, _dir) = context(&[]);
    for (id, name) in [
        ("ada", "Ada Lovelace"),
        ("grace", "Grace Hopper"),
        ("jose", "José Núñez"),
        ("alan", "Alan Turing"),
    ] {
        put(&context, id, person(name)).await;
    }
    for (text, expected) in [
        ("ada", "ada"),
        ("lovel", "ada"),
        ("lovleace", "ada"),
        ("hoper", "grace"),
        ("jose nunez", "jose"),
        ("JOSÉ", "jose"),
        ("alan tur", "alan"),
    ] {
        assert_eq!(find(&context, text).await, [expected], "{text}");
    }
    assert_eq!(find(&context, "nobody").await, [""; 0]);
    assert_eq!(find(&context, "").await.len(), 4);
    assert_eq!(
        find(&context, "secret").await,
        [""; 0],
        "tokens are not searched"
    );
}

#[tokio::test]
async fn without_a_worker_whoever_searches_catches_up() {
    let (context, _dir) = context(&[]);
    put(&context, "ada", person("Ada")).await;
    assert_eq!(find(&context, "ada").await, ["ada"]);
    put(&context, "bob", person("Bob")).await;
    assert_eq!(find(&context, "bob").await, ["bob"]);
    put(&context, "ada", person("Eve")).await;
    remove(&context, "bob").await;
    assert_eq!(find(&context, "eve").await, ["ada"]);
    assert_eq!(find(&context, "ada").await, [""; 0]);
    assert_eq!(find(&context, "bob").await, [""; 0]);
    clean(&context).await;
}

#[tokio::test]
async fn the_pages_of_a_search_are_all_of_it() {
    let (context, _dir) = context(&[]);
    for n in 0..25 {
        put(
            &context,
            &format!("u{n:02}"),
            person(&format!("Person {n}")),
        )
        .await;
    }
    let mut input = query::Input {
        text: "person".to_owned(),
        limit: Some(10),
        ..anything("users")
    };
    let mut seen = Vec::new();
    loop {
        let found = query::run(&context, input.clone()).await.expect("searches");
        assert_eq!(found.total, 25);
        seen.extend(found.items.into_iter().map(|hit| hit.id));
        match found.next {
            Some(next) => input.after = Some(next),
            None => break,
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 25);
    let missing = query::run(&context, anything("people")).await;
    let error = missing.expect_err("unknown");
    assert_eq!(error.kind(), Kind::NotFound);
    assert!(error.message().contains("users"), "{error}");
}

#[tokio::test]
async fn only_what_is_mirrored_reaches_the_index() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    put(&context, "ada", person("Ada")).await;
    let report = run(&context, reindex::Mode::Reconcile).await;
    assert_eq!((report.puts, report.deletes), (1, 0), "{report:?}");
    let expected = BTreeMap::from([("ada".to_owned(), json!({ "name": "Ada" }))]);
    assert_eq!(algolia.records("users"), expected);
    let fields = json!({ "searchableAttributes": ["name", "firstName", "lastName"] });
    assert_eq!(algolia.settings("users"), fields);
    // Presence and push tokens are nobody's business, and not worth an operation.
    let mut flipped = person("Ada");
    flipped["state"] = json!("offline");
    put(&context, "ada", flipped).await;
    let report = run(&context, reindex::Mode::Reconcile).await;
    assert_eq!((report.puts, report.unchanged), (0, 1), "{report:?}");
    assert_eq!(algolia.operations(), 1);
    algolia.verify();
}

#[tokio::test]
async fn a_worker_elsewhere_leaves_no_ghost() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    for n in 0..1500 {
        algolia.set("users", &format!("ghost-{n}"), json!({ "name": "?" }));
    }
    put(&context, "ada", person("Ada")).await;
    put(&context, "bob", person("Bob")).await;
    // The guard first: that much vanishing is rather a mistake.
    let spec = users(&context);
    let refused = follow::run_once(&context, &spec).await.expect_err("guards");
    assert_eq!(refused.kind(), Kind::Guard);
    assert!(refused.message().contains("--max-shrink 100"), "{refused}");
    assert!(
        algolia.records("users").len() >= 1500,
        "nothing was removed"
    );
    let input = reindex::Input {
        max_shrink: Some(100),
        ..reindex::Input::of(spec)
    };
    let report = reindex::run(&context, input).await.expect("indexes");
    assert_eq!((report.puts, report.deletes), (2, 1500), "{report:?}");
    assert_eq!(algolia.records("users").len(), 2);
    clean(&context).await;
    algolia.verify();
}

#[tokio::test]
async fn a_dry_run_counts_and_changes_nothing() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    for n in 0..5 {
        put(&context, &format!("u{n}"), person("Ada")).await;
    }
    run(&context, reindex::Mode::Reconcile).await;
    put(&context, "u1", person("Bob")).await;
    put(&context, "u9", person("New")).await;
    remove(&context, "u2").await;
    let before = algolia.operations();
    let plan = reindex::plan(&context, &reindex::Input::of(users(&context))).await;
    let plan = plan.expect("plans");
    assert_eq!(
        (plan.puts, plan.deletes, plan.operations),
        (2, 1, 3),
        "{plan:?}"
    );
    assert_eq!((plan.documents, plan.records, plan.reads), (5, 5, 5));
    assert_eq!(algolia.operations(), before);
    let report = run(&context, reindex::Mode::Reconcile).await;
    assert_eq!((report.puts, report.deletes), (2, 1), "as planned");
}

#[tokio::test]
async fn poison_is_parked_and_the_old_record_does_not_stay() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    for n in 0..50 {
        put(&context, &format!("u{n:02}"), person("Ada")).await;
    }
    run(&context, reindex::Mode::Reconcile).await;
    // One is known to be too large, another is refused by the vendor for a reason of its own.
    put(&context, "u10", person(&"x".repeat(20_000))).await;
    algolia.poison("u20");
    put(&context, "u20", person("Bob")).await;
    put(&context, "u30", person("Eve")).await;
    let report = run(&context, reindex::Mode::Reconcile).await;
    assert_eq!(report.parked, 2, "{report:?}");
    let records = algolia.records("users");
    assert_eq!(records.len(), 48);
    assert!(!records.contains_key("u10") && !records.contains_key("u20"));
    assert_eq!(records["u30"], json!({ "name": "Eve" }));
    let reasons = parked::list(&context, "users").await.expect("lists");
    assert!(
        reasons[0].reason.contains("most of them in `name`"),
        "{reasons:?}"
    );
    assert!(reasons[1].reason.contains("too big"), "{reasons:?}");
    let report = clean(&context).await;
    assert_eq!(report.parked, 2);
    // Mended, it is found and no longer parked; removed, it is forgotten.
    put(&context, "u10", person("Small")).await;
    remove(&context, "u20").await;
    let report = run(&context, reindex::Mode::Reconcile).await;
    assert_eq!(report.parked, 0, "{report:?}");
    assert_eq!(algolia.records("users")["u10"], json!({ "name": "Small" }));
    clean(&context).await;
    algolia.verify();
}

#[tokio::test]
async fn bad_weather_passes() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    put(&context, "ada", person("Ada")).await;
    for fault in [
        Fault::Status(429, Some(1)),
        Fault::Status(503, None),
        Fault::Slow(Duration::from_millis(50)),
    ] {
        algolia.fault(fault);
        put(&context, "bob", person(&uuid::Uuid::new_v4().to_string())).await;
        run(&context, reindex::Mode::Reconcile).await;
        clean(&context).await;
    }
    algolia.fault(Fault::Status(403, None));
    put(&context, "bob", person("Bob")).await;
    let refused = reindex::run(&context, reindex::Input::of(users(&context))).await;
    let error = refused.expect_err("refused");
    assert_eq!(error.kind(), Kind::Refused);
    assert!(error.message().contains("algolia.api_key"), "{error}");
    run(&context, reindex::Mode::Reconcile).await;
    clean(&context).await;
    algolia.verify();
}

#[tokio::test]
async fn what_is_not_algolia_has_written_nothing() {
    let cases = [
        (200, "<html>Please sign in</html>"),
        (200, "{}"),
        (200, r#"{"status":"ok"}"#),
        (204, ""),
        (302, "moved"),
        (404, "<h1>Not here</h1>"),
    ];
    // Each is tried again for a while.
    let each = cases.map(async |(status, text)| {
        let algolia = FakeAlgolia::start().await;
        let (context, _dir) = over(&algolia.variables(), &[]);
        put(&context, "ada", person("Ada")).await;
        // However often it is tried.
        for _ in 0..100 {
            algolia.fault(Fault::Other(status, text));
        }
        let answered = reindex::run(&context, reindex::Input::of(users(&context))).await;
        let error = answered.expect_err("nothing was written");
        assert_eq!(error.kind(), Kind::BadGateway, "{status} {text}: {error}");
        assert!(algolia.records("users").is_empty(), "{status} {text}");
    });
    futures_util::future::join_all(each).await;
}

#[tokio::test]
async fn drift_is_found_named_and_mended() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    for name in ["ada", "bob", "eve"] {
        put(&context, name, person(name)).await;
    }
    run(&context, reindex::Mode::Reconcile).await;
    clean(&context).await;
    algolia.set("users", "ghost", json!({ "name": "Ghost" }));
    algolia.set("users", "bob", json!({ "name": "Robert" }));
    let spec = users(&context);
    let report = verify::run(&context, look(spec.clone(), false))
        .await
        .expect("verifies");
    let found: BTreeMap<_, _> = report
        .drift
        .iter()
        .map(|drift| (drift.id.as_str(), drift.problem.as_str()))
        .collect();
    assert_eq!(
        found,
        BTreeMap::from([("bob", "different"), ("ghost", "ghost")])
    );
    assert_eq!(
        report.verdict().map(|error| error.kind()),
        Some(Kind::Drift)
    );
    let report = verify::run(&context, look(spec, true))
        .await
        .expect("mends");
    assert_eq!((report.repaired, report.verdict().is_none()), (2, true));
    clean(&context).await;
    algolia.verify();
}

#[tokio::test]
async fn a_swap_carries_the_settings_over() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    for n in 0..30 {
        put(&context, &format!("u{n}"), person("Ada")).await;
    }
    run(&context, reindex::Mode::Reconcile).await;
    let wanted = json!({ "customRanking": ["desc(timestamp)"] });
    let wanted = wanted.as_object().expect("an object");
    let differing = settings::push(&context, "users", wanted)
        .await
        .expect("pushes");
    assert_eq!(differing.len(), 1);
    algolia.set("users", "ghost", json!({ "name": "Ghost" }));
    let report = run(&context, reindex::Mode::Swap).await;
    assert_eq!(report.puts, 30, "{report:?}");
    assert_eq!(algolia.records("users").len(), 30);
    assert_eq!(
        algolia.settings("users")["customRanking"],
        json!(["desc(timestamp)"])
    );
    assert_eq!(algolia.names(), ["users"], "the staged index is gone");
    assert!(
        settings::diff(&context, "users", wanted)
            .await
            .expect("reads")
            .is_empty()
    );
    clean(&context).await;
    algolia.verify();
}

#[tokio::test]
async fn the_embedded_index_is_swapped_as_well() {
    let (context, dir) = context(&[]);
    for n in 0..30 {
        put(&context, &format!("u{n}"), person("Ada")).await;
    }
    assert_eq!(find(&context, "ada").await.len(), 20);
    let ghost = IndexRecord {
        id: "ghost".to_owned(),
        fields: json!({ "name": "Ghost" })
            .as_object()
            .cloned()
            .expect("an object"),
    };
    let operations = Arc::new(vec![Operation::Put(ghost, 1)]);
    context
        .search
        .apply("users", operations, None)
        .await
        .expect("applies");
    assert_eq!(find(&context, "ghost").await, ["ghost"]);
    for _ in 0..2 {
        run(&context, reindex::Mode::Swap).await;
        assert_eq!(find(&context, "ghost").await, [""; 0]);
        clean(&context).await;
    }
    let left = std::fs::read_dir(dir.path().join("search"))
        .expect("a directory")
        .count();
    assert_eq!(left, 2, "one pointer, one index");
}

/// A swap that was stopped after the exchange is not gone on with: its staged index is the live one.
#[tokio::test]
async fn a_swap_begins_anew_when_nothing_is_staged() {
    let algolia = FakeAlgolia::start().await;
    for (context, _dir) in [over(&algolia.variables(), &[]), context(&[])] {
        put(&context, "ada", person("Ada")).await;
        run(&context, reindex::Mode::Reconcile).await;
        let before = context.indexes.settings("users").await.expect("reads");
        let note = json!({ "index": "users", "mode": "swap" });
        let write = Write::put("tok_runs", "search-reindex:users", &note).expect("JSON");
        context
            .documents
            .commit(vec![write])
            .await
            .expect("commits");
        run(&context, reindex::Mode::Swap).await;
        run(&context, reindex::Mode::Swap).await;
        let after = context.indexes.settings("users").await.expect("reads");
        assert_eq!(after, before, "the settings are still those of the index");
        clean(&context).await;
    }
    algolia.verify();
}

/// Random writers, a worker that follows, and one reindexing after another, in both modes.
async fn storm(context: &Context, rounds: usize, seed: u64) {
    let spec = users(context);
    let stop = CancellationToken::new();
    let mut following = context.clone();
    following.stop = stop.clone();
    let mut worker = tokio::spawn({
        let spec = spec.clone();
        async move {
            let name = follow::lease_of(&spec);
            let lease = Lease::take(&following, &name).await.expect("is free");
            let ended = lease.hold_while(follow::run(&following, &spec)).await;
            lease.release().await;
            ended
        }
    });
    let mut random = Random(seed);
    for round in 0..rounds {
        let done = CancellationToken::new();
        let writer = tokio::spawn(write_wildly(context.clone(), done.clone(), random.next()));
        let mode = match round % 3 {
            0 => reindex::Mode::Swap,
            _ => reindex::Mode::Reconcile,
        };
        let input = reindex::Input {
            mode,
            max_shrink: Some(100),
            ..reindex::Input::of(spec.clone())
        };
        reindex::run(context, input).await.expect("indexes");
        done.cancel();
        writer.await.expect("no panic");
        let report = verify::run(context, look(spec.clone(), false))
            .await
            .expect("verifies");
        let ended = worker.is_finished();
        let why = ended.then(|| (&mut worker).now_or_never());
        assert!(!ended, "the worker ended by itself: {why:?}");
        assert_eq!(report.drift, [], "round {round} {mode:?}: {report:?}");
    }
    stop.cancel();
    worker.await.expect("no panic").expect("ends well");
}

/// xorshift, so that a seed tells the story again.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

async fn write_wildly(context: Context, done: CancellationToken, seed: u64) {
    let mut random = Random(seed | 1);
    let mut writes = 0;
    while !done.is_cancelled() || writes < 50 {
        let id = format!("u{}", random.next() % 40);
        if random.next().is_multiple_of(3) {
            remove(&context, &id).await;
        } else {
            put(&context, &id, person(&format!("n{}", random.next() % 5))).await;
        }
        writes += 1;
        if random.next().is_multiple_of(4) {
            tokio::task::yield_now().await;
        }
    }
}

/// The truth survives a hundred interleavings.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_is_true_however_it_was_filled() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    storm(&context, 100, 0x5eed).await;
    algolia.verify();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_embedded_index_is_true_however_it_was_filled() {
    let (context, _dir) = context(&[]);
    storm(&context, 12, 0xbeef).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_over_firestore_is_true_however_it_was_filled() {
    let emulator = Emulator::start().await;
    let algolia = FakeAlgolia::start().await;
    let firestore = emulator.variables();
    let (context, _dir) = over(&algolia.variables(), &borrowed(&firestore));
    storm(&context, 30, 0xf00d).await;
    algolia.verify();
}

/// The place of an index changes while it is opened, and the old one goes.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_reads_does_not_notice_that_an_index_is_replaced() {
    let (context, _dir) = context(&[]);
    for n in 0..50 {
        put(&context, &format!("u{n}"), person("Ada")).await;
    }
    run(&context, reindex::Mode::Swap).await;
    let done = CancellationToken::new();
    let readers = [0, 1, 2].map(|_| {
        let (context, done) = (context.clone(), done.clone());
        tokio::spawn(async move {
            while !done.is_cancelled() {
                assert_eq!(context.search.count("users").await.expect("counts"), 50);
            }
        })
    });
    for _ in 0..40 {
        run(&context, reindex::Mode::Swap).await;
    }
    done.cancel();
    for reader in readers {
        reader.await.expect("no panic");
    }
}

/// One that died in the middle leaves a stale record; the worker finds out and mends it.
#[tokio::test]
async fn what_a_dead_run_left_behind_is_mended_by_the_worker() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    put(&context, "ada", person("Ada")).await;
    let spec = users(&context);
    let note = json!({ "index": "users", "mode": "reconcile" });
    let write = Write::put("tok_runs", "search-reindex:users", &note).expect("JSON");
    context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
    algolia.set(
        "users",
        "ghost",
        json!({ "name": "Ghost", "_tok": "0000000000000001" }),
    );
    follow::run_once(&context, &spec).await.expect("catches up");
    assert_eq!(algolia.records("users").keys().collect::<Vec<_>>(), ["ada"]);
    let note = context
        .documents
        .get("tok_runs", "search-reindex:users")
        .await;
    let note: Value = note.expect("reads").expect("kept").decode().expect("JSON");
    assert_eq!(note["mended"], true);
}

#[tokio::test]
async fn two_reindexings_never_overlap() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    put(&context, "ada", person("Ada")).await;
    algolia.fault(Fault::Slow(Duration::from_secs(1)));
    let input = reindex::Input::of(users(&context));
    let (one, two) = tokio::join!(
        reindex::run(&context, input.clone()),
        reindex::run(&context, input)
    );
    let locked = [one, two].into_iter().filter_map(Result::err);
    assert_eq!(
        locked.map(|error| error.kind()).collect::<Vec<_>>(),
        [Kind::Locked]
    );
}

#[tokio::test]
async fn collections_that_share_an_index_do_not_hide_each_other() {
    let algolia = FakeAlgolia::start().await;
    let home = TempDir::new().expect("a directory");
    let file = home.path().join("tok.toml");
    let text = r#"
        [[search.indexes]]
        index = "all"
        collection = "users"
        fields = ["name"]
        [[search.indexes]]
        index = "all"
        collection = "rooms"
        fields = ["name"]
    "#;
    std::fs::write(&file, text).expect("written");
    let file = file.to_str().expect("text");
    let (context, _dir) = over(&algolia.variables(), &[("TOK_CONFIG", file)]);
    let spec = context.mirrors.get("all").expect("configured").clone();
    for collection in ["users", "rooms"] {
        let value = json!({ "name": collection });
        let writes = vec![
            Write::put(collection, "same", &value).expect("JSON"),
            Write::put(collection, collection, &value).expect("JSON"),
        ];
        context.documents.commit(writes).await.expect("commits");
    }
    follow::run_once(&context, &spec).await.expect("catches up");
    assert_eq!(algolia.records("all").len(), 3);
    remove(&context, "same").await;
    follow::run_once(&context, &spec).await.expect("catches up");
    assert_eq!(algolia.records("all")["same"], json!({ "name": "rooms" }));
    algolia.verify();
}

/// Two collections over one index: `users` and `rooms`, by their names.
fn shared(algolia: &FakeAlgolia, home: &TempDir) -> (Context, TempDir, Arc<IndexSpec>) {
    let file = home.path().join("tok.toml");
    let source = |collection: &str| {
        format!(
            "[[search.indexes]]\nindex = \"all\"\ncollection = \"{collection}\"\nfields = [\"name\", \"bio\"]\n"
        )
    };
    std::fs::write(&file, [source("users"), source("rooms")].concat()).expect("written");
    let file = file.to_str().expect("text");
    let (context, dir) = over(&algolia.variables(), &[("TOK_CONFIG", file)]);
    let spec = context.mirrors.get("all").expect("configured").clone();
    (context, dir, spec)
}

/// One of two documents with one id is found; the other one is named, for as long as that is so.
#[tokio::test]
async fn an_id_that_two_collections_have_is_told() {
    let home = TempDir::new().expect("a directory");
    for (room, reason) in [
        (json!({ "name": "Room" }), "another document has this id"),
        // The same record, of another document.
        (json!({ "name": "Ada" }), "another document has this id"),
        (
            json!({ "name": "Room", "bio": "b".repeat(20_000) }),
            "most of them in `bio`",
        ),
    ] {
        let algolia = FakeAlgolia::start().await;
        let (context, _dir, spec) = shared(&algolia, &home);
        let ada = json!({ "name": "Ada" });
        let writes = vec![
            Write::put("rooms", "a%2Fb", &room).expect("JSON"),
            Write::put("users", "a%2Fb", &ada).expect("JSON"),
            Write::put("rooms", "tea", &json!({ "name": "Tea" })).expect("JSON"),
        ];
        context.documents.commit(writes).await.expect("commits");
        let parked = async || {
            let parked = parked::list(&context, "all").await.expect("lists");
            parked
                .into_iter()
                .map(|of| (of.id, of.reason))
                .collect::<Vec<_>>()
        };
        let input = || reindex::Input::of(spec.clone());
        // By a worker, by a reindexing, and again when all is in the index already.
        follow::run_once(&context, &spec).await.expect("catches up");
        for _ in 0..2 {
            let report = reindex::run(&context, input()).await.expect("indexes");
            assert_eq!((report.parked, report.puts), (1, 0), "{report:?}");
            let [(id, why)] = &parked().await[..] else {
                panic!("{:?}", parked().await);
            };
            assert!(id == "a%2Fb" && why.contains(reason), "{why}");
            assert_eq!(algolia.records("all").len(), 2);
            assert_eq!(algolia.records("all")["a%2Fb"], ada);
        }
        let plan = reindex::plan(&context, &input()).await.expect("counts");
        assert_eq!((plan.puts, plan.deletes), (0, 0), "{plan:?}");
        let verified = verify::run(&context, look(spec.clone(), false)).await;
        let verified = verified.expect("verifies");
        assert_eq!((verified.drift.len(), verified.parked), (0, 1));
        remove(&context, "a%2Fb").await;
        follow::run_once(&context, &spec).await.expect("catches up");
        let is_room = algolia.records("all").get("a%2Fb") == Some(&room);
        assert_eq!(is_room, !reason.contains("bio"));
        assert_eq!(parked().await.len(), usize::from(reason.contains("bio")));
        algolia.verify();
    }
}

/// Whoever else changes a record may leave our mark in it as it was.
#[tokio::test]
async fn a_reindexing_mends_what_others_changed() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    for n in 0..120 {
        put(
            &context,
            &format!("u{n}"),
            json!({ "name": n.to_string(), "timestamp": 7.0 }),
        )
        .await;
    }
    assert_eq!(run(&context, reindex::Mode::Reconcile).await.puts, 120);
    assert_eq!(run(&context, reindex::Mode::Reconcile).await.puts, 0);
    let marked = algolia.marked("users");
    let spoilt = [
        ("u1", json!({ "name": "Mallory", "timestamp": 7 })),
        ("u50", json!({ "name": "50" })),
        (
            "u119",
            json!({ "name": "119", "timestamp": 7, "more": [1] }),
        ),
    ];
    for (id, mut record) in spoilt {
        record["_tok"] = marked[id]["_tok"].clone();
        algolia.set("users", id, record);
    }
    let plan = reindex::plan(&context, &reindex::Input::of(users(&context))).await;
    assert_eq!(plan.expect("counts").puts, 3);
    let report = run(&context, reindex::Mode::Reconcile).await;
    assert_eq!((report.puts, report.unchanged), (3, 117), "{report:?}");
    assert_eq!(algolia.marked("users"), marked);
    clean(&context).await;
    algolia.verify();
}

/// A field called as the document's id in a hit does not take its place.
#[tokio::test]
async fn a_field_called_id_is_no_id() {
    let home = TempDir::new().expect("a directory");
    let file = home.path().join("tok.toml");
    let text = "[[search.indexes]]\nindex = \"users\"\ncollection = \"users\"\nfields = [\"name\", \"id\"]\nsearchable = [\"name\"]\n";
    std::fs::write(&file, text).expect("written");
    let (context, _dir) = context(&[("TOK_CONFIG", file.to_str().expect("text"))]);
    put(&context, "ada", json!({ "name": "Ada", "id": "mallory" })).await;
    assert_eq!(find(&context, "ada").await, ["ada"]);
    let found = query::run(&context, anything("users"))
        .await
        .expect("searches");
    let hit = serde_json::to_string(&found.items[0]).expect("JSON");
    assert_eq!(hit, r#"{"id":"ada","name":"Ada"}"#);
}

#[test]
fn a_field_that_would_replace_an_id_is_refused() {
    for field in ["objectID", "_tok", "_snippetResult"] {
        let binary = Binary::with(&[
            ("TOK_SEARCH__BACKEND", "algolia"),
            ("TOK_ALGOLIA__APP_ID", "APP"),
            ("TOK_ALGOLIA__API_KEY", "key"),
        ]);
        let text = format!(
            "[[search.indexes]]\nindex = \"all\"\ncollection = \"users\"\nfields = [\"name\", \"{field}\"]\n"
        );
        std::fs::write(binary.dir().join("tok.toml"), text).expect("written");
        binary.run(&["search", "status"]).refused(10, field);
    }
}

#[tokio::test]
async fn keys_for_apps_are_made_here() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    let input = key::Input {
        ttl: Some("1h".parse().expect("a span")),
        ..key::Input::default()
    };
    let made = key::create(&context, input).expect("makes");
    assert_eq!(made.indexes, ["users", "rooms"]);
    assert!(made.expires_at.is_some());
    assert_eq!(algolia.calls(), [""; 0], "nobody was asked");
    let (embedded, _dir) = crate::support::context(&[]);
    let error = key::create(&embedded, key::Input::default())
        .err()
        .expect("none");
    assert_eq!(error.kind(), Kind::Unsupported);
}

/// Killed in the middle of a reindexing: the next one goes on, and nothing that stands is sent
/// again.
#[test]
fn a_killed_reindexing_goes_on() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let algolia = runtime.block_on(FakeAlgolia::start());
    let variables = algolia.variables();
    let variables = borrowed(&variables);
    let binary = Binary::with(&variables);
    let dir = binary.dir().join(".local/share/tok");
    let (context, _other) = over(
        &algolia.variables(),
        &[("TOK_DATA_DIR", dir.to_str().expect("text"))],
    );
    drop(context);
    runtime.block_on(async {
        let documents = tok::backends::documents::SqliteDocuments::open(&dir, 0).expect("opens");
        let documents: &dyn tok::backends::documents::Documents = &documents;
        for start in (0..20_000).step_by(1000) {
            let write =
                |n: usize| Write::put("users", &format!("u{n:05}"), &person(&format!("n{n}")));
            let writes = (start..start + 1000).map(write).collect::<Result<_, _>>();
            documents
                .commit(writes.expect("JSON"))
                .await
                .expect("commits");
        }
    });
    for mode in ["reconcile", "swap"] {
        algolia.fault(Fault::Slow(Duration::from_millis(1)));
        let before = algolia.operations();
        let arguments = ["search", "reindex", "users", "--mode", mode];
        let mut child = binary.spawn(&arguments, std::process::Stdio::null());
        let began = std::time::Instant::now();
        while algolia.operations() < before + 3000 && began.elapsed() < PATIENCE {
            std::thread::yield_now();
        }
        child.kill().expect("kills");
        child.wait().expect("ends");
        let sent = algolia.operations() - before;
        // The dead run's lease has to end first.
        let report = loop {
            let mut arguments = arguments.to_vec();
            arguments.push("--json");
            let run = binary.run(&arguments);
            if run.code != Some(11) {
                break run.ok().json();
            }
        };
        let puts = report[0]["puts"].as_u64().expect("a number");
        assert!(
            puts <= 20_000 - sent + 1000,
            "{sent} stood already: {report}"
        );
        assert_eq!(algolia.records("users").len(), 20_000);
        binary.run(&["search", "verify", "users"]).ok();
        assert!(!algolia.names().contains(&staging_of("users")));
        // Nothing changed: nothing is sent.
        let before = algolia.operations();
        let run = binary.run(&["search", "reindex", "users", "--json"]).ok();
        assert_eq!(run.json()[0]["unchanged"], 20_000);
        assert_eq!(algolia.operations(), before);
        // The next round has something to do.
        if mode == "reconcile" {
            for n in 0..20_000 {
                algolia.set("users", &format!("u{n:05}"), json!({ "name": "?" }));
            }
        }
    }
    algolia.verify();
}

/// The doors say the same.
#[tokio::test(flavor = "multi_thread")]
async fn the_doors_agree() {
    let app = TestApp::start().await;
    let (status, _) = app
        .post("/v1/users", json!({ "id": "ada", "name": "Ada" }))
        .await;
    assert_eq!(status, 201);
    let (status, found) = app.get("/v1/search/users?q=ada").await;
    assert_eq!(status, 200, "{found}");
    assert_eq!(found["items"][0], json!({ "id": "ada", "name": "Ada" }));
    let binary = Binary::new();
    let dir = app.dir.path().to_str().expect("text").to_owned();
    let tok = |arguments: &[&str]| {
        let mut all = vec!["--data-dir", &dir, "--json"];
        all.extend_from_slice(arguments);
        binary.run(&all)
    };
    let hits = tok(&["search", "query", "users", "ada"]).ok().json();
    assert_eq!(hits, found["items"]);
    let (_, indexes) = app.get("/v1/search").await;
    assert_eq!(tok(&["search", "status"]).ok().json(), indexes["items"]);
    let (status, report) = app.post("/v1/search/users/verify", Value::Null).await;
    assert_eq!((status.as_u16(), &report["drift"]), (200, &json!([])));
    assert_eq!(
        tok(&["search", "verify", "users"]).ok().json(),
        json!([report])
    );
    let (status, plan) = app
        .post("/v1/search/users/reindex?dry_run=true", Value::Null)
        .await;
    assert_eq!((status.as_u16(), &plan["puts"]), (200, &json!(0)));
    let (status, _) = app.get("/v1/search/nowhere?q=x").await;
    assert_eq!(status, 404);
    assert_eq!(tok(&["search", "query", "nowhere", "x"]).code, Some(3));
    let settings = tok(&["search", "settings", "pull", "users"]).ok().json();
    assert_eq!(settings["searchableAttributes"][0], "name");
}

/// The store is the truth also for what was changed by others while nobody looked.
#[tokio::test]
async fn changes_while_away_are_found_out() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    let spec = users(&context);
    for n in 0..20 {
        put(&context, &format!("u{n}"), person("Ada")).await;
    }
    follow::run_once(&context, &spec).await.expect("catches up");
    remove(&context, "u3").await;
    put(&context, "u4", person("Bob")).await;
    let merge = Mutation::Merge(
        json!({ "name": "Eve" })
            .as_object()
            .cloned()
            .expect("fields"),
    );
    let write = Write {
        change: merge,
        ..Write::delete("users", "u5").only_if(Precondition::Exists)
    };
    context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
    let before = algolia.operations();
    follow::run_once(&context, &spec).await.expect("catches up");
    assert_eq!(
        algolia.operations() - before,
        3,
        "only what differs is sent"
    );
    let documents = context.documents.scan(Scan::all("users"));
    let count = documents
        .try_collect::<Vec<_>>()
        .await
        .expect("reads")
        .len();
    assert_eq!(algolia.records("users").len(), count);
    clean(&context).await;
}
