//! Notifications reach everybody who is meant, and one receiver's trouble is that receiver's alone.

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tok::Kind;
use tok::backends::documents::{Documents, SqliteDocuments, Write};
use tok::commands::notify::follow;
use tok::commands::notify::{flush, send, show};
use tok::context::Context;
use tok::model::notification::{NotificationKind, NotificationState, Target};
use tok::model::shard::Shard;

use crate::support::{self, Binary, FakeFcm, FcmFault as Fault, borrowed, put};

fn over(fcm: &FakeFcm, more: &[(&str, &str)]) -> (Context, TempDir) {
    support::over(&fcm.variables(), more)
}

async fn queue(context: &Context, id: &str, token: impl Into<Value>) {
    let value = json!({ "title": "Ada", "body": id, "token": token.into() });
    put(context, "notifications", id, value).await;
}

async fn device(context: &Context, token: &str, user: &str) {
    let at = "2026-01-01T10:00:00Z";
    let value = json!({
        "token": token, "platform": "gcm", "user_id": user, "created_at": at, "updated_at": at,
    });
    put(context, "tok_devices", &format!("d-{token}"), value).await;
}

async fn flushed(context: &Context) -> flush::Report {
    let report = flush::run(context, flush::Input::default()).await;
    report.expect("flushes")
}

async fn state(context: &Context, id: &str) -> NotificationState {
    show::run(context, id.into()).await.expect("known").state
}

fn input(to: Target) -> send::Input {
    send::Input {
        id: Some("n".to_owned()),
        to,
        kind: NotificationKind::Message,
        ttl: None,
        title: "Hello".to_owned(),
        body: String::new(),
        image: None,
        data: [].into(),
    }
}

fn ring(token: &str, ttl: u64) -> Value {
    json!({ "to": { "token": token }, "kind": "call", "title": "Bob calls", "ttl": ttl })
}

/// A worker that runs until the end of the test.
fn work(context: &Context) -> tokio::task::JoinHandle<tok::Result<()>> {
    let context = context.clone();
    tokio::spawn(async move { follow::run(&context, Shard { number: 0, of: 1 }).await })
}

#[tokio::test]
async fn one_busy_device_rests_alone() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm, &[]);
    let worker = work(&context);
    queue(&context, "a", "busy-1").await;
    while fcm.calls() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    queue(&context, "b", "good").await;
    fcm.reached(1).await;
    put(&context, "notifications", "ring", ring("other", 30)).await;
    fcm.reached(2).await;
    // Nothing else is asked of the one that rests, but a ring is tried once.
    queue(&context, "c", "busy-1").await;
    put(&context, "notifications", "last", ring("busy-1", 30)).await;
    queue(&context, "d", "good").await;
    fcm.reached(3).await;
    while state(&context, "last").await != NotificationState::Retrying {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(fcm.calls(), 5);
    assert_eq!(state(&context, "c").await, NotificationState::Queued);
    context.stop.cancel();
    worker.await.expect("no panic").expect("ends well");
    fcm.verify();
}

#[tokio::test]
async fn a_ring_is_tried_while_the_project_has_used_up_its_quota() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm, &[]);
    fcm.fault(Fault::ProjectQuota(60));
    let worker = work(&context);
    queue(&context, "a", "t").await;
    while fcm.calls() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    for n in 0..300 {
        queue(&context, &format!("m{n}"), "t").await;
    }
    // Those that wait take nobody's place.
    put(&context, "notifications", "ring", ring("t", 30)).await;
    fcm.reached(1).await;
    assert_eq!(
        (fcm.texts("title"), fcm.calls()),
        (vec!["Bob calls".to_owned()], 2)
    );
    // What would be worth nothing by then is tried as well.
    let short = json!({ "to": { "token": "t" }, "title": "short", "ttl": 20 });
    put(&context, "notifications", "short", short).await;
    fcm.reached(2).await;
    assert_eq!(fcm.calls(), 3);
    context.stop.cancel();
    worker.await.expect("no panic").expect("ends well");
    fcm.verify();
}

#[tokio::test]
async fn many_busy_receivers_at_once_are_the_quota_of_all() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm, &[("TOK_PUSH__STREAMS", "1")]);
    for n in 0..60 {
        queue(&context, &format!("n{n:02}"), format!("busy-{n}")).await;
    }
    let report = flushed(&context).await;
    assert!(report.blocked.is_some(), "{report:?}");
    assert_eq!(fcm.calls(), 20, "then nobody else is asked for");
    // With somebody in between who gets theirs it is about each of them.
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm, &[("TOK_PUSH__STREAMS", "1")]);
    for n in 0..60 {
        queue(&context, &format!("n{n:02}"), format!("busy-{n}")).await;
        if n % 10 == 0 {
            queue(&context, &format!("n{n:02}-good"), "good").await;
        }
    }
    let report = flushed(&context).await;
    assert_eq!(
        (report.delivered, report.retrying, report.blocked),
        (6, 60, None)
    );
}

#[tokio::test]
async fn a_flush_sends_what_can_be_sent_however_many_cannot() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm, &[]);
    for n in 0..150 {
        queue(&context, &format!("a{n:03}"), format!("iphone-{n}")).await;
    }
    for n in 0..10 {
        queue(&context, &format!("z{n}"), "good").await;
    }
    let report = flushed(&context).await;
    assert_eq!(
        (report.delivered, report.retrying, report.blocked),
        (10, 150, None)
    );
    assert_eq!(fcm.calls(), 160, "no credential is renewed for them");
    // What is not due is not tried; what is new is.
    queue(&context, "zz", "good").await;
    let report = flushed(&context).await;
    assert_eq!((report.delivered, report.retrying), (1, 150));
    assert_eq!(fcm.calls(), 161);
    assert_eq!(state(&context, "a000").await, NotificationState::Retrying);
    fcm.verify();
}

/// Too much for one topic delays that topic, in whichever way the queue is sent.
#[tokio::test]
async fn one_busy_topic_delays_nobody_else() {
    for way in ["flush", "once", "work"] {
        let fcm = FakeFcm::start().await;
        let (context, _dir) = over(&fcm, &[("TOK_PUSH__STREAMS", "2")]);
        // More of them than are tried at the same time, and before all others.
        for n in 0..35 {
            let value = json!({ "to": { "topic": "busy-news" }, "title": "x" });
            put(&context, "notifications", &format!("a{n:02}"), value).await;
        }
        for n in 0..6 {
            let to = if n % 2 == 0 {
                json!({ "topic": "sports" })
            } else {
                json!({ "token": "t" })
            };
            let value = json!({ "to": to, "title": "x" });
            put(&context, "notifications", &format!("z{n}"), value).await;
        }
        match way {
            "flush" => assert_eq!(flushed(&context).await.delivered, 6),
            "once" => {
                let all = Shard { number: 0, of: 1 };
                let report = flush::run_for(&context, all).await.expect("flushes");
                assert_eq!((report.delivered, report.blocked), (6, None));
            }
            _ => {
                let worker = work(&context);
                fcm.reached(6).await;
                context.stop.cancel();
                worker.await.expect("no panic").expect("ends well");
            }
        }
        assert!(
            fcm.calls() <= 6 + 4,
            "{way}: it rests after its first tries"
        );
        fcm.verify();
    }
}

/// What failed for a reason that may be everybody's comes after what was not tried.
#[tokio::test]
async fn what_was_not_tried_comes_first() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm, &[("TOK_PUSH__STREAMS", "1")]);
    for n in 0..5 {
        queue(&context, &format!("a{n}"), "t").await;
        fcm.fault(Fault::Status(503, "UNAVAILABLE", None));
    }
    assert_eq!(flushed(&context).await.retrying, 5);
    for n in 0..5 {
        // They are due.
        let id = format!("a{n}");
        let found = context.documents.get("tok_outcomes", &id).await;
        let mut entry: Value = found
            .expect("reads")
            .expect("noted")
            .decode()
            .expect("JSON");
        entry["next_at"] = entry["at"].clone();
        put(&context, "tok_outcomes", &id, entry).await;
    }
    queue(&context, "z", "t").await;
    assert_eq!(flushed(&context).await.delivered, 6);
    let ids: Vec<_> = fcm
        .taken()
        .iter()
        .map(|message| message["data"]["body"].clone())
        .collect();
    assert_eq!(ids[0], "z");
    let status = show::run(&context, "a0".into()).await.expect("known");
    assert_eq!(status.attempts, 2);
}

#[tokio::test]
async fn however_many_wait_what_is_new_is_heard() {
    const COUNT: usize = 22_000;
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm, &[]);
    let at = jiff::Timestamp::now();
    let next = at + jiff::SignedDuration::from_mins(10);
    for start in (0..COUNT).step_by(1000) {
        let waiting = (start..start + 1000).map(|n| {
            let value = json!({ "title": "x", "token": format!("iphone-{n}") });
            Write::put("notifications", &format!("w{n}"), &value).expect("JSON")
        });
        context
            .documents
            .commit(waiting.collect())
            .await
            .expect("commits");
        let mut notes = Vec::new();
        for n in start..start + 1000 {
            let id = format!("w{n}");
            let found = context.documents.get("notifications", &id).await;
            let written = found.expect("reads").expect("there").written;
            let written = jiff::Timestamp::from_millisecond(written).expect("a moment");
            let note = json!({
                "id": id, "state": "retrying", "attempts": 1, "queued_at": written, "at": at,
                "next_at": next, "expires": next,
            });
            notes.push(Write::put("tok_outcomes", &id, &note).expect("JSON"));
        }
        context.documents.commit(notes).await.expect("commits");
    }
    let worker = work(&context);
    put(&context, "notifications", "ring", ring("t", 45)).await;
    fcm.reached(1).await;
    queue(&context, "new", "t").await;
    fcm.reached(2).await;
    assert_eq!(fcm.calls(), 2, "nothing else is due");
    context.stop.cancel();
    worker.await.expect("no panic").expect("ends well");
}

#[tokio::test]
async fn of_all_that_wait_beyond_memory_each_is_tried_when_it_is_due() {
    const COUNT: usize = 100;
    const KEPT: usize = 10;
    let fcm = FakeFcm::start().await;
    let (mut context, _dir) = over(&fcm, &[]);
    context.notify.waiting = KEPT;
    let at = jiff::Timestamp::now();
    let mut notes = Vec::new();
    for n in 0..COUNT {
        let id = format!("w{n:02}");
        queue(&context, &id, format!("t{n}")).await;
        let found = context.documents.get("notifications", &id).await;
        let written = found.expect("reads").expect("there").written;
        let written = jiff::Timestamp::from_millisecond(written).expect("a moment");
        let next = at + jiff::SignedDuration::from_secs(if n < KEPT { 8 } else { 14 });
        let note = json!({
            "id": id, "state": "retrying", "attempts": 1, "queued_at": written, "at": at,
            "next_at": next, "expires": next + jiff::SignedDuration::from_hours(1),
        });
        notes.push(Write::put("tok_outcomes", &id, &note).expect("JSON"));
    }
    // When they are due goes by when their outcomes were written: all at once.
    let committed = context.documents.commit(notes).await;
    committed.expect("commits");
    let worker = work(&context);
    fcm.reached(COUNT).await;
    assert_eq!(fcm.calls(), COUNT, "each once");
    let first = fcm.taken()[0]["data"]["body"].clone();
    assert!(
        first.as_str() < Some("w10"),
        "{first} before those due earlier"
    );
    while context
        .documents
        .count("notifications")
        .await
        .expect("counts")
        > 0
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    context.stop.cancel();
    worker.await.expect("no panic").expect("ends well");
    fcm.verify();
}

#[test]
fn one_cause_makes_one_line() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let fcm = runtime.block_on(FakeFcm::start());
    let variables = fcm.variables();
    let binary = Binary::with(&borrowed(&variables));
    let dir = binary.dir().join(".local/share/tok");
    let store = SqliteDocuments::open(&dir, 0).expect("opens");
    let writes = (0..40).map(|n| {
        let bad = if n % 2 == 0 {
            json!(format!("iphone-{n}"))
        } else {
            json!(7)
        };
        let value = json!({ "title": "x", "token": bad });
        Write::put("notifications", &format!("n{n}"), &value).expect("JSON")
    });
    runtime
        .block_on(store.commit(writes.collect()))
        .expect("commits");
    let run = binary.run(&["work", "--once", "--only", "notify"]);
    assert_eq!(run.code, Some(8), "{run:#?}");
    let told = |part: &str| {
        run.stderr
            .lines()
            .filter(|line| line.contains(part))
            .count()
    };
    assert_eq!(told("devices of one kind"), 1, "{}", run.stderr);
    assert_eq!(told("was parked"), 1, "{}", run.stderr);
}

#[tokio::test]
async fn only_fcms_own_success_counts() {
    for (status, text) in [
        (200, "<html>Sign in to the hotel</html>"),
        (200, "{}"),
        (200, "{\"error\":{\"code\":404,\"status\":\"NOT_FOUND\"}}"),
        (200, ""),
        (204, ""),
        (302, ""),
        (400, "<html>Bad Request</html>"),
        (400, "{\"detail\":\"no\"}"),
        (407, "<html>Proxy</html>"),
        (451, ""),
    ] {
        let fcm = FakeFcm::start().await;
        let (context, _dir) = over(&fcm, &[("TOK_PUSH__STREAMS", "1")]);
        queue(&context, "a", "t").await;
        queue(&context, "b", "t").await;
        fcm.fault(Fault::Stranger(status, text));
        let error = flush::run(&context, flush::Input::default()).await;
        let error = error.expect_err("is not FCM");
        assert_eq!(error.kind(), Kind::Refused, "{status} {text}: {error}");
        assert!(error.message().contains("fcm.base_url"), "{error}");
        assert_eq!(fcm.calls(), 1, "{status} {text}");
        for id in ["a", "b"] {
            assert_eq!(state(&context, id).await, NotificationState::Queued);
        }
        // When it is there again, nothing is lost.
        assert_eq!(flushed(&context).await.delivered, 2);
        fcm.verify();
    }
}

#[test]
fn doctor_fails_where_something_else_answers() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let fcm = runtime.block_on(FakeFcm::start());
    let variables = fcm.variables();
    let binary = Binary::with(&borrowed(&variables));
    fcm.fault(Fault::Stranger(200, "<html>login</html>"));
    let run = binary.run(&["doctor"]);
    assert_ne!(run.code, Some(0));
    let said = run.stdout + &run.stderr;
    assert!(said.contains("is not FCM"), "{said}");
}

#[tokio::test]
async fn a_user_is_reached_on_all_devices_once_each() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm, &[]);
    for token in ["phone", "tablet", "gone-old"] {
        device(&context, token, "ada").await;
    }
    device(&context, "else", "adam").await;
    // With the person as well: the phone is registered already.
    put(
        &context,
        "users",
        "ada",
        json!({ "name": "Ada", "token": ["phone", "watch", ""] }),
    )
    .await;
    send::run(&context, input(Target::User("ada".to_owned())))
        .await
        .expect("queues");
    let report = flushed(&context).await;
    assert_eq!((report.delivered, report.dead), (1, 0), "{report:?}");
    assert_eq!(fcm.tokens(), ["phone", "tablet", "watch"]);
    let gone = context.documents.get("tok_devices", "d-gone-old").await;
    assert!(
        gone.expect("reads").is_none(),
        "a token that is gone is forgotten"
    );
    // Devices alone are enough, and none at all is none.
    device(&context, "only", "bob").await;
    for (id, user) in [("b", "bob"), ("c", "nobody")] {
        let one = send::Input {
            id: Some(id.to_owned()),
            ..input(Target::User(user.to_owned()))
        };
        send::run(&context, one).await.expect("queues");
    }
    let report = flushed(&context).await;
    assert_eq!((report.delivered, report.dead), (1, 1), "{report:?}");
    fcm.verify();
}

#[tokio::test]
async fn who_has_it_is_not_sent_it_again_while_another_device_waits() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm, &[]);
    device(&context, "phone", "ada").await;
    device(&context, "busy-tablet", "ada").await;
    send::run(&context, input(Target::User("ada".to_owned())))
        .await
        .expect("queues");
    assert_eq!(flushed(&context).await.retrying, 1);
    assert_eq!(fcm.tokens(), ["phone"]);
    let found = context.documents.get("tok_outcomes", "n").await;
    let mut entry: Value = found
        .expect("reads")
        .expect("noted")
        .decode()
        .expect("JSON");
    entry["next_at"] = entry["at"].clone();
    put(&context, "tok_outcomes", "n", entry).await;
    // The tablet is well again; its token is another one by then.
    let fresh = json!({
        "token": "tablet", "platform": "gcm", "user_id": "ada",
        "created_at": "2026-01-01T10:00:00Z", "updated_at": "2026-01-01T10:00:00Z",
    });
    put(&context, "tok_devices", "d-busy-tablet", fresh).await;
    assert_eq!(flushed(&context).await.delivered, 1);
    assert_eq!(fcm.tokens(), ["phone", "tablet"]);
    fcm.verify();
}

#[tokio::test]
async fn a_list_of_tokens_and_old_topics_are_understood() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm, &[]);
    queue(&context, "many", json!(["a", "b", "a", null, "gone-c"])).await;
    queue(&context, "topic", "/topics/news").await;
    queue(&context, "odd", json!(["a", 7])).await;
    let report = flushed(&context).await;
    assert_eq!((report.delivered, report.parked), (2, 1), "{report:?}");
    assert_eq!(fcm.tokens(), ["a", "b"]);
    assert!(fcm.taken().iter().any(|message| message["topic"] == "news"));
    let odd = send::run(&context, input(Target::Topic("ne ws!".to_owned()))).await;
    assert_eq!(odd.expect_err("no topic").kind(), Kind::InvalidInput);
    let old = send::run(&context, input(Target::Topic("/topics/a".to_owned()))).await;
    assert_eq!(old.expect("queues").to.as_deref(), Some("topic a"));
    fcm.verify();
}

#[tokio::test]
async fn an_iphone_shows_what_there_is_to_read_and_gets_the_rest_silently() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm, &[]);
    let text =
        json!({ "to": { "token": "text" }, "title": "T", "body": "B", "image": "https://e.org/i" });
    put(&context, "notifications", "n1", text).await;
    put(&context, "notifications", "n2", ring("ring", 30)).await;
    put(
        &context,
        "notifications",
        "n3",
        json!({ "token": "silent", "badge": 3 }),
    )
    .await;
    assert_eq!(flushed(&context).await.delivered, 3);
    let apns = |token: &str| {
        let taken = fcm.taken();
        let found = taken.iter().find(|message| message["token"] == token);
        found.expect("taken")["apns"].clone()
    };
    let text = apns("text");
    assert_eq!(
        text,
        json!({
            "headers": {
                "apns-priority": "10", "apns-push-type": "alert", "apns-collapse-id": "n1",
            },
            "payload": { "aps": {
                "alert": { "title": "T", "body": "B" }, "sound": "default",
                "content-available": 1, "mutable-content": 1,
            } },
            "fcm_options": { "image": "https://e.org/i" },
        })
    );
    let ring = apns("ring");
    assert_eq!(ring["headers"]["apns-priority"], "10");
    assert_eq!(ring["headers"]["apns-push-type"], "alert");
    assert_eq!(
        ring["payload"]["aps"]["alert"],
        json!({ "title": "Bob calls" })
    );
    let end: i64 = ring["headers"]["apns-expiration"]
        .as_str()
        .expect("ends")
        .parse()
        .expect("s");
    let left = end - jiff::Timestamp::now().as_second();
    assert!((20..=31).contains(&left), "{left}");
    assert_eq!(
        apns("silent"),
        json!({
            "headers": {
                "apns-priority": "5", "apns-push-type": "background", "apns-collapse-id": "n3",
            },
            "payload": { "aps": { "content-available": 1 } },
        })
    );
    fcm.verify();
}

#[tokio::test]
async fn what_is_too_large_is_made_to_fit_or_refused_when_it_is_sent() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm, &[]);
    let photo = format!("data:image/png;base64,{}", "A".repeat(5000));
    let value = json!({ "token": "a", "title": "T", "body": "hi", "photoURL": photo });
    put(&context, "notifications", "photo", value).await;
    let value = json!({ "token": "b", "title": "T", "body": "é".repeat(3000) });
    put(&context, "notifications", "text", value).await;
    assert_eq!(flushed(&context).await.delivered, 2);
    for message in fcm.taken() {
        let data = message["data"].as_object().expect("data");
        let size =
            |(name, value): (&String, &Value)| name.len() + value.as_str().map_or(0, str::len);
        assert!(data.iter().map(size).sum::<usize>() <= 4096);
        assert_eq!(data["title"], "T");
        assert!(!data.contains_key("photoURL"));
    }
    let large = send::Input {
        data: [("own".to_owned(), "x".repeat(5000))].into(),
        ..input(Target::User("ada".to_owned()))
    };
    let refused = send::run(&context, large).await.expect_err("too large");
    assert_eq!(refused.kind(), Kind::InvalidInput);
    assert!(refused.message().contains("FCM takes 4096"), "{refused}");
    fcm.verify();
}

/// Whatever stands in a notification, its entry in the ledger fits, and the others are sent.
#[tokio::test]
async fn one_with_endless_names_stops_nobody() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm, &[]);
    let long = "x".repeat(800_000);
    let value = json!({ "to": { "user": long }, "title": "x" });
    put(&context, "notifications", "a", value).await;
    put(
        &context,
        "notifications",
        "b",
        json!({ "to": { long: 1 }, "title": "x" }),
    )
    .await;
    queue(&context, "__id7__", "t").await;
    queue(&context, "z", "t").await;
    let report = flushed(&context).await;
    assert_eq!(
        (report.delivered, report.dead, report.parked),
        (2, 1, 1),
        "{report:?}"
    );
    let status = show::run(&context, "a".into()).await.expect("known");
    assert!(status.to.expect("whom").len() <= 1000);
    let again = flushed(&context).await;
    assert_eq!(again, flush::Report::default());
    fcm.verify();
}
