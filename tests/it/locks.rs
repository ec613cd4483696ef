//! A locked room takes in nobody new, at every door, on every node and over restarts.

use std::sync::Arc;

use nix::sys::signal::Signal;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tok::commands::participant::join;
use tok::commands::room::history;
use tok::error::{Kind, Reason};

use crate::log_lines::Polling;
use crate::newcomer::called;
use crate::silent::Chair;
use crate::support::{Binary, FakeDaily, PATIENCE, PAUSE, TestApp, answer};

async fn come(app: &TestApp, seat: &str) -> tok::Result<String> {
    let chair = Arc::new(Chair(seat.to_owned()));
    let output = join::run(&app.context, called(seat, "hall"), chair).await?;
    Ok(output.admission.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_lock_and_unlock_over_http_and_the_history_tells_it() {
    let app = TestApp::start().await;
    app.post("/v1/rooms", json!({ "name": "hall" })).await;
    let lock = "/v1/rooms/hall/lock";
    let (status, empty) = app.post(lock, json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT, "{empty}");
    let host = come(&app, "Grace").await.expect("comes in");
    let locked = json!({ "name": "hall", "backend": "local", "locked": true });
    let planned = app
        .post("/v1/rooms/hall/lock?dry_run=true", json!({}))
        .await;
    assert_eq!(planned, (StatusCode::OK, locked.clone()));
    assert_eq!(app.get("/v1/rooms/hall").await.1.get("locked"), None);
    for _ in 0..2 {
        assert_eq!(
            app.post(lock, json!({})).await,
            (StatusCode::OK, locked.clone())
        );
    }
    assert_eq!(app.get("/v1/rooms/hall").await.1["locked"], true);
    let refused = come(&app, "Linus").await.expect_err("locked");
    assert_eq!(
        (refused.kind(), refused.why()),
        (Kind::Conflict, Some(Reason::RoomLocked))
    );
    // What is changed of the room meanwhile changes nothing of that.
    let changed = app.request(Method::PATCH, "/v1/rooms/hall");
    let changed = answer(changed.json(&json!({ "max_participants": 9 }))).await;
    assert_eq!(changed.1["locked"], true, "{changed:?}");
    assert!(come(&app, "Linus").await.is_err());
    let (_, open) = app.post("/v1/rooms/hall/lock?lift=true", json!({})).await;
    assert_eq!(open["locked"], false);
    assert_eq!(app.get("/v1/rooms/hall").await.1.get("locked"), None);
    come(&app, "Linus").await.expect("comes in");
    let input = history::Input {
        room: "hall".to_owned(),
        backend: None,
        since: None,
    };
    let told = history::run(&app.context, input).await.expect("tells");
    let told: Vec<_> = told
        .iter()
        .map(|of| (of.event.as_str(), of.id.as_str()))
        .collect();
    assert_eq!(
        told[..3],
        [
            ("joined", host.as_str()),
            ("locked", "operator"),
            ("unlocked", "operator")
        ]
    );
    assert_eq!(told[3].0, "joined");
    for (path, status) in [
        ("/v1/rooms/none/lock", StatusCode::NOT_FOUND),
        ("/v1/rooms/hall/lock?lift=perhaps", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(app.post(path, json!({})).await.0, status, "{path}");
    }
}

/// The command works on the store: the server is another node.
#[tokio::test(flavor = "multi_thread")]
async fn what_one_node_locks_is_locked_at_the_others() {
    let app = TestApp::start().await;
    app.post("/v1/rooms", json!({ "name": "hall" })).await;
    come(&app, "Grace").await.expect("comes in");
    let dir = app.dir.path().to_str().expect("text").to_owned();
    let tok = async |more: &[&str]| {
        let arguments = [&["--data-dir", &dir, "room", "lock", "hall"], more].concat();
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let run = tokio::task::spawn_blocking(move || {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            Binary::new().run(&arguments)
        });
        run.await.expect("runs")
    };
    tok(&[]).await.ok();
    let refused = come(&app, "Linus").await.expect_err("locked");
    assert_eq!(refused.why(), Some(Reason::RoomLocked));
    tok(&["--lift"]).await.ok();
    // A node that did not hear of it yet refuses once more.
    let comes_in = async {
        while let Err(refused) = come(&app, "Linus").await {
            assert_eq!(refused.why(), Some(Reason::RoomLocked));
            tokio::time::sleep(PAUSE).await;
        }
    };
    let heard = tokio::time::timeout(PATIENCE, comes_in).await;
    heard.expect("the node hears that it is unlocked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_of_a_host_outlasts_a_restart_and_its_people_come_back() {
    // However long the restart takes.
    let binary = Binary::with(&[("TOK_SIGNALLING__GRACE", "1m")]);
    binary.run(&["room", "create", "hall"]).ok();
    let served = binary.serve();
    let ada = Polling::open(&served, "ada").await;
    let bob = Polling::open(&served, "bob").await;
    let join = |name: &str, keys: &Value| json!(["join-room", "hall", name, keys]);
    let host = ada.ask(join("Ada", &Value::Null)).await["data"].clone();
    let guest = bob.ask(join("Bob", &Value::Null)).await["data"].clone();
    let refused = bob.ask(json!(["lock-room"])).await;
    assert_eq!(
        (&refused["status"], &refused["reason"]),
        (&json!(403), &json!("only_hosts"))
    );
    let wrong = ada.ask(json!(["lock-room", true])).await;
    assert_eq!(wrong["status"], 400, "{wrong}");
    let locked = ada.ask(json!(["lock-room"])).await;
    assert_eq!(locked["data"], json!({ "locked": true }));
    let told = bob.until("room-locked").await;
    let own = format!("[\"room-locked\",true,{}]", host["id"]);
    assert!(told.contains(&own), "{told}");
    served.signal(Signal::SIGTERM);
    served.finish();

    let served = binary.serve();
    let eve = Polling::open(&served, "eve").await;
    let refused = eve.ask(join("Eve", &Value::Null)).await;
    let facts = (&refused["status"], &refused["code"], &refused["reason"]);
    let expected = (&json!(409), &json!("conflict"), &json!("room_locked"));
    assert_eq!(facts, expected, "{refused}");
    let sentence = "the room `hall` is locked; nobody new comes in until a host unlocks it";
    assert_eq!(refused["error"], sentence);
    // Their places were kept, and what they find says how the room stands.
    let keys = |of: &Value| json!({ "id": of["id"], "key": of["key"] });
    let bob = Polling::open(&served, "bob").await;
    let back = bob.ask(join("Bob", &keys(&guest))).await;
    assert_eq!(back["data"]["resumed"], true, "{back}");
    let ada = Polling::open(&served, "ada").await;
    ada.ask(join("Ada", &keys(&host))).await;
    let open = ada.ask(json!(["lock-room", { "lift": true }])).await;
    assert_eq!(open["data"], json!({ "locked": false }), "{open}");
    let came = eve.ask(join("Eve", &Value::Null)).await;
    assert_eq!(came["success"], true, "{came}");
    served.signal(Signal::SIGTERM);
    served.finish();
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_of_vendors_are_not_locked_here() {
    let app = TestApp::over(&FakeDaily::start().await).await;
    for query in ["", "?dry_run=true", "?backend=daily&lift=true"] {
        let path = format!("/v1/rooms/hall/lock{query}");
        let (status, refused) = app.post(&path, json!({})).await;
        assert_eq!(status, StatusCode::NOT_IMPLEMENTED, "{refused}");
        let sentence = "only local rooms can be locked, not those of Daily";
        assert_eq!(refused["detail"], sentence);
    }
}
