//! What happened to people and to notifications is told afterwards, with the time and the reason.

use std::sync::Arc;

use serde_json::{Value, json};
use tok::backends::documents::Write;
use tok::commands::participant::kick;
use tok::commands::room::history::{self, RoomEvent};
use tok::commands::{participant, room};
use tok::model::meeting::Actor;

use crate::newcomer::called;
use crate::silent::Chair;
use crate::support::{Binary, TestApp};

async fn enter(app: &TestApp, room: &str, name: &str) -> String {
    let seat = Arc::new(Chair(format!("seat of {name}")));
    let inside = participant::join::run(&app.context, called(name, room), seat).await;
    inside
        .map_err(|error| error.to_string())
        .expect("comes in")
        .admission
        .id
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_and_went_and_why_is_told_afterwards() {
    let app = TestApp::start().await;
    let input = room::create::Input {
        name: Some("retro".to_owned()),
        ..room::create::Input::default()
    };
    room::create::run(&app.context, input)
        .await
        .expect("a room");
    let host = enter(&app, "retro", "Grace").await;
    let guest = enter(&app, "retro", "Linus").await;
    let out = kick::Input {
        room: "retro".parse().expect("a name"),
        by: Actor::Operator,
        target: guest.clone(),
        ban: false,
    };
    kick::run(&app.context, out).await.expect("is out");
    let ask = |since| history::Input {
        room: "retro".to_owned(),
        backend: None,
        since,
    };
    let told = history::run(&app.context, ask(None)).await.expect("tells");
    let events: Vec<_> = told.iter().map(|of| (of.event, of.id.as_str())).collect();
    let expected = [
        (RoomEvent::Joined, host.as_str()),
        (RoomEvent::Joined, guest.as_str()),
        (RoomEvent::Kicked, guest.as_str()),
    ];
    assert_eq!(events, expected, "{told:#?}");
    assert_eq!(told[2].reason.as_deref(), Some("kicked"));
    assert!(told.iter().all(|of| of.node.is_some()), "{told:#?}");
    let later = told[2]
        .at
        .saturating_add(jiff::SignedDuration::from_secs(1));
    let since = history::run(&app.context, ask(later.ok())).await;
    assert_eq!(since.expect("tells"), [], "nothing since");
    let nowhere = history::Input {
        room: "nowhere".to_owned(),
        ..ask(None)
    };
    let missing = history::run(&app.context, nowhere)
        .await
        .expect_err("no room");
    assert_eq!(missing.kind(), tok::Kind::NotFound);
    let dir = app.dir.path().to_str().expect("text");
    let shown = [
        "--data-dir",
        dir,
        "room",
        "history",
        "retro",
        "--since",
        "1h",
    ];
    let shown = Binary::new().run(&shown).ok();
    assert!(
        shown.stdout.contains("kicked") && shown.stdout.contains("Linus"),
        "{shown:?}"
    );
}

/// "It did not arrive": what became of it, by which way, and whether the app took it.
#[test]
fn what_became_of_notifications_is_found_by_whom_they_were_for() {
    let binary = Binary::new();
    binary
        .run(&["user", "create", "--id", "bob", "--name", "Bob"])
        .ok();
    let send = |id: &str, to: &[&str]| {
        let words = ["notify", "send", "--title", "Hello", "--id", id];
        binary.run(&[&words[..], to].concat()).ok();
    };
    send("arrived", &["--user", "bob"]);
    send("seen", &["--user", "bob"]);
    // What the ledger says of somebody whose token was gone.
    let at = jiff::Timestamp::now();
    for id in ["nobody", "void"] {
        let entry = json!({
            "id": id, "state": "dead", "reason": "eve has no push token", "to": "user eve",
            "attempts": 1, "queued_at": at, "at": at, "expires": "2999-01-01T00:00:00Z",
        });
        let write = Write::put("tok_outcomes", id, &entry).expect("JSON");
        crate::stored::commit(&binary, vec![write]);
    }
    binary.run(&["notify", "flush"]);
    binary
        .run(&["notify", "inbox", "bob", "--take", "seen"])
        .ok();
    send("waits", &["--user", "bob"]);
    let list = |more: &[&str]| {
        let words = ["notify", "list", "--json"];
        let run = binary.run(&[&words[..], more].concat()).ok();
        run.json().as_array().expect("a list").clone()
    };
    let ids = |rows: &[Value]| -> Vec<String> {
        rows.iter()
            .map(|row| row["id"].as_str().expect("an id").to_owned())
            .collect()
    };
    let of_bob = list(&["--user", "bob", "--since", "1h"]);
    assert_eq!(ids(&of_bob), ["arrived", "seen", "waits"]);
    let facts = |row: &Value| {
        (
            row["state"].clone(),
            row["via"].clone(),
            row["taken"].clone(),
        )
    };
    assert_eq!(
        facts(&of_bob[0]),
        ("delivered".into(), "inbox".into(), false.into())
    );
    assert_eq!(
        facts(&of_bob[1]),
        ("delivered".into(), "inbox".into(), true.into())
    );
    assert_eq!(
        facts(&of_bob[2]),
        ("queued".into(), Value::Null, Value::Null)
    );
    let dead = list(&["--dead"]);
    assert_eq!(ids(&dead), ["nobody", "void"]);
    assert!(
        dead[0]["reason"]
            .as_str()
            .is_some_and(|why| why.contains("eve")),
        "{dead:?}"
    );
    assert_eq!(list(&["--user", "bob", "--dead"]), Vec::<Value>::new());
    assert_eq!(
        list(&["--since", "2999-01-01T00:00:00Z"]),
        Vec::<Value>::new()
    );
    binary
        .run(&["notify", "list", "--dead", "--parked"])
        .refused(2, "cannot be used with");
}

/// Over HTTP the same is asked and told, page by page.
#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_notifications_is_paged_over_http() {
    let app = TestApp::start().await;
    let mut writes = Vec::new();
    for n in 0..5 {
        let id = format!("n{n}");
        let at = "2026-01-01T10:00:00Z";
        let entry = json!({
            "id": id, "state": "dead", "reason": "gone", "to": "user ada", "attempts": 1,
            "queued_at": at, "at": at, "expires": "2999-01-01T00:00:00Z",
        });
        writes.push(Write::put("tok_outcomes", &id, &entry).expect("JSON"));
    }
    app.context.documents.commit(writes).await.expect("commits");
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let query = format!("/v1/notifications?user=ada&dead=true&limit=2{after}");
        let (status, page) = app.get(&query).await;
        assert_eq!(status, 200, "{page}");
        let items = page["items"].as_array().expect("items");
        assert!(items.len() <= 2, "{page}");
        seen.extend(
            items
                .iter()
                .map(|item| item["id"].as_str().expect("id").to_owned()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        after = format!("&after={next}");
    }
    assert_eq!(seen, ["n0", "n1", "n2", "n3", "n4"]);
    let (status, _) = app.get("/v1/notifications?dead=true&parked=true").await;
    assert_eq!(status, 400);
    let (status, _) = app.get("/v1/notifications?since=soon").await;
    assert_eq!(status, 400);
    let (status, page) = app.get("/v1/notifications?user=ada&since=1h").await;
    assert_eq!(
        (status.as_u16(), page["items"].as_array().map(Vec::len)),
        (200, Some(0))
    );
}
