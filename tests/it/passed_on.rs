//! Behind a proxy that is trusted: each request counts for the client that sent it, and nobody takes what
//! is for all.

use std::net::SocketAddr;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::json;
use tok::model::health::{Depth, Health, Probe};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::edge::{KEYS, NO_PROXY, Raw, key, post};
use crate::support::polling::Polling;
use crate::support::{Binary, PATIENCE, TestApp, answer};

/// The head that a proxy passes on for a client.
fn from(client: &str) -> String {
    format!("X-Forwarded-For: {client}\r\n")
}

/// A client behind the proxy sends something, over a connection of the proxy's.
async fn send(app: &TestApp, bytes: &[u8]) -> Raw {
    let mut raw = Raw::from(app, [127, 0, 0, 1]).await;
    raw.0.write_all(bytes).await.expect("taken");
    raw
}

/// The head of the next answer, whatever comes after it.
async fn head(raw: &mut Raw) -> String {
    let mut heard = Vec::new();
    let reading = async {
        while !heard.ends_with(b"\r\n\r\n") {
            heard.push(raw.0.read_u8().await.expect("readable"));
        }
    };
    tokio::time::timeout(PATIENCE, reading)
        .await
        .expect("an answer");
    String::from_utf8_lossy(&heard).to_ascii_lowercase()
}

/// A client begins to send a callback and does not go on, even when it is told to.
async fn stall_at(server: SocketAddr, client: &str) -> (Raw, String) {
    begin_at(server, "/webhooks/daily", &from(client)).await
}

/// Somebody with these lines in their head begins to send something, and does not go on.
async fn begin_at(server: SocketAddr, path: &str, lines: &str) -> (Raw, String) {
    let more = format!("{lines}Expect: 100-continue\r\n");
    let mut raw = Raw::to(server, [127, 0, 0, 1]).await;
    let begun = post(path, 1000, &more);
    raw.0.write_all(&begun).await.expect("taken");
    let told = head(&mut raw).await;
    (raw, told)
}

/// The same, where it may.
async fn stall(app: &TestApp, client: &str) -> Raw {
    let (raw, told) = stall_at(app.address, client).await;
    assert!(told.starts_with("http/1.1 100 "), "{told}");
    raw
}

/// A client opens a socket. What it is told.
async fn socket(app: &TestApp, client: &str) -> (Raw, String) {
    let asked = format!(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{}\r\n",
        from(client)
    );
    let mut raw = send(app, asked.as_bytes()).await;
    let told = head(&mut raw).await;
    (raw, told)
}

/// A client asks with a key.
async fn list(app: &TestApp, client: &str, secret: &str) -> String {
    let head = format!(
        "GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {secret}\r\n{}\r\n",
        from(client)
    );
    send(app, head.as_bytes()).await.answer().await.0
}

#[track_caller]
fn refused(head: &str) {
    assert!(head.starts_with("http/1.1 429 "), "{head}");
    assert!(head.contains("retry-after: "), "{head}");
    assert!(head.contains("connection: close"), "{head}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_client_has_so_many_requests_under_way_and_others_are_served() {
    let slow = ("TOK_SERVER__REQUEST_TIMEOUT", "10m");
    let app = TestApp::with(&[KEYS, slow, ("TOK_SERVER__ADDRESS_CONNECTIONS", "3")]).await;
    let secret = key(&app).await;
    let mut under_way = Vec::new();
    // With a key: a stranger's body is waited for some seconds only, and then there is room.
    let known = format!("{}Authorization: Bearer {secret}\r\n", from("198.51.100.1"));
    for _ in 0..3 {
        let (raw, told) = begin_at(app.address, "/v1/rooms", &known).await;
        assert!(told.starts_with("http/1.1 100 "), "{told}");
        under_way.push(raw);
    }
    for _ in 0..20 {
        let (more, told) = stall_at(app.address, "198.51.100.1").await;
        refused(&told);
        tokio::time::timeout(PATIENCE, ends(more))
            .await
            .expect("it is over");
    }
    refused(&list(&app, "198.51.100.1", &secret).await);
    let other = list(&app, "198.51.100.2", &secret).await;
    assert!(other.starts_with("http/1.1 200 "), "{other}");
    // What ends makes room, and a connection goes on for whoever asks over it next.
    drop(under_way.pop());
    let coming = async { while !list(&app, "198.51.100.1", &secret).await.contains(" 200 ") {} };
    tokio::time::timeout(PATIENCE, coming)
        .await
        .expect("there is room");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_of_the_proxy_counts_for_one_client_after_the_other() {
    let app = TestApp::with(&[KEYS, ("TOK_SERVER__ADDRESS_CONNECTIONS", "1")]).await;
    let mut raw = Raw::from(&app, [127, 0, 0, 1]).await;
    for n in 0..20 {
        let client = from(&format!("198.51.100.{}", n % 2));
        let mut head = post("/v1/rooms", 4, &client);
        head.extend_from_slice(b"none");
        raw.0.write_all(&head).await.expect("taken");
        let (head, _) = raw.answer().await;
        assert!(head.starts_with("http/1.1 401 "), "{head}");
        // Nothing of it is left: both have room elsewhere.
        for client in ["198.51.100.0", "198.51.100.1"] {
            let told = list(&app, client, "nonsense").await;
            assert!(told.starts_with("http/1.1 401 "), "{told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_behind_a_proxy_give_way_to_whoever_comes() {
    let slow = ("TOK_SERVER__REQUEST_TIMEOUT", "10m");
    let app = TestApp::with(&[KEYS, slow, ("TOK_SERVER__MAX_CONNECTIONS", "8")]).await;
    let secret = key(&app).await;
    let mut flood = Vec::new();
    for n in 0..60 {
        flood.push(stall(&app, &format!("198.51.100.{n}")).await);
        if n % 6 == 0 {
            let told = list(&app, "203.0.113.1", &secret).await;
            assert!(told.starts_with("http/1.1 200 "), "{told}");
        }
    }
    assert!(flood.swap_remove(0).is_over().await, "the first gave way");
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_behind_a_proxy_count_for_their_clients() {
    let share = ("TOK_SERVER__ADDRESS_CONNECTIONS", "2");
    let app = TestApp::with(&[KEYS, share]).await;
    let mut open = Vec::new();
    for _ in 0..2 {
        let (raw, told) = socket(&app, "198.51.100.1").await;
        assert!(told.starts_with("http/1.1 101 "), "{told}");
        open.push(raw);
    }
    refused(&socket(&app, "198.51.100.1").await.1);
    let (_kept, other) = socket(&app, "198.51.100.2").await;
    assert!(other.starts_with("http/1.1 101 "), "{other}");
    drop(open.pop());
    let coming = async { while !socket(&app, "198.51.100.1").await.1.contains(" 101 ") {} };
    tokio::time::timeout(PATIENCE, coming)
        .await
        .expect("there is room");
}

/// A stranger's body is waited for some seconds, that of somebody whom we know as long as a request may take.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_comes_bit_by_bit_is_soon_given_up_unless_we_know_who_sends_it() {
    let slow = ("TOK_SERVER__REQUEST_TIMEOUT", "10m");
    let open = ("TOK_SERVER__OPEN", "tokapp,opentok");
    let vendor = [
        ("TOK_OPENTOK__API_KEY", "1234567"),
        ("TOK_OPENTOK__SECRET", "nobody's"),
    ];
    let app = TestApp::with(&[KEYS, slow, open, vendor[0], vendor[1]]).await;
    let secret = key(&app).await;
    let known = format!("Authorization: Bearer {secret}\r\n");
    let mut known = send(&app, &post("/v1/rooms", 2, &known)).await;
    known.0.write_all(b"{").await.expect("taken");
    let mut strangers = Vec::new();
    for path in ["/webhooks/daily", "/create-room", "/archive/start"] {
        let mut head = post(path, 1000, &from("198.51.100.2"));
        head.push(b'{');
        strangers.push(send(&app, &head).await);
    }
    for mut stranger in strangers {
        let (head, body) = stranger.answer().await;
        assert!(head.starts_with("http/1.1 408 "), "{head} {body}");
        assert!(head.contains("connection: close"), "{head}");
        assert!(body.contains("took too long"), "{body}");
    }
    known.0.write_all(b"}").await.expect("taken");
    let (head, body) = known.answer().await;
    assert!(head.starts_with("http/1.1 201 "), "{head} {body}");
}

/// People take their calls with them from one network into another.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_whose_address_changes_goes_on_and_is_charged_where_it_is() {
    let bytes = ("TOK_SIGNALLING__MESSAGE_BYTES", "16B");
    let app = TestApp::with(&[KEYS, bytes]).await;
    let secret = key(&app).await;
    let make = app.client.post(app.url("/v1/rooms")).bearer_auth(&secret);
    let made = answer(make.json(&json!({ "name": "walk" }))).await;
    assert!(made.0.is_success(), "{}", made.1);
    let mut bob = Polling::connect(&app, "203.0.113.1").await;
    bob.ask("join-room", &[json!("walk"), json!("Bob")]).await;
    let mut ada = Polling::connect(&app, "198.51.100.1").await;
    let told = ada.ask("join-room", &[json!("walk"), json!("Ada")]).await;
    let seat = &told["data"];
    assert!(seat["key"].is_string(), "{told}");
    let say = |text: String| [json!("everyone"), json!(text)];
    // What may be sent from one address at once.
    let told = ada.ask("send-message", &say("x".repeat(1000))).await;
    assert_eq!(told["success"], json!(true), "{told}");
    let told = ada.ask("send-message", &say("y".repeat(1000))).await;
    assert_eq!(told["status"], json!(429), "{told}");
    // The same session from elsewhere.
    ada.from = "198.51.100.2".to_owned();
    let told = ada.ask("update-name", &[json!("Ada on the way")]).await;
    assert_eq!(told["success"], json!(true), "{told}");
    bob.hears("42[\"participant-changed-name\"").await;
    // A session of its own from elsewhere, while the other is not over yet.
    let mut again = Polling::connect(&app, "2001:db8::7").await;
    let back = json!({ "id": seat["id"], "key": seat["key"] });
    let told = again
        .ask("join-room", &[json!("walk"), json!(null), back])
        .await;
    assert_eq!(told["data"]["resumed"], json!(true), "{told}");
    assert_eq!(told["data"]["id"], seat["id"]);
    let told = again.ask("send-message", &say("z".repeat(1000))).await;
    assert_eq!(told["success"], json!(true), "another address: {told}");
    let told = again.ask("send-message", &say("z".repeat(1000))).await;
    assert_eq!(told["status"], json!(429), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_sockets_are_all_taken_is_not_ready() {
    let app = TestApp::with(&[KEYS, ("TOK_SERVER__MAX_CONNECTIONS", "8")]).await;
    let secret = key(&app).await;
    let make = app.client.post(app.url("/v1/rooms")).bearer_auth(&secret);
    let made = answer(make.json(&json!({ "name": "full" }))).await;
    assert!(made.0.is_success(), "{}", made.1);
    let ready = async || {
        let findings = app.sockets.places.probe(Depth::Light).await;
        findings.iter().all(|finding| finding.health == Health::Ok)
    };
    assert!(ready().await);
    // One of the eight is kept for what is no socket.
    for n in 1..=7 {
        // Between two polls it takes no connection, and its session goes on for a while.
        let mut inside = Polling::connect(&app, &format!("198.51.100.{n}")).await;
        let told = inside
            .ask("join-room", &[json!("full"), json!("Ada")])
            .await;
        assert_eq!(told["success"], json!(true), "{told}");
        assert_eq!(ready().await, n < 7);
    }
}

/// The value of a counter of a server with one of its labels.
async fn counted(ops: &str, series: &str) -> f64 {
    let told = reqwest::get(format!("{ops}/metrics")).await;
    let told = told.expect("answers").text().await.expect("text");
    let line = told.lines().find_map(|line| line.strip_prefix(series));
    line.map_or(0.0, |value| value.trim().parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_and_who_gives_way_is_counted_and_the_server_says_whether_it_is_ready() {
    let few = ("TOK_SERVER__MAX_CONNECTIONS", "4");
    let binary = Binary::with(&[KEYS, few, ("TOK_SERVER__ADDRESS_CONNECTIONS", "2")]);
    let served = binary.serve();
    let server: SocketAddr = served.url["http://".len()..].parse().expect("an address");
    let count = async |reason: &str| {
        let series = format!("tok_connections_refused_total{{reason=\"{reason}\"}}");
        counted(&served.ops, &series).await
    };
    let mut stalled = Vec::new();
    for n in [2, 2, 1, 1] {
        let (raw, told) = stall_at(server, &format!("198.51.100.{n}")).await;
        assert!(told.starts_with("http/1.1 100 "), "{told}");
        stalled.push(raw);
    }
    refused(&stall_at(server, "198.51.100.1").await.1);
    assert!(count("share").await >= 1.0);
    let lost = "tok_slots_taken_away_total{of=\"tok_connections\"}";
    assert!(counted(&served.ops, lost).await >= 1.0, "a fifth came in");
    assert!(count("full").await < 1.0);
    drop(stalled);
    // What the proxy itself holds does not give way.
    let own = async {
        let mut own = Vec::new();
        loop {
            let mut raw = Raw::to(server, [127, 0, 0, 1]).await;
            let asked = b"GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\n\r\n";
            raw.0.write_all(asked).await.expect("taken");
            if raw.answer().await.0.starts_with("http/1.1 503 ") {
                return own;
            }
            own.push(raw);
        }
    };
    let own = tokio::time::timeout(PATIENCE, own)
        .await
        .expect("all taken");
    assert!(!own.is_empty() && count("full").await >= 1.0);
    let ready = reqwest::get(format!("{}/readyz", served.ops)).await;
    let ready = ready.expect("answers");
    assert_eq!(ready.status(), 503);
    let told = ready.text().await.expect("text");
    assert!(told.contains("nobody else can come in"), "{told}");
}

/// Opens a socket and connects it.
pub async fn connect(app: &TestApp, n: u8) -> Raw {
    let mut raw = Raw::from(app, [127, 0, 1, n]).await;
    let head = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n\
        Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    raw.0.write_all(head.as_bytes()).await.expect("taken");
    let mut told = Vec::new();
    let connecting = async {
        while !String::from_utf8_lossy(&told).contains("0{\"sid\"") {
            raw.0.read_buf(&mut told).await.expect("readable");
        }
    };
    tokio::time::timeout(PATIENCE, connecting)
        .await
        .expect("a session");
    raw.0
        .write_all(&frame(0x81, 2, b"40"))
        .await
        .expect("taken");
    raw
}

/// A frame of a message, or its beginning: the mask of a client is all zeros.
pub fn frame(kind: u8, length: u64, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![kind, 0xff];
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

/// Waits until a connection is over, whatever comes before.
async fn ends(mut raw: Raw) {
    let mut heard = [0; 4096];
    while raw.0.read(&mut heard).await.is_ok_and(|read| read > 0) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_nobody_ends_take_no_more_than_their_budget() {
    let total = ("TOK_SIGNALLING__QUEUE_TOTAL", "2MiB");
    let app = TestApp::with(&[KEYS, NO_PROXY, total]).await;
    let mut begun = FuturesUnordered::new();
    for n in 0..12 {
        let mut raw = connect(&app, n).await;
        // Of 200 KB, 150 come; it may be cut off meanwhile.
        let begin = frame(0x81, 200_000, &vec![b'x'; 150_000]);
        drop(raw.0.write_all(&begin).await);
        begun.push(ends(raw));
    }
    // Three have room.
    let cut = async { begun.by_ref().take(9).count().await };
    let cut = tokio::time::timeout(PATIENCE, cut).await;
    assert_eq!(cut.expect("they are cut off"), 9);
    let mut other = Polling::connect(&app, "").await;
    let told = other.ask("join-room", &[json!("nowhere")]).await;
    assert_eq!(told["status"], json!(404), "{told}");
    assert_eq!(begun.len(), 3);
}

/// No event has any, and what is announced would be kept.
#[tokio::test(flavor = "multi_thread")]
async fn many_binary_parts_end_the_connection() {
    let app = TestApp::with(&[KEYS, NO_PROXY]).await;
    let mut raw = connect(&app, 1).await;
    let text = br#"4517-["x"]"#;
    let announced = frame(0x81, text.len() as u64, text);
    raw.0.write_all(&announced).await.expect("taken");
    tokio::time::timeout(PATIENCE, ends(raw))
        .await
        .expect("it is over");
    let mut raw = connect(&app, 2).await;
    let text = br#"452-["x"]"#;
    let announced = frame(0x81, text.len() as u64, text);
    raw.0.write_all(&announced).await.expect("taken");
    for _ in 0..2 {
        let part = frame(0x82, 200_000, &vec![0; 200_000]);
        drop(raw.0.write_all(&part).await);
    }
    tokio::time::timeout(PATIENCE, ends(raw))
        .await
        .expect("it is over");
}
