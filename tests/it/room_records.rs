//! What is stored of rooms: who meets there and what they wrote goes with them.

use std::sync::Arc;

use futures_util::TryStreamExt;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tok::backends::documents::{Document, Scan};
use tok::commands::participant::join;

use crate::newcomer::called;
use crate::silent::Chair;
use crate::support::{Binary, TestApp, answer};

/// Somebody comes in by the operation, and writes.
async fn meet_and_write(app: &TestApp, room: &str) {
    let chair = Arc::new(Chair(format!("chair in {room}")));
    let joined = join::run(&app.context, called("Ada", room), chair).await;
    joined.expect("comes in");
    let path = format!("/v1/rooms/{room}/messages");
    let (status, told) = app.post(&path, json!({ "content": "hello" })).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
}

/// What is stored of people and of what they wrote, in all rooms.
async fn left_behind(app: &TestApp) -> Vec<u64> {
    let mut counts = Vec::new();
    for collection in [
        "tok_meetings",
        "tok_participants",
        "tok_messages",
        "tok_leftovers",
    ] {
        let count = app.context.documents.count(collection).await;
        counts.push(count.expect("counts"));
    }
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_what_they_wrote_go_with_their_room() {
    let app = TestApp::start().await;
    for room in ["gone", "stays"] {
        app.post("/v1/rooms", json!({ "name": room })).await;
        meet_and_write(&app, room).await;
    }
    assert_eq!(left_behind(&app).await, [2, 2, 2, 0]);
    let (status, told) = app.delete("/v1/rooms/gone").await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!(left_behind(&app).await, [1, 1, 1, 0]);
    let (_, people) = app.get("/v1/rooms/stays/participants").await;
    assert_eq!(people["items"].as_array().map(Vec::len), Some(1));
}

/// Nodes look at a room again when its meeting says that it is otherwise.
#[tokio::test(flavor = "multi_thread")]
async fn who_meets_in_a_room_is_told_of_its_new_settings() {
    let app = TestApp::start().await;
    app.post("/v1/rooms", json!({ "name": "busy" })).await;
    let changed = async || {
        let patch = app
            .request(Method::PATCH, "/v1/rooms/busy")
            .json(&json!({ "max_participants": 9 }));
        let (status, room) = answer(patch).await;
        assert_eq!(status, StatusCode::OK, "{room}");
        let meetings = app.context.documents.scan(Scan::all("tok_meetings"));
        let meetings: Vec<Document> = meetings.try_collect().await.expect("reads");
        let meeting: Option<Value> = meetings.first().map(|of| of.decode().expect("JSON"));
        meeting.map(|meeting| meeting["settings"].clone())
    };
    assert_eq!(changed().await, None, "nobody meets there");
    meet_and_write(&app, "busy").await;
    assert_eq!(changed().await, Some(json!(1)));
    assert_eq!(changed().await, Some(json!(2)));
}

#[test]
fn a_check_says_how_many_rooms_there_are() {
    let binary = Binary::new();
    binary.run(&["room", "create", "standup"]).ok();
    let told = binary.run(&["doctor", "--json"]);
    let report: Value = serde_json::from_str(&told.stdout).expect("JSON");
    let checks = report["findings"].as_array().expect("a list");
    let rooms = checks.iter().find(|check| check["check"] == "local rooms");
    let rooms = rooms.unwrap_or_else(|| panic!("{told:#?}"));
    let words = rooms["message"].as_str().expect("words");
    assert!(words.starts_with("1 in the registry"), "{words}");
}
