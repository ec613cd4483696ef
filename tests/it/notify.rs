//! Notifications: what is sent, what becomes of each, and that nothing is lost.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::StreamExt;
use jiff::{SignedDuration, Timestamp};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::Kind;
use tok::backends::documents::{Documents, Event, SqliteDocuments, Write};
use tok::commands::housekeeping;
use tok::commands::lease::{Lease, LeaseName};
use tok::commands::notify::follow::{self, Shard};
use tok::commands::notify::{discard, flush, inbox, list, retry, send, show, take};
use tok::context::Context;
use tok::model::Clock;
use tok::model::notification::{NotificationKind, NotificationState, Target};

use crate::support::binary::Worked;
use crate::support::{
    Binary, Emulator, FakeFcm, FcmFault as Fault, PATIENCE, TestApp, borrowed, context, over, put,
};

async fn queue(context: &Context, id: &str, value: Value) {
    put(context, "notifications", id, value).await;
}

/// As TokApp's client writes them.
fn chat(token: &str, body: &str) -> Value {
    json!({
        "userID": "ada", "title": "Ada", "body": body, "photoURL": null, "token": token,
    })
}

async fn state(context: &Context, id: &str) -> NotificationState {
    show::run(context, id.into()).await.expect("known").state
}

fn inbox_of(user: &str) -> inbox::Input {
    inbox::Input::of(user.parse().expect("an id"))
}

#[tokio::test]
async fn what_the_app_queues_is_sent_as_its_service_worker_expects() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[]);
    let mut document = chat("token-1", "hello");
    document["image"] = json!("https://example.com/i.png");
    document["badge"] = json!(3);
    queue(&context, "n1", document).await;
    queue(&context, "n2", chat("token-2", "Incoming Video Call")).await;
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!(report.delivered, 2, "{report:?}");
    assert!(report.verdict().is_none());
    let mut taken = fcm.taken();
    taken.sort_by_key(|message| message["token"].to_string());
    assert_eq!(
        taken[0]["data"],
        json!({
            "id": "n1", "userID": "ada", "title": "Ada", "body": "hello", "badge": "3",
            "image": "https://example.com/i.png",
        })
    );
    assert_eq!(taken[0].get("notification"), None, "data only");
    assert_eq!(taken[0]["android"].get("ttl"), None);
    let ttl = taken[1]["android"]["ttl"].as_str().expect("a call ends");
    assert!(["44s", "45s"].contains(&ttl), "{ttl}");
    assert_eq!(taken[1]["apns"]["headers"]["apns-collapse-id"], "n2");
    let left = context.documents.count("notifications").await;
    assert_eq!(left.expect("counts"), 0);
    let status = show::run(&context, "n1".into()).await.expect("known");
    assert_eq!(status.state, NotificationState::Delivered);
    assert_eq!(status.to.as_deref(), Some("token …oken-1"));
    fcm.verify();
}

#[tokio::test]
async fn every_answer_has_its_outcome() {
    use NotificationState::{Dead, Parked, Retrying};
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[]);
    let cases = [
        ("gone-1", None, Dead),
        ("malformed-1", None, Dead),
        ("stranger-1", None, Retrying),
        (
            "t",
            Some(Fault::Status(400, "INVALID_ARGUMENT", None)),
            Parked,
        ),
        ("t", Some(Fault::Status(503, "UNAVAILABLE", None)), Retrying),
        ("t", Some(Fault::Status(500, "INTERNAL", None)), Retrying),
        (
            "t",
            Some(Fault::Status(401, "THIRD_PARTY_AUTH_ERROR", None)),
            Retrying,
        ),
        ("t", Some(Fault::LoseAnswer), Retrying),
        ("t", Some(Fault::Hang), Retrying),
    ];
    for (number, (token, fault, expected)) in cases.into_iter().enumerate() {
        let id = format!("n{number}");
        put(
            &context,
            "users",
            "ada",
            json!({ "name": "Ada", "token": token }),
        )
        .await;
        put(&context, "tok_devices", "phone", json!({ "token": token })).await;
        queue(&context, &id, chat(token, "hello")).await;
        let fault_told = format!("{fault:?}");
        if let Some(fault) = fault {
            fcm.fault(fault);
        }
        let report = flush::run(&context, flush::Input::default())
            .await
            .expect("flushes");
        assert_eq!(
            state(&context, &id).await,
            expected,
            "{token} {fault_told} {report:?}"
        );
        let user = context.documents.get("users", "ada").await.expect("reads");
        let user: Value = user.expect("there").decode().expect("JSON");
        let device = context.documents.get("tok_devices", "phone").await;
        if expected == Dead {
            assert_eq!(user, json!({ "name": "Ada", "token": null }));
            assert!(device.expect("reads").is_none());
        } else {
            assert_eq!(user["token"], token);
            assert!(device.expect("reads").is_some());
        }
        if expected == Retrying {
            discard::run(&context, id.into()).await.expect("discards");
        }
    }
    fcm.verify();
}

#[tokio::test]
async fn a_token_that_was_replaced_meanwhile_is_kept() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[]);
    put(&context, "users", "ada", json!({ "token": "fresh" })).await;
    queue(&context, "n", chat("gone-1", "hello")).await;
    flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    let user = context.documents.get("users", "ada").await.expect("reads");
    let user: Value = user.expect("there").decode().expect("JSON");
    assert_eq!(user["token"], "fresh");
}

#[tokio::test]
async fn the_quota_holds_everybody_back() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[("TOK_PUSH__STREAMS", "1")]);
    for n in 0..5 {
        queue(&context, &format!("n{n}"), chat("t", "hello")).await;
    }
    fcm.fault(Fault::ProjectQuota(90));
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!((report.delivered, report.retrying), (0, 1), "{report:?}");
    assert!(
        report.blocked.is_some(),
        "the run ends, the rest stays: {report:?}"
    );
    assert_eq!(fcm.calls(), 1);
    let status = show::run(&context, "n0".into()).await.expect("known");
    let rest = status
        .next_at
        .expect("later")
        .duration_since(status.at.expect("noted"));
    assert_eq!(rest.as_secs(), 90, "Retry-After is obeyed");
    fcm.verify();
}

#[tokio::test]
async fn a_refused_credential_stops_everything_and_parks_nothing() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[("TOK_PUSH__STREAMS", "1")]);
    queue(&context, "n1", chat("t", "hello")).await;
    fcm.fault(Fault::Forbidden);
    let error = flush::run(&context, flush::Input::default())
        .await
        .expect_err("refused");
    assert_eq!(error.kind(), Kind::Refused);
    assert!(
        error.message().contains("google.credentials_file"),
        "{error}"
    );
    assert_eq!(state(&context, "n1").await, NotificationState::Queued);
    fcm.verify();
}

#[tokio::test]
async fn when_all_tokens_are_strangers_the_project_is_wrong() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[("TOK_PUSH__STREAMS", "1")]);
    for n in 0..20 {
        queue(
            &context,
            &format!("n{n:02}"),
            chat(&format!("stranger-{n}"), "x"),
        )
        .await;
    }
    put(&context, "users", "ada", json!({ "token": "stranger-1" })).await;
    let refused = flush::run(&context, flush::Input::default())
        .await
        .expect_err("stops");
    assert_eq!(refused.kind(), Kind::Refused);
    assert!(refused.message().contains("fcm.project_id"), "{refused}");
    assert_eq!(fcm.calls(), 20, "each is asked for once");
    let left = context.documents.count("notifications").await;
    assert_eq!(left.expect("counts"), 20, "all of them wait");
    let ada = context.documents.get("users", "ada").await.expect("reads");
    assert!(
        ada.expect("there").json.contains("stranger-1"),
        "it is kept"
    );
}

/// After a restart nothing is known of the project yet, and old tokens may well come first.
#[tokio::test]
async fn strangers_at_the_head_of_the_queue_do_not_keep_the_others_from_being_sent() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[("TOK_PUSH__STREAMS", "1")]);
    for n in 0..8 {
        let token = format!("stranger-{n}");
        queue(&context, &format!("n{n}"), chat(&token, "x")).await;
    }
    queue(&context, "n8", chat("good", "x")).await;
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("goes through");
    assert_eq!((report.delivered, report.retrying), (1, 8), "{report:?}");
    assert_eq!(report.blocked, None);
    fcm.verify();
}

/// One token of another project among good ones: it is kept aside with the reason, the token is
/// kept, and the others get theirs.
#[tokio::test]
async fn one_stranger_stops_nobody_and_is_not_forgotten() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[("TOK_PUSH__STREAMS", "1")]);
    put(&context, "users", "eve", json!({ "token": "stranger-e" })).await;
    put(&context, "users", "ada", json!({ "token": "good" })).await;
    for n in 0..8 {
        let token = if n % 2 == 0 { "good" } else { "stranger-e" };
        queue(&context, &format!("n{n}"), chat(token, "x")).await;
    }
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("goes through");
    assert_eq!((report.delivered, report.parked), (4, 4), "{report:?}");
    let status = show::run(&context, "n1".into()).await.expect("known");
    assert_eq!(status.state, NotificationState::Parked);
    let reason = status.reason.expect("a reason");
    assert!(reason.contains("another project"), "{reason}");
    let eve = context.documents.get("users", "eve").await.expect("reads");
    assert!(
        eve.expect("there").json.contains("stranger-e"),
        "it is kept"
    );
    fcm.verify();
}

#[tokio::test]
async fn a_call_that_nobody_waits_for_any_more_expires() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[("TOK_PUSH__CALL_TTL", "1ms")]);
    queue(&context, "n1", chat("t", "Incoming Audio Call")).await;
    queue(&context, "n2", chat("t", "hello")).await;
    let written = context
        .documents
        .get("notifications", "n1")
        .await
        .expect("reads");
    let written = written.expect("there").written;
    while context
        .documents
        .now()
        .await
        .expect("the time")
        .as_millisecond()
        < written + 2
    {}
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!((report.expired, report.delivered), (1, 1), "{report:?}");
    assert_eq!(state(&context, "n1").await, NotificationState::Expired);
    assert_eq!(fcm.texts("body"), ["hello"]);
}

#[tokio::test]
async fn poison_is_parked_with_its_reason_and_blocks_nobody() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[]);
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let poison = [
        ("a-no-token", json!({ "title": "x" }), "`token` is missing"),
        ("b-number", json!({ "token": 7 }), "`token` is not a text"),
        (
            "c-large",
            json!({ "token": "t", "story": "x".repeat(900_000) }),
            "FCM takes 4096",
        ),
        (
            "d-deep",
            json!({ "token": "t", "x": deep, "y": "z".repeat(5000) }),
            "FCM takes 4096",
        ),
        (
            "e-reserved",
            json!({ "token": "t", "from": "me" }),
            "`from`",
        ),
        (
            "f-shape",
            json!({ "to": { "moon": "x" }, "title": "x" }),
            "the document is wrong",
        ),
        ("g-empty", json!({}), "`token` is missing"),
    ];
    for (id, document, _) in &poison {
        queue(&context, id, document.clone()).await;
    }
    queue(&context, "z-good", chat("t", "hello")).await;
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!((report.parked, report.delivered), (7, 1), "{report:?}");
    assert_eq!(
        report.verdict().map(|error| error.kind()),
        Some(Kind::Partial)
    );
    let parked = list::Input {
        parked: true,
        ..list::Input::default()
    };
    let rows = list::run(&context, parked).await.expect("lists").items;
    for ((id, _, part), row) in poison.iter().zip(&rows) {
        assert_eq!(row.id, *id);
        let reason = row.reason.as_deref().expect("a reason");
        assert!(reason.contains(part), "{id}: {reason}");
    }
    // Nothing is tried again by itself.
    let again = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!(again, flush::Report::default());
    // Put back as it was, it is parked again; thrown away, it is gone but remembered.
    retry::run(&context, "a-no-token".into())
        .await
        .expect("back");
    assert_eq!(
        state(&context, "a-no-token").await,
        NotificationState::Queued
    );
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!(report.parked, 1);
    discard::run(&context, "a-no-token".into())
        .await
        .expect("away");
    assert_eq!(
        state(&context, "a-no-token").await,
        NotificationState::Discarded
    );
    fcm.verify();
}

#[tokio::test]
async fn what_is_sent_by_us_reaches_a_user_a_device_or_a_topic() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[]);
    put(&context, "users", "ada", json!({ "token": "of-ada" })).await;
    put(
        &context,
        "tok_devices",
        "phone",
        json!({ "token": "of-phone" }),
    )
    .await;
    let input = |to: Target| send::Input {
        id: None,
        to,
        kind: NotificationKind::Message,
        ttl: Some(60),
        title: "Hello".to_owned(),
        body: String::new(),
        image: None,
        data: [("room".to_owned(), "standup".to_owned())].into(),
    };
    for to in [
        Target::User("ada".to_owned()),
        Target::Device("phone".to_owned()),
        Target::Topic("news".to_owned()),
        Target::Token("direct".to_owned()),
        Target::User("nobody".to_owned()),
    ] {
        send::run(&context, input(to)).await.expect("queues");
    }
    let validated = send::validate(&context, input(Target::Topic("news".to_owned()))).await;
    assert!(validated.expect("valid").valid);
    assert_eq!(fcm.checked(), 1);
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!((report.delivered, report.dead), (4, 1), "{report:?}");
    let mut tokens: Vec<_> = fcm
        .taken()
        .iter()
        .filter_map(|message| message["token"].as_str().map(str::to_owned))
        .collect();
    tokens.sort();
    assert_eq!(tokens, ["direct", "of-ada", "of-phone"]);
    assert_eq!(fcm.taken()[0]["data"]["room"], "standup");
    // The same id is the same notification, delivered or not.
    let twice = send::Input {
        id: Some("mine".to_owned()),
        ..input(Target::Topic("news".to_owned()))
    };
    send::run(&context, twice.clone()).await.expect("queues");
    flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    let known = send::run(&context, twice).await.expect("known");
    assert_eq!(known.state, NotificationState::Delivered);
    fcm.verify();
}

#[tokio::test]
async fn without_an_account_notifications_wait_in_the_app() {
    let (context, _dir) = context(&[]);
    let input = send::Input {
        id: Some("n1".to_owned()),
        to: Target::User("ada".to_owned()),
        kind: NotificationKind::Call,
        ttl: None,
        title: "Bob is calling".to_owned(),
        body: String::new(),
        image: None,
        data: [].into(),
    };
    send::run(&context, input).await.expect("queues");
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!(report.delivered, 1);
    let waiting = inbox::run(&context, inbox_of("ada"))
        .await
        .expect("lists")
        .items;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].data["title"], "Bob is calling");
    assert!(
        inbox::run(&context, inbox_of("ad"))
            .await
            .expect("lists")
            .items
            .is_empty(),
        "no prefix of a name"
    );
    let other = send::Input {
        id: Some("n2".to_owned()),
        to: Target::User("ada:bob".to_owned()),
        kind: NotificationKind::Message,
        ttl: None,
        title: "For Bob".to_owned(),
        body: String::new(),
        image: None,
        data: [].into(),
    };
    send::run(&context, other).await.expect("queues");
    flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    let waiting = inbox::run(&context, inbox_of("ada"))
        .await
        .expect("lists")
        .items;
    assert_eq!(waiting.len(), 1, "nobody reads what is for ada:bob");
    let one = take::Input {
        user: "ada".parse().expect("an id"),
        id: "n1".to_owned(),
    };
    take::run(&context, one.clone()).await.expect("takes");
    let gone = take::run(&context, one).await.expect_err("taken");
    assert_eq!(gone.kind(), Kind::NotFound);
}

#[tokio::test]
async fn the_queue_of_firestore_is_sent() {
    let emulator = Emulator::start().await;
    let fcm = FakeFcm::start().await;
    let firestore = emulator.variables();
    let (context, _dir) = over(&fcm.variables(), &borrowed(&firestore));
    for n in 0..300 {
        queue(&context, &format!("n{n}"), chat("t", &n.to_string())).await;
    }
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!(report.delivered, 300, "{report:?}");
    assert_eq!(
        context
            .documents
            .count("notifications")
            .await
            .expect("counts"),
        0
    );
    fcm.verify();
}

/// A flush beside a worker would send everything twice.
#[tokio::test]
async fn a_flush_leaves_the_queue_to_a_worker() {
    let (context, _dir) = context(&[]);
    let name = LeaseName::of_loop("notify:1-of-2");
    let lease = Lease::take(&context, &name).await.expect("is free");
    let refused = flush::run(&context, flush::Input::default())
        .await
        .expect_err("locked");
    assert_eq!(refused.kind(), Kind::Locked);
    assert!(refused.message().contains("notify:1-of-2"), "{refused}");
    lease.release().await;
    flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    let flushing = Lease::take(&context, &LeaseName::flush())
        .await
        .expect("is free");
    let shard = Shard { number: 0, of: 1 };
    let refused = follow::run(&context, shard).await.expect_err("waits");
    assert_eq!(refused.kind(), Kind::Locked);
    flushing.release().await;
}

/// The command line opens everything that is configured.
#[test]
fn the_command_line_works_over_firestore() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (emulator, fcm) =
        runtime.block_on(async { (Emulator::start().await, FakeFcm::start().await) });
    let mut variables = fcm.variables();
    variables.extend(emulator.variables());
    let binary = Binary::with(&borrowed(&variables));
    binary.run(&["config", "check"]).ok();
    binary
        .run(&["user", "create", "--id", "ada", "--name", "Ada"])
        .ok();
    assert_eq!(
        binary.run(&["user", "list", "-o", "name"]).ok().stdout,
        "ada\n"
    );
    binary
        .run(&["notify", "send", "--topic", "news", "--title", "x"])
        .ok();
    let report = binary.run(&["notify", "flush", "--json"]).ok().json();
    assert_eq!(report["delivered"], 1);
    binary.run(&["search", "reindex", "users"]).ok();
    assert_eq!(
        binary
            .run(&["search", "query", "users", "ada", "-o", "name"])
            .ok()
            .stdout,
        "ada\n"
    );
    binary.run(&["presence", "audit"]).ok();
    binary.run(&["status"]).ok();
    binary.run(&["doctor"]).ok();
}

/// Both doors say the same.
#[tokio::test(flavor = "multi_thread")]
async fn the_doors_agree() {
    let app = TestApp::start().await;
    let body = json!({ "id": "n1", "to": { "user": "ada" }, "title": "Hello" });
    let (status, sent) = app.post("/v1/notifications", body).await;
    assert_eq!(status, 202, "{sent}");
    let (_, shown) = app.get("/v1/notifications/n1").await;
    assert_eq!(shown["state"], "queued");
    let binary = Binary::new();
    let dir = app.dir.path().to_str().expect("text").to_owned();
    let tok = |arguments: &[&str]| {
        let mut all = vec!["--data-dir", &dir, "--json"];
        all.extend_from_slice(arguments);
        binary.run(&all)
    };
    assert_eq!(tok(&["notify", "show", "n1"]).ok().json(), shown);
    let (_, page) = app.get("/v1/notifications").await;
    assert_eq!(tok(&["notify", "list"]).ok().json(), page["items"]);
    let report = tok(&["notify", "flush"]).ok().json();
    assert_eq!(report["delivered"], 1);
    let (_, inbox) = app.get("/v1/users/ada/notifications").await;
    assert_eq!(
        tok(&["notify", "inbox", "ada"]).ok().json(),
        inbox["items"],
        "{inbox}"
    );
    let (status, problem) = app.get("/v1/notifications/nobody").await;
    assert_eq!(
        (status.as_u16(), &problem["code"]),
        (404, &json!("not_found"))
    );
    assert_eq!(tok(&["notify", "show", "nobody"]).code, Some(3));
}

fn fill(dir: &std::path::Path, count: usize) {
    let documents = SqliteDocuments::open(dir, 0).expect("opens");
    let write = |n: usize| {
        Write::put(
            "notifications",
            &format!("n{n:05}"),
            &chat("t", &format!("{n:05}")),
        )
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for start in (0..count).step_by(1000) {
        let writes = (start..count.min(start + 1000)).map(write);
        let writes = writes.collect::<Result<Vec<_>, _>>().expect("JSON");
        runtime.block_on(documents.commit(writes)).expect("commits");
    }
}

/// Waits until the queue is empty.
async fn emptied(dir: &std::path::Path) {
    let documents = SqliteDocuments::open(dir, 0).expect("opens");
    let mut events = documents.watch("notifications", None);
    let mut left = BTreeSet::new();
    let mut current = false;
    let emptied = async {
        while !current || !left.is_empty() {
            match events.next().await.expect("no end").expect("no error") {
                Event::Put(document) => drop(left.insert(document.id)),
                Event::Removed(id) => drop(left.remove(&id)),
                Event::Current(_) => current = true,
                Event::Reset => {}
            }
        }
    };
    tokio::time::timeout(PATIENCE * 3, emptied)
        .await
        .expect("the queue empties");
}

/// Killed while it sends: after the restart everything arrived, twice only what was in flight.
#[test]
fn a_killed_worker_loses_nothing() {
    const COUNT: usize = 4_000;
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let fcm = runtime.block_on(FakeFcm::start());
    let variables = fcm.variables();
    let mut variables = borrowed(&variables);
    variables.push(("TOK_PUSH__STREAMS", "20"));
    // Long enough to be renewed on a busy machine: who loses it sends what was in flight again.
    variables.push(("TOK_WORKER__LEASE", "2s"));
    let binary = Binary::with(&variables);
    let dir = binary.dir().join(".local/share/tok");
    fill(&dir, COUNT);
    let mut kills = 0;
    for part in [COUNT / 5, COUNT / 2] {
        let worker = binary.work(&["--only", "notify"]);
        runtime.block_on(fcm.reached(part));
        worker.signal(Signal::SIGKILL);
        drop(worker);
        kills += 1;
    }
    let worker: Worked = binary.work(&["--only", "notify"]);
    runtime.block_on(emptied(&dir));
    worker.signal(Signal::SIGTERM);
    let (code, log) = worker.finish();
    assert_eq!(code, Some(0), "{log}");
    let texts = fcm.texts("body");
    let distinct: BTreeSet<_> = texts.iter().collect();
    assert_eq!(distinct.len(), COUNT, "nothing is lost");
    let twice = texts.len() - COUNT;
    assert!(twice <= kills * 20, "{twice} were sent twice");
    fcm.verify();
}

/// Of two workers one sends; when it dies the other takes over within the lease.
#[test]
fn a_second_worker_takes_over() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let fcm = runtime.block_on(FakeFcm::start());
    let variables = fcm.variables();
    let mut variables = borrowed(&variables);
    variables.push(("TOK_WORKER__LEASE", "500ms"));
    let binary = Binary::with(&variables);
    let dir = binary.dir().join(".local/share/tok");
    fill(&dir, 100);
    let first = binary.work(&["--only", "notify"]);
    let _second = binary.work(&["--only", "notify"]);
    runtime.block_on(fcm.reached(100));
    // What is in flight when a worker dies may be sent twice.
    runtime.block_on(emptied(&dir));
    first.signal(Signal::SIGKILL);
    let documents = SqliteDocuments::open(&dir, 0).expect("opens");
    let write = Write::put("notifications", "late", &chat("t", "late")).expect("JSON");
    runtime
        .block_on(documents.commit(vec![write]))
        .expect("commits");
    runtime.block_on(fcm.reached(101));
    assert_eq!(fcm.taken().len(), 101, "nothing was sent twice");
    fcm.verify();
}

/// A machine whose clock is wrong.
struct Wrong(SignedDuration);

impl Clock for Wrong {
    fn now(&self) -> Timestamp {
        Timestamp::now() + self.0
    }
}

#[tokio::test]
async fn a_wrong_clock_expires_nothing_and_keeps_nothing_alive() {
    for hours in [-1, 1] {
        let fcm = FakeFcm::start().await;
        let (mut context, _dir) = over(&fcm.variables(), &[]);
        context.clock = Arc::new(Wrong(SignedDuration::from_hours(hours)));
        queue(&context, "n1", chat("t", "Incoming Video Call")).await;
        let report = flush::run(&context, flush::Input::default())
            .await
            .expect("flushes");
        assert_eq!((report.delivered, report.expired), (1, 0), "{hours} h off");
        let ttl = fcm.taken()[0]["android"]["ttl"].clone();
        assert!([json!("44s"), json!("45s")].contains(&ttl), "{ttl}");
    }
}

/// A full store takes no new documents, but what is in the queue is sent and leaves.
#[tokio::test]
async fn a_full_store_is_emptied_by_sending() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[("TOK_DOCUMENTS__MAX_SIZE", "1MiB")]);
    for n in 0..20 {
        queue(&context, &format!("n{n}"), chat("t", "hello")).await;
    }
    let mut full = 0;
    while full == 0 {
        let value = json!({ "name": "x".repeat(50_000) });
        let id = uuid::Uuid::new_v4().to_string();
        let write = Write::put("users", &id, &value).expect("JSON");
        if let Err(error) = context.documents.commit(vec![write]).await {
            assert!(error.kind().is_temporary(), "{error}");
            full += 1;
        }
    }
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!(report.delivered, 20, "{report:?}");
    let left = context.documents.count("notifications").await;
    assert_eq!(left.expect("counts"), 0);
    assert_eq!(state(&context, "n7").await, NotificationState::Delivered);
    fcm.verify();
}

/// What is over is swept out of the inbox and the ledger; what is not stays.
#[tokio::test]
async fn what_is_over_is_swept() {
    let (mut context, _dir) = context(&[]);
    for (id, kind) in [
        ("call", NotificationKind::Call),
        ("message", NotificationKind::Message),
    ] {
        let input = send::Input {
            id: Some(id.to_owned()),
            to: Target::User("ada".to_owned()),
            kind,
            ttl: None,
            title: "x".to_owned(),
            body: String::new(),
            image: None,
            data: [].into(),
        };
        send::run(&context, input).await.expect("queues");
    }
    flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    let none = housekeeping::run(&context).await;
    assert_eq!(none, housekeeping::Report::default());
    context.clock = Arc::new(Wrong(SignedDuration::from_hours(1)));
    let report = housekeeping::run(&context).await;
    assert_eq!(removed(&report, "tok_inbox"), 1, "{report:?}");
    let left = inbox::run(&context, inbox_of("ada"))
        .await
        .expect("lists")
        .items;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].id, "message");
    assert_eq!(report.removed, 1, "{report:?}");
    // What nobody takes waits as long as everything is kept.
    context.clock = Arc::new(Wrong(SignedDuration::from_hours(24 * 8)));
    let report = housekeeping::run(&context).await;
    assert_eq!(removed(&report, "tok_outcomes"), 2, "{report:?}");
    assert_eq!(removed(&report, "tok_inbox"), 1, "{report:?}");
}

fn removed(report: &housekeeping::Report, collection: &str) -> u64 {
    let of = report
        .collections
        .iter()
        .find(|of| of.collection == collection);
    of.map_or(0, |of| of.removed)
}

/// Writes documents as apps do, with values that our own types do not hold.
async fn put_odd_documents(url: &str) {
    use googleapis_tonic_google_firestore_v1::google::firestore::v1 as pb;
    use pb::value::ValueType;
    let channel = tonic::transport::Endpoint::from_shared(url.to_owned());
    let channel = channel.expect("a URL").connect().await.expect("connects");
    let mut api = pb::firestore_client::FirestoreClient::new(channel);
    let value = |value_type| pb::Value {
        value_type: Some(value_type),
    };
    let moment = |seconds, nanos| {
        value(ValueType::TimestampValue(prost_types::Timestamp {
            seconds,
            nanos,
        }))
    };
    let text = |text: &str| value(ValueType::StringValue(text.to_owned()));
    let odd = |id: &str, collection: &str| {
        let fields = [
            ("token", text("t")),
            ("title", text("never ends")),
            ("name", value(ValueType::IntegerValue(7))),
            ("until", moment(253_402_300_799, 999_999_999)),
            ("last_changed", moment(253_402_250_000, 0)),
            ("born", moment(-62_135_596_800, 0)),
            ("nan", value(ValueType::DoubleValue(f64::NAN))),
            ("far", value(ValueType::DoubleValue(f64::INFINITY))),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value));
        pb::Write {
            operation: Some(pb::write::Operation::Update(pb::Document {
                name: format!("projects/demo-tok/databases/(default)/documents/{collection}/{id}"),
                fields: fields.into(),
                ..pb::Document::default()
            })),
            ..pb::Write::default()
        }
    };
    let writes = vec![
        odd("evil", "notifications"),
        odd("evil", "users"),
        odd("evil", "rooms"),
        odd("evil", "tok_outcomes"),
        odd("worse", "tok_parked/notify/items"),
    ];
    api.commit(pb::CommitRequest {
        database: "projects/demo-tok/databases/(default)".to_owned(),
        writes,
        ..pb::CommitRequest::default()
    })
    .await
    .expect("commits");
}

/// Whatever an app may store, it is no reason to stop: everything else is sent, listed, searched
/// and swept, and what is odd can be thrown away.
#[test]
fn no_stored_value_stops_anything() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (emulator, fcm) =
        runtime.block_on(async { (Emulator::start().await, FakeFcm::start().await) });
    let url = format!("http://{}", emulator.address);
    let mut variables = fcm.variables();
    variables.extend(emulator.variables());
    let binary = Binary::with(&borrowed(&variables));
    runtime.block_on(put_odd_documents(&url));
    binary
        .run(&["user", "create", "--id", "ada", "--name", "Ada"])
        .ok();
    for arguments in [
        &["user", "list"][..],
        &["user", "show", "evil"],
        &["notify", "list"],
        &["notify", "list", "--parked"],
        &["notify", "show", "evil"],
        &["notify", "show", "worse"],
        &["search", "reindex"],
        &["search", "verify"],
        &["presence", "sync"],
        &["presence", "audit"],
        &["status"],
        &["doctor"],
    ] {
        binary.run(arguments).ok();
    }
    let discard = ["notify", "discard", "evil", "worse", "--yes"];
    binary.run(&discard).ok();
    binary.run(&["notify", "list", "--parked"]).ok();
    binary
        .run(&["notify", "send", "--topic", "news", "--title", "x"])
        .ok();
    runtime.block_on(put_odd_documents(&url));
    binary.run(&["work", "--once"]).ok();
    let left = binary.run(&["notify", "list", "--json"]).ok().json();
    assert_eq!(left, json!([]), "both were sent");
    binary.run(&["user", "delete", "evil", "--yes"]).ok();
}
