//! What the surfaces of the earlier backends have in common: they take what the originals' framework
//! takes, and refuse in their own words.

use std::io::Write as _;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tok::commands::participant::join;

use crate::newcomer::anybody;
use crate::silent::Chair;
use crate::support::{TestApp, answer, bandwidth, borrowed, hundred_ms, opentok};

const OK: StatusCode = StatusCode::OK;

/// A server with every surface: at the root rooms are local ones.
struct All {
    app: TestApp,
    opentok: opentok::FakeOpentok,
    _others: (hundred_ms::FakeHundredMs, bandwidth::FakeBandwidth),
}

impl All {
    async fn with(more: &[(&str, &str)]) -> Self {
        let (sessions, rooms) = (opentok::start().await, hundred_ms::start().await);
        let calls = bandwidth::start().await;
        let mut all = opentok::variables(&sessions);
        all.extend(hundred_ms::variables(&rooms));
        all.extend(bandwidth::variables(&calls));
        let mut all = borrowed(&all);
        all.extend_from_slice(more);
        Self {
            app: TestApp::with(&all).await,
            opentok: sessions,
            _others: (rooms, calls),
        }
    }
}

#[tokio::test]
async fn a_path_may_have_any_case_and_a_slash_at_its_end() {
    let all = All::with(&[]).await;
    let (_, first) = all.app.get("/room/Alpha").await;
    let session = first["sessionId"].as_str().expect("a session");
    for path in ["/room/Alpha/", "/ROOM/Alpha", "/Compat/OpenTok/Room/Alpha/"] {
        let (status, found) = all.app.get(path).await;
        assert_eq!(
            (status, &found["sessionId"]),
            (OK, &first["sessionId"]),
            "{path}"
        );
    }
    // Names of rooms keep their case.
    assert_ne!(all.app.get("/room/alpha").await.1["sessionId"], session);
    for path in ["/archive/", "/ARCHIVE?count=1", "/Archive/?count=1"] {
        assert_eq!(all.app.get(path).await, (OK, json!([])), "{path}");
    }
    let (status, archive) = all
        .app
        .post("/Archive/Start/", json!({ "sessionId": session }))
        .await;
    assert_eq!(status, OK, "{archive}");
    let room = "65f000000000000000000001";
    let token = json!({ "room_id": room, "user_id": "u", "role": "host" });
    assert_eq!(all.app.post("/Auth-Token/", token).await.0, OK);
    let nobody = format!("/session-analytics-by-room/?room_id={room}");
    assert_eq!(all.app.get(&nobody).await.0, StatusCode::NOT_FOUND);
    let made = all
        .app
        .post("/Create-Room/", json!({ "name": "Upper" }))
        .await;
    assert_eq!(made.1["name"], "Upper");
    let gone = all.app.delete("/Delete-Room/Upper/").await;
    assert_eq!(gone.1, json!({ "deleted": true, "name": "Upper" }));
    let register = json!({ "action": "register", "notifyType": "GCM", "deviceToken": "t" });
    for path in ["/API/", "/Compat/Bandwidth/", "/compat/bandwidth/Api"] {
        assert_eq!(all.app.post(path, register.clone()).await.0, OK, "{path}");
    }
    // The API of our own is as strict as it says.
    for path in ["/V1/rooms", "/v1/rooms/"] {
        assert_eq!(all.app.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

/// How each surface tells of an error.
const SHAPES: [(&str, &str); 8] = [
    ("/compat/tokapp/nothing", "/error"),
    ("/CREATE-ROOM/a/b/c", "/error"),
    ("/compat/100ms/nothing", ""),
    ("/auth-token/nothing", ""),
    ("/compat/opentok/nothing", "/err/message"),
    ("/Room/a/b/c", "/err/message"),
    ("/compat/bandwidth/nothing", "/error"),
    ("/Api/nothing/at/all", "/success"),
];

#[tokio::test]
async fn what_a_surface_does_not_have_is_refused_in_its_shape() {
    let all = All::with(&[]).await;
    for (path, field) in SHAPES {
        let (status, found) = all.app.get(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(found.pointer(field).is_some(), "{path}: {found}");
        assert_eq!(found.get("type"), None, "{path}: {found}");
    }
    for (method, path, field) in [
        (Method::GET, "/create-room/", "/info"),
        (Method::PUT, "/Auth-Token", ""),
        (Method::DELETE, "/Room/alpha/", "/err/message"),
        (Method::GET, "/api/", "/error"),
        (Method::GET, "/api/abc/Send", "/success"),
    ] {
        let (status, found) = answer(all.app.request(method, path)).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert!(found.pointer(field).is_some(), "{path}: {found}");
        assert_eq!(found.get("type"), None, "{path}: {found}");
    }
    // Where 100ms is the usual backend `/create-room` is its.
    let all = All::with(&[("TOK_ROOMS__BACKEND", "hundred_ms")]).await;
    let (status, found) = all.app.get("/create-room").await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(found.is_string(), "{found}");
}

#[tokio::test]
async fn every_refusal_for_too_much_says_when_to_come_again() {
    let more = [
        ("TOK_AUTH__MODE", "keys"),
        ("TOK_SERVER__RATE_LIMIT", "1/1h"),
    ];
    for (method, path) in [
        (Method::POST, "/create-room"),
        (Method::POST, "/auth-token"),
        (Method::GET, "/room/a"),
        (Method::POST, "/api"),
        (Method::POST, "/api/abc/send"),
        (Method::GET, "/v1/rooms"),
    ] {
        let all = All::with(&more).await;
        let ask = || all.app.request(method.clone(), path).send();
        let first = ask().await.expect("an answer");
        assert_eq!(first.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(first.headers()["www-authenticate"], "Bearer", "{path}");
        let second = ask().await.expect("an answer");
        assert_eq!(second.status(), StatusCode::TOO_MANY_REQUESTS, "{path}");
        let wait = second.headers()["retry-after"].to_str().expect("a text");
        let wait: u64 = wait.parse().expect("seconds");
        assert!((1..=3600).contains(&wait), "{path}: {wait}");
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text).expect("written");
    packed.finish().expect("packed")
}

#[tokio::test]
async fn bodies_are_unpacked_as_the_originals_framework_does() {
    let all = All::with(&[("TOK_SERVER__BODY_LIMIT", "64KB")]).await;
    let (_, room) = all.app.get("/room/standup").await;
    let session = room["sessionId"].as_str().expect("a session").to_owned();
    let start = || all.app.request(Method::POST, "/archive/start");
    let json = json!({ "sessionId": session }).to_string();
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("sessionId", &session)
        .finish();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(json.as_bytes()).expect("written");
    let is_form = (
        "content-type",
        "application/x-www-form-urlencoded; charset=utf-8",
    );
    let is_json = ("content-type", "application/json");
    let plain = ("content-encoding", "identity");
    let marked = [b"\xef\xbb\xbf", json.as_bytes()].concat();
    for (body, kind, packing) in [
        (form.clone().into_bytes(), is_form, plain),
        (gzip(form.as_bytes()), is_form, ("content-encoding", "GZIP")),
        (marked.clone(), is_json, plain),
        (gzip(&marked), is_json, ("content-encoding", "gzip")),
        (
            zlib.finish().expect("packed"),
            is_json,
            ("content-encoding", "deflate"),
        ),
    ] {
        all.opentok.with(|vendor| vendor.archives.clear());
        let request = start().header(kind.0, kind.1).header(packing.0, packing.1);
        let (status, archive) = answer(request.body(body)).await;
        assert_eq!(
            (status, &archive["sessionId"]),
            (OK, &room["sessionId"]),
            "{kind:?} {packing:?}: {archive}"
        );
    }
    // A form without the field is as a body without it.
    let request = start().header(is_form.0, is_form.1).body("other=1");
    let (status, refused) = answer(request).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(refused["err"]["message"], "No session ID given");
    // A few bytes that would become many.
    let bomb = gzip(&vec![b' '; 5_000_000]);
    assert!(bomb.len() < 60_000);
    for (body, packing, expected) in [
        (bomb, "gzip", StatusCode::PAYLOAD_TOO_LARGE),
        (json.clone().into_bytes(), "gzip", StatusCode::BAD_REQUEST),
        (
            json.clone().into_bytes(),
            "br",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
    ] {
        for path in ["/archive/start", "/create-room", "/auth-token", "/api"] {
            let request = all
                .app
                .request(Method::POST, path)
                .header(is_json.0, is_json.1);
            let request = request
                .header("content-encoding", packing)
                .body(body.clone());
            let (status, found) = answer(request).await;
            assert_eq!(status, expected, "{path} {packing}: {found}");
        }
    }
}

#[tokio::test]
async fn a_browser_may_send_and_read_whatever_header_its_library_needs() {
    let app = TestApp::with(&[("TOK_SERVER__CORS_ORIGINS", "https://chat.example")]).await;
    let asked = "content-type,x-requested-with,x-app-version";
    let request = app
        .request(Method::OPTIONS, "/create-room")
        .header("origin", "https://chat.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", asked);
    let response = request.send().await.expect("an answer");
    assert_eq!(response.headers()["access-control-allow-headers"], asked);
    let request = app
        .request(Method::GET, "/create-room")
        .header("origin", "https://chat.example");
    let response = request.send().await.expect("an answer");
    let exposed = response.headers()["access-control-expose-headers"]
        .to_str()
        .expect("a text");
    for name in ["retry-after", "x-request-id", "www-authenticate"] {
        assert!(exposed.contains(name), "{name}: {exposed}");
    }
}

/// Somebody who comes into a room: who writes, as the message API takes it.
async fn comes(app: &TestApp, room: &str, seat: &str) -> Value {
    let chair = Arc::new(Chair(seat.to_owned()));
    let came = join::run(&app.context, anybody(room), chair).await;
    let came = came.expect("comes in");
    json!({ "id": came.admission.id, "key": came.admission.key })
}

/// The original looks for the room, then for the message, then whether it is the author who asks.
#[tokio::test]
async fn the_message_api_checks_in_the_originals_order() {
    let app = TestApp::start().await;
    app.post("/v1/rooms", json!({ "name": "hall" })).await;
    let (ada, bob) = (
        comes(&app, "hall", "one").await,
        comes(&app, "hall", "two").await,
    );
    let room: tok::model::RoomName = "hall".parse().expect("a name");
    let hash = room.address();
    let ask = async |what: &str, body: Value| app.post(&format!("/api/{hash}/{what}"), body).await;
    let body = json!({ "from": ada, "to": "everyone", "content": "hello" });
    let (status, sent) = ask("send", body).await;
    assert_eq!(status, OK, "{sent}");
    let id = sent["data"]["message"].clone();
    let mut wrong_key = ada.clone();
    wrong_key["key"] = json!("0123456789ab");
    let stranger = json!({ "id": "00000000-0000-4000-8000-000000000000", "key": "k" });
    let said = |error: &str| json!({ "success": false, "error": error });
    let missing = (StatusCode::NOT_FOUND, said("Could not find message"));
    let forbidden = said("You are not authorized to preform this action");
    let forbidden = (StatusCode::FORBIDDEN, forbidden);
    for what in ["edit", "delete"] {
        for from in [&bob, &wrong_key, &stranger] {
            let body = |id: &Value| json!({ "from": from, "messageId": id, "content": "x" });
            assert_eq!(
                ask(what, body(&json!("nope"))).await,
                missing,
                "{what} {from}"
            );
            assert_eq!(ask(what, body(&id)).await, forbidden, "{what} {from}");
        }
        let body = json!({ "from": ada, "messageId": "nope", "content": "x" });
        assert_eq!(ask(what, body).await, missing, "{what}");
    }
    // The documented name counts; clients of the original's code say another one, or both.
    for (named, expected) in [
        (json!({ "messageId": id, "message": id }), 200),
        (
            json!({ "messageId": id, "message": { "content": "old" } }),
            200,
        ),
        (json!({ "message": id }), 200),
        (json!({ "messageId": id, "message": "nope" }), 200),
        (json!({ "messageId": "nope", "message": id }), 404),
        (json!({}), 400),
    ] {
        let mut body = json!({ "from": ada, "content": "new" });
        body.as_object_mut()
            .expect("an object")
            .extend(named.as_object().expect("an object").clone());
        let (status, found) = ask("edit", body).await;
        assert_eq!(status.as_u16(), expected, "{named}: {found}");
    }
    let body = json!({ "from": ada, "messageId": id, "message": id });
    assert_eq!(
        ask("delete", body).await,
        (OK, json!({ "success": true, "error": null }))
    );
}
