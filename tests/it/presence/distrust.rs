//! A source that says too little is believed nothing, and asked again.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use tok::Kind;
use tok::backends::documents::{Documents, Event, SqliteDocuments, Write};
use tok::commands::presence::{audit, follow};
use tok::context::Context;
use tok::worker;

use super::{Following, node, user};
use crate::support::rtdb::{FakeDatabase, Fault};
use crate::support::{Binary, PATIENCE, borrowed, config, over, put};

#[tokio::test]
async fn an_empty_source_is_rather_a_wrong_path() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(&database.variables(), &[]);
    let writes = (0..300).map(|n| {
        let noted = json!({ "state": "online", "last_changed": "2026-01-01T00:00:00Z" });
        Write::put("users", &format!("u{n}"), &noted).expect("JSON")
    });
    context
        .documents
        .commit(writes.collect())
        .await
        .expect("commits");
    let refused = follow::run_once(&context, follow::Trust::Guarded)
        .await
        .expect_err("guards");
    assert_eq!(refused.kind(), Kind::Guard);
    assert!(
        refused.message().contains("realtime_database.url"),
        "{refused}"
    );
    let refused = follow::run(&context).await.expect_err("guards");
    assert_eq!(refused.kind(), Kind::Guard);
    assert_eq!(user(&context, "u1").await["state"], "online");
}

/// From one person up: a source that recognises nobody is the wrong one.
#[tokio::test]
async fn a_source_that_knows_none_of_ours_signs_nobody_off() {
    let wrong = [
        Value::Null,
        json!({ "standup": { "name": "Standup" }, "tea": { "name": "Tea" } }),
        json!({ "sensor-7": { "state": "online", "last_changed": 5 } }),
    ];
    for found in wrong {
        let database = FakeDatabase::start().await;
        let (context, _dir) = over(
            &database.variables(),
            &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
        );
        let noted = json!({ "state": "online", "last_changed": "2026-01-01T00:00:00Z" });
        put(&context, "users", "ada", noted).await;
        database.put("/status", found.clone());
        for refused in [
            follow::run_once(&context, follow::Trust::Guarded)
                .await
                .map(drop),
            follow::run(&context).await,
        ] {
            let refused = refused.expect_err("guards");
            assert_eq!(refused.kind(), Kind::Guard, "{found}");
        }
        assert_eq!(user(&context, "ada").await["state"], "online", "{found}");
        let told = follow::run_once(&context, follow::Trust::Full).await;
        assert_eq!(told.expect("is told otherwise").written, 1, "{found}");
        assert_eq!(user(&context, "ada").await["state"], "offline");
    }
}

/// What stands at the path is overwritten while a worker follows: nobody is signed off, and the
/// loop says so.
#[tokio::test]
async fn a_state_that_is_wiped_signs_nobody_off() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    put(&context, "users", "ada", json!({ "name": "Ada" })).await;
    let mut following = Following::start(&context);
    database.opened(1).await;
    database.put("/status", json!({ "ada": node("online", 1) }));
    following.until("ada", "online").await;
    database.put("/status", Value::Null);
    let ended = tokio::time::timeout(PATIENCE, &mut following.task).await;
    let refused = ended.expect("ends").expect("no panic").expect_err("guards");
    assert_eq!(refused.kind(), Kind::Guard);
    assert_eq!(user(&context, "ada").await["state"], "online");
}

/// Whoever mends the rules and compares does not wait for the worker to look again.
#[test]
fn a_source_that_refused_is_followed_again_once_it_was_compared() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let database = runtime.block_on(FakeDatabase::start());
    let variables = database.variables();
    let binary = Binary::with(&borrowed(&variables));
    binary
        .run(&["user", "create", "--id", "ada", "--name", "Ada"])
        .ok();
    let documents =
        SqliteDocuments::open(&binary.dir().join(".local/share/tok"), 0).expect("opens");
    database.fault(Fault::Status(403));
    let _worker = binary.work(&["--only", "presence"]);
    runtime.block_on(paused(&documents));
    assert_eq!(database.count(), 0, "it rests");
    // Whoever looks from outside hears of it.
    let doctor = binary.run(&["doctor", "--json"]);
    let found = doctor.json();
    let findings = found["findings"].as_array().expect("findings");
    let of_loop = findings
        .iter()
        .find(|finding| finding["check"] == "loop presence");
    assert_eq!(doctor.code, Some(8), "{found}");
    assert_eq!(of_loop.expect("is told")["health"], "fail");
    binary.run(&["presence", "sync"]).ok();
    runtime.block_on(database.opened(2));
    let mut noted = documents.watch("users", None);
    database.put("/status/ada", node("online", 1_700_000_000_000));
    let online = async {
        loop {
            if let Event::Put(document) = noted.next().await.expect("no end").expect("no error")
                && document.decode::<Value>().expect("JSON")["state"] == "online"
            {
                return;
            }
        }
    };
    runtime
        .block_on(async { tokio::time::timeout(PATIENCE, online).await })
        .expect("is noted");
}

/// Somebody whose document cannot be written keeps nobody else from being noted, and is named.
#[tokio::test]
async fn a_comparison_goes_past_whom_it_cannot_write() {
    let database = FakeDatabase::start().await;
    let (context, dir) = over(&database.variables(), &[]);
    for n in 0..50 {
        let id = format!("u{n}");
        put(&context, "users", &id, json!({ "name": id })).await;
        database.put(&format!("/status/{id}"), node("online", 1_640_000_000_000));
    }
    let store = rusqlite::Connection::open(dir.path().join("tok.db")).expect("opens");
    let refuse = |who: &str| {
        let trigger = format!(
            "DROP TRIGGER IF EXISTS refuse; CREATE TRIGGER refuse BEFORE UPDATE ON documents \
             WHEN NEW.collection = 'users' AND NEW.id LIKE '{who}' \
             BEGIN SELECT RAISE(ABORT, 'nobody is written'); END;"
        );
        store.execute_batch(&trigger).expect("a trigger");
    };
    let sync = async || follow::run_once(&context, follow::Trust::Guarded).await;
    refuse("%");
    let error = sync().await.expect_err("nobody can be written");
    assert_eq!(error.kind(), Kind::Internal);
    refuse("u17");
    let error = sync().await.expect_err("one cannot be written");
    assert_eq!(error.kind(), Kind::Partial);
    assert!(
        error.message().contains("1 of those") && error.message().contains("`u17`"),
        "{error}"
    );
    let left = audit::run(&context).await.expect("compares").drift;
    assert_eq!(left.len(), 1, "{left:?}");
    refuse("nobody");
    assert_eq!(sync().await.expect("compares").written, 1);
}

/// Waits until the loop `presence` noted that it is paused.
async fn paused(documents: &SqliteDocuments) {
    let mut notes = documents.watch("tok_loops", None);
    let noted = async {
        loop {
            if let Event::Put(note) = notes.next().await.expect("no end").expect("no error")
                && note.id == "presence"
                && note.decode::<Value>().expect("JSON")["condition"] == "paused"
            {
                return;
            }
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, noted).await;
    in_time.expect("the loop is paused");
}

/// Lets a minute pass, and another each second: the loop may have noted that it is paused, and not yet
/// have begun to wait. Says whether the work ended in time.
async fn while_minutes_pass(work: impl Future<Output = ()>) -> bool {
    let mut work = pin!(work);
    for _ in 0..PATIENCE.as_secs() {
        tokio::time::pause();
        tokio::time::advance(Duration::from_mins(1)).await;
        tokio::time::resume();
        let worked = tokio::time::timeout(Duration::from_secs(1), &mut work);
        if worked.await.is_ok() {
            return true;
        }
    }
    false
}

/// Nobody has to do anything but to allow it again.
#[tokio::test]
async fn a_source_that_refused_is_asked_again_within_a_minute() {
    // Before a person is called for, a fresh credential is tried where that is what is wrong.
    for (status, refusals) in [(403, 1), (401, 2)] {
        let database = FakeDatabase::start().await;
        let (context, dir) = over(&database.variables(), &[]);
        put(&context, "users", "kim", json!({ "name": "Kim" })).await;
        database.put("/status/kim", node("online", 1_650_000_000_000));
        for _ in 0..refusals {
            database.fault(Fault::Status(status));
        }
        let loops = config(dir.path(), &[("TOK_WORKER__LOOPS", "presence")]).worker;
        let worker = tokio::spawn({
            let context = context.clone();
            async move { worker::work(context, &loops, Arc::default()).await }
        });
        paused(&SqliteDocuments::open(dir.path(), 0).expect("opens")).await;
        assert_eq!(
            (database.count(), state_of(&context, "kim").await),
            (0, Value::Null)
        );
        let mut users = context.documents.watch("users", None);
        let online = async {
            while state_of(&context, "kim").await != "online" {
                users.next().await.expect("no end").expect("no error");
            }
        };
        let looked = while_minutes_pass(online).await;
        assert!(looked, "{status}: nobody looked again");
        context.stop.cancel();
        worker.await.expect("no panic");
        database.verify();
    }
}

async fn state_of(context: &Context, id: &str) -> Value {
    user(context, id).await["state"].clone()
}
