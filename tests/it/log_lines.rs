//! Whoever reports a fault with the id of their request finds in the log what happened by it.

use std::time::Instant;

use nix::sys::signal::Signal;
use reqwest::Client;
use serde_json::{Value, json};

use crate::support::binary::Served;
use crate::support::{Binary, PATIENCE};

/// The lines of the log that tell of an event.
fn told(log: &str, event: &str) -> Vec<Value> {
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let fields = lines.map(|line| line["fields"].clone());
    fields.filter(|fields| fields["event"] == event).collect()
}

/// Insists on one line about an event, by this request.
#[track_caller]
fn one(log: &str, event: &str, request: &str) -> Value {
    let lines = told(log, event);
    let mut own = lines.iter().filter(|line| line["request"] == request);
    let found = own
        .next()
        .unwrap_or_else(|| panic!("no {event} by {request}: {lines:?}"));
    assert!(own.next().is_none(), "{event} twice: {lines:?}");
    found.clone()
}

async fn post(served: &Served, path: &str, request: &str, body: Value) -> Value {
    let asked = Client::new().post(format!("{}{path}", served.url));
    let answer = asked
        .header("x-request-id", request)
        .json(&body)
        .send()
        .await;
    let answer = answer.expect("answers");
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer.json().await.expect("JSON")
}

fn stop(served: Served) -> String {
    served.signal(Signal::SIGTERM);
    served.finish().1
}

/// A client over long polling, the requests of which are called so.
pub struct Polling {
    client: Client,
    session: String,
}

impl Polling {
    pub async fn open(served: &Served, request: &str) -> Self {
        let client = Client::new();
        let path = format!("{}/socket.io/?EIO=4&transport=polling", served.url);
        let asked = client
            .get(&path)
            .header("x-request-id", request)
            .send()
            .await;
        let text = asked.expect("answers").text().await.expect("a body");
        let open: Value = serde_json::from_str(&text[1..]).expect("JSON");
        let session = format!("{path}&sid={}", open["sid"].as_str().expect("an id"));
        let polling = Self { client, session };
        polling.send("40").await;
        polling.until("40{").await;
        polling
    }

    /// Sends a packet, as it is.
    pub async fn send(&self, text: &str) {
        let sent = self
            .client
            .post(&self.session)
            .body(text.to_owned())
            .send()
            .await;
        assert!(sent.expect("answers").status().is_success(), "{text}");
    }

    /// The same, whatever is answered.
    pub async fn send_or_not(&self, text: &str) {
        let request = self.client.post(&self.session).body(text.to_owned());
        request.send().await.expect("an answer");
    }

    /// Reads until something comes that has this in it.
    pub async fn until(&self, part: &str) -> String {
        let reading = async {
            loop {
                let answer = self.client.get(&self.session).send().await;
                let text = answer.expect("answers").text().await.expect("a body");
                if text.contains(part) {
                    return text;
                }
            }
        };
        let read = tokio::time::timeout(PATIENCE, reading).await;
        read.unwrap_or_else(|_| panic!("no {part}"))
    }

    /// Sends an event and waits for its acknowledgement.
    pub async fn ask(&self, event: Value) -> Value {
        self.ask_as_it_is(&event.to_string()).await
    }

    /// The same, of an event that nobody looks at before it is sent.
    pub async fn ask_as_it_is(&self, event: &str) -> Value {
        self.send(&format!("427{event}")).await;
        let text = self.until("437[").await;
        let from = text.find("437[").expect("an acknowledgement") + 3;
        let packet = text[from..].split('\u{1e}').next().unwrap_or_default();
        let answer: Value = serde_json::from_str(packet).expect("JSON");
        answer[0].clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_a_room_is_found_by_the_request_that_opened_the_socket() {
    let binary = Binary::new();
    let served = binary.serve();
    post(&served, "/v1/rooms", "make", json!({ "name": "standup" })).await;
    let ada = Polling::open(&served, "ada-socket").await;
    let bob = Polling::open(&served, "bob-socket").await;
    let host = ada.ask(json!(["join-room", "standup", "Ada"])).await;
    assert_eq!(host["success"], true, "{host}");
    let guest = bob.ask(json!(["join-room", "standup", "Bob"])).await;
    let guest = guest["data"]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{guest}"));
    let kicked = ada.ask(json!(["kick-participant", guest])).await;
    assert_eq!(kicked["success"], true, "{kicked}");
    let refused = bob.ask(json!(["join-room", "nowhere", "Bob"])).await;
    assert_eq!(refused["success"], false, "{refused}");
    let locked = ada.ask(json!(["lock-room"])).await;
    assert_eq!(locked["data"], json!({ "locked": true }), "{locked}");
    ada.ask(json!(["leave"])).await;
    let log = stop(served);
    assert_eq!(one(&log, "joined", "ada-socket")["room"], "standup");
    assert_eq!(one(&log, "joined", "bob-socket")["id"], guest);
    assert_eq!(one(&log, "kicked", "ada-socket")["id"], guest);
    assert_eq!(one(&log, "refused", "bob-socket")["room"], "nowhere");
    assert_eq!(one(&log, "locked", "ada-socket")["id"], host["data"]["id"]);
    assert_eq!(one(&log, "left", "ada-socket")["room"], "standup");
    // With the last who goes.
    assert_eq!(one(&log, "unlocked", "ada-socket")["reason"], "empty");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_of_a_call_is_found_by_the_requests_about_it() {
    let binary = Binary::with(&[("TOK_CALLS__RING_FOR", "1s")]);
    let served = binary.serve();
    for id in ["ada", "bob"] {
        post(
            &served,
            "/v1/users",
            "make",
            json!({ "id": id, "name": id }),
        )
        .await;
    }
    let ring =
        json!({ "caller": { "user": "ada" }, "callee": { "user": "bob" }, "ring_for": "1m" });
    let call = post(&served, "/v1/calls", "ada-rings", ring).await;
    let id = call["call"]["id"].as_str().expect("an id");
    post(
        &served,
        &format!("/v1/calls/{id}/accept"),
        "bob-answers",
        json!({}),
    )
    .await;
    post(
        &served,
        &format!("/v1/calls/{id}/end"),
        "ada-hangs-up",
        json!({}),
    )
    .await;
    let ring = json!({ "caller": { "user": "ada" }, "callee": { "user": "bob" } });
    let second = post(&served, "/v1/calls", "ada-rings-again", ring).await;
    let second = second["call"]["id"].as_str().expect("an id");
    // Nobody asks for a call to be missed: its id leads back to who rang.
    let (begun, mut missed) = (Instant::now(), Vec::new());
    while missed.is_empty() {
        assert!(begun.elapsed() < PATIENCE, "it rings on");
        missed = told(
            &binary
                .run(&["work", "--once", "--only", "calls"])
                .ok()
                .stderr,
            "missed",
        );
    }
    assert_eq!(missed[0]["id"], second);
    assert!(missed[0].get("request").is_none(), "{missed:?}");
    let log = stop(served);
    assert_eq!(one(&log, "rang", "ada-rings")["id"], id);
    assert_eq!(one(&log, "answered", "bob-answers")["id"], id);
    assert_eq!(one(&log, "ended", "ada-hangs-up")["id"], id);
    assert_eq!(one(&log, "rang", "ada-rings-again")["id"], second);
}
