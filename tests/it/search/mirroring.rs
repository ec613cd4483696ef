//! What changes is mirrored, through bad weather and with poison in it.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use serde_json::{Value, json};
use tok::Kind;
use tok::backends::documents::{Event, Precondition, Scan, Write};
use tok::commands::search::{follow, parked, reindex};
use tok::model::report::Stopped;

use super::{clean, person, put, remove, run, users};
use crate::support::algolia::Fault;
use crate::support::{self, FakeAlgolia, context, over};

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
    let advice = refused.advice().expect("says what to do");
    assert!(advice.contains("--max-shrink 100"), "{advice}");
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
    let reasons = parked::run(
        &context,
        parked::Input {
            index: "users".to_owned(),
        },
    )
    .await
    .expect("lists");
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

/// Whoever looks whether a run died does not keep out the one that begins at that moment.
#[tokio::test]
async fn looking_after_a_dead_run_keeps_no_other_out() {
    let (context, _dir) = context(&[]);
    put(&context, "ada", person("Ada")).await;
    let spec = users(&context);
    let stopped = reindex::Input {
        until: Some(Timestamp::UNIX_EPOCH),
        ..reindex::Input::of(spec.clone())
    };
    let report = reindex::run(&context, stopped).await.expect("begins");
    assert_eq!(report.stopped, Some(Stopped::OutOfTime));
    let mut told = context.documents.watch("tok_leases", None);
    while !matches!(told.next().await, Some(Ok(Event::Current(_)))) {}
    follow::run_once(&context, &spec).await.expect("mends");
    support::put(&context, "tok_leases", "the-last", json!({})).await;
    let mut seen = Vec::new();
    while seen.last().is_none_or(|id| id != "the-last") {
        match told.next().await.expect("goes on").expect("reads") {
            Event::Put(lease) => seen.push(lease.id),
            Event::Removed(id) => seen.push(id),
            Event::Reset | Event::Current(_) => {}
        }
    }
    assert_eq!(seen, ["the-last"], "nobody took the lease of a run");
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
    let renamed = json!({ "name": "Eve" });
    let renamed = renamed.as_object().cloned().expect("fields");
    let write = Write::merge("users", "u5", renamed).only_if(Precondition::Exists);
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
