//! What somebody else writes between a look at a document and the answer to it is not lost.

use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use tok::Kind;
use tok::backends::documents::{Event, Write};
use tok::commands::idempotency::{self, Answer, Claim, ClaimedRequest, RequestEnding};
use tok::commands::presence::{announce, follow};
use tok::commands::{housekeeping, notify};
use tok::context::Context;
use tok::model::presence::PresenceState;

use crate::support::meddled::{Meddling, meddle};
use crate::support::rtdb::FakeDatabase;
use crate::support::{FakeFcm, borrowed, context};

fn put(collection: &str, id: &str, content: Value) -> Write {
    Write::put(collection, id, &content).expect("JSON")
}

async fn commit(context: &Context, writes: Vec<Write>) {
    context.documents.commit(writes).await.expect("commits");
}

async fn stored(context: &Context, collection: &str, id: &str) -> Option<Value> {
    let found = context.documents.get(collection, id).await.expect("reads");
    found.map(|document| document.decode().expect("JSON"))
}

async fn count(context: &Context, collection: &str) -> u64 {
    context.documents.count(collection).await.expect("counts")
}

fn ago(hours: i64) -> String {
    (Timestamp::now() - SignedDuration::from_hours(hours)).to_string()
}

fn notification(body: &str) -> Write {
    let content = json!({ "userID": "ada", "title": "Ada", "body": body, "token": "t" });
    put("notifications", "n", content)
}

/// What the phone heard of a notification that was meddled with while it was sent.
async fn heard(meddling: Vec<Meddling>) -> Vec<String> {
    let fcm = FakeFcm::start().await;
    let variables = fcm.variables();
    let (context, _dir) = context(&borrowed(&variables));
    commit(&context, vec![notification("hello")]).await;
    let meddled = meddle(&context, "notifications", meddling);
    let flushed = notify::flush::run(&meddled, notify::flush::Input::default());
    flushed.await.expect("flushes");
    assert_eq!(count(&context, "notifications").await, 0);
    let status = notify::show::run(&context, "n".into()).await;
    assert_eq!(status.expect("known").attempts, 1);
    fcm.texts("body")
}

#[tokio::test]
async fn a_notification_that_changes_while_it_is_sent_is_sent_as_it_is_now() {
    let newer = Meddling::Faster(vec![notification("hello again")]);
    assert_eq!(heard(vec![newer]).await, ["hello", "hello again"]);
    let the_same = Meddling::Faster(vec![notification("hello")]);
    assert_eq!(heard(vec![the_same]).await, ["hello"]);
}

#[tokio::test]
async fn nobody_hears_twice_because_the_store_was_busy() {
    let busy = vec![Meddling::Busy, Meddling::Busy];
    assert_eq!(heard(busy).await, ["hello"]);
}

#[tokio::test]
async fn presence_that_is_noted_meanwhile_is_overwritten_only_by_what_is_newer() {
    let database = FakeDatabase::start().await;
    let variables = database.variables();
    let (context, _dir) = context(&borrowed(&variables));
    let known = |state: &str, at: &str| json!({ "state": state, "last_changed": at });
    let online = json!({ "state": "online", "last_changed": 1_700_000_000_000_i64 });
    database.put("/status/ada", online);
    let compare = async |context: &Context| {
        let compared = follow::run_once(context, follow::Trust::Full).await;
        compared.expect("compares").written
    };
    // It says so since later than the source does.
    let newer = known("offline", "2024-01-01T00:00:00Z");
    commit(&context, vec![put("users", "ada", newer.clone())]).await;
    assert_eq!(compare(&context).await, 0);
    assert_eq!(stored(&context, "users", "ada").await, Some(newer.clone()));
    // It says so by the time that it is written.
    let older = known("offline", "2023-01-01T00:00:00Z");
    commit(&context, vec![put("users", "ada", older.clone())]).await;
    let meddling = Meddling::Faster(vec![put("users", "ada", newer.clone())]);
    assert_eq!(compare(&meddle(&context, "users", [meddling])).await, 0);
    assert_eq!(stored(&context, "users", "ada").await, Some(newer));
    commit(&context, vec![put("users", "ada", older)]).await;
    assert_eq!(compare(&context).await, 1);
}

/// Whoever is there is so by their connections, whatever a clock that was ahead wrote.
#[tokio::test]
async fn the_time_of_a_presence_never_goes_back() {
    let (context, _dir) = context(&[]);
    let ahead = Timestamp::now() + SignedDuration::from_hours(1);
    let content = json!({ "state": "offline", "last_changed": ahead.to_string() });
    commit(&context, vec![put("users", "ada", content)]).await;
    let input = announce::Input {
        user: "ada".parse().expect("an id"),
        connection: "phone".to_owned(),
        says: announce::Announcement {
            state: PresenceState::Online,
            ttl: None,
        },
        said_by: "test".to_owned(),
    };
    announce::run(&context, input).await.expect("notes");
    let compared = follow::run_once(&context, follow::Trust::Full).await;
    assert_eq!(compared.expect("compares").written, 1);
    let ada = stored(&context, "users", "ada").await.expect("a user");
    assert_eq!(ada["state"], "online");
    let at: Timestamp = ada["last_changed"]
        .as_str()
        .expect("text")
        .parse()
        .expect("a time");
    assert!(at > ahead, "{at}");
}

#[tokio::test]
async fn what_is_old_goes_when_its_time_is_over_and_not_before() {
    let (context, _dir) = context(&[
        ("TOK_CALLS__KEEP", "2d"),
        ("TOK_SESSIONS__KEEP", "4d"),
        ("TOK_SIGNALLING__MESSAGES_KEEP", "5d"),
    ]);
    let kept = [
        ("tok_past_calls", "ended_at", 48),
        ("tok_calls_of_people", "ended_at", 48),
        ("tok_messages", "created_at", 120),
        ("tok_webhooks", "received_at", 72),
        ("tok_sessions", "started_at", 96),
        ("tok_idempotency", "until", 24),
        ("tok_outcomes", "expires", 0),
    ];
    let mut writes = Vec::new();
    for (collection, field, hours) in kept {
        for (id, age) in [("old", hours + 1), ("young", hours - 1)] {
            let mut content = Map::new();
            content.insert(field.to_owned(), json!(ago(age)));
            writes.push(put(collection, id, Value::Object(content)));
        }
    }
    commit(&context, writes).await;
    let report = housekeeping::run(&context).await;
    assert_eq!(report.removed, kept.len() as u64, "{report:?}");
    for (collection, ..) in kept {
        assert!(
            stored(&context, collection, "young").await.is_some(),
            "{collection}"
        );
    }
}

#[tokio::test]
async fn all_that_is_old_goes_in_one_turn() {
    let (context, _dir) = context(&[]);
    let old = |n| {
        put(
            "tok_outcomes",
            &format!("n{n}"),
            json!({ "expires": ago(1) }),
        )
    };
    commit(&context, (0..450).map(old).collect()).await;
    let report = housekeeping::run(&context).await;
    assert_eq!(report.removed, 450, "{report:?}");
}

#[tokio::test]
async fn what_is_written_anew_while_old_things_go_stays() {
    let (context, _dir) = context(&[]);
    let entry = |id: &str, age| put("tok_outcomes", id, json!({ "expires": ago(age) }));
    let old = ["a", "b", "c"].map(|id| entry(id, 1)).to_vec();
    commit(&context, old).await;
    let anew = Meddling::Faster(vec![entry("b", -1)]);
    let report = housekeeping::run(&meddle(&context, "tok_outcomes", [anew])).await;
    assert_eq!(report.removed, 2, "{report:?}");
    assert!(report.verdict().is_none(), "{report:?}");
    assert!(stored(&context, "tok_outcomes", "b").await.is_some());
}

#[tokio::test]
async fn what_could_not_be_removed_is_told_and_goes_another_time() {
    let (context, _dir) = context(&[]);
    let entry = |id: &str, age| put("tok_outcomes", id, json!({ "expires": ago(age) }));
    commit(&context, vec![entry("a", 1), entry("b", 1)]).await;
    let anew = Meddling::Faster(vec![entry("b", 2)]);
    // All at once, and one by one.
    for meddling in [vec![Meddling::Busy], vec![anew, Meddling::Busy]] {
        let report = housekeeping::run(&meddle(&context, "tok_outcomes", meddling)).await;
        assert_eq!(report.removed, 0, "{report:?}");
        let verdict = report.verdict().expect("not all is well");
        assert_eq!(verdict.message(), "tok_outcomes: the store is busy");
    }
    assert_eq!(housekeeping::run(&context).await.removed, 2);
}

const REQUESTS: &str = "tok_idempotency";

/// A request that another attempt carries out since now.
fn of_another(until: &str) -> Write {
    let content = json!({ "fingerprint": "f", "since": ago(0), "until": until });
    put(REQUESTS, "k", content)
}

async fn claimed(context: &Context) -> ClaimedRequest {
    match idempotency::claim(context, "k", "f".to_owned()).await {
        Ok(Claim::Run(request)) => request,
        Ok(Claim::Answered(_)) => panic!("it was answered"),
        Err(error) => panic!("{error}"),
    }
}

/// Keeps this as the answer.
async fn answer(context: &Context, request: ClaimedRequest, body: &str) {
    let ending = RequestEnding::Lasting(Answer {
        status: 201,
        body: body.to_owned(),
    });
    let finished = idempotency::finish(context, request, ending).await;
    finished.expect("it was carried out all the same");
}

/// What the request is answered when it is sent again.
async fn answered(context: &Context) -> String {
    match idempotency::claim(context, "k", "f".to_owned()).await {
        Ok(Claim::Answered(answer)) => answer.body,
        Ok(Claim::Run(_)) => panic!("it is carried out again"),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_request_that_another_attempt_begins_at_the_same_time_is_carried_out_once() {
    let (context, _dir) = context(&[]);
    let claim = async |context: &Context| idempotency::claim(context, "k", "f".to_owned()).await;
    for abandoned in [false, true] {
        if abandoned {
            commit(&context, vec![of_another(&ago(1))]).await;
        }
        let faster = Meddling::Faster(vec![of_another(&ago(-1))]);
        let late = claim(&meddle(&context, REQUESTS, [faster])).await;
        assert_eq!(late.err().map(|error| error.kind()), Some(Kind::Conflict));
    }
}

#[tokio::test]
async fn an_answer_that_comes_after_that_of_another_attempt_is_not_kept() {
    let (context, _dir) = context(&[]);
    let request = claimed(&context).await;
    commit(&context, vec![of_another(&ago(-1))]).await;
    let theirs = stored(&context, REQUESTS, "k").await;
    answer(&context, request, "late").await;
    assert_eq!(stored(&context, REQUESTS, "k").await, theirs);
}

#[tokio::test]
async fn the_answer_of_a_request_that_takes_long_is_kept() {
    let (context, _dir) = context(&[]);
    let mut request = claimed(&context).await;
    tokio::time::pause();
    let work = tokio::time::sleep(Duration::from_mins(10));
    request.carry_out(&context, work).await;
    answer(&context, request, "made").await;
    assert_eq!(answered(&context).await, "made");
}

#[tokio::test]
async fn a_claim_of_which_the_store_did_not_tell_is_carried_out() {
    let (context, _dir) = context(&[]);
    let busy = meddle(&context, REQUESTS, [Meddling::Busy]);
    let refused = idempotency::claim(&busy, "k", "f".to_owned()).await;
    let refused = refused.err().map(|error| error.kind());
    assert_eq!(refused, Some(Kind::Unavailable), "nothing was written");
    let request = claimed(&meddle(&context, REQUESTS, [Meddling::Unanswered])).await;
    answer(&context, request, "made").await;
    assert_eq!(answered(&context).await, "made");
}

#[tokio::test]
async fn an_answer_is_kept_after_a_renewal_of_which_the_store_did_not_tell() {
    let (context, _dir) = context(&[]);
    let mut request = claimed(&context).await;
    let context = meddle(&context, REQUESTS, [Meddling::Unanswered]);
    tokio::time::pause();
    // Long enough for one renewal.
    let work = tokio::time::sleep(Duration::from_secs(31));
    request.carry_out(&context, work).await;
    answer(&context, request, "made").await;
    assert_eq!(answered(&context).await, "made");
}

#[tokio::test]
async fn a_claim_is_renewed_after_a_renewal_of_which_the_store_did_not_tell() {
    let (context, _dir) = context(&[]);
    let mut request = claimed(&context).await;
    let over = ago(1);
    let mut late = stored(&context, REQUESTS, "k").await.expect("a claim");
    late["until"] = json!(over);
    let late = Meddling::Faster(vec![put(REQUESTS, "k", late)]);
    // Comes with the commit after the one by which it is renewed.
    let sign = Meddling::Faster(vec![put(REQUESTS, "sign", json!({}))]);
    let meddled = meddle(&context, REQUESTS, [late, Meddling::None, sign]);
    let fence = context.documents.fence(REQUESTS).await.expect("a place");
    let mut told = context.documents.watch(REQUESTS, Some(fence));
    let work = async {
        while let Some(event) = told.try_next().await.expect("tells") {
            if matches!(&event, Event::Put(document) if document.id == "sign") {
                return;
            }
        }
        panic!("a watch goes on");
    };
    tokio::time::pause();
    request.carry_out(&meddled, work).await;
    let claim = stored(&context, REQUESTS, "k").await.expect("a claim");
    assert_ne!(claim["until"], json!(over));
}

/// A lease that it holds is renewed by the same task.
#[tokio::test]
async fn a_request_goes_on_while_its_claim_is_renewed() {
    let (context, _dir) = context(&[]);
    let mut request = claimed(&context).await;
    let slow = Meddling::BusyAfter(Duration::from_hours(1));
    let context = meddle(&context, REQUESTS, [slow]);
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    let work = async {
        tokio::time::sleep(Duration::from_secs(31)).await;
        begun.elapsed()
    };
    let took = request.carry_out(&context, work).await;
    assert!(took < Duration::from_mins(1), "{took:?}");
}
