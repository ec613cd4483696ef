//! Web callbacks: who may send them, that each counts once, and what they change.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{EncodingKey, Header};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tok::backends::documents::Write;

use crate::support::{
    FakeDaily, TestApp, answer, bandwidth, borrowed, daily_variables, hundred_ms, opentok, pinpoint,
};

const OK: StatusCode = StatusCode::OK;
const STRANGER: StatusCode = StatusCode::UNAUTHORIZED;
const SECRET: &str = "callback-secret";

fn post(app: &TestApp, path: &str, body: &Value) -> RequestBuilder {
    app.request(Method::POST, path)
        .header("content-type", "application/json")
        .body(body.to_string())
}

async fn deliveries(app: &TestApp) -> Vec<Value> {
    let (_, list) = app.get("/v1/webhooks").await;
    list["items"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn daily_signs_the_time_and_the_body() {
    let daily = FakeDaily::start().await;
    let url = daily.url();
    let secret = STANDARD.encode("daily-hmac-key");
    let mut all = daily_variables(&url);
    all.push(("TOK_DAILY__WEBHOOK_SECRET", &secret));
    let app = TestApp::with(&all).await;
    app.post("/v1/rooms", json!({ "name": "standup" })).await;
    let body = json!({
        "version": "1.0.0", "type": "participant.joined", "id": "ptcpt-join-1",
        "payload": { "room": "standup", "user_name": "Ada", "joined_at": 1_700_000_000.25 },
        "event_ts": 1_700_000_000.25,
    });
    let sign = |time: &str, body: &str| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"daily-hmac-key");
        STANDARD.encode(hmac::sign(&key, format!("{time}.{body}").as_bytes()))
    };
    let send = async |time: &str, signature: &str| {
        let request = post(&app, "/webhooks/daily", &body);
        let request = request.header("x-webhook-timestamp", time);
        answer(request.header("x-webhook-signature", signature)).await
    };
    let now = jiff::Timestamp::now().as_second();
    let (time, other) = (now.to_string(), (now + 1).to_string());
    let good = sign(&time, &body.to_string());
    assert_eq!(send(&other, &good).await.0, STRANGER, "another time");
    assert_eq!(send(&time, "bm8=").await.0, STRANGER);
    assert_eq!(
        answer(post(&app, "/webhooks/daily", &body)).await.0,
        STRANGER
    );
    assert!(deliveries(&app).await.is_empty());
    assert_eq!(send(&time, &good).await, (OK, json!({ "new": true })));
    assert_eq!(send(&time, &good).await, (OK, json!({ "new": false })));
    let kept = deliveries(&app).await;
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (&kept[0]["id"], &kept[0]["kind"], &kept[0]["state"]),
        (
            &json!("daily:ptcpt-join-1"),
            &json!("participant.joined"),
            &json!("applied")
        )
    );
    assert_eq!(kept[0]["body"], body);
    // Daily tries the address once, before anybody can know its secret.
    let trial = answer(post(&app, "/webhooks/daily", &json!({ "test": "test" }))).await;
    assert_eq!(trial.0, OK);
    assert_eq!(deliveries(&app).await.len(), 1, "nothing of it is kept");
    daily.verify();
}

#[tokio::test]
async fn vendors_that_sign_nothing_send_a_secret() {
    let vendor = hundred_ms::start().await;
    let mut all = hundred_ms::variables(&vendor);
    all.push(("TOK_HUNDRED_MS__WEBHOOK_SECRET", SECRET.to_owned()));
    let app = TestApp::with(&borrowed(&all)).await;
    let (_, room) = app
        .post(
            "/v1/rooms",
            json!({ "name": "standup", "backend": "hundred_ms" }),
        )
        .await;
    let body = json!({
        "version": "2.0", "id": "event-1", "type": "peer.join.success",
        "timestamp": "2026-01-01T10:00:00Z", "data": { "room_id": room["id"], "peer_id": "p1" },
    });
    for path in ["/webhooks/100ms", "/webhooks/hundred_ms"] {
        assert_eq!(answer(post(&app, path, &body)).await.0, STRANGER);
        let wrong = post(&app, path, &body).header("x-tok-secret", "guess");
        assert_eq!(answer(wrong).await.0, STRANGER);
        let right = post(&app, path, &body).header("x-tok-secret", SECRET);
        assert_eq!(answer(right).await.0, OK);
    }
    assert_eq!(deliveries(&app).await.len(), 1, "the same delivery");
    let strange = json!({ "what": "ever" });
    let right = post(&app, "/webhooks/100ms", &strange).header("x-tok-secret", SECRET);
    assert_eq!(
        answer(right).await.0,
        OK,
        "kept, so that it is not sent for ever"
    );
    let kept = deliveries(&app).await;
    let unread: Vec<_> = kept.iter().filter(|of| of["state"] == "unread").collect();
    assert_eq!(unread.len(), 1);
    assert!(unread[0]["reason"].is_string());
    vendor.verify();
}

#[tokio::test]
async fn opentoks_sessions_are_remembered_and_their_attendance_told() {
    let vendor = opentok::start().await;
    let mut all = opentok::variables(&vendor);
    all.push(("TOK_ROOMS__BACKEND", "opentok".to_owned()));
    all.push(("TOK_OPENTOK__WEBHOOK_SECRET", SECRET.to_owned()));
    let app = TestApp::with(&borrowed(&all)).await;
    let (_, room) = app.post("/v1/rooms", json!({ "name": "standup" })).await;
    let session = room["id"].as_str().expect("an id").to_owned();
    let start = 1_700_000_000_000_i64;
    let event = |kind: &str, at: i64, id: &str, since: i64| {
        let data = json!({ "user_id": "ada", "user_name": "Ada" }).to_string();
        json!({
            "sessionId": session, "projectId": "1", "event": kind, "timestamp": start + at,
            "connection": { "id": id, "createdAt": start + since, "data": data },
        })
    };
    // Out of order, and some of them twice.
    let news = [
        event("connectionDestroyed", 60_000, "c1", 0),
        event("connectionCreated", 0, "c1", 0),
        event("connectionCreated", 50_000, "c2", 50_000),
        event("connectionCreated", 0, "c1", 0),
        event("streamCreated", 1, "c1", 0),
        event("connectionDestroyed", 90_000, "c2", 50_000),
        json!({ "sessionId": session, "event": "sessionDestroyed", "timestamp": start + 90_000 }),
    ];
    let path = format!("/webhooks/opentok?secret={SECRET}");
    for body in &news {
        assert_eq!(
            answer(post(&app, "/webhooks/opentok", body)).await.0,
            STRANGER
        );
        assert_eq!(answer(post(&app, &path, body)).await.0, OK, "{body}");
    }
    let (_, list) = app.get("/v1/sessions?room=standup").await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
    assert_eq!(list["items"][0]["legs"].as_array().map(Vec::len), Some(2));
    let (status, found) = app.get("/v1/rooms/standup/attendance").await;
    assert_eq!(status, OK, "{found}");
    let expected = json!([{
        "user_id": "ada", "user_name": "Ada", "duration_ms": 90_000, "open": false,
        "intervals": [{ "from": "2023-11-14T22:13:20Z", "to": "2023-11-14T22:14:50Z" }],
    }]);
    assert_eq!(
        found["items"][0]["people"], expected,
        "stays that overlap count once"
    );
    assert_eq!(found["items"][0]["duration_ms"], 90_000);
    // Once more changes nothing.
    let kept = deliveries(&app).await;
    for delivery in &kept {
        let id = delivery["id"].as_str().expect("an id");
        let (status, again) = app
            .post(&format!("/v1/webhooks/{id}/replay"), json!({}))
            .await;
        assert_eq!(status, OK, "{again}");
    }
    assert_eq!(app.get("/v1/rooms/standup/attendance").await.1, found);
    assert_eq!(deliveries(&app).await.len(), 6);
    vendor.verify();
}

/// The vendor keeps one session per room for ever; each meeting in it counts by itself.
#[tokio::test]
async fn a_second_meeting_in_the_same_session_is_another_one() {
    let vendor = opentok::start().await;
    let mut all = opentok::variables(&vendor);
    all.push(("TOK_ROOMS__BACKEND", "opentok".to_owned()));
    all.push(("TOK_OPENTOK__WEBHOOK_SECRET", SECRET.to_owned()));
    let app = TestApp::with(&borrowed(&all)).await;
    let (_, room) = app.post("/v1/rooms", json!({ "name": "standup" })).await;
    let path = format!("/webhooks/opentok?secret={SECRET}");
    let start = 1_700_000_000_000_i64;
    for (day, minutes) in [(0, 10), (1, 20), (2, 30)] {
        let begin = start + day * 86_400_000;
        for (kind, at) in [
            ("sessionCreated", 0),
            ("connectionCreated", 0),
            ("connectionDestroyed", minutes),
            ("sessionDestroyed", minutes),
        ] {
            let body = json!({
                "sessionId": room["id"], "event": kind, "timestamp": begin + at * 60_000,
                "connection": { "id": format!("c{day}"), "createdAt": begin, "data": "" },
            });
            assert_eq!(answer(post(&app, &path, &body)).await.0, OK);
        }
    }
    let (_, found) = app.get("/v1/rooms/standup/attendance?every=true").await;
    let items = found["items"].as_array().expect("a list");
    let long: Vec<_> = items
        .iter()
        .map(|one| (&one["duration_ms"], &one["people"][0]["duration_ms"]))
        .collect();
    let minutes = |minutes: i64| json!(minutes * 60_000);
    let expected = [30, 20, 10].map(|long| (minutes(long), minutes(long)));
    let expected: Vec<_> = expected.iter().map(|(a, b)| (a, b)).collect();
    assert_eq!(long, expected, "{found}");
}

#[tokio::test]
async fn vonage_signs_a_token_with_the_hash_of_the_body() {
    let vendor = opentok::start().await;
    let mut all = opentok::unified(&vendor);
    all.push(("TOK_OPENTOK__WEBHOOK_SECRET", SECRET.to_owned()));
    let app = TestApp::with(&borrowed(&all)).await;
    let body = json!({ "event": "archive", "status": "available", "id": "a1", "sessionId": "s" });
    let sign = |claims: Value| {
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        jsonwebtoken::encode(&Header::default(), &claims, &key).expect("signs")
    };
    let hash = hex::encode(Sha256::digest(body.to_string()));
    for (claims, status) in [
        (json!({ "iat": 1 }), STRANGER),
        (json!({ "payload_hash": "00" }), STRANGER),
        (json!({ "payload_hash": hash }), STRANGER),
        (
            json!({ "payload_hash": hash, "iat": jiff::Timestamp::now().as_second() }),
            OK,
        ),
    ] {
        let request = post(&app, "/webhooks/opentok", &body).bearer_auth(sign(claims));
        assert_eq!(answer(request).await.0, status);
    }
    let kept = deliveries(&app).await;
    assert_eq!(
        (kept.len(), &kept[0]["kind"]),
        (1, &json!("archive.available"))
    );
}

#[tokio::test]
async fn bandwidth_tells_that_a_call_was_answered() {
    let vendor = bandwidth::start().await;
    let mut all = bandwidth::variables(&vendor);
    all.push(("TOK_BANDWIDTH__WEBHOOK_SECRET", SECRET.to_owned()));
    all.push((
        "TOK_SERVER__PUBLIC_URL",
        "https://tok.example.com".to_owned(),
    ));
    // In the app nobody reads what is for a phone.
    let push = pinpoint::start().await;
    all.extend(pinpoint::variables(&push));
    let app = TestApp::with(&borrowed(&all)).await;
    let mut devices = Vec::new();
    for token in ["a", "b"] {
        let body = json!({ "action": "register", "notifyType": "GCM", "deviceToken": token });
        let (_, device) = app.post("/api", body).await;
        devices.push(device["id"].clone());
    }
    let body = json!({ "action": "initiateCall", "callerId": devices[0], "calleeId": devices[1] });
    let (status, found) = app.post("/api", body).await;
    assert_eq!(status, OK, "{found}");
    let (link, callee) = vendor.with(|vendor| {
        let own = |of: &&Value| of["tag"] == devices[1];
        let callee = vendor.participants.values().find(own).expect("a callee");
        (callee["callbackUrl"].clone(), callee["id"].clone())
    });
    let link = link.as_str().expect("a link");
    let path = link.strip_prefix("https://tok.example.com").expect("ours");
    let event = |kind: &str, at: &str| json!({ "event": kind, "timestamp": at, "participantId": callee, "deviceId": "d" });
    let (_, calls) = app.get("/v1/calls").await;
    assert_eq!(calls["items"][0]["state"], "ringing");
    let answered = event("onConnect", "1700000000000");
    assert_eq!(
        answer(post(&app, "/webhooks/bandwidth", &answered)).await.0,
        STRANGER
    );
    assert_eq!(answer(post(&app, path, &answered)).await.0, OK);
    let (_, calls) = app.get("/v1/calls").await;
    assert_eq!(calls["items"][0]["state"], "accepted");
    let gone = event("onDisconnect", "1700000060000");
    assert_eq!(answer(post(&app, path, &gone)).await.0, OK);
    let room = calls["items"][0]["room"].as_str().expect("a room");
    let (_, found) = app
        .get(&format!("/v1/rooms/{room}/attendance?backend=bandwidth"))
        .await;
    assert_eq!(
        found["items"][0]["people"][0]["duration_ms"], 60_000,
        "{found}"
    );
    vendor.verify();
}

#[tokio::test]
async fn who_is_not_listened_to_is_told_so() {
    let app = TestApp::start().await;
    let body = json!({});
    for (vendor, status) in [
        ("daily", StatusCode::NOT_IMPLEMENTED),
        ("zoom", StatusCode::NOT_FOUND),
        ("local", StatusCode::NOT_FOUND),
    ] {
        let found = answer(post(&app, &format!("/webhooks/{vendor}"), &body)).await;
        assert_eq!(found.0, status, "{vendor}: {}", found.1);
    }
    let vendor = hundred_ms::start().await;
    let mut all = hundred_ms::variables(&vendor);
    all.push(("TOK_HUNDRED_MS__WEBHOOK_SECRET", SECRET.to_owned()));
    let app = TestApp::with(&borrowed(&all)).await;
    let request = |body: String| {
        let request = app.request(Method::POST, "/webhooks/100ms");
        request.header("x-tok-secret", SECRET).body(body)
    };
    let large = answer(request("x".repeat(100_000))).await;
    assert_eq!(large.0, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        answer(request("{".to_owned())).await.0,
        StatusCode::BAD_REQUEST
    );
}

/// A signature is good for its time: for longer than any vendor tries again, and for less than
/// deliveries are remembered.
#[tokio::test]
async fn a_delivery_of_long_ago_is_refused_however_well_it_is_signed() {
    let daily = FakeDaily::start().await;
    let url = daily.url();
    let secret = STANDARD.encode("daily-hmac-key");
    let mut all = daily_variables(&url);
    all.push(("TOK_DAILY__WEBHOOK_SECRET", &secret));
    let app = TestApp::with(&all).await;
    let now = jiff::Timestamp::now().as_second();
    let send = async |time: String, id: &str| {
        let body = json!({ "type": "meeting.started", "id": id, "payload": {}, "event_ts": 1.0 });
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"daily-hmac-key");
        let signature = hmac::sign(&key, format!("{time}.{body}").as_bytes());
        let request = post(&app, "/webhooks/daily", &body).header("x-webhook-timestamp", time);
        answer(request.header("x-webhook-signature", STANDARD.encode(signature))).await
    };
    let hour = 3600;
    for (seconds, status) in [
        (0, OK),
        (-24 * hour, OK),
        (-47 * hour, OK),
        (-49 * hour, STRANGER),
        (-6 * 365 * 24 * hour, STRANGER),
        (5 * 60, OK),
        (hour, STRANGER),
    ] {
        let moment = now + seconds;
        let told = send(moment.to_string(), &format!("s{seconds}")).await;
        assert_eq!(told.0, status, "{seconds}: {}", told.1);
        let told = send((moment * 1000).to_string(), &format!("ms{seconds}")).await;
        assert_eq!(told.0, status, "{seconds} s in milliseconds: {}", told.1);
    }
    for time in ["", "yesterday", "1e9", "99999999999999999999", "-1"] {
        assert_eq!(send(time.to_owned(), time).await.0, STRANGER, "{time:?}");
    }
}

#[tokio::test]
async fn a_token_of_vonage_ends_and_its_scheme_is_read_in_any_case() {
    let vendor = opentok::start().await;
    let mut all = opentok::unified(&vendor);
    all.push(("TOK_OPENTOK__WEBHOOK_SECRET", SECRET.to_owned()));
    let app = TestApp::with(&borrowed(&all)).await;
    let now = jiff::Timestamp::now().as_second();
    let send = async |scheme: &str, claims: Value, body: &Value| {
        let hash = hex::encode(Sha256::digest(body.to_string()));
        let mut all = json!({ "payload_hash": hash });
        let fields = all.as_object_mut().expect("an object");
        fields.extend(claims.as_object().expect("an object").clone());
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        let token = jsonwebtoken::encode(&Header::default(), &all, &key).expect("signs");
        let request = post(&app, "/webhooks/opentok", body);
        answer(request.header("authorization", format!("{scheme} {token}"))).await
    };
    let body =
        |id: i64| json!({ "event": "archive", "status": "available", "id": id, "sessionId": "s" });
    for (id, claims, status) in [
        (1, json!({ "exp": now + 300 }), OK),
        (2, json!({ "exp": now - 300 }), STRANGER),
        (3, json!({ "iat": now, "exp": now - 300 }), STRANGER),
        (4, json!({ "iat": now - 3 * 86_400 }), STRANGER),
        (
            5,
            json!({ "iat": now - 3 * 86_400, "exp": now + 300 }),
            STRANGER,
        ),
        (6, json!({ "iat": now - 3600 }), OK),
        (7, json!({ "iat": now + 3600 }), STRANGER),
        (8, json!({ "iat": "now" }), STRANGER),
        (9, json!({ "exp": "never" }), STRANGER),
    ] {
        let told = send("Bearer", claims.clone(), &body(id)).await;
        assert_eq!(told.0, status, "{claims}: {}", told.1);
    }
    for (id, scheme) in [(20, "bearer"), (21, "BEARER"), (22, "Bearer ")] {
        let told = send(scheme, json!({ "iat": now }), &body(id)).await;
        assert_eq!(told.0, OK, "{scheme}: {}", told.1);
    }
    assert_eq!(
        send("Basic", json!({ "iat": now }), &body(30)).await.0,
        STRANGER
    );
}

/// Whoever floods the address of callbacks shuts nobody out but themselves.
#[tokio::test]
async fn a_flood_of_strangers_refuses_no_genuine_delivery() {
    let daily = FakeDaily::start().await;
    let url = daily.url();
    let secret = STANDARD.encode("daily-hmac-key");
    let mut all = daily_variables(&url);
    all.push(("TOK_DAILY__WEBHOOK_SECRET", &secret));
    all.push(("TOK_HUNDRED_MS__ACCESS_KEY", "key"));
    all.push(("TOK_HUNDRED_MS__SECRET", "secret"));
    all.push(("TOK_HUNDRED_MS__WEBHOOK_SECRET", SECRET));
    all.push(("TOK_SERVER__RATE_LIMIT", "5/1h"));
    let app = TestApp::with(&all).await;
    let trial = json!({ "test": "test" });
    let mut refused = Vec::new();
    for path in [
        "/webhooks/100ms",
        "/webhooks/daily",
        "/webhooks/zoom",
        "/webhooks/opentok",
    ] {
        for _ in 0..5 {
            refused.push(answer(post(&app, path, &json!({}))).await.0);
        }
    }
    assert_eq!(refused[..5], [STRANGER; 5]);
    assert_eq!(
        refused[5..],
        [StatusCode::TOO_MANY_REQUESTS; 15],
        "strangers are limited"
    );
    let told = answer(post(&app, "/webhooks/daily", &trial)).await;
    assert_eq!(
        told.0,
        StatusCode::TOO_MANY_REQUESTS,
        "what anybody can send is limited too"
    );
    for number in 0..20 {
        let body = json!({ "id": format!("e{number}"), "type": "peer.join.success", "data": {} });
        let genuine = post(&app, "/webhooks/100ms", &body).header("x-tok-secret", SECRET);
        assert_eq!(
            answer(genuine).await,
            (OK, json!({ "new": true })),
            "{number}"
        );
    }
}

/// However short calls are kept, a delivery is remembered for longer than its signature is good.
#[tokio::test]
async fn a_delivery_is_remembered_for_longer_than_it_could_come_again() {
    let vendor = hundred_ms::start().await;
    let mut all = hundred_ms::variables(&vendor);
    all.push(("TOK_HUNDRED_MS__WEBHOOK_SECRET", SECRET.to_owned()));
    all.push(("TOK_CALLS__KEEP", "1h".to_owned()));
    let app = TestApp::with(&borrowed(&all)).await;
    let send = async |id: &str| {
        let body = json!({ "id": id, "type": "peer.join.success", "data": {} });
        let genuine = post(&app, "/webhooks/100ms", &body).header("x-tok-secret", SECRET);
        answer(genuine).await.1["new"].clone()
    };
    for (id, hours, again) in [("late", 50, false), ("old", 73, true)] {
        assert_eq!(send(id).await, json!(true));
        let at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(hours);
        let past = [("received_at".to_owned(), json!(at.to_string()))];
        let id = format!("hundred_ms:{id}");
        let write = Write::merge("tok_webhooks", &id, past.into_iter().collect());
        app.context
            .documents
            .commit(vec![write])
            .await
            .expect("commits");
        tok::commands::housekeeping::run(&app.context).await;
        let id = id.trim_start_matches("hundred_ms:");
        assert_eq!(send(id).await, json!(again), "{id} after {hours} h");
    }
}
