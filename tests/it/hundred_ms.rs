//! 100ms: the sample backend's surface field by field, and rooms, tokens and recordings natively.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use nix::sys::signal::Signal;
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};
use tok::model::{BackendName, PageRequest};

use crate::support::hundred_ms::{ACCESS_KEY, FakeHundredMs, SECRET, start, variables};
use crate::support::{Binary, TestApp, answer, borrowed, context};
use crate::vendor::Trouble;

/// A server whose usual backend is 100ms.
async fn app(fake: &FakeHundredMs) -> TestApp {
    app_with(fake, &[]).await
}

/// The same with further settings.
async fn app_with(fake: &FakeHundredMs, more: &[(&str, &str)]) -> TestApp {
    let own = variables(fake);
    let mut all = borrowed(&own);
    all.push(("TOK_ROOMS__BACKEND", "hundred_ms"));
    all.extend_from_slice(more);
    TestApp::with(&all).await
}

const OK: StatusCode = StatusCode::OK;
const BAD: StatusCode = StatusCode::BAD_REQUEST;
const FAILED: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

#[tokio::test]
async fn a_room_is_the_vendors_object_unchanged() {
    let fake = start().await;
    let app = app(&fake).await;
    for (path, name) in [
        ("/create-room", "one"),
        ("/compat/100ms/create-room", "two"),
    ] {
        let body = json!({
            "name": name, "description": "d", "template_id": "t", "region": "eu", "other": 1,
        });
        let (status, room) = app.post(path, body).await;
        assert_eq!(status, OK, "{room}");
        let stored = fake.with(|vendor| vendor.rooms.last().cloned());
        assert_eq!(Some(&room), stored.as_ref());
        assert_eq!(room["description"], "d");
        assert_eq!(room["region"], "eu");
        assert_eq!(room["a_field_of_tomorrow"], json!({ "kept": true }));
    }
    // Names that are none of ours go through; no body is a room as well.
    let (status, room) = app.post("/create-room", json!({ "name": "a.b:c" })).await;
    assert_eq!((status, &room["name"]), (OK, &json!("a.b:c")));
    let request = app.request(Method::POST, "/create-room");
    assert_eq!(answer(request).await.0, OK);
    fake.verify();
}

#[tokio::test]
async fn what_fails_is_500_and_what_is_wrong_is_400() {
    let fake = start().await;
    let app = app(&fake).await;
    let internal = json!("Internal Server Error");
    let refused = json!({ "template_id": "no-such-template" });
    assert_eq!(
        app.post("/create-room", refused).await,
        (FAILED, internal.clone())
    );
    fake.trouble("POST /rooms", Trouble::Status(404));
    let request = app.request(Method::POST, "/create-room");
    let response = request.send().await.expect("an answer");
    assert_eq!(
        response.headers()["content-type"],
        "text/html; charset=utf-8"
    );
    for trouble in [
        Trouble::Status(400),
        Trouble::Status(404),
        Trouble::Status(409),
    ] {
        fake.trouble("POST /rooms", trouble.clone());
        let found = app.post("/create-room", json!({})).await;
        assert_eq!(found, (FAILED, internal.clone()), "{trouble:?}");
    }
    for body in ["{", "[1]", r#"{"name": 7}"#, "null"] {
        let request = app.request(Method::POST, "/create-room");
        let request = request.header("content-type", "application/json");
        let (status, text) = answer(request.body(body)).await;
        assert_eq!(status, BAD, "{body}: {text}");
        assert!(text.is_string(), "{body}: {text}");
    }
    fake.verify();
}

#[tokio::test]
async fn a_token_carries_its_claims_and_nothing_else() {
    let fake = start().await;
    let app = app(&fake).await;
    let room = "65f000000000000000000001";
    let before = jiff::Timestamp::now().as_second();
    let body = json!({ "room_id": room, "user_id": "ada", "role": "speaker" });
    for path in ["/auth-token", "/compat/100ms/auth-token"] {
        let (status, found) = app.post(path, body.clone()).await;
        assert_eq!(status, OK, "{found}");
        let keys: Vec<&String> = found.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["token", "msg", "success"]);
        assert_eq!(found["msg"], "Token generated successfully!");
        assert_eq!(found["success"], true);
        let token = found["token"].as_str().expect("a token");
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_nbf = true;
        let key = DecodingKey::from_secret(SECRET.as_bytes());
        let read = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation);
        let read = read.expect("genuine");
        assert_eq!(read.header.typ.as_deref(), Some("JWT"));
        let mut claims = read.claims;
        let iat = claims["iat"].as_i64().expect("a number");
        assert!((before..before + 5).contains(&iat));
        let jti = claims.remove("jti").expect("a jti");
        assert_eq!(jti.as_str().map(str::len), Some(36));
        let expected = json!({
            "access_key": ACCESS_KEY, "room_id": room, "user_id": "ada", "role": "speaker",
            "type": "app", "version": 2, "iat": iat, "nbf": iat, "exp": iat + 86_400,
        });
        assert_eq!(Value::Object(claims), expected);
    }
    // Nothing went over the wire.
    assert!(fake.calls().is_empty());
}

#[tokio::test]
async fn a_token_without_its_claims_is_never_made() {
    let fake = start().await;
    let app = app(&fake).await;
    for (body, part) in [
        (json!({}), "`room_id` is missing"),
        (
            json!({ "room_id": "r", "role": "host" }),
            "`user_id` is missing",
        ),
        (
            json!({ "room_id": "r", "user_id": "u" }),
            "`role` is missing",
        ),
        (
            json!({ "room_id": "r", "user_id": "u", "role": "" }),
            "`role` is missing",
        ),
        (
            json!({ "room_id": "r", "user_id": 7, "role": "host" }),
            "not as documented",
        ),
        (
            json!({ "room_id": "../x", "user_id": "u", "role": "host" }),
            "room name",
        ),
    ] {
        let (status, found) = app.post("/auth-token", body.clone()).await;
        assert_eq!(status, BAD, "{body}");
        assert_eq!(found["success"], false, "{body}");
        let msg = found["msg"].as_str().expect("a text");
        assert!(msg.contains(part), "{body}: {msg}");
    }
    assert!(fake.calls().is_empty(), "{:?}", fake.calls());
}

/// Whatever an id looks like it is one: nothing is looked up by it.
#[tokio::test]
async fn a_room_id_is_never_taken_for_a_name() {
    let fake = start().await;
    let app = app(&fake).await;
    app.post("/create-room", json!({ "name": "standup" })).await;
    fake.forget_calls();
    let body = json!({ "room_id": "standup", "user_id": "u", "role": "host" });
    let (status, found) = app.post("/auth-token", body).await;
    assert_eq!((status, &found["success"]), (OK, &json!(true)), "{found}");
    let token = found["token"].as_str().expect("a token");
    let claims = jsonwebtoken::dangerous::insecure_decode::<Map<String, Value>>(token);
    assert_eq!(claims.expect("a token").claims["room_id"], "standup");
    assert!(fake.calls().is_empty(), "{:?}", fake.calls());
    let found = app.get("/session-analytics-by-room?room_id=standup").await;
    let nothing = json!("No session found for this room");
    assert_eq!(found, (StatusCode::NOT_FOUND, nothing));
    let found = app.get("/session-list-by-room?room_id=standup").await;
    assert_eq!(found, (OK, json!([])));
    let calls = fake.calls();
    assert!(
        calls.iter().all(|call| call == "GET /sessions"),
        "{calls:?}"
    );
    fake.verify();
}

#[tokio::test]
async fn a_room_is_asked_for_with_what_the_client_sent_and_nothing_else() {
    let fake = start().await;
    let app = app(&fake).await;
    for body in [
        json!({}),
        json!({ "region": "in" }),
        json!({ "name": "a b" }),
    ] {
        let (status, room) = app.post("/create-room", body.clone()).await;
        assert_eq!(status, OK, "{room}");
        let asked = fake.with(|vendor| vendor.asked_for.last().cloned());
        assert_eq!(asked, Some(body));
    }
    // Without a name a second try would make a second room.
    fake.trouble("POST /rooms", Trouble::LoseAnswer);
    assert_eq!(app.post("/create-room", json!({})).await.0, FAILED);
    assert_eq!(fake.with(|vendor| vendor.rooms.len()), 4);
    fake.verify();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_says_why_a_token_was_refused() {
    let fake = start().await;
    let binary = Binary::with(&borrowed(&variables(&fake)));
    let served = binary.serve();
    let url = format!("{}/auth-token", served.url);
    let body = json!({ "room_id": "65f000000000000000000001", "user_id": "ada" });
    let request = reqwest::Client::new().post(url).json(&body);
    assert_eq!(answer(request).await.0, BAD);
    served.signal(Signal::SIGTERM);
    let (_, log) = served.finish();
    let line = log.lines().find(|line| line.contains("no token was made"));
    let line = line.unwrap_or_else(|| panic!("{log}"));
    assert!(line.contains("`role` is missing"), "{line}");
}

fn peer(id: &str, user: &str, from: i64, to: Option<i64>) -> (String, Value) {
    let start = 1_700_000_000_000_i64;
    let at = |ms: i64| {
        let at = jiff::Timestamp::from_millisecond(start + ms).expect("a moment");
        json!(at.to_string())
    };
    let left = to.map_or(Value::Null, at);
    let peer = json!({
        "id": id, "session_id": "s", "name": format!("Name {id}"), "role": "host",
        "user_id": user, "joined_at": at(from), "left_at": left,
    });
    (id.to_owned(), peer)
}

fn session(id: &str, room: &str, active: bool, long: i64, peers: Vec<(String, Value)>) -> Value {
    let start = jiff::Timestamp::from_millisecond(1_700_000_000_000).expect("a moment");
    let end = start + jiff::SignedDuration::from_millis(long);
    json!({
        "id": id, "room_id": room, "customer_id": "c", "active": active,
        "peers": Map::from_iter(peers), "created_at": start.to_string(),
        "updated_at": end.to_string(),
    })
}

#[tokio::test]
async fn attendance_is_exact_to_the_hundredth() {
    let fake = start().await;
    let app = app(&fake).await;
    let room = "65f000000000000000000001";
    fake.with(|vendor| {
        let peers = vec![
            peer("p1", "bob", 0, Some(620_000)),
            peer("p2", "ada", 1_000, Some(1_000_000)),
            // She comes back: the sum counts, and the last name.
            peer("p3", "ada", 1_100_000, Some(1_871_000)),
        ];
        vendor.sessions = vec![
            session(
                "old",
                room,
                false,
                60_000,
                vec![peer("p0", "old", 0, Some(7_500))],
            ),
            session("new", room, false, 1_800_000, peers),
        ];
    });
    let expected = json!({
        "user_duration_list": [
            { "name": "Name p1", "user_id": "bob", "duration": 10.33 },
            { "name": "Name p3", "user_id": "ada", "duration": 29.5 },
        ],
        "session_duration": "30.00",
        "total_peer_duration": "39.83",
    });
    for path in [
        "/session-analytics-by-room",
        "/session-analytics",
        "/compat/100ms/session-analytics-by-room",
    ] {
        let found = app.get(&format!("{path}?room_id={room}")).await;
        assert_eq!(found, (OK, expected.clone()), "{path}");
    }
    let nothing = json!("No session found for this room");
    for room in ["65f000000000000000000009", "65f00000000000000000000a"] {
        let found = app.get(&format!("/session-analytics?room_id={room}")).await;
        assert_eq!(found, (StatusCode::NOT_FOUND, nothing.clone()));
    }
    fake.forget_calls();
    for query in [
        "",
        "?room_id=",
        "?room_id=..%2F..%2Fx",
        "?room_id=a&room_id=b",
    ] {
        let (status, _) = app.get(&format!("/session-analytics-by-room{query}")).await;
        assert_eq!(status, BAD, "{query}");
    }
    assert!(fake.calls().is_empty(), "no unfiltered call may be sent");
    fake.trouble("GET /sessions", Trouble::Status(404));
    let (status, text) = app.get(&format!("/session-analytics?room_id={room}")).await;
    assert_eq!((status, text), (FAILED, json!("Internal Server Error")));
    fake.verify();
}

#[tokio::test]
async fn a_running_session_counts_to_now() {
    let fake = start().await;
    let app = app(&fake).await;
    let room = "65f000000000000000000001";
    fake.with(|vendor| {
        let mut there = peer("p1", "ada", 0, None);
        there
            .1
            .as_object_mut()
            .expect("an object")
            .remove("left_at");
        let peers = vec![there, peer("p2", "bob", 0, None)];
        let mut running = session("now", room, true, 0, peers);
        let now = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(90);
        running["created_at"] = json!(now.to_string());
        for id in ["p1", "p2"] {
            running["peers"][id]["joined_at"] = json!(now.to_string());
        }
        vendor.sessions = vec![session("old", room, false, 60_000, vec![]), running];
    });
    let (status, found) = app.get(&format!("/session-analytics?room_id={room}")).await;
    assert_eq!(status, OK);
    let list = found["user_duration_list"].as_array().expect("a list");
    assert_eq!(list.len(), 2);
    for person in list {
        let minutes = person["duration"].as_f64().expect("a number");
        assert!((1.5..2.0).contains(&minutes), "{found}");
    }
}

#[tokio::test]
async fn all_sessions_of_a_room_come_in_one_list() {
    let fake = start().await;
    let app = app(&fake).await;
    let room = "65f000000000000000000001";
    fake.with(|vendor| {
        for number in 0..245 {
            let id = format!("s{number:03}");
            vendor.sessions.push(session(&id, room, false, 1, vec![]));
        }
        vendor.sessions.push(session("live", room, true, 1, vec![]));
    });
    let path = format!("/session-list-by-room?room_id={room}");
    let (status, found) = app.get(&path).await;
    assert_eq!(status, OK);
    let ids: Vec<&str> = found
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|session| session["id"].as_str())
        .collect();
    assert_eq!(ids.len(), 246);
    assert_eq!(ids[..2], ["live", "s244"]);
    assert_eq!(ids[245], "s000");
    fake.verify();
}

#[tokio::test]
async fn the_management_token_is_kept_and_renewed_once_when_refused() {
    let fake = start().await;
    let app = app(&fake).await;
    for _ in 0..5 {
        assert_eq!(app.post("/create-room", json!({ "name": "x" })).await.0, OK);
    }
    assert_eq!(fake.with(|vendor| vendor.tokens.len()), 1);
    for status in [401, 403] {
        fake.forget_calls();
        fake.trouble("POST /rooms", Trouble::Status(status));
        assert_eq!(app.post("/create-room", json!({ "name": "x" })).await.0, OK);
        assert_eq!(fake.calls(), ["POST /rooms", "POST /rooms"]);
    }
    assert_eq!(fake.with(|vendor| vendor.tokens.len()), 3);
    // A second refusal is reported.
    fake.trouble("POST /rooms", Trouble::Status(401));
    fake.trouble("POST /rooms", Trouble::Status(401));
    assert_eq!(
        app.post("/create-room", json!({ "name": "x" })).await.0,
        FAILED
    );
    fake.verify();
}

#[tokio::test]
async fn bad_weather_is_waited_out_where_that_is_safe() {
    let fake = start().await;
    let app = app_with(&fake, &[("TOK_HUNDRED_MS__TIMEOUT", "1s")]).await;
    for trouble in [
        Trouble::Status(500),
        Trouble::Status(503),
        Trouble::RetryAfter(0),
        Trouble::Cut,
        Trouble::LoseAnswer,
        Trouble::Slow(Duration::from_millis(1500)),
    ] {
        fake.trouble("POST /rooms", trouble.clone());
        let (status, room) = app.post("/create-room", json!({ "name": "same" })).await;
        assert_eq!(status, OK, "{trouble:?}: {room}");
    }
    assert_eq!(fake.with(|vendor| vendor.rooms.len()), 1);
    fake.verify();
}

#[tokio::test]
async fn without_an_account_the_surface_says_which_setting_is_missing() {
    let app = TestApp::start().await;
    for (method, path) in [
        (Method::POST, "/auth-token"),
        (Method::GET, "/session-analytics?room_id=x"),
        (Method::POST, "/compat/100ms/create-room"),
    ] {
        let (status, text) = answer(app.request(method, path)).await;
        assert_eq!(status, StatusCode::NOT_IMPLEMENTED, "{path}");
        let text = text.as_str().expect("a text");
        assert!(text.contains("hundred_ms.access_key"), "{text}");
    }
    // The root stays the usual backend's.
    assert_eq!(app.post("/create-room", json!({})).await.0, OK);
}

#[tokio::test]
async fn rooms_are_made_listed_changed_and_closed() {
    let fake = start().await;
    let all = variables(&fake);
    let (context, _dir) = context(&borrowed(&all));
    let backend = context
        .backends
        .get(Some(BackendName::HundredMs))
        .expect("100ms");
    let rooms = &backend.rooms;
    let app = TestApp::with(&borrowed(&all)).await;
    for number in 0..23 {
        let body = json!({ "name": format!("room-{number}"), "backend": "hundred_ms" });
        assert_eq!(app.post("/v1/rooms", body).await.0, StatusCode::CREATED);
    }
    // Every page as large as asked for, every room once, though the vendor's pages have ten.
    let mut page = PageRequest {
        after: None,
        limit: 4,
    };
    let mut seen = Vec::new();
    loop {
        let found = rooms.list(&page).await.expect("a page");
        assert!(found.items.len() <= 4);
        seen.extend(found.items.into_iter().map(|room| room.name.to_string()));
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (23, 23), "{seen:?}");

    let (status, room) = app.get("/v1/rooms/ROOM-7?backend=hundred_ms").await;
    assert_eq!((status, &room["name"]), (OK, &json!("room-7")));
    assert_eq!(room["privacy"], "private");
    let patch = app.request(Method::PATCH, "/v1/rooms/room-7?backend=hundred_ms");
    let (status, room) = answer(patch.json(&json!({ "max_participants": 9 }))).await;
    assert_eq!((status, &room["max_participants"]), (OK, &json!(9)));

    let id = room["id"].as_str().expect("an id").to_owned();
    let somebody =
        json!({ "id": "p1", "name": "Ada", "user_id": "ada", "joined_at": "2026-01-01T00:00:00Z" });
    fake.with(|vendor| vendor.peers.push((id.clone(), somebody)));
    let (_, people) = app
        .get("/v1/rooms/room-7/participants?backend=hundred_ms")
        .await;
    assert_eq!(people["items"][0]["user_id"], "ada");
    let (status, report) = app.delete("/v1/rooms/room-7?backend=hundred_ms").await;
    assert_eq!((status, &report["disabled"]), (OK, &json!(1)), "{report}");
    assert_eq!(report["items"][0]["outcome"], "disabled");
    assert!(
        fake.with(|vendor| vendor.peers.is_empty()),
        "everybody is out"
    );
    for name in ["room-7", &id] {
        let path = format!("/v1/rooms/{name}?backend=hundred_ms");
        assert_eq!(app.get(&path).await.0, StatusCode::NOT_FOUND);
        assert_eq!(app.delete(&path).await.0, StatusCode::NOT_FOUND);
    }
    // Made again it is open again.
    let body = json!({ "name": "room-7", "backend": "hundred_ms" });
    assert_eq!(app.post("/v1/rooms", body).await.0, StatusCode::CREATED);
    assert_eq!(app.get("/v1/rooms/room-7?backend=hundred_ms").await.0, OK);
    let body = json!({ "name": "x", "backend": "hundred_ms", "expires": "1h" });
    let (status, problem) = app.post("/v1/rooms", body).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::NOT_IMPLEMENTED, &json!("unsupported"))
    );
    fake.verify();
}

#[tokio::test]
async fn tokens_are_minted_and_read_natively() {
    let fake = start().await;
    let mut all = variables(&fake);
    all.push(("TOK_ROOMS__BACKEND", "hundred_ms".to_owned()));
    let app = TestApp::with(&borrowed(&all)).await;
    app.post("/v1/rooms", json!({ "name": "standup" })).await;
    let body = json!({ "role": "host", "user_id": "ada", "ttl": "5m" });
    let (status, token) = app.post("/v1/rooms/standup/tokens", body).await;
    assert_eq!(status, StatusCode::CREATED, "{token}");
    let (status, facts) = app
        .post("/v1/tokens:inspect", json!({ "token": token["token"] }))
        .await;
    assert_eq!((status, &facts["valid"]), (OK, &json!(true)), "{facts}");
    assert_eq!(
        (&facts["role"], &facts["user_id"]),
        (&json!("host"), &json!("ada"))
    );
    let body = json!({ "properties": { "colour": "red" } });
    let (status, problem) = app.post("/v1/rooms/standup/tokens", body).await;
    assert_eq!(status, BAD);
    let detail = problem["detail"].as_str().expect("a text");
    assert!(detail.contains("`colour`"), "{detail}");
    fake.verify();
}

#[tokio::test]
async fn no_id_makes_tok_ask_for_a_whole_collection() {
    let fake = start().await;
    let app = app(&fake).await;
    for path in [
        "/v1/sessions/%09",
        "/v1/sessions/.%09.",
        "/v1/sessions/..",
        "/v1/sessions/%2E%2E",
        "/v1/recordings/%09",
        "/v1/rooms/x/attendance?session=%09",
        "/v1/rooms/x/attendance?session=..%2Frooms",
    ] {
        assert_eq!(app.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(fake.calls().is_empty(), "{:?}", fake.calls());
}

#[tokio::test]
async fn rooms_are_recorded() {
    let fake = start().await;
    let mut all = variables(&fake);
    all.push(("TOK_ROOMS__BACKEND", "hundred_ms".to_owned()));
    let app = TestApp::with(&borrowed(&all)).await;
    app.post("/v1/rooms", json!({ "name": "standup" })).await;
    let (status, recording) = app
        .post("/v1/recordings", json!({ "room": "standup" }))
        .await;
    assert_eq!(status, StatusCode::CREATED, "{recording}");
    assert_eq!(recording["status"], "starting");
    let id = recording["id"].as_str().expect("an id").to_owned();
    let (status, _) = app.get(&format!("/v1/recordings/{id}/url")).await;
    assert_eq!(status, StatusCode::CONFLICT, "there is no file yet");
    let (_, stopped) = app
        .post(&format!("/v1/recordings/{id}/stop"), json!({}))
        .await;
    assert_eq!(
        (
            &stopped["status"],
            &stopped["size"],
            &stopped["duration_ms"]
        ),
        (&json!("ready"), &json!(4096), &json!(61_500))
    );
    let (_, link) = app.get(&format!("/v1/recordings/{id}/url")).await;
    assert_eq!(link["url"], "https://files.example/a1?sig=1");
    let (_, list) = app.get("/v1/recordings?room=standup").await;
    assert_eq!(list["items"][0]["id"], id);
    let (status, _) = app.delete(&format!("/v1/recordings/{id}")).await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    let (status, _) = app.get("/v1/recordings/..%2F..%2Frooms").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    fake.verify();
}

/// What looks like an id of the vendor's is one only if there is such a room.
#[tokio::test(flavor = "multi_thread")]
async fn there_are_no_tokens_for_rooms_that_100ms_does_not_know() {
    let fake = start().await;
    let app = app(&fake).await;
    let (_, room) = app.post("/v1/rooms", json!({ "name": "standup" })).await;
    let id = room["id"].as_str().expect("an id").to_owned();
    let mint = async |name: &str| {
        let path = format!("/v1/rooms/{name}/tokens");
        app.post(&path, json!({})).await
    };
    let none = "5fffffffffffffffffffffff";
    for missing in [none, "nowhere"] {
        let (status, told) = mint(missing).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{told}");
    }
    let all = variables(&fake);
    let binary = Binary::with(&borrowed(&all));
    for more in [&[][..], &["--dry-run"]] {
        let mut words = vec!["token", "create", none, "--backend", "hundred_ms"];
        words.extend_from_slice(more);
        binary.run(&words).refused(3, "there is no room");
    }
    assert_eq!(mint(&id).await.0, StatusCode::CREATED);
    let asked = fake.calls().len();
    assert_eq!(mint(&id).await.0, StatusCode::CREATED);
    assert_eq!(fake.calls().len(), asked, "it is known for a while");
    // Closed by its name, it is so by its id.
    let closed = app.delete("/v1/rooms/standup?backend=hundred_ms").await;
    assert_eq!(closed.0, OK, "{}", closed.1);
    for missing in [&id, "standup"] {
        let (status, told) = mint(missing).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{told}");
    }
    fake.verify();
}
