//! What strangers may do on a surface that the operator opened to everybody.

use reqwest::StatusCode;
use serde_json::json;

use crate::edge::{KEYS, NO_PROXY};
use crate::support::opentok::{start, variables};
use crate::support::{TestApp, borrowed};

const OPEN: (&str, &str) = ("TOK_SERVER__OPEN", "tokapp");

async fn is_there(app: &TestApp, room: &str) -> bool {
    let found = app
        .context
        .documents
        .get("tok_rooms", &format!("local:{room}"))
        .await;
    found.expect("reads").is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_tries_names_of_rooms_one_after_another_to_delete_them() {
    let app = TestApp::with(&[KEYS, OPEN, NO_PROXY, ("TOK_SERVER__MISS_RATE", "3/1h")]).await;
    for room in ["standup", "retro"] {
        let made = app.post("/create-room", json!({ "name": room })).await;
        assert_eq!(made.0, StatusCode::OK, "{}", made.1);
    }
    let (status, told) = app.delete("/delete-room/standup").await;
    assert_eq!(status, StatusCode::OK, "{told}");
    for (n, expected) in [404, 404, 404, 429, 429].into_iter().enumerate() {
        let (status, told) = app.delete(&format!("/delete-room/guess{n}")).await;
        assert_eq!(status.as_u16(), expected, "{told}");
    }
    // What is there is not found either by who guesses.
    let (status, told) = app.delete("/delete-room/retro").await;
    assert_eq!(
        (status, &told["error"]),
        (StatusCode::TOO_MANY_REQUESTS, &json!("rate-limit-error"))
    );
    assert!(is_there(&app, "retro").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_makes_so_many_rooms_without_a_key() {
    let limit = ("TOK_SIGNALLING__CREATE_RATE", "2/1h");
    let app = TestApp::with(&[KEYS, OPEN, NO_PROXY, limit]).await;
    for (room, expected) in [("one", 200), ("two", 200), ("three", 429)] {
        let (status, told) = app.post("/create-room", json!({ "name": room })).await;
        assert_eq!(status.as_u16(), expected, "{told}");
    }
    assert!(!is_there(&app, "three").await);
    // Nobody is a stranger where no keys are asked for.
    let app = TestApp::with(&[limit]).await;
    for room in ["one", "two", "three"] {
        let (status, told) = app.post("/create-room", json!({ "name": room })).await;
        assert_eq!(status, StatusCode::OK, "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_new_at_opentok_counts_for_who_asks_for_it() {
    let vendor = start().await;
    let vendors = variables(&vendor);
    let open = [
        KEYS,
        NO_PROXY,
        ("TOK_SERVER__OPEN", "opentok"),
        ("TOK_SIGNALLING__CREATE_RATE", "2/1h"),
    ];
    let app = TestApp::with(&[&borrowed(&vendors)[..], &open].concat()).await;
    // A class that comes at the same time makes one.
    let class = (0..5).map(|_| app.get("/room/one"));
    let class = futures_util::future::join_all(class).await;
    assert!(class.iter().all(|(status, _)| status.is_success()));
    for (room, expected) in [
        ("one", 200),
        ("two", 200),
        ("three", 429),
        ("one", 200),
        ("Two", 429),
        ("two", 200),
        ("four%20and%20more", 429),
    ] {
        let (status, told) = app.get(&format!("/room/{room}")).await;
        assert_eq!(status.as_u16(), expected, "{room}: {told}");
    }
    assert_eq!(
        vendor.with(|vendor| vendor.sessions.len()),
        2,
        "as many are made"
    );
}
