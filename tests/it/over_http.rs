//! What the API plans and does, so that a command line elsewhere can.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::{TestApp, answer};

#[tokio::test]
async fn rooms_are_deleted_by_name_over_http() {
    let app = TestApp::start().await;
    for name in ["a", "b", "c"] {
        app.post("/v1/rooms", json!({ "name": name })).await;
    }
    let body = json!({ "names": ["b", "a", "nope", "a"] });
    let (status, plan) = app
        .post("/v1/rooms:delete?dry_run=true", body.clone())
        .await;
    assert_eq!(
        (status, &plan["names"]),
        (StatusCode::OK, &json!(["a", "b", "nope"]))
    );
    let (status, report) = app
        .post("/v1/rooms:delete?max_runtime=0ms", body.clone())
        .await;
    assert_eq!(
        (status, &report["remaining"]),
        (StatusCode::MULTI_STATUS, &json!(3))
    );
    let (status, report) = app.post("/v1/rooms:delete", body).await;
    assert_eq!(status, StatusCode::OK, "{report}");
    assert_eq!(
        (&report["deleted"], &report["missing"]),
        (&json!(2), &json!(1))
    );
    let (status, _) = app.post("/v1/rooms:delete", json!({ "names": [] })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (status, _) = app
        .post("/v1/rooms:delete", json!({ "rooms": ["c"] }))
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(app.get("/v1/rooms/c").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_prune_can_be_held_to_the_rooms_that_somebody_saw() {
    let app = TestApp::start().await;
    for name in ["old-1", "old-2", "new"] {
        app.post("/v1/rooms", json!({ "name": name })).await;
    }
    let only = json!({ "match": "old-*", "only": ["old-1", "new"] });
    let (_, plan) = app.post("/v1/rooms:prune?dry_run=true", only.clone()).await;
    assert_eq!(plan["names"], json!(["old-1"]));
    let (_, report) = app.post("/v1/rooms:prune", only).await;
    assert_eq!(report["deleted"], json!(1));
    let (_, left) = app.get("/v1/rooms").await;
    assert_eq!(left["items"].as_array().map(Vec::len), Some(2));
    // That alone is no filter.
    let (status, _) = app
        .post("/v1/rooms:prune", json!({ "only": ["new"] }))
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_the_command_line_plans_can_be_planned_over_http() {
    let app = TestApp::start().await;
    app.post("/v1/rooms", json!({ "name": "standup" })).await;
    let (status, token) = app
        .post("/v1/rooms/standup/tokens?dry_run=true", json!({}))
        .await;
    assert_eq!(
        (status, &token["role"]),
        (StatusCode::OK, &json!("participant"))
    );
    assert!(token.get("token").is_none(), "{token}");
    let message = json!({ "to": { "user": "ada" }, "title": "Hello" });
    let (status, plan) = app.post("/v1/notifications?plan=true", message).await;
    assert_eq!((status, &plan["valid"]), (StatusCode::OK, &json!(true)));
    let (_, queue) = app.get("/v1/notifications").await;
    assert_eq!(queue["items"], json!([]));
    let (status, swept) = app.post("/v1/presence:sweep?dry_run=true", json!({})).await;
    assert_eq!((status, &swept["removed"]), (StatusCode::OK, &json!(0)));
    let (status, history) = app.get("/v1/rooms/standup/history?since=1h").await;
    assert_eq!((status, &history["items"]), (StatusCode::OK, &json!([])));
    let refuse = app.request(Method::POST, "/v1/rooms/standup/participants/nobody/refuse");
    let (status, problem) = answer(refuse).await;
    assert_eq!(
        (status, &problem["reason"]),
        (StatusCode::NOT_FOUND, &json!("no_participant"))
    );
    let (status, problem) = app.get("/v1/rooms/standup/messages/none").await;
    assert_eq!(
        (status, &problem["reason"]),
        (StatusCode::NOT_FOUND, &json!("no_message"))
    );
}

#[tokio::test]
async fn a_path_that_is_none_of_the_api_is_told_from_what_is_not_there() {
    let app = TestApp::start().await;
    let outside = json!("outside_api");
    for (path, reason) in [
        ("/nope/v1/rooms/standup", Some(&outside)),
        ("/v1/rooms/v1/rooms/standup", Some(&outside)),
        ("/nope", Some(&outside)),
        // A route of another release, and a thing that is not there.
        ("/v1/nothing", None),
        ("/v1/rooms/standup", None),
    ] {
        let (status, problem) = app.get(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}: {problem}");
        assert_eq!(problem.get("reason"), reason, "{path}: {problem}");
        assert_eq!(problem["code"], "not_found", "{path}: {problem}");
    }
    let (status, problem) = answer(app.request(Method::POST, "/docs/v1/rooms")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{problem}");
    assert_eq!(problem["reason"], outside, "{problem}");
}
