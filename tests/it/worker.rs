//! The worker: expired local rooms go, one worker at a time, an orderly end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tok::backends::documents::{Documents, Event, SqliteDocuments, Write};
use tok::commands::lease::{Lease, LeaseName};
use tok::commands::room::create;
use tok::context::Context;
use tok::model::Room;
use tok::worker;

use crate::support::meddled::tell_late;
use crate::support::{
    Binary, FakeFcm, FcmFault, PATIENCE, PAUSE, TestApp, borrowed, config, context, over,
};
use futures_util::StreamExt;

async fn expired_room(context: &Context, name: &str, hours: i64) {
    let input = create::Input {
        name: Some(name.to_owned()),
        ..create::Input::default()
    };
    let room = Room {
        expires_at: Some(Timestamp::now() - SignedDuration::from_hours(hours)),
        ..create::run(context, input).await.expect("creates")
    };
    let write = Write::put("tok_rooms", &format!("local:{name}"), &room).expect("JSON");
    context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
}

#[tokio::test]
async fn expired_rooms_go_after_their_grace() {
    let (context, dir) = context(&[]);
    let config = config(
        dir.path(),
        &[
            ("TOK_WORKER__ROOMS_GRACE", "2h"),
            ("TOK_WORKER__ROOMS_EVERY", "10ms"),
        ],
    );
    expired_room(&context, "over", 3).await;
    expired_room(&context, "in-grace", 1).await;
    let mut events = context.documents.watch("tok_rooms", None);
    let worker = tokio::spawn({
        let context = context.clone();
        async move { worker::work(context, &config.worker, Arc::default()).await }
    });
    let gone = async {
        loop {
            if let Event::Removed(id) = events.next().await.expect("no end").expect("no error") {
                return id;
            }
        }
    };
    let id = tokio::time::timeout(PATIENCE, gone).await.expect("in time");
    assert_eq!(id, "local:over");
    context.stop.cancel();
    tokio::time::timeout(PATIENCE, worker)
        .await
        .expect("drains")
        .expect("no panic");
    assert_eq!(
        context.documents.count("tok_rooms").await.expect("counts"),
        1
    );
    assert_eq!(
        context.documents.count("tok_leases").await.expect("counts"),
        0,
        "leases are given back"
    );
}

/// Both doors tell what the worker has done and has to do.
#[tokio::test(flavor = "multi_thread")]
async fn the_status_tells_of_leases_queue_and_indexes() {
    let app = TestApp::start().await;
    let write = Write::put("notifications", "n1", &json!({ "token": "t" })).expect("JSON");
    app.context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
    let lease = Lease::take(&app.context, &LeaseName::of_loop("notify"))
        .await
        .expect("is free");
    let (status, told) = app.get("/v1/status").await;
    assert_eq!(status, 200, "{told}");
    assert_eq!(told["loops"][0]["name"], "notify");
    assert_eq!(told["loops"][0]["condition"], "working");
    assert_eq!(told["loops"][0]["worker"]["pid"], std::process::id());
    assert_eq!(told["notifications"]["pending"], 1);
    assert_eq!(told["search"][0]["index"], "users");
    let binary = Binary::new();
    let dir = app.dir.path().to_str().expect("text");
    let mut shown = binary
        .run(&["--data-dir", dir, "--json", "status"])
        .ok()
        .json();
    let mut told = told;
    for status in [&mut shown, &mut told] {
        status["notifications"]["oldest_seconds"] = json!(0);
    }
    assert_eq!(shown, told);
    lease.release().await;
}

#[tokio::test]
async fn rooms_that_nobody_uses_go_if_that_is_wanted() {
    let (context, dir) = context(&[]);
    let names = ["new", "old"];
    for name in names {
        let input = create::Input {
            name: Some(name.to_owned()),
            ..create::Input::default()
        };
        let room = create::run(&context, input).await.expect("creates");
        if name == "old" {
            let room = Room {
                created_at: Timestamp::now() - SignedDuration::from_hours(100),
                ..room
            };
            let write = Write::put("tok_rooms", "local:old", &room).expect("JSON");
            context
                .documents
                .commit(vec![write])
                .await
                .expect("commits");
        }
    }
    let off = config(dir.path(), &[("TOK_WORKER__LOOPS", "rooms")]);
    worker::work_once(&context, &off.worker)
        .await
        .expect("works");
    assert_eq!(
        context.documents.count("tok_rooms").await.expect("counts"),
        2
    );
    let variables = [
        ("TOK_WORKER__LOOPS", "rooms"),
        ("TOK_WORKER__ROOMS_UNUSED", "2d"),
    ];
    let on = config(dir.path(), &variables);
    worker::work_once(&context, &on.worker)
        .await
        .expect("works");
    let left = context.documents.get("tok_rooms", "local:new").await;
    assert!(left.expect("reads").is_some());
    assert_eq!(
        context.documents.count("tok_rooms").await.expect("counts"),
        1
    );
}

/// A loop that only a person can help is paused, told by readiness, and keeps no other from work.
#[test]
fn a_paused_loop_is_told_and_the_others_go_on() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let fcm = runtime.block_on(FakeFcm::start());
    fcm.fault(FcmFault::Forbidden);
    let binary = Binary::with(&borrowed(&fcm.variables()));
    binary
        .run(&["notify", "send", "--topic", "news", "--title", "x"])
        .ok();
    let worker = binary.work(&["--only", "notify,search"]);
    let client = reqwest::Client::new();
    let readiness = async {
        loop {
            let answer = client.get(format!("{}/readyz", worker.ops)).send().await;
            let body: Value = answer.expect("answers").json().await.expect("JSON");
            let text = body.to_string();
            if text.contains("google.credentials_file") {
                return body;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let body = runtime
        .block_on(async { tokio::time::timeout(PATIENCE * 2, readiness).await })
        .expect("is told");
    // A worker that cannot push still does everything else.
    assert_eq!(body["ready"], true, "{body}");
    assert!(body.to_string().contains("loop search:users"), "{body}");
    let metrics = runtime.block_on(async {
        let answer = client.get(format!("{}/metrics", worker.ops)).send().await;
        answer.expect("answers").text().await.expect("text")
    });
    assert!(
        metrics.contains("tok_worker_paused{loop=\"notify\"} 1"),
        "{metrics}"
    );
    worker.signal(Signal::SIGTERM);
    let (code, log) = worker.finish();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("a person has to help"), "{log}");
    let run = binary.run(&["notify", "list", "--json"]).ok();
    assert_eq!(
        run.json().as_array().expect("a list").len(),
        1,
        "nothing was lost"
    );
}

/// Waits until a loop notes that it is paused.
async fn until_paused(context: &Context) {
    let mut notes = context.documents.watch("tok_loops", None);
    let paused = async {
        loop {
            if let Event::Put(note) = notes.next().await.expect("no end").expect("no error")
                && note.decode::<Value>().expect("JSON")["condition"] == "paused"
            {
                return;
            }
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, paused).await;
    in_time.expect("it is paused");
}

/// Whoever reads that a loop rests can wake it, however long the store takes until it tells of that.
#[tokio::test]
async fn a_loop_that_is_noted_as_paused_can_be_woken() {
    let fcm = FakeFcm::start().await;
    fcm.fault(FcmFault::Forbidden);
    let alone = [("TOK_WORKER__LOOPS", "notify")];
    let (context, dir) = over(&fcm.variables(), &alone);
    let queued = json!({ "token": "t", "title": "waits" });
    let write = Write::put("notifications", "waits", &queued).expect("JSON");
    let committed = context.documents.commit(vec![write]).await;
    committed.expect("commits");
    let section = config(dir.path(), &alone).worker;
    let late = tell_late(&context, "tok_leases", Duration::from_millis(500));
    let worker = tokio::spawn(async move { worker::work(late, &section, Arc::default()).await });
    until_paused(&context).await;
    Lease::tell(&context, &LeaseName::queue_wanted()).await;
    fcm.reached(1).await;
    context.stop.cancel();
    worker.await.expect("no panic");
    fcm.verify();
}

/// Whoever mended what was wrong and puts something back, or sends the queue, does not wait for the loop.
#[test]
fn a_paused_loop_looks_again_when_somebody_elsewhere_sends() {
    for door in ["retry", "http", "flush"] {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let fcm = runtime.block_on(FakeFcm::start());
        let variables = fcm.variables();
        let mut variables = borrowed(&variables);
        let app = runtime.block_on(TestApp::with(&variables));
        let dir = app.dir.path().to_str().expect("text").to_owned();
        variables.push(("TOK_DATA_DIR", &dir));
        let binary = Binary::with(&variables);
        let queue = |id: &str, value: Value| {
            let write = Write::put("notifications", id, &value).expect("JSON");
            let done = runtime.block_on(app.context.documents.commit(vec![write]));
            done.expect("commits");
        };
        queue("odd", json!({ "to": { "user": "kim" }, "title": "" }));
        binary.run(&["notify", "flush"]);
        fcm.fault(FcmFault::Forbidden);
        queue("waits", json!({ "token": "t", "title": "waits" }));
        let worker = binary.work(&["--only", "notify"]);
        runtime.block_on(until_paused(&app.context));
        match door {
            "retry" => drop(binary.run(&["notify", "retry", "odd"]).ok()),
            "http" => {
                let path = "/v1/notifications/odd/retry";
                let (status, said) = runtime.block_on(app.post(path, json!({})));
                assert_eq!(status, 200, "{said}");
            }
            _ => {
                let report = binary.run(&["notify", "flush", "--json"]).json();
                assert_eq!(report["delivered"], 1, "{report}");
            }
        }
        // The loop waits for five minutes unless it is woken, and nobody waits so long here.
        queue("later", json!({ "token": "t", "title": "later" }));
        runtime.block_on(fcm.reached(2));
        worker.signal(Signal::SIGTERM);
        let (code, log) = worker.finish();
        assert_eq!(code, Some(0), "{log}");
        fcm.verify();
    }
}

/// What one operation leaves in the store stops no loop of another, and no command.
#[test]
fn every_loop_runs_over_what_every_command_leaves() {
    let binary = Binary::with(&[("TOK_PUSH__KEEP", "1ms"), ("TOK_CALLS__KEEP", "1ms")]);
    binary
        .run(&["user", "create", "--id", "ada", "--name", "Ada"])
        .ok();
    binary
        .run(&["notify", "send", "--user", "ada", "--title", "x"])
        .ok();
    binary.run(&["notify", "flush"]).ok();
    binary.run(&["search", "reindex"]).ok();
    binary.run(&["search", "verify", "--repair"]).ok();
    for only in [
        "rooms",
        "notify",
        "search",
        "presence",
        "calls",
        "housekeeping",
    ] {
        binary.run(&["work", "--once", "--only", only]).ok();
    }
    binary.run(&["work", "--once"]).ok();
    // What is due is known to the second.
    let deadline = Instant::now() + PATIENCE;
    while count(&binary, "tok_outcomes") > 0 {
        assert!(Instant::now() < deadline, "outcomes stay after a reindex");
        binary
            .run(&["work", "--once", "--only", "housekeeping"])
            .ok();
    }
}

/// A document that nobody can read is left where it is, and what is old beside it goes.
#[test]
fn a_sweep_goes_past_what_it_cannot_read() {
    let binary = Binary::with(&[("TOK_PUSH__KEEP", "1ms"), ("TOK_CALLS__KEEP", "1ms")]);
    let broken = json!({ "at": 7, "expires": "0000", "expires_at": [], "ended_at": {} });
    let old = json!({
        "id": "b", "state": "delivered", "attempts": 1, "queued_at": "2020-01-01T00:00:00Z",
        "expires": "2020-01-01T00:00:00Z",
    });
    let poisoned = ["tok_runs", "tok_inbox", "tok_past_calls", "tok_outcomes"];
    let mut writes: Vec<Write> = poisoned
        .iter()
        .map(|collection| Write::put(collection, "room-delete:a", &broken).expect("JSON"))
        .collect();
    writes.push(Write::put("tok_outcomes", "b", &old).expect("JSON"));
    commit(&binary, writes);
    binary
        .run(&["work", "--once", "--only", "housekeeping"])
        .ok();
    assert_eq!(count(&binary, "tok_runs"), 1, "it is left");
    assert_eq!(count(&binary, "tok_inbox"), 1, "it is left");
    let outcomes = binary.run(&["notify", "show", "b"]);
    assert_eq!(outcomes.code, Some(3), "{outcomes:?}");
}

fn store(binary: &Binary) -> SqliteDocuments {
    let dir = binary.dir().join(".local/share/tok");
    SqliteDocuments::open(&dir, 0).expect("opens")
}

fn commit(binary: &Binary, writes: Vec<Write>) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = store(binary);
    runtime.block_on(store.commit(writes)).expect("commits");
}

fn count(binary: &Binary, collection: &str) -> u64 {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = store(binary);
    runtime.block_on(store.count(collection)).expect("counts")
}
