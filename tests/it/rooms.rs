//! `/v1/rooms…` and `/v1/tokens…`, and that the command line says the same bytes.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Binary, TestApp, answer, enter};

#[tokio::test]
async fn a_room_lives_its_life() {
    let app = TestApp::start().await;
    let (status, made) = app
        .post("/v1/rooms", json!({ "name": "standup", "expires": "24h" }))
        .await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let (status, seen) = app.get("/v1/rooms/standup").await;
    assert_eq!((status, &seen), (StatusCode::OK, &made));
    let patch = app
        .request(Method::PATCH, "/v1/rooms/standup")
        .json(&json!({ "expires": null, "privacy": "private" }));
    let (status, changed) = answer(patch).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    assert_eq!(
        (changed.get("expires_at"), &changed["privacy"]),
        (None, &json!("private"))
    );
    let (status, list) = app.get("/v1/rooms").await;
    assert_eq!(
        (status, list),
        (StatusCode::OK, json!({ "items": [changed], "next": null }))
    );
    let (status, plan) = app.delete("/v1/rooms/standup?dry_run=true").await;
    assert_eq!(
        (status, &plan["names"]),
        (StatusCode::OK, &json!(["standup"]))
    );
    let (status, report) = app.delete("/v1/rooms/standup").await;
    assert_eq!((status, &report["deleted"]), (StatusCode::OK, &json!(1)));
    for (status, body) in [
        app.get("/v1/rooms/standup").await,
        app.delete("/v1/rooms/standup").await,
    ] {
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert_eq!(body["detail"], "there is no room `standup`");
    }
}

#[tokio::test]
async fn pages_follow_each_other() {
    let app = TestApp::start().await;
    for n in 0..7 {
        app.post("/v1/rooms", json!({ "name": format!("r{n}") }))
            .await;
    }
    let mut seen = Vec::new();
    let mut path = "/v1/rooms?limit=3".to_owned();
    loop {
        let (_, page) = app.get(&path).await;
        seen.extend(
            page["items"]
                .as_array()
                .expect("items")
                .iter()
                .map(|room| room["name"].clone()),
        );
        match page["next"].as_str() {
            Some(next) => path = format!("/v1/rooms?limit=3&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["r0", "r1", "r2", "r3", "r4", "r5", "r6"]);
}

#[tokio::test]
async fn bad_input_gets_one_clear_sentence() {
    let app = TestApp::start().await;
    let long = "x".repeat(129);
    let cases = [
        (json!({ "name": "" }), "a room name is missing"),
        (json!({ "name": long }), "129 characters long"),
        (json!({ "name": "a b" }), "has the character ' '"),
        (json!({ "name": "..%2Fx" }), "has the character '.'"),
        (json!({ "name": "größe" }), "has the character 'ö'"),
        (json!({ "name": 7 }), "expected a string"),
        (
            json!({ "privacy": "secret" }),
            "unknown variant `secret`, expected `public` or `private`",
        ),
        (
            json!({ "expires": "2020-01-01T00:00:00Z" }),
            "is in the past",
        ),
        (json!({ "expires": "soon" }), "`soon` is not a time"),
        (
            json!({ "expires": "1h", "not_before": "2h" }),
            "before it opens",
        ),
        (json!({ "max_participants": 0 }), "max_participants is 0"),
        (
            json!({ "properties": { "exp": 5 } }),
            "has a field of its own",
        ),
        (json!({ "nmae": "x" }), "unknown field `nmae`"),
        (json!([]), "expected an object"),
    ];
    for (body, part) in cases {
        let (status, problem) = app.post("/v1/rooms", body.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}: {problem}");
        assert_eq!(problem["code"], "invalid_input");
        let detail = problem["detail"].as_str().expect("a sentence");
        assert!(detail.contains(part), "{body}: {detail}");
    }
    let (_, list) = app.get("/v1/rooms").await;
    assert_eq!(list["items"], json!([]), "nothing was made");
}

#[tokio::test]
async fn broken_requests_get_the_right_status() {
    let app = TestApp::start().await;
    let post = |content_type: &str, body: String| {
        app.request(Method::POST, "/v1/rooms")
            .header("content-type", content_type)
            .body(body)
    };
    let cases = [
        (
            post("application/json", "{\"name\":".to_owned()),
            400,
            "the body is not JSON",
        ),
        (
            post("text/plain", "{}".to_owned()),
            415,
            "send Content-Type: application/json",
        ),
        (
            post("application/json", " ".repeat(70_000)),
            413,
            "larger than server.body_limit",
        ),
        (
            app.request(Method::GET, "/v1/rooms?limit=0"),
            400,
            "limit is 0",
        ),
        (
            app.request(Method::GET, "/v1/rooms?limit=abc"),
            400,
            "limit",
        ),
        (app.request(Method::GET, "/v1/rooms?lmit=5"), 400, "lmit"),
        (
            app.request(Method::GET, "/v1/rooms/%FF"),
            400,
            "not valid percent-encoded",
        ),
        (
            app.request(Method::GET, "/v1/nothing"),
            404,
            "there is no GET /v1/nothing",
        ),
        (
            app.request(Method::PUT, "/v1/rooms"),
            405,
            "does not take PUT",
        ),
        (
            app.request(Method::GET, "/v1/rooms?backend=daily"),
            501,
            "set daily.api_key",
        ),
        (
            app.request(Method::PATCH, "/v1/rooms/x").json(&json!({})),
            400,
            "there is nothing to change",
        ),
    ];
    for (request, status, part) in cases {
        let (found, problem) = answer(request).await;
        assert_eq!(found.as_u16(), status, "{problem}");
        assert!(
            problem["detail"]
                .as_str()
                .expect("a sentence")
                .contains(part),
            "{problem}"
        );
        assert_eq!(problem["status"], status);
    }
}

#[tokio::test]
async fn problems_say_what_they_are() {
    let app = TestApp::start().await;
    let response = app
        .request(Method::GET, "/v1/rooms/none")
        .send()
        .await
        .expect("answers");
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
    assert!(response.headers().contains_key("x-request-id"));
    let given = app
        .request(Method::GET, "/v1/rooms")
        .header("x-request-id", "mine-1");
    assert_eq!(
        given.send().await.expect("answers").headers()["x-request-id"],
        "mine-1"
    );
    let hostile = app
        .request(Method::GET, "/v1/rooms")
        .header("x-request-id", "a b");
    assert_ne!(
        hostile.send().await.expect("answers").headers()["x-request-id"],
        "a b"
    );
}

#[tokio::test]
async fn a_dry_run_over_http_changes_nothing() {
    let app = TestApp::start().await;
    let (status, plan) = app
        .post("/v1/rooms?dry_run=true", json!({ "name": "a" }))
        .await;
    assert_eq!((status, &plan["name"]), (StatusCode::OK, &json!("a")));
    assert_eq!(app.get("/v1/rooms").await.1["items"], json!([]));
    app.post("/v1/rooms", json!({ "name": "a" })).await;
    let (status, _) = app
        .post("/v1/rooms?dry_run=true", json!({ "name": "a" }))
        .await;
    assert_eq!(status, StatusCode::CONFLICT, "as the real one would");
    let patch = app.request(Method::PATCH, "/v1/rooms/a?dry_run=true");
    let (status, _) = answer(patch.json(&json!({ "privacy": "private" }))).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(app.get("/v1/rooms/a").await.1["privacy"], "public");
}

/// A room that is made again under the same name is another room.
#[tokio::test]
async fn a_token_dies_with_its_room() {
    let app = TestApp::start().await;
    app.post("/v1/rooms", json!({ "name": "gate" })).await;
    let (_, minted) = app.post("/v1/rooms/gate/tokens", json!({})).await;
    app.delete("/v1/rooms/gate").await;
    app.post("/v1/rooms", json!({ "name": "gate", "not_before": "1h" }))
        .await;
    let inspect = async |token: &Value| {
        app.post("/v1/tokens:inspect", json!({ "token": token }))
            .await
            .1
    };
    let facts = inspect(&minted["token"]).await;
    assert_eq!(facts["reason"], "its room was deleted and made again");
    let (_, early) = app.post("/v1/rooms/gate/tokens", json!({})).await;
    assert_eq!(
        inspect(&early["token"]).await["reason"],
        "its room is not open yet"
    );
}

#[tokio::test]
async fn people_are_listed_and_sent_out() {
    let app = TestApp::start().await;
    app.post("/v1/rooms", json!({ "name": "busy" })).await;
    enter(&app.context, "busy", "p1").await;
    let (_, people) = app.get("/v1/rooms/busy/participants").await;
    assert_eq!(people["items"][0]["id"], "p1");
    let (_, plan) = app.post("/v1/rooms/busy/end?dry_run=true", json!({})).await;
    let expected = json!({ "name": "busy", "backend": "local", "ended": 1 });
    assert_eq!(plan, expected);
    let (_, ended) = app.post("/v1/rooms/busy/end", json!({})).await;
    assert_eq!(ended, expected);
    let (_, people) = app.get("/v1/rooms/busy/participants").await;
    assert_eq!(people["items"], json!([]));
}

#[tokio::test]
async fn tokens_are_minted_and_read() {
    let app = TestApp::start().await;
    app.post("/v1/rooms", json!({ "name": "gate" })).await;
    let body = json!({ "role": "host", "user_name": "Ada", "ttl": "10m" });
    let (status, minted) = app.post("/v1/rooms/gate/tokens", body).await;
    assert_eq!(status, StatusCode::CREATED, "{minted}");
    let (status, facts) = app
        .post("/v1/tokens:inspect", json!({ "token": minted["token"] }))
        .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        (&facts["valid"], &facts["role"]),
        (&json!(true), &json!("host"))
    );
    let too_long = app
        .post("/v1/rooms/gate/tokens", json!({ "ttl": "25h" }))
        .await;
    assert_eq!(too_long.0, StatusCode::BAD_REQUEST);
    assert!(
        too_long.1["detail"]
            .as_str()
            .expect("text")
            .contains("tokens.max_ttl is 1d"),
        "{}",
        too_long.1
    );
    assert_eq!(
        app.post("/v1/rooms/none/tokens", json!({})).await.0,
        StatusCode::NOT_FOUND
    );
    app.delete("/v1/rooms/gate").await;
    let (_, facts) = app
        .post("/v1/tokens:inspect", json!({ "token": minted["token"] }))
        .await;
    assert_eq!(
        (&facts["valid"], &facts["reason"]),
        (&json!(false), &json!("its room does not exist"))
    );
}

/// One operation, two doors, the same bytes.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_prints_the_http_body() {
    let app = TestApp::start().await;
    let bind = app.address.to_string();
    let binary = Binary::with(&[("TOK_SERVER__BIND", &bind)]);
    let dir = app.dir.path().to_str().expect("a path").to_owned();
    let cli = |arguments: &[&str]| {
        let mut all = vec!["--data-dir", &dir, "--json"];
        all.extend_from_slice(arguments);
        binary.run(&all).ok().stdout
    };
    let http = async |method: Method, path: &str, body: Option<Value>| {
        let request = app.request(method, path);
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        request
            .send()
            .await
            .expect("answers")
            .text()
            .await
            .expect("a body")
            + "\n"
    };
    let made = http(
        Method::POST,
        "/v1/rooms",
        Some(json!({ "name": "one", "expires": "24h" })),
    )
    .await;
    assert_eq!(cli(&["room", "show", "one"]), made);
    assert_eq!(http(Method::GET, "/v1/rooms/one", None).await, made);
    cli(&["room", "create", "two"]);
    let page: Value =
        serde_json::from_str(&http(Method::GET, "/v1/rooms", None).await).expect("JSON");
    assert_eq!(cli(&["room", "list"]), page["items"].to_string() + "\n");
    enter(&app.context, "one", "p1").await;
    let page: Value =
        serde_json::from_str(&http(Method::GET, "/v1/rooms/one/participants", None).await)
            .expect("JSON");
    assert_eq!(
        cli(&["room", "participants", "one"]),
        page["items"].to_string() + "\n"
    );
    let end = http(Method::POST, "/v1/rooms/one/end?dry_run=true", None).await;
    assert_eq!(cli(&["room", "end", "one", "--dry-run"]), end);
    let plan = http(Method::DELETE, "/v1/rooms/one?dry_run=true", None).await;
    assert_eq!(cli(&["room", "delete", "one", "--dry-run"]), plan);
    let prune = http(
        Method::POST,
        "/v1/rooms:prune?dry_run=true",
        Some(json!({ "match": "*" })),
    )
    .await;
    assert_eq!(cli(&["room", "prune", "--match", "*", "--dry-run"]), prune);
    let report = http(Method::DELETE, "/v1/rooms/two", None).await;
    assert_eq!(
        cli(&["room", "delete", "one", "--yes"]),
        report.replace("two", "one")
    );
}
