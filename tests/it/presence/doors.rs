//! Who asks about presence, at every door and with every backend.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::Arc;

use futures_util::StreamExt;
use jiff::Timestamp;
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tok::Kind;
use tok::backends::documents::{Documents, Event, SqliteDocuments, Write};
use tok::backends::presence::LocalPresences;
use tok::commands::presence::{announce, audit, follow, show, sweep};
use tok::context::Context;
use tok::model::presence::PresenceState;

use super::{Following, node, user, whom};
use crate::support::binary::{Run, signal_child};
use crate::support::meddled::{Meddling, meddle};
use crate::support::rtdb::FakeDatabase;
use crate::support::{Binary, PATIENCE, PAUSE, TestApp, borrowed, context, put};

#[tokio::test]
async fn without_an_account_presence_is_kept_per_connection() {
    let (context, _dir) = context(&[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")]);
    put(&context, "users", "ada", json!({ "name": "Ada" })).await;
    let mut following = Following::start(&context);
    let say = async |connection: &str, state, ttl: Option<&str>| {
        let ttl = ttl.map(|ttl| ttl.parse().expect("a span"));
        let input = announce::Input {
            user: "ada".parse().expect("an id"),
            connection: connection.to_owned(),
            says: announce::Announcement { state, ttl },
            said_by: "test".to_owned(),
        };
        announce::run(&context, input).await.expect("notes")
    };
    say("phone", PresenceState::Online, None).await;
    following.until("ada", "online").await;
    say("laptop", PresenceState::Online, Some("1ms")).await;
    let person = say("phone", PresenceState::Offline, None).await;
    // The laptop may still count for a moment; once its time is over it is swept.
    assert_eq!(person.id, "ada");
    let swept = async {
        while sweep::run(&context).await.expect("sweeps").removed == 0
            && show::run(&context, whom("ada"))
                .await
                .expect("known")
                .presence
                .state
                == PresenceState::Online
        {
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::time::timeout(PATIENCE, swept)
        .await
        .expect("in time");
    following.until("ada", "offline").await;
    let unknown = show::run(&context, whom("bob")).await.expect_err("unknown");
    assert_eq!(unknown.kind(), Kind::NotFound);
    following.stop().await;
}

/// The newest of those that are left may be older than the one that is gone.
#[tokio::test]
async fn whoever_lost_the_newest_connection_is_gone() {
    let (context, _dir) = context(&[]);
    put(&context, "users", "ada", json!({ "name": "Ada" })).await;
    let say = async |connection: &str, state, ttl: Option<&str>| {
        let ttl = ttl.map(|ttl| ttl.parse().expect("a span"));
        let input = announce::Input {
            user: "ada".parse().expect("an id"),
            connection: connection.to_owned(),
            says: announce::Announcement { state, ttl },
            said_by: "test".to_owned(),
        };
        announce::run(&context, input).await.expect("notes");
    };
    say("phone", PresenceState::Offline, None).await;
    say("laptop", PresenceState::Online, Some("1ms")).await;
    put(
        &context,
        "users",
        "ada",
        json!({ "state": "online", "last_changed": Timestamp::now().to_string() }),
    )
    .await;
    let gone = async { while sweep::run(&context).await.expect("sweeps").removed == 0 {} };
    tokio::time::timeout(PATIENCE, gone).await.expect("in time");
    follow::run_once(&context, follow::Trust::Guarded)
        .await
        .expect("compares");
    assert_eq!(user(&context, "ada").await["state"], "offline");
    assert_eq!(audit::run(&context).await.expect("compares").drift, []);
}

#[tokio::test]
async fn a_connection_that_comes_back_while_another_one_leaves_stays() {
    let (context, _dir) = context(&[]);
    let now = Timestamp::now().to_string();
    let phone = |state: &str| {
        let content = json!({ "user": "ada", "state": state, "last_changed": now });
        Write::put("tok_presence", "ada:phone", &content).expect("JSON")
    };
    let gone = context.documents.commit(vec![phone("offline")]).await;
    gone.expect("commits");
    let back = Meddling::Faster(vec![phone("online")]);
    let documents = meddle(&context, "tok_presence", [back]).documents;
    let meddled = Context {
        presences: Arc::new(LocalPresences::new(documents, context.clock.clone())),
        ..context.clone()
    };
    let input = announce::Input {
        user: "ada".parse().expect("an id"),
        connection: "laptop".to_owned(),
        says: announce::Announcement {
            state: PresenceState::Offline,
            ttl: None,
        },
        said_by: "test".to_owned(),
    };
    let person = announce::run(&meddled, input).await.expect("notes");
    assert_eq!(person.state, PresenceState::Online);
    let phone = context.documents.get("tok_presence", "ada:phone").await;
    assert!(phone.expect("reads").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doors_agree() {
    let app = TestApp::start().await;
    let path = "/v1/presence/ada/connections/phone";
    let request = app.request(reqwest::Method::PUT, path);
    let request = request.json(&json!({ "state": "online" }));
    let (status, said) = crate::support::answer(request).await;
    assert_eq!(
        (status.as_u16(), &said["state"]),
        (200, &json!("online")),
        "{said}"
    );
    let binary = Binary::new();
    let dir = app.dir.path().to_str().expect("text").to_owned();
    let tok = |arguments: &[&str]| {
        let mut all = vec!["--data-dir", &dir, "--json"];
        all.extend_from_slice(arguments);
        binary.run(&all)
    };
    let (_, shown) = app.get("/v1/presence/ada").await;
    assert_eq!(tok(&["presence", "show", "ada"]).ok().json(), shown);
    let (_, page) = app.get("/v1/presence?online=true").await;
    assert_eq!(
        tok(&["presence", "list", "--online"]).ok().json(),
        page["items"]
    );
    app.post("/v1/users", json!({ "id": "ada", "name": "Ada" }))
        .await;
    let (_, report) = app.get("/v1/presence:audit").await;
    let audited = tok(&["presence", "audit"]);
    assert_eq!((audited.code, audited.json()), (Some(12), report));
    assert_eq!(tok(&["presence", "sync"]).ok().json()["written"], 1);
    tok(&["presence", "audit"]).ok();
    let (status, _) = app.get("/v1/presence/nobody").await;
    assert_eq!(status, 404);
    tok(&["presence", "set", "ada", "online", "--connection", "a:b"]).refused(2, "a:b");
}

/// JSON lines for programs, and an orderly end.
#[test]
fn a_watch_is_told_line_by_line() {
    let binary = Binary::new();
    binary.run(&["presence", "set", "ada", "online"]).ok();
    let mut child = binary.spawn(&["presence", "watch"], Stdio::null());
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut next = || -> Value {
        let line = lines.next().expect("a line").expect("text");
        serde_json::from_str(&line).expect("JSON")
    };
    let ada = next();
    assert_eq!(
        (&ada["id"], &ada["state"]),
        (&json!("ada"), &json!("online"))
    );
    assert!(ada["last_changed"].is_string());
    binary.run(&["presence", "set", "bob", "online"]).ok();
    assert_eq!(next()["id"], "bob");
    binary.run(&["presence", "set", "ada", "offline"]).ok();
    assert_eq!(next()["state"], "offline");
    signal_child(&child, Signal::SIGINT);
    let run = Run::of(&child.wait_with_output().expect("ends"));
    assert_eq!(run.code, Some(0), "{run:#?}");
}

/// Killed at some moment while it notes who is there: the next one ends up with the truth.
#[test]
fn a_killed_worker_leaves_nothing_half_noted() {
    const PEOPLE: usize = 2_000;
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let database = runtime.block_on(FakeDatabase::start());
    let variables = database.variables();
    let mut variables = borrowed(&variables);
    // On a busy machine a shorter one is over before it is renewed.
    variables.push(("TOK_WORKER__LEASE", "2s"));
    variables.push(("TOK_PRESENCE__OFFLINE_GRACE", "1ms"));
    let binary = Binary::with(&variables);
    let dir = binary.dir().join(".local/share/tok");
    let documents = SqliteDocuments::open(&dir, 0).expect("opens");
    let writes = (0..PEOPLE).map(|n| {
        let user = json!({ "name": format!("Person {n}"), "onRoom": "lobby" });
        Write::put("users", &format!("u{n}"), &user).expect("JSON")
    });
    runtime
        .block_on(documents.commit(writes.collect()))
        .expect("commits");
    for (round, state) in ["online", "offline", "online"].into_iter().enumerate() {
        let at = 1_700_000_000_000 + i64::try_from(round).expect("small");
        let all = (0..PEOPLE).map(|n| (format!("u{n}"), node(state, at)));
        database.put("/status", Value::Object(all.collect()));
        let mut noted = documents.watch("users", None);
        let worker = binary.work(&["--only", "presence"]);
        let part = async {
            let mut count = 0;
            while count < PEOPLE / 4 {
                let event = noted.next().await.expect("no end").expect("no error");
                if let Event::Put(document) = event {
                    let fields: Value = document.decode().expect("JSON");
                    count += usize::from(fields["state"] == state);
                }
            }
        };
        runtime
            .block_on(async { tokio::time::timeout(PATIENCE * 3, part).await })
            .expect("begins");
        worker.signal(Signal::SIGKILL);
        drop(worker);
        binary.run(&["presence", "sync"]).ok();
        let report = binary.run(&["presence", "audit", "--json"]).ok().json();
        assert_eq!(report["drift"], json!([]));
        let last = runtime
            .block_on(documents.get("users", "u1999"))
            .expect("reads");
        let last: Value = last.expect("there").decode().expect("JSON");
        assert_eq!(
            (&last["state"], &last["name"]),
            (&json!(state), &json!("Person 1999"))
        );
    }
}
