//! What strangers may use up where sockets come in.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use reqwest::{Client, StatusCode, header};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{PATIENCE, TestApp};

const NEWER: &str = "/socket.io/?EIO=4&transport=polling";
const OLDER: &str = "/socket.io/?EIO=3&transport=polling";
/// What one network may have asked for at the same time, of the usual 4096 connections.
const SHARE: usize = 256;
/// How long a session lives that nobody uses,
const UNUSED: Duration = Duration::from_secs(5);
/// and longer, also where others have the processor for a while.
const TOO_LONG: Duration = Duration::from_secs(8);

/// A client at the address 127.0.0.`n`.
fn at(n: u8) -> Client {
    let client = Client::builder().local_address(IpAddr::from([127, 0, 0, n]));
    client.build().expect("a client")
}

/// Without keys, a browser opens sockets for its own pages and for listed ones: whether over WebSocket or by
/// polling.
#[tokio::test]
async fn pages_of_elsewhere_open_no_socket() {
    let listed = ("TOK_SERVER__CORS_ORIGINS", "https://app.example");
    let app = TestApp::with(&[listed]).await;
    let opened = async |transport: &str, origin: &str| {
        let path = format!("/socket.io/?EIO=4&transport={transport}");
        let request = at(1).get(app.url(&path)).header(header::ORIGIN, origin);
        let request = match transport {
            "websocket" => request
                .header(header::CONNECTION, "Upgrade")
                .header(header::UPGRADE, "websocket")
                .header("sec-websocket-version", "13")
                .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            _ => request,
        };
        request.send().await.expect("an answer").status()
    };
    for transport in ["websocket", "polling"] {
        for origin in ["https://evil.example", "null", "https://app.example:8443"] {
            let status = opened(transport, origin).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{transport} {origin}");
        }
        let status = opened(transport, "https://app.example").await;
        assert!(status.is_success() || status == StatusCode::SWITCHING_PROTOCOLS);
    }
}

/// Asks for a session.
async fn ask(app: &TestApp, client: &Client, path: &str) -> Result<String, StatusCode> {
    let answer = client.get(app.url(path)).send().await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    if status != StatusCode::OK {
        assert_eq!(headers[header::RETRY_AFTER], "5");
        assert_eq!(headers[header::CONNECTION], "close");
        return Err(status);
    }
    let text = answer.text().await.expect("a body");
    let json = &text[text.find('{').expect("JSON")..];
    let open: Value = serde_json::from_str(json).expect("JSON");
    Ok(format!(
        "{path}&sid={}",
        open["sid"].as_str().expect("an id")
    ))
}

async fn poll(app: &TestApp, client: &Client, session: &str) -> (StatusCode, String) {
    let answer = client.get(app.url(session)).send().await;
    let answer = answer.expect("an answer");
    (answer.status(), answer.text().await.expect("a body"))
}

async fn post(app: &TestApp, client: &Client, session: &str, body: &'static str) -> StatusCode {
    let answer = client.post(app.url(session)).body(body).send().await;
    answer.expect("an answer").status()
}

/// Asks for a session and connects to the namespace.
async fn enter(app: &TestApp, client: &Client) -> String {
    let session = ask(app, client, NEWER).await.expect("a session");
    assert_eq!(post(app, client, &session, "40").await, StatusCode::OK);
    let entering = async { while !poll(app, client, &session).await.1.contains("40{") {} };
    let entered = tokio::time::timeout(PATIENCE, entering).await;
    entered.expect("is connected");
    session
}

/// Goes into a room with a session: whoever is in one gives way to nobody.
async fn go_in(app: &TestApp, client: &Client, session: &str) {
    let told = r#"420["join-room","tea","Ada"]"#;
    assert_eq!(post(app, client, session, told).await, StatusCode::OK);
    let going = async {
        loop {
            let (_, told) = poll(app, client, session).await;
            if told.contains("430[") {
                return told;
            }
        }
    };
    let told = tokio::time::timeout(PATIENCE, going).await;
    let told = told.expect("is answered");
    assert!(told.contains(r#""success":true"#), "{told}");
}

/// Asks for as many sessions as it can over one connection. Returns how many it got, as far as it
/// heard.
async fn flood(app: &TestApp, path: &str) -> usize {
    let stream = TcpStream::connect(app.address).await.expect("connects");
    let (mut answers, mut requests) = stream.into_split();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", app.address);
    let asking = tokio::spawn(async move {
        // It is cut off when it is too much.
        let _ = requests.write_all(request.repeat(5500).as_bytes()).await;
    });
    let mut heard = Vec::new();
    let hearing = answers.read_to_end(&mut heard);
    let heard_all = tokio::time::timeout(PATIENCE, hearing).await;
    // It ends, in whichever way.
    let _ = heard_all.expect("the connection ends");
    asking.await.expect("no panic");
    let heard = String::from_utf8_lossy(&heard);
    heard.matches("HTTP/1.1 200").count()
}

/// Floods until whoever comes from there is refused. On a busy machine the first sessions are over before the
/// last are asked for, so that others take their places.
async fn shut_out(app: &TestApp, client: &Client, path: &str) -> StatusCode {
    let flooding = async {
        loop {
            let began = Instant::now();
            let got = flood(app, path).await;
            let times = 1 + began.elapsed().as_millis() / UNUSED.as_millis();
            let times = usize::try_from(times).expect("few");
            assert!(
                got <= SHARE * times,
                "{got} sessions in {times} lives of one"
            );
            if let Err(refused) = ask(app, client, NEWER).await {
                return refused;
            }
        }
    };
    let refused = tokio::time::timeout(PATIENCE * 2, flooding).await;
    refused.expect("somebody is refused")
}

/// A server to which the addresses of this machine are as strange as any.
async fn among_strangers(more: &[(&str, &str)]) -> TestApp {
    let mut variables = vec![("TOK_SERVER__TRUSTED_PROXIES", "192.0.2.1")];
    variables.extend_from_slice(more);
    TestApp::with(&variables).await
}

async fn floods_keep_nobody_out(path: &str) {
    let app = among_strangers(&[]).await;
    let (near, far) = (at(1), at(2));
    let inside = enter(&app, &near).await;
    let refused = shut_out(&app, &near, path).await;
    assert_eq!(refused, StatusCode::TOO_MANY_REQUESTS);
    // Others come in, and whoever is inside goes on.
    enter(&app, &far).await;
    assert_eq!(post(&app, &near, &inside, "3").await, StatusCode::OK);
    // From there as well, as soon as what was asked for is over.
    let coming = async {
        while ask(&app, &near, NEWER).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    let came = tokio::time::timeout(PATIENCE, coming).await;
    came.expect("there is room again");
    assert_eq!(post(&app, &near, &inside, "3").await, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_nobody_connects_keep_nobody_out() {
    floods_keep_nobody_out(NEWER).await;
}

/// They connect by themselves.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_the_older_protocol_keep_nobody_out() {
    floods_keep_nobody_out(OLDER).await;
}

/// The library sees no session in this, so the door must not either.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_are_asked_for_in_disguise_keep_nobody_out() {
    floods_keep_nobody_out(&format!("{NEWER}&%73id=AAAAAAAAAAAAAAAA")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lives_as_long_as_its_client_shows_that_it_is_there() {
    let app = TestApp::start().await;
    let client = at(1);
    let [newer, older, used] = [NEWER, OLDER, OLDER].map(|path| ask(&app, &client, path));
    let newer = newer.await.expect("a session");
    let older = older.await.expect("a session");
    let used = used.await.expect("a session");
    let (status, _) = poll(&app, &client, &used).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(post(&app, &client, &used, "1:2").await, StatusCode::OK);
    tokio::time::sleep(TOO_LONG).await;
    for gone in [newer, older] {
        let (status, why) = poll(&app, &client, &gone).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{why}");
        assert!(why.contains("Session ID unknown"), "{why}");
    }
    assert_eq!(post(&app, &client, &used, "1:2").await, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn there_are_only_so_many_connections() {
    let app = TestApp::with(&[("TOK_SERVER__MAX_CONNECTIONS", "20")]).await;
    app.post("/v1/rooms", json!({ "name": "tea" })).await;
    let client = at(1);
    let mut inside = Vec::new();
    // One is kept for what is no socket.
    for _ in 0..19 {
        let session = enter(&app, &client).await;
        go_in(&app, &client, &session).await;
        inside.push(session);
    }
    let refused = ask(&app, &client, NEWER).await;
    assert_eq!(refused, Err(StatusCode::SERVICE_UNAVAILABLE));
    let last = inside.pop().expect("somebody");
    assert_eq!(post(&app, &client, &last, "1").await, StatusCode::OK);
    let coming = async {
        while ask(&app, &client, NEWER).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let came = tokio::time::timeout(PATIENCE, coming).await;
    came.expect("there is a place");
}

/// What comes next that is no sign of life, which is answered; nothing once it is over.
async fn heard(socket: &mut WebSocketStream<TcpStream>) -> Option<String> {
    loop {
        let Ok(Message::Text(text)) = socket.next().await? else {
            return None;
        };
        if text.as_str() != "2" {
            return Some(text.to_string());
        }
        socket.send(Message::text("3")).await.ok()?;
    }
}

/// Whoever says farewell and stays has no place that others need.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_served_no_more_is_cut_off() {
    let app = TestApp::start().await;
    app.post("/v1/rooms", json!({ "name": "tea" })).await;
    let stream = TcpStream::connect(app.address).await.expect("connects");
    let url = format!("ws://{}/socket.io/?EIO=4&transport=websocket", app.address);
    let opened = tokio_tungstenite::client_async(url, stream).await;
    let (mut socket, _) = opened.expect("a socket");
    for (told, expected) in [
        (None, "0{"),
        (Some("40"), "40{"),
        (Some(r#"421["join-room","tea","Ada"]"#), "431["),
    ] {
        if let Some(told) = told {
            socket.send(Message::text(told)).await.expect("sent");
        }
        let mut next = heard(&mut socket).await.expect("goes on");
        while !next.starts_with(expected) {
            next = heard(&mut socket).await.expect("goes on");
        }
    }
    socket.send(Message::text("41")).await.expect("sent");
    let ending = async { while heard(&mut socket).await.is_some() {} };
    let ended = tokio::time::timeout(PATIENCE, ending).await;
    ended.expect("it is over");
}
