//! An index is filled anew and swapped; nobody notices, and nothing is lost.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tok::Kind;
use tok::backends::documents::Write;
use tok::backends::search::{Operation, staging_of};
use tok::commands::search::{reindex, settings, verify};
use tok::model::search::IndexRecord;
use tokio_util::sync::CancellationToken;

use super::{clean, find, look, person, put, remove, run, users};
use crate::support::algolia::Fault;
use crate::support::{Binary, FakeAlgolia, PATIENCE, borrowed, context, over};

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
    let plan = reindex::plan(&context, reindex::Input::of(users(&context))).await;
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
    let wanted = || settings::diff::Input {
        index: "users".to_owned(),
        wanted: wanted.as_object().expect("an object").clone(),
    };
    let differing = settings::push::run(&context, wanted())
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
        settings::diff::run(&context, wanted())
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
    let plan = reindex::plan(&context, reindex::Input::of(users(&context))).await;
    assert_eq!(plan.expect("counts").puts, 3);
    let report = run(&context, reindex::Mode::Reconcile).await;
    assert_eq!((report.puts, report.unchanged), (3, 117), "{report:?}");
    assert_eq!(algolia.marked("users"), marked);
    clean(&context).await;
    algolia.verify();
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
        // It gets no further by itself, however late it is killed.
        for _ in 0..4 {
            algolia.fault(Fault::Slow(Duration::from_millis(1)));
        }
        algolia.fault(Fault::Hang);
        let before = algolia.operations();
        let arguments = ["search", "reindex", "users", "--mode", mode];
        let mut child = binary.spawn(&arguments, std::process::Stdio::null());
        let began = std::time::Instant::now();
        while algolia.operations() < before + 3000 && began.elapsed() < PATIENCE {
            std::thread::yield_now();
        }
        child.kill().expect("kills");
        child.wait().expect("ends");
        algolia.forget_faults();
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
