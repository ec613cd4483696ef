//! The Bandwidth mobile backend's surface field by field, over strict stand-ins of Bandwidth and
//! Pinpoint.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::commands::notify::flush;

use crate::support::bandwidth::{self, FakeBandwidth};
use crate::support::issuer::FakeIssuer;
use crate::support::pinpoint::{self, FakePinpoint};
use crate::support::signer::Signer;
use crate::support::{PAUSE, TestApp, answer, borrowed, let_calls_run_out};
use crate::vendor::Trouble;

const OK: StatusCode = StatusCode::OK;
const BAD: StatusCode = StatusCode::BAD_REQUEST;
const FAILED: StatusCode = StatusCode::INTERNAL_SERVER_ERROR;

struct Setup {
    app: TestApp,
    vendor: FakeBandwidth,
    push: FakePinpoint,
}

impl Setup {
    async fn new() -> Self {
        Self::with(&[]).await
    }

    async fn with(more: &[(&str, &str)]) -> Self {
        let (vendor, push) = (bandwidth::start().await, pinpoint::start().await);
        let mut all = bandwidth::variables(&vendor);
        all.extend(pinpoint::variables(&push));
        let mut all = borrowed(&all);
        all.extend_from_slice(more);
        Self {
            app: TestApp::with(&all).await,
            vendor,
            push,
        }
    }

    async fn act(&self, body: Value) -> (StatusCode, Value) {
        self.app.post("/api", body).await
    }

    /// A registered device's id.
    async fn device(&self, token: &str, kind: &str) -> String {
        let body = json!({ "action": "register", "notifyType": kind, "deviceToken": token });
        let (status, found) = self.act(body).await;
        assert_eq!(status, OK, "{found}");
        found["id"].as_str().expect("an id").to_owned()
    }

    async fn pair(&self) -> (String, String) {
        (
            self.device("token-a", "GCM").await,
            self.device("token-b", "GCM").await,
        )
    }

    async fn call(&self, caller: &str, callee: &str) -> (StatusCode, Value) {
        self.act(json!({ "action": "initiateCall", "callerId": caller, "calleeId": callee }))
            .await
    }

    async fn hang_up(&self, client: &str) -> (StatusCode, Value) {
        self.act(json!({ "action": "endCall", "clientId": client }))
            .await
    }

    /// Nothing is left at the vendor's.
    #[track_caller]
    fn is_clean(&self, what: &str) {
        self.vendor.with(|vendor| {
            assert!(vendor.sessions.is_empty(), "{what}: {:?}", vendor.sessions);
            let left = &vendor.participants;
            assert!(left.is_empty(), "{what}: {left:?}");
        });
    }

    fn verify(&self) {
        self.vendor.verify();
        self.push.verify();
    }
}

#[tokio::test]
async fn a_device_is_registered_once_per_token() {
    let it = Setup::new().await;
    let body = json!({ "action": "register", "notifyType": "GCM", "deviceToken": "token-a" });
    for path in ["/api", "/compat/bandwidth", "/compat/bandwidth/api"] {
        let (status, found) = it.app.post(path, body.clone()).await;
        assert_eq!(status, OK, "{found}");
        let id = found["id"].clone();
        assert_eq!(id.as_str().map(str::len), Some(36));
        let expected = json!({
            "id": id, "notifyType": "GCM", "deviceToken": "token-a",
            "participantId": null, "participantToken": null,
        });
        assert_eq!(found, expected);
        let keys: Vec<&String> = found.as_object().expect("an object").keys().collect();
        let order = [
            "id",
            "notifyType",
            "deviceToken",
            "participantId",
            "participantToken",
        ];
        assert_eq!(keys, order);
    }
    let (_, list) = it.app.get("/v1/devices").await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1), "{list}");
    assert!(
        !list.to_string().contains("token-a"),
        "a push token is a secret: {list}"
    );
}

#[tokio::test]
async fn a_call_rings_the_callee_and_gives_the_caller_a_token() {
    let it = Setup::new().await;
    let (ada, bob) = it.pair().await;
    let person = json!({ "firstName": "Ada", "lastName": "Lovelace", "clientId": ada });
    assert_eq!(it.app.post("/compat/bandwidth/persons", person).await.0, OK);
    let (status, found) = it.call(&ada, &bob).await;
    assert_eq!(
        (status, &found["push"]),
        (OK, &json!("delivered")),
        "{found}"
    );
    let calls = it.vendor.calls();
    let steps: Vec<(&str, usize)> = calls
        .iter()
        .map(|call| {
            (
                call.split(' ').next().unwrap_or(""),
                call.matches('/').count(),
            )
        })
        .collect();
    assert_eq!(
        steps,
        [
            ("POST", 3),
            ("POST", 3),
            ("PUT", 6),
            ("POST", 3),
            ("PUT", 6)
        ],
        "{calls:?}"
    );
    it.vendor.with(|vendor| {
        let tags: BTreeSet<_> = vendor
            .participants
            .values()
            .map(|of| of["tag"].to_string())
            .collect();
        assert_eq!(
            tags,
            BTreeSet::from([json!(ada).to_string(), json!(bob).to_string()])
        );
        assert!(
            vendor
                .participants
                .values()
                .all(|of| of["publishPermissions"] == json!(["AUDIO"]))
        );
        assert_eq!((vendor.sessions.len(), vendor.members.len()), (1, 2));
    });
    let callee = it.vendor.with(|vendor| {
        let own = |of: &&Value| of["tag"] == bob.as_str();
        vendor
            .participants
            .values()
            .find(own)
            .map(|of| of["id"].clone())
    });
    let callee = callee.expect("a participant");
    let expected = json!({
        "Addresses": { "token-b": { "ChannelType": "GCM" } },
        "MessageConfiguration": { "GCMMessage": {
            "Action": "DEEP_LINK", "Title": "Incoming Call",
            "Body": "Ada Lovelace is calling you",
            "Url": format!("https://my.app.com/incomingCall?tok=token-{}", callee.as_str().expect("an id")),
            "Priority": "normal", "SilentPush": false, "TimeToLive": 30,
        } },
    });
    assert_eq!(it.push.with(|push| push.taken.clone()), [expected]);

    let (status, found) = it.hang_up(&ada).await;
    let expected = json!({
        "message": "success",
        "result": {
            "id": ada, "notifyType": "GCM", "deviceToken": "token-a",
            "participantId": "", "participantToken": "", "sessionId": "",
        },
    });
    assert_eq!((status, found), (OK, expected));
    // Each side ends its own part; the session goes with the last one.
    it.vendor
        .with(|vendor| assert_eq!((vendor.sessions.len(), vendor.participants.len()), (1, 1)));
    assert_eq!(it.hang_up(&bob).await.0, OK);
    it.is_clean("both hung up");
    // Once more changes nothing and asks the vendor nothing.
    it.vendor.forget_calls();
    assert_eq!(it.hang_up(&ada).await.0, OK);
    assert!(it.vendor.calls().is_empty());
    it.verify();
}

#[tokio::test]
async fn an_iphone_gets_a_voip_push_for_a_ring_only() {
    let it = Setup::new().await;
    let ada = it.device("token-a", "GCM").await;
    let bob = it.device("ios-b", "APNS").await;
    assert_eq!(it.call(&ada, &bob).await.0, OK);
    let ring = it.push.with(|push| push.taken[0].clone());
    let message = &ring["MessageConfiguration"]["APNSMessage"];
    assert_eq!(ring["Addresses"]["ios-b"]["ChannelType"], "APNS");
    assert_eq!(message["APNSPushType"], "voip");
    assert_eq!(message["Body"], "Unknown Caller is calling you");
    assert_eq!(it.hang_up(&ada).await.0, OK);
    // The worker tells the phone to stop ringing; that must not be a VoIP push.
    flush::send_all(&it.app.context, flush::Input::default())
        .await
        .expect("sends");
    let stop = it.push.with(|push| push.taken[1].clone());
    let message = &stop["MessageConfiguration"]["APNSMessage"];
    assert_eq!(message["APNSPushType"], "alert");
    assert_eq!(message["Data"]["event"], "call.cancelled");
    it.verify();
}

#[tokio::test]
async fn who_is_busy_is_said_in_the_originals_words() {
    let it = Setup::new().await;
    let (ada, bob) = it.pair().await;
    let eve = it.device("token-c", "GCM").await;
    assert_eq!(it.call(&ada, &bob).await.0, OK);
    let busy = |side: &str| json!({ "message": format!("ERROR :: {side} already in a session!"), "error": "BUSY" });
    assert_eq!(it.call(&ada, &eve).await, (FAILED, busy("Caller")));
    assert_eq!(it.call(&eve, &ada).await, (FAILED, busy("Callee")));
    assert_eq!(it.call(&eve, &bob).await, (FAILED, busy("Callee")));
    // Who hangs up can call again at once; so can whom the call was for.
    assert_eq!(it.hang_up(&ada).await.0, OK);
    assert_eq!(it.call(&eve, &bob).await.0, OK);
    it.verify();
}

#[tokio::test]
async fn what_was_made_is_undone_when_a_later_step_fails() {
    let it = Setup::new().await;
    let (ada, bob) = it.pair().await;
    let troubles = [
        Trouble::Status(400),
        Trouble::Status(401),
        Trouble::Status(403),
        Trouble::Status(404),
        Trouble::Status(409),
        Trouble::Cut,
    ];
    // The five steps of a call: so many calls of the same kind go well before.
    let steps = [
        ("POST /accounts/9900000/sessions", 0),
        ("POST /accounts/9900000/participants", 0),
        ("PUT /accounts/9900000/sessions", 0),
        ("POST /accounts/9900000/participants", 1),
        ("PUT /accounts/9900000/sessions", 1),
    ];
    for (step, before) in steps {
        for trouble in &troubles {
            // What may be repeated is, so a cut there is no failure.
            if step.starts_with("PUT") && matches!(trouble, Trouble::Cut) {
                continue;
            }
            for _ in 0..before {
                it.vendor.trouble(step, Trouble::Slow(Duration::ZERO));
            }
            it.vendor.trouble(step, trouble.clone());
            let what = format!("{step} after {before}: {trouble:?}");
            let (status, found) = it.call(&ada, &bob).await;
            assert_eq!(status, FAILED, "{what}: {found}");
            assert_eq!(
                found["message"], "ERROR :: Call initiation failed!",
                "{what}"
            );
            let error = found["error"].as_str().expect("a text");
            assert!(!error.is_empty() && error != "BUSY", "{what}");
            it.is_clean(&what);
        }
    }
    // Nobody is busy, and the next call goes through.
    assert_eq!(it.call(&ada, &bob).await.0, OK);
    it.verify();
}

/// What may be sent again is; what may not fails the call. Nobody stays busy either way.
#[tokio::test]
async fn bad_weather_at_every_step_ends_well_or_in_one_clear_failure() {
    let it = Setup::with(&[("TOK_BANDWIDTH__TIMEOUT", "4s")]).await;
    let (ada, bob) = it.pair().await;
    let (sessions, people, members) = (
        "POST /accounts/9900000/sessions",
        "POST /accounts/9900000/participants",
        "PUT /accounts/9900000/sessions",
    );
    let slow = || Trouble::Slow(Duration::from_millis(4500));
    // Whether the call goes through, and how much the vendor may have made that nobody can know
    // of: it knows no list, and its answer with the id was lost. It reaps that by itself.
    for (step, trouble, passes, unknown) in [
        (sessions, Trouble::RetryAfter(0), true, 0),
        (people, Trouble::RetryAfter(0), true, 0),
        (members, Trouble::RetryAfter(0), true, 0),
        (sessions, Trouble::Status(500), false, 0),
        (people, Trouble::Status(503), false, 0),
        (members, Trouble::Status(500), true, 0),
        (members, Trouble::Cut, true, 0),
        (members, Trouble::LoseAnswer, true, 0),
        (members, slow(), true, 0),
        (sessions, Trouble::LoseAnswer, false, 1),
        (people, Trouble::LoseAnswer, false, 1),
        (people, slow(), false, 1),
    ] {
        let what = format!("{step}: {trouble:?}");
        it.vendor.trouble(step, trouble);
        let (status, found) = it.call(&ada, &bob).await;
        assert_eq!(status == OK, passes, "{what}: {found}");
        assert_eq!(it.hang_up(&ada).await.0, OK);
        assert_eq!(it.hang_up(&bob).await.0, OK);
        // What was too slow may still come.
        let left = it.vendor.with(|vendor| {
            let left = vendor.sessions.len() + vendor.participants.len();
            vendor.sessions.clear();
            vendor.participants.clear();
            left
        });
        assert!(left <= unknown, "{what}: {left}");
        let busy = it
            .app
            .context
            .documents
            .count("tok_busy")
            .await
            .expect("counts");
        assert_eq!(busy, 0, "{what}");
    }
    it.verify();
}

/// Whoever dies in the middle of a set-up leaves both free when the ring would have ended.
#[tokio::test]
async fn a_call_that_is_being_set_up_keeps_nobody_longer_than_it_would_ring() {
    let it = Setup::with(&[("TOK_CALLS__RING_FOR", "20s")]).await;
    let (ada, bob) = it.pair().await;
    // Meanwhile somebody looks.
    let slow = Trouble::Slow(Duration::from_secs(4));
    it.vendor.trouble("POST /accounts/9900000/sessions", slow);
    let documents = it.app.context.documents.clone();
    let look = async {
        loop {
            let scan = documents.scan(tok::backends::documents::Scan::all("tok_calls"));
            let found: Vec<tok::backends::documents::Document> =
                futures_util::TryStreamExt::try_collect(scan)
                    .await
                    .expect("reads");
            if let Some(found) = found.first() {
                return found.decode::<Value>().expect("a call");
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let ((status, _), half) = tokio::join!(it.call(&ada, &bob), look);
    assert_eq!(status, OK);
    assert_eq!(half["state"], "starting");
    let began: jiff::Timestamp = half["created_at"]
        .as_str()
        .expect("a time")
        .parse()
        .expect("a time");
    let deadline = half["deadline"].as_i64().expect("a time");
    assert_eq!(deadline - began.as_millisecond(), 20_000);
    assert_eq!(half["due"], deadline);
    it.verify();
}

/// A worker that is told to stop finishes what it asked the vendor for.
#[tokio::test]
async fn a_clean_up_that_is_under_way_is_finished_before_the_worker_stops() {
    let it = Setup::new().await;
    let (ada, bob) = it.pair().await;
    assert_eq!(it.call(&ada, &bob).await.0, OK);
    // The ring ends, and then the time that they might have talked.
    let_calls_run_out(&it.app.context, &["deadline", "due"]).await;
    tok::commands::call::follow::run_once(&it.app.context)
        .await
        .expect("works");
    let_calls_run_out(&it.app.context, &["deadline", "due"]).await;
    it.vendor.forget_calls();
    it.vendor
        .trouble("DELETE", Trouble::Slow(Duration::from_millis(300)));
    let context = it.app.context.clone();
    let working = tokio::spawn(async move { tok::commands::call::follow::run(&context).await });
    let begun = async {
        while it.vendor.calls().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(crate::support::PATIENCE, begun)
        .await
        .expect("begins");
    it.app.context.stop.cancel();
    working.await.expect("no panic").expect("ends");
    it.is_clean("it was finished");
    let left = it.app.context.documents.count("tok_calls").await;
    assert_eq!(left.expect("counts"), 0);
    it.verify();
}

#[tokio::test]
async fn a_ring_that_reaches_nobody_is_no_call() {
    let it = Setup::new().await;
    let (ada, bob) = it.pair().await;
    for outcome in [("PERMANENT_FAILURE", 400), ("PERMANENT_FAILURE", 410)] {
        it.push
            .with(|push| push.outcomes.insert("token-b".to_owned(), outcome));
        let (status, found) = it.call(&ada, &bob).await;
        assert_eq!(status, FAILED, "{found}");
        let error = found["error"].as_str().expect("a text");
        assert!(
            error.contains("no phone of the callee can be rung"),
            "{error}"
        );
        it.is_clean("nobody rang");
    }
    // A token that is dead is forgotten, and its device with it.
    let (status, _) = it.hang_up(&bob).await;
    assert_eq!(status, FAILED);
    assert_eq!(
        it.app.get(&format!("/v1/devices/{bob}")).await.0,
        StatusCode::NOT_FOUND
    );
    // One that cannot be sent now is sent by the worker.
    let bob = it.device("token-b", "GCM").await;
    it.push.with(|push| {
        push.outcomes
            .insert("token-b".to_owned(), ("TEMPORARY_FAILURE", 503))
    });
    let (status, found) = it.call(&ada, &bob).await;
    assert_eq!((status, &found["push"]), (OK, &json!("queued")));
    flush::send_all(&it.app.context, flush::Input::default())
        .await
        .expect("sends");
    assert_eq!(it.push.with(|push| push.taken.len()), 1);
    it.verify();
}

#[tokio::test]
async fn bad_input_has_no_effect_and_says_what_is_wrong() {
    let it = Setup::new().await;
    let (ada, _) = it.pair().await;
    it.vendor.forget_calls();
    for (body, part) in [
        (json!({ "action": 7 }), "`action` must be a text"),
        (json!({ "action": "register" }), "`notifyType` is missing"),
        (
            json!({ "action": "register", "notifyType": "FAX", "deviceToken": "t" }),
            "GCM or APNS",
        ),
        (
            json!({ "action": "register", "notifyType": "GCM" }),
            "`deviceToken` is missing",
        ),
        (
            json!({ "action": "register", "notifyType": "GCM", "deviceToken": "" }),
            "`deviceToken` is empty",
        ),
        (
            json!({ "action": "initiateCall", "callerId": ada }),
            "`calleeId` is missing",
        ),
        (
            json!({ "action": "initiateCall", "callerId": ada, "calleeId": 7 }),
            "`calleeId` must be a text",
        ),
        (
            json!({ "action": "initiateCall", "callerId": ada, "calleeId": ada }),
            "are the same",
        ),
        (json!({ "action": "endCall" }), "`clientId` is missing"),
        (
            json!({ "action": "endCall", "clientId": "" }),
            "`clientId` is empty",
        ),
        (
            json!({ "action": "deleteClientIds" }),
            "`clientIds` must be a list",
        ),
        (
            json!({ "action": "deleteClientIds", "clientIds": [ada, 7] }),
            "list of texts",
        ),
    ] {
        let (status, found) = it.act(body.clone()).await;
        assert_eq!(status, BAD, "{body}: {found}");
        let error = found["error"].as_str().expect("a text");
        assert!(error.contains(part), "{body}: {error}");
    }
    let unknown = json!({ "error": "ERROR :: Unknown action!" });
    for body in [json!({}), json!({ "action": "dance" })] {
        assert_eq!(it.act(body).await, (FAILED, unknown.clone()));
    }
    for body in ["{", "[]", "", "null"] {
        let request = it.app.request(Method::POST, "/api").body(body);
        let (status, found) = answer(request).await;
        assert_eq!(status, BAD, "{body:?}");
        assert!(found["error"].is_string(), "{found}");
    }
    let (status, found) = it.call("nobody", &ada).await;
    assert_eq!(status, FAILED);
    assert_eq!(found["error"], "there is no device `nobody`");
    assert_eq!(it.hang_up("../../x").await.0, FAILED);
    assert!(it.vendor.calls().is_empty(), "{:?}", it.vendor.calls());
    it.verify();
}

#[tokio::test]
async fn a_clean_up_removes_what_it_can_and_names_the_rest() {
    let it = Setup::new().await;
    let (ada, bob) = it.pair().await;
    assert_eq!(it.call(&ada, &bob).await.0, OK);
    let body = json!({ "action": "deleteClientIds", "clientIds": [ada, "nobody", "", bob] });
    let (status, found) = it.act(body).await;
    let expected = json!({
        "deletedIds": [{ "id": bob }, { "id": ada }],
        "failed": [
            { "id": "", "error": "there is no device ``" },
            { "id": "nobody", "error": "there is no device `nobody`" },
        ],
    });
    assert_eq!((status, found), (OK, expected));
    it.is_clean("both are gone");
    let (_, list) = it.app.get("/v1/devices").await;
    assert_eq!(list["items"], json!([]));
    let body = json!({ "action": "deleteClientIds", "clientIds": [] });
    assert_eq!(it.act(body).await, (OK, json!({ "deletedIds": [] })));
    it.verify();
}

/// Without callbacks nobody can know whether a call was answered: whoever talks is not cut off by
/// somebody else's call, and what was left is removed when the caller dials anew.
#[tokio::test]
async fn a_strangers_call_cuts_nobody_off() {
    let it = Setup::new().await;
    let (ada, bob) = it.pair().await;
    let eve = it.device("token-c", "GCM").await;
    assert_eq!(it.call(&ada, &bob).await.0, OK);
    let_calls_run_out(&it.app.context, &["due", "deadline"]).await;
    assert_eq!(it.call(&eve, &bob).await.0, OK, "the ring is over");
    it.vendor
        .with(|vendor| assert_eq!((vendor.sessions.len(), vendor.participants.len()), (2, 4)));
    let fay = it.device("token-d", "GCM").await;
    assert_eq!(it.call(&ada, &fay).await.0, OK);
    it.vendor
        .with(|vendor| assert_eq!(vendor.sessions.len(), 2, "the first one is over"));
    for device in [&ada, &bob, &eve, &fay] {
        assert_eq!(it.hang_up(device).await.0, OK);
    }
    it.is_clean("everybody hung up");
    it.verify();
}

#[tokio::test]
async fn whoever_hangs_up_is_free_also_when_the_vendor_or_the_device_is_gone() {
    let it = Setup::new().await;
    let (ada, bob) = it.pair().await;
    assert_eq!(it.call(&ada, &bob).await.0, OK);
    // A push finds out that the phone is gone, and its device is forgotten.
    let documents = &it.app.context.documents;
    let gone = tok::backends::documents::Write::delete("tok_devices", &bob);
    documents.commit(vec![gone]).await.expect("commits");
    for status in [409, 400] {
        it.vendor.trouble(
            "DELETE /accounts/9900000/participants",
            Trouble::Status(status),
        );
    }
    assert_eq!(it.hang_up(&ada).await.0, OK);
    let (status, found) = it.hang_up(&bob).await;
    assert_eq!(
        (status, &found["message"]),
        (OK, &json!("success")),
        "{found}"
    );
    assert_eq!(documents.count("tok_busy").await.expect("counts"), 0);
    // What the vendor would not remove is tried again, here as if the time had come.
    let_calls_run_out(&it.app.context, &["due"]).await;
    tok::commands::call::follow::run_once(&it.app.context)
        .await
        .expect("cleans up");
    it.is_clean("the worker came by");
    assert_eq!(documents.count("tok_calls").await.expect("counts"), 0);
    it.verify();
}

#[tokio::test]
async fn people_are_users() {
    let it = Setup::new().await;
    let person = json!({ "firstName": "Ada", "lastName": "Lovelace", "clientId": "c1" });
    let (status, made) = it.app.post("/compat/bandwidth/persons", person).await;
    assert_eq!(status, OK, "{made}");
    let id = made["id"].as_str().expect("an id").to_owned();
    let keys: Vec<&String> = made.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["id", "firstName", "lastName", "clientId"]);
    let (_, user) = it.app.get(&format!("/v1/users/{id}")).await;
    assert_eq!(user["name"], "Ada Lovelace", "{user}");
    let path = format!("/compat/bandwidth/persons/{id}");
    let request = it
        .app
        .request(Method::PUT, &path)
        .json(&json!({ "clientId": "c2" }));
    let (_, changed) = answer(request).await;
    assert_eq!(changed["clientId"], "c2");
    let (_, list) = it.app.get("/compat/bandwidth/persons").await;
    assert_eq!(list, json!({ "items": [changed], "nextToken": null }));
    let (status, found) = it
        .app
        .post("/compat/bandwidth/persons", json!({ "firstName": "x" }))
        .await;
    assert_eq!(status, BAD, "{found}");
}

#[tokio::test]
async fn without_an_account_the_surface_says_which_setting_is_missing() {
    let app = TestApp::start().await;
    let body = json!({ "action": "register", "notifyType": "GCM", "deviceToken": "t" });
    let (status, found) = app.post("/api", body).await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    assert!(
        found["error"]
            .as_str()
            .is_some_and(|text| text.contains("bandwidth.account_id"))
    );
}

/// Ten thousand calls at once among a thousand people.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_ever_in_two_calls_and_everybody_is_free_at_the_end() {
    // Ten thousand at once keep the stand-in busy for a while.
    let more = [
        ("TOK_SERVER__RATE_LIMIT", "off"),
        ("TOK_BANDWIDTH__TIMEOUT", "60s"),
        ("TOK_PINPOINT__TIMEOUT", "60s"),
        // A ring that is over keeps nobody busy: none is to end while others are still calling.
        ("TOK_CALLS__RING_FOR", "10m"),
    ];
    let it = Arc::new(Setup::with(&more).await);
    let mut devices = Vec::new();
    for number in 0..1000 {
        devices.push(it.device(&format!("token-{number}"), "GCM").await);
    }
    let devices = Arc::new(devices);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..10_000_usize {
        let (it, devices) = (it.clone(), devices.clone());
        tasks.spawn(async move {
            let (caller, callee) = (number * 7919 % 1000, (number * 104_729 + 13) % 1000);
            if caller == callee {
                return None;
            }
            let (caller, callee) = (&devices[caller], &devices[callee]);
            let input = tok::commands::call::create::Input {
                caller: tok::model::call::PartyRef::Device(caller.clone()),
                callee: tok::model::call::PartyRef::Device(callee.clone()),
                backend: Some(tok::model::BackendName::Bandwidth),
                ring_for: None,
                token_in_ring: true,
                minter: tok::model::Minter::OPERATOR,
            };
            match tok::commands::call::create::run(&it.app.context, input).await {
                Ok(started) => Some((started.call.id, caller.clone(), callee.clone())),
                Err(tok::commands::call::create::CallRefusal::Busy(_)) => None,
                Err(other) => panic!("{other:?}"),
            }
        });
    }
    let calls: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    assert!(calls.len() > 100, "{}", calls.len());
    let mut people = BTreeSet::new();
    for (_, caller, callee) in &calls {
        assert!(people.insert(caller), "somebody is in two calls");
        assert!(people.insert(callee), "somebody is in two calls");
    }
    it.vendor.with(|vendor| {
        assert_eq!(vendor.sessions.len(), calls.len());
        assert_eq!(vendor.participants.len(), 2 * calls.len());
    });
    for (_, caller, callee) in &calls {
        assert_eq!(it.hang_up(caller).await.0, OK);
        assert_eq!(it.hang_up(callee).await.0, OK);
    }
    it.is_clean("everybody hung up");
    let store = &it.app.context.documents;
    for collection in ["tok_busy", "tok_calls"] {
        assert_eq!(
            store.count(collection).await.expect("counts"),
            0,
            "{collection}"
        );
    }
    it.verify();
}

/// Whoever signed in has the endpoint for their own devices: others' are not there for them.
#[tokio::test]
async fn a_person_acts_with_devices_of_their_own_only() {
    let signer = Signer::rsa();
    let issuer = FakeIssuer::start(&signer).await;
    let dir = TempDir::new().expect("a directory");
    let file = dir.path().join("tok.toml");
    let scopes = "scopes = ['compat', 'devices:write', 'calls:write']";
    std::fs::write(&file, issuer.table(scopes)).expect("written");
    let file = file.to_str().expect("a path");
    let setup = Setup::with(&[("TOK_CONFIG", file), ("TOK_AUTH__MODE", "keys")]).await;
    let act = async |sub: &str, body: Value| {
        let token = signer.token("one", &issuer.claims(sub));
        let request = setup.app.client.post(setup.app.url("/api"));
        answer(request.bearer_auth(token).json(&body)).await
    };
    let register = async |sub, token: &str| {
        let body = json!({ "action": "register", "notifyType": "GCM", "deviceToken": token });
        let (status, found) = act(sub, body).await;
        assert_eq!(status, OK, "{found}");
        found["id"].as_str().expect("an id").to_owned()
    };
    let (ada, bob) = (
        register("ada", "token-a").await,
        register("bob", "token-b").await,
    );
    let ring = json!({ "action": "initiateCall", "callerId": ada, "calleeId": bob });
    let (status, refused) = act("eve", ring.clone()).await;
    assert_eq!(status, FAILED, "{refused}");
    assert_eq!(act("bob", ring.clone()).await.0, FAILED);
    assert_eq!(act("ada", ring).await.0, OK);
    let end = json!({ "action": "endCall", "clientId": ada });
    assert_eq!(act("bob", end.clone()).await.0, FAILED);
    assert_eq!(act("ada", end).await.0, OK);
    let delete = json!({ "action": "deleteClientIds", "clientIds": [ada, bob] });
    let (status, deleted) = act("bob", delete).await;
    assert_eq!(
        (status, &deleted["deletedIds"]),
        (OK, &json!([{ "id": bob }]))
    );
    assert_eq!(deleted["failed"][0]["id"], ada.as_str());
    let (status, people) = {
        let token = signer.token("one", &issuer.claims("ada"));
        let request = setup
            .app
            .client
            .get(setup.app.url("/compat/bandwidth/persons"));
        answer(request.bearer_auth(token)).await
    };
    assert_eq!(status, StatusCode::FORBIDDEN, "{people}");
}

/// Nothing is left behind at the vendor's either.
#[tokio::test]
async fn there_are_no_tokens_for_rooms_that_bandwidth_does_not_know() {
    let it = Setup::with(&[("TOK_ROOMS__BACKEND", "bandwidth")]).await;
    let mint = async |room: &str| {
        let (status, told) = it
            .app
            .post(&format!("/v1/rooms/{room}/tokens"), json!({}))
            .await;
        let left = it.vendor.with(|vendor| vendor.participants.len());
        (status, left, told)
    };
    let (status, left, told) = mint("nowhere").await;
    assert_eq!((status, left), (StatusCode::NOT_FOUND, 0), "{told}");
    it.app.post("/v1/rooms", json!({ "name": "standup" })).await;
    let (status, left, told) = mint("standup").await;
    assert_eq!((status, left), (StatusCode::CREATED, 1), "{told}");
    // Known here and gone there.
    it.vendor.with(|vendor| vendor.sessions.clear());
    let (status, left, told) = mint("standup").await;
    assert_eq!((status, left), (StatusCode::NOT_FOUND, 1), "{told}");
    it.vendor.verify();
}
