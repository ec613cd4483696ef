//! Calls natively, over local rooms: the state machine, time-outs, and what phones are told.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tok::commands::call;
use tok::commands::notify::{flush, inbox};
use tok::context::Context;
use tok::model::call::CallState;
use tokio::sync::Notify;

use crate::support::bandwidth;
use crate::support::{Binary, FakeFcm, FcmFault, PATIENCE, TestApp, borrowed, let_calls_run_out};
use crate::vendor::Trouble;

const OK: StatusCode = StatusCode::OK;
const MADE: StatusCode = StatusCode::CREATED;
const CONFLICT: StatusCode = StatusCode::CONFLICT;

async fn app_with(more: &[(&str, &str)]) -> TestApp {
    let app = TestApp::with(more).await;
    for (id, name) in [("ada", "Ada"), ("bob", "Bob"), ("eve", "Eve")] {
        let (status, _) = app
            .post("/v1/users", json!({ "id": id, "name": name }))
            .await;
        assert_eq!(status, MADE);
    }
    app
}

async fn start(app: &TestApp, caller: &str, callee: &str) -> (StatusCode, Value) {
    let body = json!({ "caller": { "user": caller }, "callee": { "user": callee } });
    app.post("/v1/calls", body).await
}

fn id_of(started: &Value) -> String {
    started["call"]["id"].as_str().expect("an id").to_owned()
}

async fn step(app: &TestApp, id: &str, verb: &str, body: Value) -> (StatusCode, Value) {
    app.post(&format!("/v1/calls/{id}/{verb}"), body).await
}

/// The events that wait for a person.
async fn told(context: &Context, user: &str) -> Vec<String> {
    flush::send_all(context, flush::Input::default())
        .await
        .expect("sends");
    let items = inbox::run(context, inbox_of(user)).await;
    let items = items.expect("reads").items;
    let mut events: Vec<String> = items
        .iter()
        .filter_map(|item| item.data.get("event").cloned())
        .collect();
    events.sort();
    events
}

async fn nothing_is_left(context: &Context) {
    for collection in ["tok_busy", "tok_calls", "tok_rooms"] {
        let left = context.documents.count(collection).await.expect("counts");
        assert_eq!(left, 0, "{collection}");
    }
}

fn inbox_of(user: &str) -> inbox::Input {
    inbox::Input::of(user.parse().expect("an id"))
}

#[tokio::test]
async fn a_call_is_answered_and_ended() {
    let app = app_with(&[]).await;
    let (status, started) = start(&app, "ada", "bob").await;
    assert_eq!(status, MADE, "{started}");
    assert_eq!(started["call"]["state"], "ringing");
    assert_eq!(
        started["rings"],
        json!([{ "to": "user bob", "outcome": "delivered" }])
    );
    let id = id_of(&started);
    assert_eq!(told(&app.context, "bob").await, ["call.ringing"]);
    let (status, _) = start(&app, "eve", "bob").await;
    assert_eq!(status, CONFLICT);
    let (status, accepted) = step(&app, &id, "accept", json!({})).await;
    assert_eq!(
        (status, &accepted["call"]["state"]),
        (OK, &json!("accepted")),
        "{accepted}"
    );
    let room = started["call"]["room"].clone();
    for token in [&started["token"], &accepted["token"]] {
        let (_, facts) = app
            .post("/v1/tokens:inspect", json!({ "token": token["token"] }))
            .await;
        assert_eq!((&facts["valid"], &facts["room"]), (&json!(true), &room));
    }
    assert_eq!(told(&app.context, "ada").await, ["call.accepted"]);
    for verb in ["accept", "decline", "cancel"] {
        assert_eq!(step(&app, &id, verb, json!({})).await.0, CONFLICT, "{verb}");
    }
    // One side at a time: who hangs up is free at once.
    let (_, call) = step(&app, &id, "end", json!({ "by": "caller" })).await;
    assert_eq!(call["state"], "accepted");
    assert_eq!(start(&app, "eve", "bob").await.0, CONFLICT);
    let (status, other) = start(&app, "ada", "eve").await;
    assert_eq!(status, MADE);
    let (_, call) = step(&app, &id, "end", json!({ "by": "callee" })).await;
    assert_eq!(call["state"], "ended");
    step(&app, &id_of(&other), "end", json!({})).await;
    nothing_is_left(&app.context).await;
    let (_, call) = app.get(&format!("/v1/calls/{id}")).await;
    assert_eq!(call["state"], "ended");
    assert_eq!(
        step(&app, &id, "end", json!({})).await.1["state"],
        "ended",
        "again"
    );
    let (_, past) = app.get("/v1/calls?past=true").await;
    assert_eq!(past["items"].as_array().map(Vec::len), Some(2), "{past}");
}

#[tokio::test]
async fn each_way_of_not_answering_has_its_state_and_its_news() {
    let app = app_with(&[]).await;
    let cases = [
        ("decline", json!({}), "declined", "ada", "call.declined"),
        ("cancel", json!({}), "cancelled", "bob", "call.cancelled"),
        ("end", json!({}), "cancelled", "bob", "call.cancelled"),
        (
            "end",
            json!({ "by": "caller" }),
            "cancelled",
            "bob",
            "call.cancelled",
        ),
        (
            "end",
            json!({ "by": "callee" }),
            "declined",
            "ada",
            "call.declined",
        ),
    ];
    for (verb, body, state, who, event) in cases {
        let (status, started) = start(&app, "ada", "bob").await;
        assert_eq!(status, MADE, "{verb}: {started}");
        let id = id_of(&started);
        let (status, call) = step(&app, &id, verb, body.clone()).await;
        assert_eq!(
            (status, &call["state"]),
            (OK, &json!(state)),
            "{verb} {body}"
        );
        assert!(
            told(&app.context, who).await.contains(&event.to_owned()),
            "{verb} {body}"
        );
        nothing_is_left(&app.context).await;
        assert_eq!(step(&app, &id, "accept", json!({})).await.0, CONFLICT);
    }
}

#[tokio::test]
async fn whoever_else_rings_hears_that_it_was_answered_or_declined() {
    let app = app_with(&[]).await;
    let cases = [
        ("accept", json!({}), "call.answered_elsewhere"),
        ("decline", json!({}), "call.declined_elsewhere"),
        ("end", json!({ "by": "callee" }), "call.declined_elsewhere"),
    ];
    for (verb, body, event) in cases {
        let (_, started) = start(&app, "ada", "bob").await;
        let id = id_of(&started);
        assert_eq!(step(&app, &id, verb, body.clone()).await.0, OK, "{verb}");
        // Nobody works or flushes: it is there at once.
        let items = inbox::run(&app.context, inbox_of("bob"))
            .await
            .expect("reads")
            .items;
        let own = items.iter().filter(|item| item.data["call"] == id);
        let events: Vec<&str> = own.map(|item| item.data["event"].as_str()).collect();
        assert!(events.contains(&event), "{verb} {body}: {events:?}");
        step(&app, &id, "end", json!({})).await;
    }
    let (_, started) = start(&app, "ada", "bob").await;
    let body = json!({ "connection": "of somebody else" });
    let (status, _) = step(&app, &id_of(&started), "accept", body).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "only sockets say that");
}

#[tokio::test]
async fn bad_input_rings_nobody() {
    let app = app_with(&[]).await;
    let user = |id: &str| json!({ "user": id });
    for (body, status) in [
        (json!({}), StatusCode::BAD_REQUEST),
        (json!({ "caller": user("ada") }), StatusCode::BAD_REQUEST),
        (
            json!({ "caller": "ada", "callee": "bob" }),
            StatusCode::BAD_REQUEST,
        ),
        (
            json!({ "caller": user("ada"), "callee": user("ada") }),
            StatusCode::BAD_REQUEST,
        ),
        (
            json!({ "caller": user("ada"), "callee": user("..") }),
            StatusCode::BAD_REQUEST,
        ),
        (
            json!({ "caller": user("ada"), "callee": user("zoe") }),
            StatusCode::NOT_FOUND,
        ),
        (
            json!({ "caller": user("ada"), "callee": { "device": "x" } }),
            StatusCode::NOT_FOUND,
        ),
        (
            json!({ "caller": user("ada"), "callee": user("bob"), "ring_for": "1h" }),
            StatusCode::BAD_REQUEST,
        ),
        (
            json!({ "caller": user("ada"), "callee": user("bob"), "token_in_ring": true }),
            StatusCode::BAD_REQUEST,
        ),
        (
            json!({ "caller": user("ada"), "callee": user("bob"), "backend": "daily" }),
            StatusCode::NOT_IMPLEMENTED,
        ),
    ] {
        let (found, problem) = app.post("/v1/calls", body.clone()).await;
        assert_eq!(found, status, "{body}: {problem}");
    }
    nothing_is_left(&app.context).await;
    for id in ["nope", "..%2Fx", "%00"] {
        assert_eq!(
            app.get(&format!("/v1/calls/{id}")).await.0,
            StatusCode::NOT_FOUND,
            "{id}"
        );
    }
    let (status, plan) = app
        .post(
            "/v1/calls?dry_run=true",
            json!({ "caller": user("ada"), "callee": user("bob") }),
        )
        .await;
    assert_eq!((status, &plan["phones"]), (OK, &json!(1)), "{plan}");
    nothing_is_left(&app.context).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_calls_to_one_person_exactly_one_rings() {
    let app = app_with(&[]).await;
    for number in 0..40 {
        let body = json!({ "id": format!("u{number}"), "name": "U" });
        app.post("/v1/users", body).await;
    }
    let callers: Vec<String> = (0..40).map(|number| format!("u{number}")).collect();
    let asks = callers.iter().map(|caller| start(&app, caller, "bob"));
    let found = futures_util::future::join_all(asks).await;
    let made = found.iter().filter(|(status, _)| *status == MADE).count();
    let busy = found
        .iter()
        .filter(|(status, _)| *status == CONFLICT)
        .count();
    assert_eq!((made, busy), (1, 39));
}

#[tokio::test]
async fn every_phone_of_the_callee_rings_and_the_others_hear_that_one_answered() {
    let fcm = FakeFcm::start().await;
    let all = fcm.variables();
    let app = app_with(&borrowed(&all)).await;
    let mut devices = Vec::new();
    for token in ["phone", "tablet"] {
        let body = json!({ "token": token, "platform": "gcm", "user_id": "bob" });
        let (status, device) = app.post("/v1/devices", body).await;
        assert_eq!(status, OK, "{device}");
        devices.push(device["id"].as_str().expect("an id").to_owned());
    }
    let (status, started) = start(&app, "ada", "bob").await;
    assert_eq!(status, MADE, "{started}");
    assert_eq!(started["rings"].as_array().map(Vec::len), Some(2));
    let id = id_of(&started);
    let (status, _) = step(&app, &id, "accept", json!({ "device": devices[0] })).await;
    assert_eq!(status, OK);
    flush::send_all(&app.context, flush::Input::default())
        .await
        .expect("sends");
    let mut events = fcm.texts("event");
    events.sort();
    assert_eq!(
        events,
        ["call.answered_elsewhere", "call.ringing", "call.ringing"]
    );
    fcm.verify();
}

/// Otherwise a phone would ring in the middle of the call, and nothing would stop it.
#[tokio::test]
async fn a_call_that_is_answered_before_the_push_service_answers_does_not_ring_again() {
    let fcm = FakeFcm::start().await;
    let answered = Arc::new(Notify::new());
    fcm.fault(FcmFault::AwayOnce(answered.clone()));
    let all = fcm.variables();
    let app = app_with(&borrowed(&all)).await;
    let body = json!({ "token": "phone", "platform": "gcm", "user_id": "bob" });
    let (status, device) = app.post("/v1/devices", body).await;
    assert_eq!(status, OK, "{device}");
    let answering = async {
        fcm.reached(1).await;
        let (_, calls) = app.get("/v1/calls").await;
        let id = calls["items"][0]["id"].as_str().expect("an id").to_owned();
        let (status, accepted) = step(&app, &id, "accept", json!({})).await;
        assert_eq!(status, OK, "{accepted}");
        answered.notify_one();
        id
    };
    let ((status, started), id) = tokio::join!(start(&app, "ada", "bob"), answering);
    assert_eq!(status, MADE, "{started}");
    assert_eq!(started["rings"][0]["outcome"], "queued", "{started}");
    let ring = format!("{id}:ring:0");
    let queued = app.context.documents.get("notifications", &ring).await;
    assert_eq!(queued.expect("reads"), None);
    fcm.verify();
}

#[tokio::test]
async fn a_ring_ends_by_itself_and_both_are_free() {
    // Setting it up may take no longer than it rings.
    let app = app_with(&[("TOK_CALLS__RING_FOR", "5s")]).await;
    let worker = tokio::spawn({
        let context = app.context.clone();
        async move { call::follow::run(&context).await }
    });
    let (status, started) = start(&app, "ada", "bob").await;
    assert_eq!(status, MADE, "{started}");
    assert_eq!(started["rings"][0]["outcome"], "delivered", "{started}");
    let id = id_of(&started);
    let over = async {
        loop {
            let call = call::show::run(&app.context, id.as_str().into())
                .await
                .expect("a call");
            if call.state == CallState::Missed {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, over).await.expect("missed");
    let mut told = told(&app.context, "bob").await;
    // The ring is worth nothing once it is over, and may be gone.
    told.retain(|event| event != "call.ringing");
    assert_eq!(told, ["call.missed"]);
    let gone = async {
        while app
            .context
            .documents
            .count("tok_calls")
            .await
            .expect("counts")
            > 0
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone)
        .await
        .expect("cleaned up");
    nothing_is_left(&app.context).await;
    app.context.stop.cancel();
    worker.await.expect("no panic").expect("ends well");
}

/// Without any worker, somebody who is wanted must not stay busy for ever.
#[tokio::test]
async fn a_ring_that_is_over_does_not_keep_anybody_busy() {
    let app = app_with(&[]).await;
    let (_, first) = start(&app, "ada", "bob").await;
    let_calls_run_out(&app.context, &["due", "deadline"]).await;
    let (status, second) = start(&app, "eve", "bob").await;
    assert_eq!(status, MADE, "{second}");
    let (_, call) = app.get(&format!("/v1/calls/{}", id_of(&first))).await;
    assert_eq!(call["state"], "missed");
}

/// Nobody can be called when the store is full, but whoever is in a call can hang up.
#[tokio::test]
async fn a_full_store_keeps_nobody_in_a_call() {
    let app = app_with(&[]).await;
    let (_, started) = start(&app, "ada", "bob").await;
    let id = id_of(&started);
    app.post("/v1/users", json!({ "id": "zoe", "name": "Zoe" }))
        .await;
    let config = crate::support::config(app.dir.path(), &[("TOK_DOCUMENTS__MAX_SIZE", "1B")]);
    let full = Context::open(&config, app.dir.path()).expect("opens");
    let input = call::create::Input {
        caller: tok::model::call::PartyRef::User("eve".to_owned()),
        callee: tok::model::call::PartyRef::User("zoe".to_owned()),
        backend: None,
        ring_for: None,
        token_in_ring: false,
        minter: tok::model::Minter::OPERATOR,
    };
    let refused = tok::Error::from(call::create::run(&full, input).await.expect_err("full"));
    assert_eq!(refused.kind(), tok::Kind::Unavailable, "{refused}");
    let input = call::end::Input {
        call: id.clone(),
        by: None,
    };
    let ended = call::end::run(&full, input).await;
    assert_eq!(ended.expect("ends").state, CallState::Cancelled);
    nothing_is_left(&full).await;
}

/// Killed at each step of the set-up: whoever looks after calls later finds and undoes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_process_leaves_nothing_behind() {
    let vendor = bandwidth::start().await;
    let all = bandwidth::variables(&vendor);
    let all = borrowed(&all);
    let binary = Binary::with(&all);
    let steps = [
        "POST /accounts/9900000/sessions",
        "POST /accounts/9900000/participants",
        "PUT /accounts/9900000/sessions",
    ];
    for (number, step) in steps.into_iter().enumerate() {
        let people = ["ada", "bob"].map(|name| format!("{name}{number}"));
        for id in &people {
            binary
                .run(&["user", "create", "--id", id, "--name", id])
                .ok();
        }
        vendor.trouble(step, Trouble::Slow(Duration::from_secs(30)));
        let arguments = [
            "call",
            "start",
            &people[0],
            &people[1],
            "--backend",
            "bandwidth",
        ];
        let mut child = binary.spawn(&arguments, std::process::Stdio::null());
        let reached = async {
            while !vendor
                .calls()
                .last()
                .is_some_and(|call| call.starts_with(step))
            {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, reached)
            .await
            .expect("reached");
        child.kill().expect("killed");
        child.wait().expect("gone");
        vendor.forget_calls();
    }
    let dir = binary.dir().join(".local/share/tok");
    let config = crate::support::config(binary.dir(), &all);
    let context = Context::open(&config, &dir).expect("opens");
    let documents = &context.documents;
    assert_eq!(documents.count("tok_calls").await.expect("counts"), 3);
    // As if the time for setting up were over.
    let_calls_run_out(&context, &["due", "deadline"]).await;
    binary.run(&["work", "--once", "--only", "calls"]).ok();
    nothing_is_left(&context).await;
    vendor.with(|vendor| {
        assert!(vendor.sessions.is_empty(), "{:?}", vendor.sessions);
        assert!(vendor.participants.is_empty(), "{:?}", vendor.participants);
    });
    let past = binary
        .run(&["call", "list", "--past", "--json"])
        .ok()
        .json();
    assert_eq!(past[0]["state"], "failed", "{past}");
    vendor.verify();
}

#[tokio::test]
async fn the_cli_and_http_say_the_same() {
    let binary = Binary::new();
    for id in ["ada", "bob"] {
        binary
            .run(&["user", "create", "--id", id, "--name", id])
            .ok();
    }
    let plan = binary
        .run(&["call", "start", "ada", "bob", "-n", "--json"])
        .ok();
    assert_eq!(plan.json()["phones"], 1);
    let started = binary
        .run(&["call", "start", "ada", "bob", "--json"])
        .ok()
        .json();
    let id = id_of(&started);
    let shown = binary.run(&["call", "show", &id, "--json"]).ok();
    let served = binary.serve();
    let body = reqwest::get(format!("{}/v1/calls/{id}", served.url))
        .await
        .expect("answers")
        .text()
        .await
        .expect("a body");
    assert_eq!(shown.stdout.trim_end(), body);
    binary
        .run(&["call", "start", "ada", "bob"])
        .refused(4, "the caller is in a call already");
    let list = binary.run(&["call", "list", "-o", "name"]).ok();
    assert_eq!(list.stdout.trim(), id);
    let ended = binary.run(&["call", "end", &id, "--json"]).ok().json();
    assert_eq!(ended[0]["state"], "cancelled");
    assert_eq!(binary.run(&["call", "list", "--json"]).ok().stdout, "[]\n");
    binary
        .run(&["call", "show", "nope"])
        .refused(3, "there is no call `nope`");
    let token = binary.pipe(
        &[
            "device",
            "register",
            "--platform",
            "gcm",
            "--user",
            "ada",
            "--token-file",
            "-",
            "--json",
        ],
        "secret-token\n",
    );
    let device = token.ok().json();
    assert_eq!(device["token"], "…-token");
    let id = device["id"].as_str().expect("an id");
    binary.run(&["device", "delete", id]).refused(9, "--yes");
    binary.run(&["device", "delete", id, "--yes"]).ok();
    assert_eq!(
        binary.run(&["device", "list", "--json"]).ok().stdout,
        "[]\n"
    );
}
