//! Whoever reports a fault with the id of their request finds in the log what happened by it.

use std::time::Instant;

use nix::sys::signal::Signal;
use reqwest::Client;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

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

/// Every line of a log; what is said to people at the end is none.
fn all_lines(log: &str) -> Vec<Value> {
    let lines = log.lines().filter(|line| *line != "stopped");
    let read = |line| serde_json::from_str(line).unwrap_or_else(|why| panic!("{why}: {line:?}"));
    lines.map(read).collect()
}

/// Ends a line, a text and an object, begins a line of its own, and paints the terminal red.
const FORGED: &str =
    "x\"}}\r\n{\"level\":\"ERROR\",\"fields\":{\"forged\":true}}\u{1b}[31m\u{2028}\\";

/// A request with such heads as a client may send, and with some that it may not.
async fn send_raw(served: &Served, head: &[u8]) {
    let address = served.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream.write_all(head).await.expect("taken");
    let mut answer = Vec::new();
    let reading = stream.read_to_end(&mut answer);
    let read = tokio::time::timeout(PATIENCE, reading).await;
    read.expect("an answer").expect("readable");
    assert!(answer.starts_with(b"HTTP/1.1 "), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_is_json_whatever_is_in_names_paths_and_heads() {
    let binary = Binary::with(&[
        ("TOK_LOG", "debug"),
        ("APP_ACCESS_KEY", "access"),
        ("APP_SECRET", "secret"),
        ("TOK_HUNDRED_MS__BASE_URL", "http://127.0.0.1:9/v2"),
    ]);
    let served = binary.serve();
    post(&served, "/v1/rooms", "make", json!({ "name": "standup" })).await;
    let escaped: String = FORGED.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for path in [
        format!("/{escaped}"),
        format!("/r/{escaped}"),
        format!("/v1/rooms/{escaped}?after={escaped}"),
    ] {
        let asked = Client::new()
            .get(format!("{}{path}", served.url))
            .send()
            .await;
        asked.expect("answers");
    }
    let odd = b"a\"}\t{\\ \xff\xfe";
    for name in [
        "X-Request-Id",
        "User-Agent",
        "Origin",
        "Traceparent",
        "Idempotency-Key",
        "Authorization",
        "X-Forwarded-For",
    ] {
        let mut head =
            b"GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".to_vec();
        head.extend_from_slice(name.as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(odd);
        head.extend_from_slice(b"\r\n\r\n");
        send_raw(&served, &head).await;
    }
    send_raw(&served, b"GET /\"}{\x01 HTTP/1.1\r\nHost: \"}\r\n\r\n").await;
    let mut head =
        format!("OPTIONS /v1/rooms/{escaped} HTTP/1.1\r\nHost: localhost\r\n").into_bytes();
    head.extend_from_slice(b"Connection: close\r\nOrigin: ");
    head.extend_from_slice(odd);
    head.extend_from_slice(b"\r\n\r\n");
    send_raw(&served, &head).await;
    for (path, content) in [
        ("/v1/rooms", json!({ "name": FORGED })),
        (
            "/v1/rooms",
            json!({ "name": "other", "properties": { FORGED: FORGED } }),
        ),
        (
            "/auth-token",
            json!({ "room_id": FORGED, "user_id": FORGED, "role": FORGED }),
        ),
    ] {
        let asked = Client::new().post(format!("{}{path}", served.url));
        asked.json(&content).send().await.expect("answers");
    }
    let ada = Polling::open(&served, "ada-socket").await;
    for room in [FORGED, "standup"] {
        ada.ask(json!(["join-room", room, FORGED])).await;
    }
    ada.ask(json!(["join-room", "standup", "Ada \"} \\"])).await;
    ada.ask(json!(["send-message", "everyone", FORGED])).await;
    ada.send(&format!("42{}", json!([FORGED, FORGED]))).await;
    let log = stop(served);
    let lines = all_lines(&log);
    assert!(lines.len() >= 15, "{log}");
    let says = |message: &str, field: &str, part: &str| {
        let mut fields = lines.iter().map(|line| &line["fields"]);
        let line = fields.find(|of| {
            of["message"]
                .as_str()
                .is_some_and(|text| text.contains(message))
        });
        let line = line.unwrap_or_else(|| panic!("no {message}: {log}"));
        let told = line[field].as_str().unwrap_or_default();
        assert!(told.contains(part), "{line}");
    };
    says("no token was made", "error", "forged");
    says("a page of another web origin", "origin", "a\\\"}\t{");
    says("a page of another web origin", "path", &escaped);
    for line in &lines {
        assert!(
            line["level"].is_string() && line["fields"].is_object(),
            "{line}"
        );
        assert_eq!(line["fields"].get("forged"), None, "{line}");
    }
    // Nor does a terminal do anything by it.
    assert!(
        !log.contains(|c: char| c.is_control() && c != '\n'),
        "{log:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_names_the_client_that_a_trusted_proxy_names_and_no_other() {
    for (trusted, client) in [("127.0.0.0/8", "198.51.100.7"), ("192.0.2.1", "127.0.0.1")] {
        let keys = ("TOK_AUTH__MODE", "keys");
        let binary = Binary::with(&[keys, ("TOK_SERVER__TRUSTED_PROXIES", trusted)]);
        let served = binary.serve();
        let asked = Client::new()
            .get(format!("{}/v1/rooms", served.url))
            .header("x-request-id", "whose")
            .header("x-forwarded-for", "203.0.113.9, 198.51.100.7");
        assert_eq!(asked.send().await.expect("answers").status(), 401);
        let log = stop(served);
        let lines = all_lines(&log);
        let mut fields = lines.iter().map(|line| &line["fields"]);
        let own = fields.find(|of| of["request"] == "whose" && of["message"] == "answered");
        assert_eq!(own.unwrap_or_else(|| panic!("{log}"))["client"], client);
    }
}
