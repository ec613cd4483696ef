//! What becomes of each notification that is sent.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tok::Kind;
use tok::backends::documents::Write;
use tok::commands::housekeeping;
use tok::commands::notify::{discard, flush, inbox, list, retry, send, show};
use tok::model::Clock;
use tok::model::notification::{NotificationKind, NotificationState, Target};

use super::{chat, inbox_of, queue, state};
use crate::support::{FakeFcm, FcmFault as Fault, context, over, put};

/// For how many seconds a call may be said to be worth it that came into the queue since then.
fn worth(since: Instant) -> RangeInclusive<u64> {
    44_u64.saturating_sub(since.elapsed().as_secs())..=45
}

/// How many seconds are meant.
fn seconds(ttl: &Value) -> u64 {
    let text = ttl.as_str().and_then(|text| text.strip_suffix('s'));
    text.expect("seconds").parse().expect("a number")
}

#[tokio::test]
async fn what_the_app_queues_is_sent_as_its_service_worker_expects() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[]);
    let mut document = chat("token-1", "hello");
    document["image"] = json!("https://example.com/i.png");
    document["badge"] = json!(3);
    queue(&context, "n1", document).await;
    let since = Instant::now();
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
    let ttl = seconds(&taken[1]["android"]["ttl"]);
    assert!(worth(since).contains(&ttl), "{ttl}");
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
    let (context, _dir) = over(&fcm.variables(), &[("TOK_FCM__TIMEOUT", "8s")]);
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
        let since = Instant::now();
        queue(&context, "n1", chat("t", "Incoming Video Call")).await;
        let report = flush::run(&context, flush::Input::default())
            .await
            .expect("flushes");
        assert_eq!((report.delivered, report.expired), (1, 0), "{hours} h off");
        let ttl = seconds(&fcm.taken()[0]["android"]["ttl"]);
        assert!(worth(since).contains(&ttl), "{ttl}");
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
