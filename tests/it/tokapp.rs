//! The surface of `TokApp`: exact routes, bodies and statuses, for its existing clients.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{FakeDaily, Fault, TestApp, answer};

#[tokio::test]
async fn a_room_over_daily_is_dailys_object_unchanged() {
    let daily = FakeDaily::start().await;
    let app = TestApp::over(&daily).await;
    for prefix in ["", "/compat/tokapp"] {
        let name = format!("call{}", prefix.len());
        let exp = jiff::Timestamp::now().as_second() + 3600;
        let body = json!({ "name": name, "privacy": "private", "properties": { "exp": exp, "lang": "de" } });
        let (status, room) = app.post(&format!("{prefix}/create-room"), body).await;
        assert_eq!(status, StatusCode::OK, "{room}");
        let keys: Vec<_> = room
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        let expected = [
            "id",
            "name",
            "api_created",
            "privacy",
            "url",
            "created_at",
            "config",
            "a_field_of_tomorrow",
        ];
        assert_eq!(keys, expected, "every field in its place");
        assert_eq!(
            (&room["name"], &room["privacy"]),
            (&json!(name), &json!("private"))
        );
        assert_eq!(room["config"], json!({ "lang": "de", "exp": exp }));
        let (status, gone) = app.delete(&format!("{prefix}/delete-room/{name}")).await;
        assert_eq!(
            (status, gone),
            (StatusCode::OK, json!({ "deleted": true, "name": name }))
        );
    }
    daily.verify();
}

#[tokio::test]
async fn a_local_room_has_dailys_shape() {
    let app = TestApp::start().await;
    let (status, room) = app
        .post(
            "/create-room",
            json!({ "name": "home", "properties": { "max_participants": 4 } }),
        )
        .await;
    assert_eq!(status, StatusCode::OK);
    let keys: Vec<_> = room
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "id",
            "name",
            "api_created",
            "privacy",
            "url",
            "created_at",
            "config"
        ]
    );
    assert_eq!(room["config"], json!({ "max_participants": 4 }));
    let created = room["created_at"].as_str().expect("a time");
    assert_eq!(created.len(), "2026-01-01T00:00:00.000Z".len(), "{created}");
}

#[tokio::test]
async fn the_name_may_stand_in_the_path_or_nowhere() {
    let app = TestApp::start().await;
    let post = |path: &str| answer(app.request(Method::POST, path));
    let (status, room) = post("/create-room/V1StGXR8_Z5jdHi6B-myT").await;
    assert_eq!(
        (status, &room["name"]),
        (StatusCode::OK, &json!("V1StGXR8_Z5jdHi6B-myT"))
    );
    let (status, room) = post("/create-room").await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        room["name"].as_str().is_some_and(|name| name.len() > 8),
        "{room}"
    );
}

#[tokio::test]
async fn input_the_original_mishandled_is_400_in_its_shape() {
    let daily = FakeDaily::start().await;
    let app = TestApp::over(&daily).await;
    let post = |body: &str| {
        app.request(Method::POST, "/create-room")
            .body(body.to_owned())
    };
    let cases = [
        (post("{\"name\":"), "json-parsing-error"),
        (post("[]"), "invalid-request-error"),
        (post("{\"name\":5}"), "invalid-request-error"),
        (post("{\"name\":\"a b\"}"), "invalid-request-error"),
        (post("{\"privacy\":\"org\"}"), "invalid-request-error"),
        (
            post("{\"properties\":{\"exp\":\"soon\"}}"),
            "invalid-request-error",
        ),
        (
            post("{\"properties\":{\"exp\":1000}}"),
            "invalid-request-error",
        ),
        (post("{\"nmae\":\"x\"}"), "invalid-request-error"),
        (
            app.request(Method::DELETE, "/delete-room/..%2Fx"),
            "invalid-request-error",
        ),
        (
            app.request(Method::DELETE, "/delete-room/%FF"),
            "invalid-request-error",
        ),
    ];
    for (request, code) in cases {
        let (status, body) = answer(request).await;
        assert_eq!(
            (status, &body["error"]),
            (StatusCode::BAD_REQUEST, &json!(code)),
            "{body}"
        );
        assert!(
            body["info"].as_str().is_some_and(|info| !info.is_empty()),
            "{body}"
        );
    }
    assert!(
        daily.calls().is_empty(),
        "nothing may be sent: {:?}",
        daily.calls()
    );
}

#[tokio::test]
async fn failures_of_daily_keep_its_shape() {
    let daily = FakeDaily::start().await;
    // Only who never answers is not waited for: whatever else was said too late would be asked for again.
    let app = TestApp::over(&daily).await;
    let hasty = TestApp::over_with(&daily, &[("TOK_DAILY__TIMEOUT", "200ms")]).await;
    app.post("/create-room", json!({ "name": "taken" })).await;
    let (status, body) = app.post("/create-room", json!({ "name": "taken" })).await;
    let expected =
        json!({ "error": "invalid-request-error", "info": "a room named taken already exists" });
    assert_eq!((status, body), (StatusCode::BAD_REQUEST, expected));
    let (status, body) = app.delete("/delete-room/absent").await;
    assert_eq!(
        (status, &body["error"]),
        (StatusCode::NOT_FOUND, &json!("not-found"))
    );
    let refuse = async |app: &TestApp, fault: Fault, times: usize, status: u16, error: &str| {
        for _ in 0..times {
            daily.fault("DELETE /rooms/taken", fault.clone());
        }
        let (found, body) = app.delete("/delete-room/taken").await;
        assert_eq!(
            (found.as_u16(), &body["error"]),
            (status, &json!(error)),
            "{body}"
        );
    };
    refuse(
        &app,
        Fault::Status(401, "authentication-error"),
        1,
        400,
        "authentication-error",
    )
    .await;
    refuse(
        &app,
        Fault::Status(429, "rate-limit-error"),
        5,
        400,
        "rate-limit-error",
    )
    .await;
    let failed = Fault::Status(500, "server-error");
    refuse(&app, failed, 5, 502, "server-error").await;
    let silent = Fault::Slow(Duration::from_mins(1));
    refuse(&hasty, silent, 5, 504, "server-error").await;
    // On a busy machine the time may be up before the last try.
    daily.forget_faults();
    let (status, _) = app.delete("/delete-room/taken").await;
    assert_eq!(status, StatusCode::OK, "the server lives on");
    daily.verify();
}

#[tokio::test]
async fn the_prefix_serves_daily_while_the_root_serves_the_default() {
    let daily = FakeDaily::start().await;
    let app = TestApp::over_with(&daily, &[("TOK_ROOMS__BACKEND", "local")]).await;
    let (_, local) = app.post("/create-room", json!({ "name": "a" })).await;
    assert!(
        local["url"]
            .as_str()
            .is_some_and(|url| url.ends_with("/r/a")),
        "{local}"
    );
    let (_, theirs) = app
        .post("/compat/tokapp/create-room", json!({ "name": "a" }))
        .await;
    assert_eq!(theirs["url"], "https://tok-test.daily.co/a");
    assert_eq!(daily.room_names(), ["a"]);
}

#[tokio::test]
async fn browsers_of_the_configured_origins_are_let_in() {
    let app = TestApp::with(&[("TOK_SERVER__CORS_ORIGINS", "https://chat.example")]).await;
    let preflight = async |origin: &str| {
        let request = app
            .request(Method::OPTIONS, "/create-room")
            .header("origin", origin)
            .header("access-control-request-method", "POST");
        request
            .send()
            .await
            .expect("answers")
            .headers()
            .get("access-control-allow-origin")
            .cloned()
    };
    assert_eq!(
        preflight("https://chat.example").await.expect("allowed"),
        "https://chat.example"
    );
    assert_eq!(preflight("https://evil.example").await, None);
    let from = |origin: &str| {
        app.request(Method::POST, "/create-room")
            .header("origin", origin)
    };
    let (status, body) = answer(from("https://evil.example")).await;
    assert_eq!(
        (status, &body["error"]),
        (StatusCode::FORBIDDEN, &json!("forbidden-error"))
    );
    assert_eq!(answer(from("https://chat.example")).await.0, StatusCode::OK);
}

/// The web client of the original sends no body at all, whatever its headers say.
#[tokio::test]
async fn an_empty_body_is_fine() {
    let app = TestApp::start().await;
    let request = app
        .request(Method::POST, "/create-room/x1")
        .header("content-type", "application/x-www-form-urlencoded");
    let (status, body): (_, Value) = answer(request).await;
    assert_eq!(status, StatusCode::OK, "{body}");
}

/// What no handler answers still has this surface's shape.
#[tokio::test]
async fn a_hanging_daily_is_504_in_its_shape() {
    let daily = FakeDaily::start().await;
    let app = TestApp::over_with(&daily, &[("TOK_SERVER__REQUEST_TIMEOUT", "300ms")]).await;
    daily.fault("POST /rooms", Fault::Slow(Duration::from_secs(2)));
    let (status, body) = app.post("/create-room", json!({ "name": "x" })).await;
    assert_eq!(
        (status, &body["error"]),
        (StatusCode::GATEWAY_TIMEOUT, &json!("server-error"))
    );
    let (status, body) = answer(app.request(Method::GET, "/create-room")).await;
    assert_eq!(
        (status, body["info"].is_string()),
        (StatusCode::METHOD_NOT_ALLOWED, true)
    );
}

/// What the domain has as its default is not overruled.
#[tokio::test]
async fn daily_is_sent_what_the_client_sent_and_nothing_else() {
    let daily = FakeDaily::start().await;
    let app = TestApp::over(&daily).await;
    app.post("/create-room", json!({ "name": "plain" })).await;
    let full = json!({ "name": "full", "privacy": "public", "properties": { "lang": "fr" } });
    app.post("/create-room", full.clone()).await;
    app.post("/create-room/by-path", json!({})).await;
    let expected = [
        json!({ "name": "plain" }),
        full,
        json!({ "name": "by-path" }),
    ];
    assert_eq!(daily.asked_for(), expected);
    daily.verify();
}

#[tokio::test]
async fn a_refusal_is_dailys_own_whether_or_not_the_room_can_be_looked_at() {
    let daily = FakeDaily::start().await;
    // Time enough for each answer but the one that never comes.
    let app = TestApp::over_with(&daily, &[("TOK_DAILY__TIMEOUT", "5s")]).await;
    for trouble in [
        Fault::Status(500, "server-error"),
        Fault::Html,
        Fault::Slow(Duration::from_mins(1)),
        Fault::Cut,
    ] {
        daily.fault("POST /rooms", Fault::Status(400, "invalid-request-error"));
        daily.fault("GET /rooms/odd", trouble.clone());
        let found = app.post("/create-room", json!({ "name": "odd" })).await;
        let info = "invalid-request-error on demand";
        let expected = json!({ "error": "invalid-request-error", "info": info });
        assert_eq!(found, (StatusCode::BAD_REQUEST, expected), "{trouble:?}");
    }
    daily.verify();
}
