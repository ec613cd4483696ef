//! OpenTok and Vonage Video: the learning server's surface field by field, and the rest natively.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::support::opentok::{
    APPLICATION, FakeOpentok, KEY, KEYS, SECRET, start, unified, variables,
};
use crate::support::{TestApp, answer, borrowed};
use crate::vendor::Trouble;

async fn app(fake: &FakeOpentok) -> TestApp {
    TestApp::with(&borrowed(&variables(fake))).await
}

const OK: StatusCode = StatusCode::OK;
const BAD: StatusCode = StatusCode::BAD_REQUEST;
const FAILED: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

/// The fields of a `T1` token, if it is genuine.
fn fields(token: &str) -> Vec<(String, String)> {
    let text = STANDARD
        .decode(token.strip_prefix("T1==").expect("T1"))
        .expect("base64");
    let text = String::from_utf8(text).expect("text");
    let (head, data) = text.split_once(':').expect("two halves");
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, SECRET.as_bytes());
    let sig = hex::encode(hmac::sign(&key, data.as_bytes()));
    assert_eq!(head, format!("partner_id={KEY}&sig={sig}"));
    url::form_urlencoded::parse(data.as_bytes())
        .into_owned()
        .collect()
}

/// What only looks makes nothing, whoever sends it.
#[tokio::test]
async fn a_look_at_the_head_makes_no_room() {
    let fake = start().await;
    let app = app(&fake).await;
    for path in ["/room/standup", "/compat/opentok/room/standup"] {
        let (status, _) = answer(app.request(Method::HEAD, path)).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    assert_eq!(
        fake.with(|vendor| vendor.forms.len()),
        0,
        "nothing was made"
    );
    let (_, rooms) = app.get("/v1/rooms?backend=opentok").await;
    assert_eq!(rooms["items"], json!([]));
}

#[tokio::test]
async fn a_room_keeps_its_session_and_each_request_gets_a_fresh_token() {
    let fake = start().await;
    let app = app(&fake).await;
    let (_, first) = app.get("/room/standup").await;
    let keys: Vec<&String> = first.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["apiKey", "sessionId", "token"]);
    assert_eq!(first["apiKey"], KEY);
    let (status, second) = app.get("/compat/opentok/room/standup").await;
    assert_eq!(status, OK);
    assert_eq!(first["sessionId"], second["sessionId"]);
    assert_ne!(first["token"], second["token"]);
    let form = fake.with(|vendor| vendor.forms.clone());
    assert_eq!(form.len(), 1);
    let form: Vec<_> = form[0]
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    assert_eq!(
        form,
        [("archiveMode", "manual"), ("p2p.preference", "disabled")]
    );

    let found = fields(first["token"].as_str().expect("a token"));
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "session_id",
        "create_time",
        "nonce",
        "role",
        "expire_time",
        "initial_layout_class_list",
    ];
    assert_eq!(names, expected);
    let value = |name: &str| {
        let found = found.iter().find(|(of, _)| of == name);
        found.map(|(_, value)| value.clone()).expect("a field")
    };
    assert_eq!(value("session_id"), first["sessionId"]);
    assert_eq!(value("role"), "publisher");
    assert_eq!(value("initial_layout_class_list"), "");
    let number = |name: &str| value(name).parse::<i64>().expect("a number");
    assert_eq!(number("expire_time") - number("create_time"), 86_400);
    fake.verify();
}

#[tokio::test]
async fn the_routes_of_the_original_answer_as_they_did() {
    let fake = start().await;
    let app = app(&fake).await;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    for (path, to) in [
        ("/session", "/room/session"),
        ("/compat/opentok/session", "/compat/opentok/room/session"),
    ] {
        let response = client.get(app.url(path)).send().await.expect("an answer");
        assert_eq!(response.status(), StatusCode::FOUND);
        assert_eq!(response.headers()["location"], to);
    }
    let response = client.get(app.url("/")).send().await.expect("an answer");
    assert_eq!(response.status(), OK);
    let page = response.text().await.expect("a page");
    assert!(page.contains("GET /archive/:archiveId/view"), "{page}");

    let (_, room) = app.get("/room/standup").await;
    let body = json!({ "sessionId": room["sessionId"] });
    let (status, archive) = app.post("/archive/start", body).await;
    assert_eq!(
        (status, &archive["name"]),
        (OK, &json!("standup")),
        "{archive}"
    );
    assert_eq!(archive["a_field_of_tomorrow"], true);
    let id = archive["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        app.get(&format!("/archive/{id}")).await,
        (OK, archive.clone())
    );
    assert_eq!(app.get("/archive").await, (OK, json!([archive])));
    assert_eq!(app.get("/archive?count=0").await, (OK, json!([])));
    assert_eq!(app.get("/archive?count=5&offset=1").await, (OK, json!([])));

    let view = app.url(&format!("/archive/{id}/view"));
    let response = client.get(&view).send().await.expect("an answer");
    assert_eq!(response.status(), OK);
    let page = response.text().await.expect("a page");
    assert!(page.contains("Archiving Pending") && page.contains("content=\"3\""));
    let (status, stopped) = app.post(&format!("/archive/{id}/stop"), json!({})).await;
    assert_eq!((status, &stopped["status"]), (OK, &json!("stopped")));
    fake.with(|vendor| {
        vendor.archives[0]["status"] = json!("available");
        vendor.archives[0]["url"] = json!("https://files.example/a.mp4?sig=1");
    });
    let response = client.get(&view).send().await.expect("an answer");
    assert_eq!(response.status(), StatusCode::FOUND);
    assert_eq!(
        response.headers()["location"],
        "https://files.example/a.mp4?sig=1"
    );
    fake.with(|vendor| vendor.archives[0]["url"] = json!("javascript:alert(1)"));
    let response = client.get(&view).send().await.expect("an answer");
    assert_eq!(
        response.status(),
        FAILED,
        "no link of another kind is followed"
    );
    let head = client
        .head(app.url("/archive"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(head.status(), OK);
    fake.verify();
}

#[tokio::test]
async fn failures_have_the_originals_label_and_reason() {
    let fake = start().await;
    let app = app(&fake).await;
    let (_, room) = app.get("/room/standup").await;
    let session = json!({ "sessionId": room["sessionId"] });
    app.post("/archive/start", session.clone()).await;
    let said = |label: &str, reason: &str| json!({ "error": format!("{label} {reason}"), "err": { "message": reason } });
    let post = |path: &'static str, body: Value| (Method::POST, path, body);
    let get = |path: &'static str| (Method::GET, path, Value::Null);
    let other = json!({ "sessionId": "1_MX4xMjM0NX5-" });
    let cases = [
        (
            post("/archive/start", session),
            FAILED,
            "startArchive error:",
            "Recording already in progress or session not using OpenTok Media Router",
        ),
        (
            post("/archive/start", other),
            FAILED,
            "startArchive error:",
            "Session not found",
        ),
        (
            post("/archive/start", json!({})),
            BAD,
            "startArchive error:",
            "No session ID given",
        ),
        (
            post("/archive/start", json!({ "sessionId": "" })),
            BAD,
            "startArchive error:",
            "No session ID given",
        ),
        (
            post("/archive/nope/stop", json!({})),
            FAILED,
            "stopArchive error:",
            "Archive not found",
        ),
        (
            get("/archive/nope"),
            FAILED,
            "infoArchive error:",
            "Archive not found",
        ),
        (
            get("/archive/nope/view"),
            FAILED,
            "viewArchive error:",
            "Archive not found",
        ),
        (
            get("/archive/..%2F..%2Fx"),
            BAD,
            "infoArchive error:",
            "an archive's id has letters, digits and - only",
        ),
        (
            get("/archive?count=abc"),
            BAD,
            "infoArchive error:",
            "`count` must be a whole number from 0 to 1000",
        ),
        (
            get("/archive?count=-1"),
            BAD,
            "infoArchive error:",
            "`count` must be a whole number from 0 to 1000",
        ),
        (
            get("/archive?count=1001"),
            BAD,
            "infoArchive error:",
            "`count` must be a whole number from 0 to 1000",
        ),
        (
            get("/room/..%2F..%2Fx"),
            BAD,
            "createSession error:",
            "a room's name has 1 to 255 characters and no slash",
        ),
    ];
    for ((method, path, body), status, label, reason) in cases {
        let mut request = app.request(method, path);
        if !body.is_null() {
            request = request.json(&body);
        }
        assert_eq!(
            answer(request).await,
            (status, said(label, reason)),
            "{path}"
        );
    }
    for body in ["{", "[]", "7", r#"{"sessionId": 7}"#] {
        let request = app.request(Method::POST, "/archive/start");
        let request = request.header("content-type", "application/json");
        let (status, found) = answer(request.body(body)).await;
        assert_eq!(status, BAD, "{body}");
        let error = found["error"].as_str().expect("a text");
        assert!(error.starts_with("startArchive error:"), "{error}");
    }
    fake.trouble("POST /v2", Trouble::Status(403));
    fake.trouble("POST /v2", Trouble::Status(403));
    let (_, refused) = app
        .post("/archive/start", json!({ "sessionId": room["sessionId"] }))
        .await;
    assert_eq!(
        refused,
        said("startArchive error:", "Invalid API key or secret")
    );
    fake.verify();
}

#[tokio::test]
async fn no_failure_of_the_vendor_is_more_than_an_answer() {
    let fake = start().await;
    let own = variables(&fake);
    let hasty = [&borrowed(&own)[..], &[("TOK_OPENTOK__TIMEOUT", "1s")]].concat();
    let app = TestApp::with(&hasty).await;
    for (number, trouble) in [
        Trouble::Status(400),
        Trouble::Status(404),
        Trouble::Status(409),
    ]
    .into_iter()
    .enumerate()
    {
        fake.trouble("POST /session/create", trouble.clone());
        let (status, found) = app.get(&format!("/room/bad-{number}")).await;
        assert_eq!(status, FAILED, "{trouble:?}: {found}");
        let error = found["error"].as_str().expect("a text");
        assert!(error.starts_with("createSession error:"), "{error}");
        // The next one gets its session.
        assert_eq!(app.get(&format!("/room/bad-{number}")).await.0, OK);
    }
    for (number, trouble) in [
        Trouble::Status(401),
        Trouble::RetryAfter(0),
        Trouble::Status(500),
        Trouble::Cut,
        Trouble::LoseAnswer,
        Trouble::Slow(Duration::from_millis(1500)),
    ]
    .into_iter()
    .enumerate()
    {
        fake.trouble("POST /session/create", trouble.clone());
        let (status, found) = app.get(&format!("/room/slow-{number}")).await;
        assert_eq!(status, OK, "{trouble:?}: {found}");
    }
    fake.verify();
}

#[tokio::test]
async fn names_of_every_kind_are_rooms_of_their_own() {
    let fake = start().await;
    let app = app(&fake).await;
    let mut sessions = BTreeSet::new();
    let names = [
        "constructor",
        "__proto__",
        "toString",
        "my%20room",
        "my%20rooms",
        "Gr%C3%B6%C3%9Fe",
        "a.b",
    ];
    for name in names {
        let (status, room) = app.get(&format!("/room/{name}")).await;
        assert_eq!(status, OK, "{name}: {room}");
        sessions.insert(room["sessionId"].to_string());
    }
    assert_eq!(sessions.len(), names.len());
    let (_, room) = app.get("/room/my%20room").await;
    let body = json!({ "sessionId": room["sessionId"] });
    let (_, archive) = app.post("/archive/start", body).await;
    assert_eq!(
        archive["name"], "my room",
        "the archive has the name in full"
    );
    fake.verify();
}

#[tokio::test]
async fn archives_of_an_unfamiliar_shape_are_passed_on() {
    let fake = start().await;
    let app = app(&fake).await;
    let odd = [
        json!({ "id": "a1", "status": "stitching", "createdAt": "1700000000000", "size": 1.5e9 }),
        json!({ "id": "a2", "status": 7, "name": ["x"], "duration": "long", "sha256sum": {} }),
        json!({ "archiveId": "a3" }),
    ];
    // The newest is the first in lists.
    fake.with(|vendor| vendor.archives = odd.iter().rev().cloned().collect());
    assert_eq!(app.get("/archive").await, (OK, json!(odd)));
    assert_eq!(app.get("/archive/a1").await, (OK, odd[0].clone()));
    // What can be read of them is.
    let (status, list) = app.get("/v1/recordings?backend=opentok").await;
    assert_eq!(status, OK, "{list}");
    let items = &list["items"];
    assert_eq!(items[0]["started_at"], "2023-11-14T22:13:20Z");
    assert_eq!(items[0]["size"], 1_500_000_000);
    assert_eq!(items[1]["status"], "processing");
    assert_eq!(items[2].get("started_at"), None);
    // What cannot be told to be old is never pruned.
    fake.with(|vendor| {
        for archive in &mut vendor.archives {
            archive["status"] = json!("available");
            archive["createdAt"] = json!(null);
        }
    });
    let body = json!({ "older_than": "1d", "backend": "opentok" });
    let (_, plan) = app.post("/v1/recordings:prune?dry_run=true", body).await;
    assert_eq!(plan["recordings"], json!([]), "{plan}");
    fake.verify();
}

#[tokio::test]
async fn first_requests_at_once_share_one_failure() {
    let fake = start().await;
    let app = app(&fake).await;
    // Longer than it takes that all have asked.
    fake.trouble(
        "POST /session/create",
        Trouble::Slow(Duration::from_secs(3)),
    );
    fake.with(|vendor| vendor.refuses_sessions = true);
    let asks = (0..10).map(|_| app.get("/room/crowd"));
    for (status, found) in futures_util::future::join_all(asks).await {
        assert_eq!(status, FAILED, "{found}");
        let error = found["error"].as_str().expect("a text");
        assert!(error.starts_with("createSession error:"), "{error}");
    }
    assert_eq!(fake.calls(), ["POST /session/create"], "one for all");
    fake.with(|vendor| vendor.refuses_sessions = false);
    assert_eq!(app.get("/room/crowd").await.0, OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_first_requests_make_one_session() {
    let fake = start().await;
    let all = variables(&fake);
    let dir = tempfile::TempDir::new().expect("a directory");
    let config = crate::support::config(dir.path(), &borrowed(&all));
    // Two processes over one store: each has a context of its own.
    let contexts: Vec<_> = (0..2)
        .map(|_| tok::context::Context::open(&config, dir.path()).expect("opens"))
        .map(Arc::new)
        .collect();
    fake.trouble(
        "POST /session/create",
        Trouble::Slow(Duration::from_millis(100)),
    );
    let asks = (0..1000).map(|number| {
        let context = contexts[number % 2].clone();
        tokio::spawn(async move {
            let make = tok::commands::room::create::Input {
                backend: Some(tok::model::BackendName::Opentok),
                ..Default::default()
            };
            let name = "crowd".parse().expect("a name");
            let input = tok::commands::room::ensure::Input { name, make };
            tok::commands::room::ensure::run(&context, input).await
        })
    });
    let mut ids = BTreeSet::new();
    for ask in asks.collect::<Vec<_>>() {
        ids.insert(ask.await.expect("no panic").expect("a room").id);
    }
    assert_eq!(ids.len(), 1);
    assert_eq!(fake.with(|vendor| vendor.sessions.len()), 1);
    fake.verify();
}

#[tokio::test]
async fn the_mapping_outlives_the_process_and_a_change_of_project_is_noticed() {
    let fake = start().await;
    let all = variables(&fake);
    let dir = tempfile::TempDir::new().expect("a directory");
    let ask = async |more: &[(&str, &str)]| {
        let mut all = borrowed(&all);
        all.extend_from_slice(more);
        let config = crate::support::config(dir.path(), &all);
        let context = tok::context::Context::open(&config, dir.path()).expect("opens");
        let backend = Some(tok::model::BackendName::Opentok);
        let name: tok::model::RoomName = "standup".parse().expect("a name");
        let make = tok::commands::room::create::Input {
            backend,
            ..Default::default()
        };
        let input = tok::commands::room::ensure::Input {
            name: name.clone(),
            make,
        };
        let room = tok::commands::room::ensure::run(&context, input).await?;
        let spec = tok::commands::token::create::TokenSpec {
            backend,
            ..Default::default()
        };
        let input = tok::commands::token::create::Input {
            room: name,
            room_id: None,
            spec,
            minter: tok::model::Minter::OPERATOR,
        };
        tok::commands::token::create::run(&context, input).await?;
        Ok::<_, tok::Error>(room.id)
    };
    let first = ask(&[]).await.expect("a room");
    assert_eq!(ask(&[]).await.expect("a room"), first);
    let error = ask(&[("TOKBOX_API_KEY", "999")])
        .await
        .expect_err("refused");
    assert!(
        error.message().contains("another OpenTok project"),
        "{error}"
    );
    assert_eq!(fake.with(|vendor| vendor.sessions.len()), 1);
}

#[tokio::test]
async fn the_unified_account_signs_with_its_private_key() {
    let fake = start().await;
    let mut all = unified(&fake);
    all.push(("TOK_ROOMS__BACKEND", "opentok".to_owned()));
    let app = TestApp::with(&borrowed(&all)).await;
    let (status, room) = app.get("/room/standup").await;
    assert_eq!(status, OK, "{room}");
    assert_eq!(room["apiKey"], APPLICATION);
    let token = room["token"].as_str().expect("a token");
    let key = DecodingKey::from_rsa_pem(KEYS.1.as_bytes()).expect("a key");
    let read =
        jsonwebtoken::decode::<Map<String, Value>>(token, &key, &Validation::new(Algorithm::RS256));
    let mut claims = read.expect("genuine").claims;
    let (iat, _) = (claims["iat"].clone(), claims.remove("jti").expect("a jti"));
    let expected = json!({
        "application_id": APPLICATION, "scope": "session.connect",
        "session_id": room["sessionId"], "role": "publisher", "initial_layout_class_list": "",
        "iat": iat, "exp": iat.as_i64().expect("a number") + 86_400, "sub": "video",
        "acl": { "paths": { "/session/**": {} } },
    });
    assert_eq!(Value::Object(claims), expected);
    let (_, facts) = app
        .post("/v1/tokens:inspect", json!({ "token": token }))
        .await;
    assert_eq!(
        (&facts["valid"], &facts["room"]),
        (&json!(true), &json!("standup")),
        "{facts}"
    );

    let session = room["sessionId"].as_str().expect("an id").to_owned();
    fake.with(|vendor| {
        vendor.connections = vec![
            (session.clone(), "c1".to_owned()),
            (session, "c2".to_owned()),
        ];
    });
    let (_, people) = app.get("/v1/rooms/standup/participants").await;
    assert_eq!(
        people["items"].as_array().map(Vec::len),
        Some(2),
        "{people}"
    );
    let (_, ended) = app.post("/v1/rooms/standup/end", json!({})).await;
    assert_eq!(ended["ended"], 2, "{ended}");
    let (_, report) = app.delete("/v1/rooms/standup").await;
    assert_eq!(report["forgotten"], 1, "{report}");
    assert_eq!(app.get("/v1/rooms/standup").await.0, StatusCode::NOT_FOUND);
    fake.verify();
}

#[tokio::test]
async fn tokens_take_the_platforms_options() {
    let fake = start().await;
    let mut all = variables(&fake);
    all.push(("TOK_ROOMS__BACKEND", "opentok".to_owned()));
    let app = TestApp::with(&borrowed(&all)).await;
    app.post("/v1/rooms", json!({ "name": "standup" })).await;
    let body = json!({
        "role": "participant", "user_id": "ada", "user_name": "Ada & Co",
        "properties": { "role": "publisheronly", "initial_layout_class_list": ["full", "focus"] },
    });
    let (status, token) = app.post("/v1/rooms/standup/tokens", body).await;
    assert_eq!(status, StatusCode::CREATED, "{token}");
    let found = fields(token["token"].as_str().expect("a token"));
    let value = |name: &str| {
        let found = found.iter().find(|(of, _)| of == name);
        found.map(|(_, value)| value.as_str()).expect("a field")
    };
    assert_eq!(value("role"), "publisheronly");
    assert_eq!(value("initial_layout_class_list"), "full focus");
    assert_eq!(
        value("connection_data"),
        r#"{"user_id":"ada","user_name":"Ada & Co"}"#
    );
    let (_, facts) = app
        .post("/v1/tokens:inspect", json!({ "token": token["token"] }))
        .await;
    assert_eq!(
        (&facts["valid"], &facts["user_name"]),
        (&json!(true), &json!("Ada & Co"))
    );
    for (properties, part) in [
        (json!({ "role": "king" }), "no role `king`"),
        (json!({ "role": "moderator" }), "stronger"),
        (json!({ "role": 7 }), "must be a text"),
        (json!({ "connection_data": "x".repeat(1001) }), "too long"),
        (json!({ "initial_layout_class_list": [7] }), "list of texts"),
    ] {
        let body = json!({ "properties": properties });
        let (status, problem) = app.post("/v1/rooms/standup/tokens", body).await;
        assert_eq!(status, BAD, "{properties}");
        let detail = problem["detail"].as_str().expect("a text");
        assert!(detail.contains(part), "{detail}");
    }
    // What has no history says so instead of showing nothing.
    let (status, problem) = app.get("/v1/sessions").await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|text| text.contains("webhook_secret"))
    );
    fake.verify();
}

#[tokio::test]
async fn without_an_account_the_surface_says_which_setting_is_missing() {
    let app = TestApp::start().await;
    for path in ["/room/x", "/archive", "/compat/opentok/archive/x"] {
        let (status, found) = app.get(path).await;
        assert_eq!(status, StatusCode::NOT_IMPLEMENTED, "{path}");
        let error = found["err"]["message"].as_str().expect("a text");
        assert!(error.contains("opentok.api_key"), "{error}");
    }
    assert_eq!(app.get("/").await.0, OK);
}

/// Its sessions cannot be looked up: a room is what is registered here.
#[tokio::test]
async fn there_are_no_tokens_for_rooms_that_are_not_registered() {
    let fake = start().await;
    let mut all = variables(&fake);
    all.push(("TOK_ROOMS__BACKEND", "opentok".to_owned()));
    let app = TestApp::with(&borrowed(&all)).await;
    let mint = async |room: &str| {
        app.post(&format!("/v1/rooms/{room}/tokens"), json!({}))
            .await
    };
    let (_, room) = app.post("/v1/rooms", json!({ "name": "standup" })).await;
    assert_eq!(mint("standup").await.0, StatusCode::CREATED);
    let session = room["id"].as_str().expect("an id").replace(['=', '~'], "-");
    for missing in ["nowhere", &session] {
        let (status, told) = mint(missing).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{told}");
    }
    assert_eq!(fake.with(|vendor| vendor.sessions.len()), 1, "none is made");
    fake.verify();
}
