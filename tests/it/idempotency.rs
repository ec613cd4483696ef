//! `Idempotency-Key`: a request is carried out once, however often it is sent.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tok::backends::documents::{Scan, Write};
use tok::commands::housekeeping;
use tok::commands::idempotency::{self, Claim};

use crate::support::{FakeDaily, Fault, TestApp, answer};
use futures_util::TryStreamExt;

async fn post(app: &TestApp, key: &str, body: Value) -> (StatusCode, Value) {
    answer(
        app.request(Method::POST, "/v1/rooms")
            .header("idempotency-key", key)
            .json(&body),
    )
    .await
}

#[tokio::test]
async fn the_same_request_gets_the_same_answer() {
    let app = TestApp::start().await;
    let first = post(&app, "k1", json!({})).await;
    assert_eq!(first.0, StatusCode::CREATED);
    assert_eq!(post(&app, "k1", json!({})).await, first);
    assert_ne!(post(&app, "k2", json!({})).await.1["name"], first.1["name"]);
    let (status, body) = post(&app, "k1", json!({ "name": "other" })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(
        body["detail"]
            .as_str()
            .expect("text")
            .contains("used for another request")
    );
    assert_eq!(
        app.get("/v1/rooms").await.1["items"]
            .as_array()
            .expect("items")
            .len(),
        2
    );
}

#[tokio::test]
async fn of_many_at_once_one_is_carried_out() {
    let app = TestApp::start().await;
    let answers = join_all((0..20).map(|_| post(&app, "burst", json!({})))).await;
    for (status, body) in &answers {
        match *status {
            StatusCode::CREATED => {}
            StatusCode::CONFLICT => assert!(
                body["detail"]
                    .as_str()
                    .expect("text")
                    .contains("being carried out")
            ),
            other => panic!("{other}: {body}"),
        }
    }
    assert!(
        answers
            .iter()
            .any(|(status, _)| *status == StatusCode::CREATED)
    );
    assert_eq!(
        app.get("/v1/rooms").await.1["items"]
            .as_array()
            .expect("items")
            .len(),
        1
    );
}

#[tokio::test]
async fn a_failure_that_may_pass_is_not_kept() {
    let daily = FakeDaily::start().await;
    let app = TestApp::over(&daily).await;
    daily.fault("POST /rooms", Fault::Status(401, "authentication-error"));
    assert_eq!(
        post(&app, "k", json!({ "name": "x" })).await.0,
        StatusCode::BAD_GATEWAY
    );
    assert_eq!(
        post(&app, "k", json!({ "name": "x" })).await.0,
        StatusCode::CREATED
    );
    daily.verify();
}

/// The process died after the room was made and before the answer was kept.
#[tokio::test]
async fn what_a_dead_attempt_left_is_adopted() {
    let app = TestApp::start().await;
    let (_, made) = post(&app, "dead", json!({})).await;
    let mut records = app.context.documents.scan(Scan::all("tok_idempotency"));
    let record = records.try_next().await.expect("scans").expect("one");
    let mut value: Value = record.decode().expect("JSON");
    value["answer"] = Value::Null;
    let write = Write::put("tok_idempotency", &record.id, &value).expect("JSON");
    app.context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
    // While the claim stands, it may still be running.
    assert_eq!(post(&app, "dead", json!({})).await.0, StatusCode::CONFLICT);
    value["until"] = json!("2020-01-01T00:00:00Z");
    let write = Write::put("tok_idempotency", &record.id, &value).expect("JSON");
    app.context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
    let (status, again) = post(&app, "dead", json!({})).await;
    assert_eq!((status, again), (StatusCode::CREATED, made));
}

/// Daily made the room, but neither we nor the caller were told.
#[tokio::test]
async fn a_room_behind_an_unknown_answer_is_adopted() {
    let daily = FakeDaily::start().await;
    let app = TestApp::over_with(&daily, &[("TOK_DAILY__TIMEOUT", "200ms")]).await;
    daily.fault("POST /rooms", Fault::LoseAnswer);
    for _ in 0..8 {
        daily.fault("POST /rooms", Fault::Status(500, "server-error"));
        daily.fault("GET /rooms", Fault::Status(500, "server-error"));
    }
    let body = json!({ "name": "once", "expires": "24h" });
    let (status, _) = post(&app, "k", body.clone()).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    daily.forget_faults();
    let (status, room) = post(&app, "k", body).await;
    assert_eq!(
        (status, &room["name"]),
        (StatusCode::CREATED, &json!("once"))
    );
    assert_eq!(daily.room_names(), ["once"]);
}

#[tokio::test]
async fn a_conflict_is_not_kept() {
    let app = TestApp::start().await;
    app.post("/v1/rooms", json!({ "name": "t" })).await;
    assert_eq!(
        post(&app, "k", json!({ "name": "t" })).await.0,
        StatusCode::CONFLICT
    );
    app.delete("/v1/rooms/t").await;
    assert_eq!(
        post(&app, "k", json!({ "name": "t" })).await.0,
        StatusCode::CREATED
    );
}

/// A client that sends the header with everything must not see a frozen list.
#[tokio::test]
async fn reading_is_never_replayed() {
    let app = TestApp::start().await;
    let list = || {
        answer(
            app.request(Method::GET, "/v1/rooms")
                .header("idempotency-key", "k"),
        )
    };
    assert_eq!(list().await.1["items"], json!([]));
    app.post("/v1/rooms", json!({ "name": "new" })).await;
    assert_eq!(list().await.1["items"][0]["name"], "new");
}

#[tokio::test]
async fn old_answers_are_swept() {
    let app = TestApp::start().await;
    post(&app, "k", json!({})).await;
    assert_eq!(housekeeping::run(&app.context).await.removed, 0);
    let mut records = app.context.documents.scan(Scan::all("tok_idempotency"));
    let record = records.try_next().await.expect("scans").expect("one");
    let mut value: Value = record.decode().expect("JSON");
    value["until"] = json!("2020-01-01T00:00:00Z");
    let write = Write::put("tok_idempotency", &record.id, &value).expect("JSON");
    app.context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
    assert_eq!(housekeeping::run(&app.context).await.removed, 1);
    let claim = idempotency::claim(&app.context, &record.id, "f".to_owned())
        .await
        .expect("free");
    assert!(matches!(claim, Claim::Run(claimed) if !claimed.repeated));
}

#[tokio::test]
async fn an_unknown_caller_leaves_nothing_behind() {
    let app = TestApp::with(&[("TOK_AUTH__MODE", "keys")]).await;
    assert_eq!(post(&app, "k", json!({})).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(
        app.context
            .documents
            .count("tok_idempotency")
            .await
            .expect("counts"),
        0
    );
    let open = TestApp::start().await;
    let long = "k".repeat(256);
    assert_eq!(
        post(&open, &long, json!({})).await.0,
        StatusCode::BAD_REQUEST
    );
}
