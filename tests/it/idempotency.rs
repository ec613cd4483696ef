//! `Idempotency-Key`: a request is carried out once, however often it is sent.

use futures_util::future::join_all;
use regex::Regex;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::backends::documents::{Cursor, Event, Scan, Write};
use tok::commands::idempotency::{self, Claim};
use tok::commands::{housekeeping, key};
use tok::model::Role;
use tok::model::key::Scope;

use crate::edge::{KEYS, key_for};
use crate::support::issuer::FakeIssuer;
use crate::support::signer::Signer;
use crate::support::{FakeDaily, Fault, TestApp, answer};
use futures_util::TryStreamExt;

const UNLIMITED: (&str, &str) = ("TOK_SERVER__RATE_LIMIT", "off");
/// More than `server.body_limit`.
const LARGE: usize = 70_000;

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
    let app = TestApp::over(&daily).await;
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

/// Where the store is now, for [`changes`].
async fn now(app: &TestApp) -> Cursor {
    let fence = app.context.documents.fence("tok_idempotency").await;
    fence.expect("a place")
}

/// How much of what is kept of requests the store has put or removed since then: also what was there
/// for a moment only.
async fn changes(app: &TestApp, since: Cursor) -> usize {
    let now = now(app).await;
    let documents = &app.context.documents;
    let mut events = documents.watch("tok_idempotency", Some(since));
    let mut changes = 0;
    loop {
        match events.try_next().await.expect("tells").expect("goes on") {
            Event::Put(_) | Event::Removed(_) => changes += 1,
            Event::Current(at) if at.reached(&now) => return changes,
            Event::Current(_) => {}
            Event::Reset => panic!("the store knows no more what changed"),
        }
    }
}

/// Every route that takes the header, with `x` in place of names.
async fn routes(app: &TestApp) -> Vec<String> {
    let (_, description) = app.get("/openapi.json").await;
    let name = Regex::new(r"\{[^}]+\}").expect("a pattern");
    let mut routes = Vec::new();
    for (path, methods) in description["paths"].as_object().expect("paths") {
        let parameters = methods["post"]["parameters"].as_array();
        let mut parameters = parameters.into_iter().flatten();
        if parameters.any(|parameter| parameter["name"] == "Idempotency-Key") {
            routes.push(name.replace_all(path, "x").into_owned());
        }
    }
    assert!(routes.len() >= 25, "{routes:?}");
    routes
}

/// Sends a body as it is under a key.
async fn send(app: &TestApp, path: &str, key: &str, body: &str) -> (StatusCode, Value) {
    let request = app
        .request(Method::POST, path)
        .header("idempotency-key", key)
        .header("content-type", "application/json");
    answer(request.body(body.to_owned())).await
}

/// Whoever calls hears of each route what they hear without a key, whatever the key and the body are, and
/// nothing is claimed for them.
async fn is_refused(app: &TestApp, routes: &[String], why: &str) {
    let since = now(app).await;
    let (long, large) = ("k".repeat(300), " ".repeat(LARGE));
    for path in routes {
        let plain = app.post(path, json!({})).await;
        assert_eq!(plain.0, StatusCode::FORBIDDEN, "{path}: {}", plain.1);
        let detail = plain.1["detail"].as_str().expect("text");
        assert!(detail.contains(why), "{path}: {detail}");
        for key in ["k1", "", &long] {
            for body in ["{}", "", "no JSON", &large] {
                let told = send(app, path, key, body).await;
                let (of_key, of_body) = (key.len(), body.len());
                assert_eq!(told, plain, "{path}: key of {of_key}, body of {of_body}");
            }
        }
    }
    assert_eq!(changes(app, since).await, 0);
}

#[tokio::test]
async fn whoever_lacks_the_scope_hears_that_first_and_claims_nothing() {
    let app = TestApp::with(&[KEYS, UNLIMITED]).await;
    let status = key_for(&app.context, &[Scope::Status]).await;
    let app = app.with_key(status);
    let routes = routes(&app).await;
    is_refused(&app, &routes, "this API key has no scope ").await;
    // Somebody who may, to see that a claim that is given back would have been noticed.
    let since = now(&app).await;
    let rooms = key_for(&app.context, &[Scope::RoomsWrite]).await;
    let app = app.with_key(rooms);
    for (key, expected) in [("k1", StatusCode::CREATED), ("k2", StatusCode::CONFLICT)] {
        let (status, told) = post(&app, key, json!({ "name": "hall" })).await;
        assert_eq!(status, expected, "{told}");
    }
    assert_eq!(changes(&app, since).await, 2, "one kept, one given back");
}

/// It is more than a scope that some routes ask for.
#[tokio::test]
async fn viewers_and_people_hear_first_that_this_is_not_for_them() {
    let app = TestApp::with(&[KEYS, UNLIMITED]).await;
    let input = key::create::Input {
        name: "viewers".to_owned(),
        scopes: [Scope::CallsWrite].into(),
        max_role: Role::Viewer,
        expires: None,
    };
    let viewers = key::create::run(&app.context, input).await.expect("a key");
    let app = app.with_key(viewers.secret);
    let calls = ["/v1/calls", "/v1/calls/x/accept"].map(str::to_owned);
    is_refused(&app, &calls, "for viewers only").await;

    let signer = Signer::rsa();
    let issuer = FakeIssuer::start(&signer).await;
    let dir = TempDir::new().expect("a directory");
    let file = dir.path().join("sign-in.toml");
    let table = issuer.table("scopes = ['rooms:write', 'notifications:write']");
    std::fs::write(&file, table).expect("written");
    let file = file.to_str().expect("a path");
    let app = TestApp::with(&[("TOK_CONFIG", file), KEYS, UNLIMITED]).await;
    let app = app.with_key(signer.token("one", &issuer.claims("ada")));
    let closed = ["/v1/rooms", "/v1/rooms:prune", "/v1/notifications"].map(str::to_owned);
    is_refused(&app, &closed, "not for people who sign in").await;
}

/// A route that is asked whether its caller may does nothing yet.
#[tokio::test]
async fn whoever_may_hears_of_the_key_then_of_the_body_and_nothing_was_done() {
    let app = TestApp::with(&[KEYS, UNLIMITED]).await;
    let all = key_for(&app.context, &[]).await;
    let app = app.with_key(all);
    let since = now(&app).await;
    let (long, large) = ("k".repeat(256), " ".repeat(LARGE));
    for path in routes(&app).await {
        for key in ["", &long] {
            for body in ["{}", &large] {
                let (status, told) = send(&app, &path, key, body).await;
                assert_eq!(status, StatusCode::BAD_REQUEST, "{path}: {told}");
                let detail = told["detail"].as_str().expect("text");
                assert!(detail.contains("has 1 to 255 characters"), "{detail}");
            }
        }
        let (status, told) = send(&app, &path, "k1", &large).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{path}: {told}");
    }
    assert_eq!(changes(&app, since).await, 0);
    assert_eq!(app.get("/v1/rooms").await.1["items"], json!([]));
}
