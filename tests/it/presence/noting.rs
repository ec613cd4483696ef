//! What of a person is noted, and when.

use jiff::Timestamp;
use serde_json::{Value, json};
use tok::Kind;
use tok::backends::documents::Write;
use tok::commands::presence::{audit, follow, list, show};
use tok::model::presence::PresenceState;

use super::{Following, node, user, whom};
use crate::support::rtdb::FakeDatabase;
use crate::support::{FakeDaily, daily_variables, over, put};

#[tokio::test]
async fn whoever_comes_is_noted_at_once_and_nothing_else_is_touched() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    put(
        &context,
        "users",
        "ada",
        json!({ "name": "Ada", "token": "t" }),
    )
    .await;
    let mut following = Following::start(&context);
    database.opened(1).await;
    database.put("/status/ada", node("online", 1_700_000_000_000));
    // Somebody without a document gets none.
    database.put("/status/ghost", node("online", 1_700_000_000_000));
    let ada = following.until("ada", "online").await;
    let expected = json!({
        "name": "Ada", "token": "t", "state": "online", "id": "ada",
        "last_changed": "2023-11-14T22:13:20Z",
    });
    assert_eq!(ada, expected);
    database.patch("/status/ada", node("offline", 1_700_000_001_000));
    following.until("ada", "offline").await;
    assert_eq!(user(&context, "ghost").await, Value::Null);
    // An older time than the one that is noted says nothing.
    database.put("/status/ada", node("online", 1_600_000_000_000));
    database.put("/status/ada", node("online", 1_700_000_002_000));
    let mut ada = following.until("ada", "online").await;
    // Where more than a second passed since she was written, that she came is noted before the rest is heard.
    if ada["last_changed"] == "2023-11-14T22:13:21.001Z" {
        ada = following.until("ada", "online").await;
    }
    assert_eq!(ada["last_changed"], "2023-11-14T22:13:22Z");
    // A document that is made later is noted then.
    put(&context, "users", "ghost", json!({ "name": "New" })).await;
    following.until("ghost", "online").await;
    following.stop().await;
    database.verify();
}

#[tokio::test]
async fn one_of_two_devices_leaving_is_no_leaving() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    put(&context, "users", "ada", json!({ "name": "Ada" })).await;
    database.put(
        "/status/ada/connections",
        json!({ "phone": true, "laptop": true }),
    );
    let mut following = Following::start(&context);
    following.until("ada", "online").await;
    database.put("/status/ada/connections/phone", Value::Null);
    let now = Timestamp::now().as_millisecond();
    database.put("/status/ada/connections/laptop", node("offline", now));
    let ada = following.until("ada", "offline").await;
    let now = Timestamp::from_millisecond(now).expect("a moment");
    assert_eq!(ada["last_changed"], now.to_string());
    following.stop().await;
}

#[tokio::test]
async fn a_short_break_is_no_leaving() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1h")],
    );
    for id in ["ada", "bob"] {
        put(&context, "users", id, json!({ "name": id })).await;
    }
    let now = Timestamp::now().as_millisecond();
    database.put("/status/ada", node("online", now - 5000));
    let mut following = Following::start(&context);
    following.until("ada", "online").await;
    database.put("/status/ada", node("offline", now));
    database.put("/status/ada", node("online", now + 1));
    database.put("/status/bob", node("online", now + 1));
    following.until("bob", "online").await;
    let ada = user(&context, "ada").await;
    assert_eq!(ada["state"], "online", "she never was offline");
    // A clock that is an hour ahead makes the grace no longer, one that is behind no shorter.
    following.stop().await;
}

#[tokio::test]
async fn somebody_who_left_while_nobody_looked_is_noted_at_once() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1h")],
    );
    let then = "2023-11-14T22:13:20Z";
    put(
        &context,
        "users",
        "ada",
        json!({ "state": "online", "last_changed": then }),
    )
    .await;
    database.put("/status/ada", node("offline", 1_700_000_001_000));
    let mut following = Following::start(&context);
    following.until("ada", "offline").await;
    following.stop().await;
}

#[tokio::test]
async fn a_whole_state_is_compared_and_not_replayed() {
    const PEOPLE: usize = 5_000;
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    let mut all = serde_json::Map::new();
    let mut writes = Vec::new();
    for n in 0..PEOPLE {
        let at = Timestamp::from_millisecond(1_700_000_000_000).expect("a moment");
        all.insert(format!("u{n}"), node("online", 1_700_000_000_000));
        let noted =
            json!({ "state": "online", "last_changed": at.to_string(), "id": format!("u{n}") });
        writes.push(Write::put("users", &format!("u{n}"), &noted).expect("JSON"));
    }
    context.documents.commit(writes).await.expect("commits");
    for n in 0..100 {
        all[&format!("u{n}")] = node("offline", 1_700_000_000_001);
    }
    database.put("/status", Value::Object(all));
    let report = follow::run_once(&context, follow::Trust::Guarded)
        .await
        .expect("compares");
    assert_eq!(
        (report.people, report.written),
        (PEOPLE as u64, 100),
        "{report:?}"
    );
    let again = follow::run_once(&context, follow::Trust::Guarded)
        .await
        .expect("compares");
    assert_eq!(again.written, 0, "{again:?}");
    let report = audit::run(&context).await.expect("compares");
    assert_eq!(report.drift, []);
    assert_eq!(
        (report.online, report.users),
        (PEOPLE as u64 - 100, PEOPLE as u64)
    );
}

/// The database shows a map with small numbers for keys as an array, and the same map as an object
/// when it has fewer of them.
#[tokio::test]
async fn people_and_connections_with_numbers_for_ids_are_read_in_every_form() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    for id in ["1", "2", "3", "40"] {
        put(&context, "users", id, json!({ "name": id })).await;
    }
    for (number, connections) in [
        ("1", json!({ "1": true })),
        ("2", json!({ "0": true, "9": true })),
    ] {
        database.put(
            &format!("/status/{number}"),
            json!({ "connections": connections }),
        );
    }
    database.put("/status/3", node("online", 3));
    let people = list::run(&context, list::Input { online: true })
        .await
        .expect("lists");
    assert_eq!(people.len(), 3, "{people:?}");
    let report = follow::run_once(&context, follow::Trust::Guarded).await;
    assert_eq!(report.expect("compares").written, 3);
    let mut following = Following::start(&context);
    database.opened(3).await;
    // With so large a number it is an object again.
    database.put("/status/40", node("online", 4));
    following.until("40", "online").await;
    database.put("/status/3", node("offline", 5));
    following.until("3", "offline").await;
    // One of the two connections of 2 is left, and is told in another form.
    database.put("/status/2/connections/9", Value::Null);
    database.put("/status/1/connections/1", Value::Null);
    following.until("1", "offline").await;
    assert_eq!(user(&context, "2").await["state"], "online");
    let two = show::run(&context, whom("2")).await.expect("shows");
    assert_eq!(two.presence.state, PresenceState::Online);
    following.stop().await;
    database.verify();
}

#[tokio::test]
async fn an_abandoned_ring_and_typing_end_with_the_caller() {
    let daily = FakeDaily::start().await;
    let database = FakeDatabase::start().await;
    let url = daily.url();
    let mut variables = daily_variables(&url);
    variables.push(("TOK_PRESENCE__OFFLINE_GRACE", "1ms"));
    let (context, _dir) = over(&database.variables(), &variables);
    daily.add_room("ring-1", 0, json!({}));
    for id in ["ada", "bob", "eve"] {
        put(
            &context,
            "users",
            id,
            json!({ "state": "online", "onRoom": "lobby" }),
        )
        .await;
        database.put(&format!("/status/{id}"), node("online", 1_700_000_000_000));
    }
    put(
        &context,
        "rooms",
        "lobby",
        json!({ "name": "Lobby", "ada": true, "bob": true }),
    )
    .await;
    let call = |caller: bool, other: &str, joined: bool, room: &str| {
        json!({
            "room": { "name": room }, "isCaller": caller, "otherUserJoined": joined,
            "callerID": "ada", "otherID": other,
        })
    };
    put(
        &context,
        "users/ada/call",
        "call",
        call(true, "bob", false, "ring-1"),
    )
    .await;
    put(
        &context,
        "users/bob/call",
        "call",
        call(false, "bob", false, "ring-1"),
    )
    .await;
    // Eve's call was answered: it is hers to end.
    put(
        &context,
        "users/eve/call",
        "call",
        call(true, "bob", true, "ring-2"),
    )
    .await;
    let mut following = Following::start(&context);
    following.until("eve", "online").await;
    for id in ["ada", "eve"] {
        database.put(&format!("/status/{id}"), node("offline", 1_700_000_001_000));
    }
    let ada = following.until("ada", "offline").await;
    assert_eq!(ada["onRoom"], false);
    let eve = user(&context, "eve").await;
    if eve["state"] != "offline" {
        following.until("eve", "offline").await;
    }
    let lobby = context
        .documents
        .get("rooms", "lobby")
        .await
        .expect("reads");
    let lobby: Value = lobby.expect("there").decode().expect("JSON");
    assert_eq!(
        lobby,
        json!({ "name": "Lobby", "ada": false, "bob": true, "eve": false })
    );
    assert_eq!(
        daily.room_names(),
        [""; 0],
        "the room of the ring is deleted"
    );
    for (id, left) in [("ada", false), ("bob", false), ("eve", true)] {
        let call = context
            .documents
            .get(&format!("users/{id}/call"), "call")
            .await;
        assert_eq!(call.expect("reads").is_some(), left, "{id}");
    }
    following.stop().await;
    daily.verify();
}

#[tokio::test]
async fn devices_below_a_user_are_read_and_listed() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    put(&context, "users", "ada", json!({ "name": "Ada" })).await;
    database.put("/status/ada/phone", node("online", 1_000));
    database.put("/status/ada/0", node("online", 2_000));
    let mut following = Following::start(&context);
    following.until("ada", "online").await;
    let shown = show::run(&context, whom("ada")).await.expect("known");
    let at = |seconds| Some(Timestamp::from_second(seconds).expect("a moment"));
    let signs: Vec<_> = shown
        .connections
        .iter()
        .map(|sign| (sign.connection.as_deref(), sign.state, sign.last_sign))
        .collect();
    let online = PresenceState::Online;
    assert_eq!(
        signs,
        [(Some("0"), online, at(2)), (Some("phone"), online, at(1))]
    );
    assert_eq!(
        shown.connections[0].said_by.as_deref(),
        Some("realtime database")
    );
    database.patch("/status/ada", json!({ "phone": null }));
    // The other one is there still; it comes as a list now.
    let shown = show::run(&context, whom("ada")).await.expect("known");
    assert_eq!(
        (shown.presence.state, shown.connections.len()),
        (PresenceState::Online, 1)
    );
    database.patch("/status/ada/0", json!({ "state": "offline" }));
    following.until("ada", "offline").await;
    following.stop().await;
    database.verify();
}

/// Ids of others are taken as they are.
#[tokio::test]
async fn whoever_is_listed_can_be_shown() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(&database.variables(), &[]);
    let ids = ["日本", "100%", "ü", "a b", "-N1", "a%2Fb", "?x=1&y"];
    let people = ids.map(|id| (id.to_owned(), json!({ "state": "online" })));
    database.put("/status", Value::Object(people.into_iter().collect()));
    let listed = list::run(&context, list::Input::default())
        .await
        .expect("lists");
    assert_eq!(listed.len(), ids.len());
    for person in listed {
        let shown = show::run(&context, whom(&person.id)).await;
        assert_eq!(shown.expect("is known").presence, person);
    }
    for nobody in ["a/b", "a.b", "[x]", "nobody"] {
        let unknown = show::run(&context, whom(nobody)).await;
        assert_eq!(unknown.expect_err("unknown").kind(), Kind::NotFound);
    }
}
