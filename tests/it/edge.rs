//! The edge: whose address a request counts for, what strangers may use up, and that whoever is
//! refused is told so.

use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tok::commands::key::create;
use tok::context::Context;
use tok::model::Role;
use tok::model::health::{Depth, Probe};
use tok::model::key::Scope;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::support::polling::Polling;
use crate::support::{PATIENCE, TestApp, answer};

pub const KEYS: (&str, &str) = ("TOK_AUTH__MODE", "keys");
/// The addresses of this machine are as strange as any.
pub const NO_PROXY: (&str, &str) = ("TOK_SERVER__TRUSTED_PROXIES", "192.0.2.1");

pub async fn key(app: &TestApp) -> String {
    key_in(&app.context).await
}

/// The same in a store without a server.
pub async fn key_in(context: &Context) -> String {
    key_for(context, &[]).await
}

/// One that opens what these scopes say; all without any.
pub async fn key_for(context: &Context, scopes: &[Scope]) -> String {
    let input = create::Input {
        name: "test".to_owned(),
        scopes: scopes.iter().copied().collect(),
        max_role: Role::Host,
        expires: None,
    };
    create::run(context, input).await.expect("a key").secret
}

/// The status of a request that a proxy passes on for a client.
async fn passed_on(app: &TestApp, path: &str, client: &str) -> StatusCode {
    let request = app.client.get(app.url(path));
    let answer = request.header("x-forwarded-for", client).send().await;
    answer.expect("an answer").status()
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_everybody_is_counted_by_themselves() {
    let limit = ("TOK_SERVER__RATE_LIMIT", "2/1h");
    let app = TestApp::with(&[KEYS, limit]).await;
    let mut clients: Vec<String> = (1..=45).map(|n| format!("198.51.100.{n}")).collect();
    clients.push("[2001:db8:0:1::7]:4711".to_owned());
    for client in &clients {
        for expected in [401, 401, 429] {
            let status = passed_on(&app, "/v1/rooms", client).await;
            assert_eq!(status.as_u16(), expected, "{client}");
        }
    }
    // Another address of the same subscriber, and somebody who makes up where they come from.
    for client in ["2001:db8:0:1:ffff::1", "203.0.113.250, 198.51.100.45"] {
        let status = passed_on(&app, "/v1/rooms", client).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{client}");
    }
    let stranger = TestApp::with(&[KEYS, limit, NO_PROXY]).await;
    for (client, expected) in clients.iter().zip([401, 401, 429, 429]) {
        let status = passed_on(&stranger, "/v1/rooms", client).await;
        assert_eq!(status.as_u16(), expected, "nobody believes {client}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_one_cannot_end_the_making_of_rooms_for_all() {
    let app = TestApp::with(&[("TOK_SIGNALLING__CREATE_RATE", "1/1h"), KEYS, OPEN]).await;
    for n in 1..=8 {
        let mut client = Polling::connect(&app, &format!("203.0.113.{n}")).await;
        let made = client.ask("create-room", &[]).await;
        assert_eq!(made["success"], json!(true), "{made}");
    }
    let mut client = Polling::connect(&app, "203.0.113.8").await;
    let refused = client.ask("create-room", &[]).await;
    assert_eq!(refused["status"], json!(429), "{refused}");
}

const OPEN: (&str, &str) = ("TOK_SERVER__OPEN", "video-web-app");

/// A connection on which requests are written as bytes.
pub struct Raw(pub TcpStream);

impl Raw {
    pub async fn from(app: &TestApp, address: [u8; 4]) -> Self {
        Self::to(app.address, address).await
    }

    /// The same to a server elsewhere.
    pub async fn to(server: SocketAddr, address: [u8; 4]) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        let from = (IpAddr::from(address), 0).into();
        socket.bind(from).expect("an address of this machine");
        Self(socket.connect(server).await.expect("connects"))
    }

    /// The next answer: its head and its body.
    pub async fn answer(&mut self) -> (String, String) {
        let reading = async {
            let mut heard = Vec::new();
            loop {
                let text = String::from_utf8_lossy(&heard).into_owned();
                if let Some((head, body)) = text.split_once("\r\n\r\n") {
                    let lower = head.to_ascii_lowercase();
                    let length = lower
                        .lines()
                        .find_map(|line| line.strip_prefix("content-length: "));
                    let length: usize = length.map_or(0, |text| text.parse().expect("a number"));
                    if body.len() >= length {
                        assert_eq!(body.len(), length, "nothing else comes: {text}");
                        return (lower, body.to_owned());
                    }
                }
                let read = self.0.read_buf(&mut heard).await.expect("readable");
                assert!(read > 0, "the connection ended after {text:?}");
            }
        };
        tokio::time::timeout(PATIENCE, reading)
            .await
            .expect("an answer")
    }

    /// Whether the connection ends now without another word.
    pub async fn is_over(&mut self) -> bool {
        let ending = async { self.0.read_u8().await.is_err() };
        tokio::time::timeout(PATIENCE, ending)
            .await
            .expect("it ends")
    }
}

pub fn post(path: &str, length: usize, more: &str) -> Vec<u8> {
    format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{more}Content-Length: {length}\r\n\r\n").into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_so_many_connections_and_others_come_in() {
    let app = TestApp::with(&[NO_PROXY, ("TOK_SERVER__ADDRESS_CONNECTIONS", "3")]).await;
    let mut own = Vec::new();
    for _ in 0..3 {
        own.push(Raw::from(&app, [127, 0, 0, 7]).await);
    }
    let mut refused = Raw::from(&app, [127, 0, 0, 7]).await;
    let (head, body) = refused.answer().await;
    assert!(
        head.starts_with("http/1.1 429 ") && head.contains("retry-after: "),
        "{head}"
    );
    let body: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(body["code"], json!("rate_limited"));
    assert!(refused.is_over().await);
    let mut other = Raw::from(&app, [127, 0, 0, 8]).await;
    other
        .0
        .write_all(b"GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .expect("taken");
    assert!(other.answer().await.0.contains(" 200 "));
    own.pop();
    // As soon as its end is noticed.
    let coming = async {
        loop {
            let mut again = Raw::from(&app, [127, 0, 0, 7]).await;
            let asked = again
                .0
                .write_all(b"GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .await;
            if asked.is_ok() && again.answer().await.0.contains(" 200 ") {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, coming)
        .await
        .expect("a slot");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_give_way_to_whoever_comes_and_callers_we_know_stay() {
    let app = TestApp::with(&[KEYS, NO_PROXY, ("TOK_SERVER__MAX_CONNECTIONS", "8")]).await;
    let secret = key(&app).await;
    let known = format!(
        "GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {secret}\r\n\r\n"
    );
    let mut caller = Raw::from(&app, [127, 0, 1, 1]).await;
    caller.0.write_all(known.as_bytes()).await.expect("taken");
    assert!(caller.answer().await.0.contains(" 200 "));
    let mut flood = Vec::new();
    for n in 0..200 {
        flood.push(Raw::from(&app, [127, 0, 2, n % 100]).await);
        if n % 20 == 0 {
            let mut newcomer = Raw::from(&app, [127, 0, 3, n]).await;
            newcomer.0.write_all(known.as_bytes()).await.expect("taken");
            assert!(
                newcomer.answer().await.0.contains(" 200 "),
                "whoever comes is heard"
            );
        }
    }
    caller.0.write_all(known.as_bytes()).await.expect("taken");
    assert!(caller.answer().await.0.contains(" 200 "), "it was kept");
    assert!(flood.swap_remove(0).is_over().await, "the first gave way");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_nobody_gives_way_the_next_is_told_so_and_the_server_is_not_ready() {
    // What a trusted proxy holds is everybody's.
    let app = TestApp::with(&[("TOK_SERVER__MAX_CONNECTIONS", "2")]).await;
    let ready = async || {
        let findings = app.connections.probe(Depth::Light).await;
        findings
            .iter()
            .all(|finding| finding.health == tok::model::health::Health::Ok)
    };
    assert!(ready().await);
    let mut own = Vec::new();
    for _ in 0..2 {
        let mut raw = Raw::from(&app, [127, 0, 0, 1]).await;
        raw.0
            .write_all(b"GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .await
            .expect("taken");
        assert!(raw.answer().await.0.contains(" 200 "));
        own.push(raw);
    }
    let mut refused = Raw::from(&app, [127, 0, 0, 1]).await;
    let (head, _) = refused.answer().await;
    assert!(
        head.starts_with("http/1.1 503 ") && head.contains("retry-after: "),
        "{head}"
    );
    assert!(!ready().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn inventing_keys_costs_whoever_does_it_and_nobody_else() {
    let app = TestApp::with(&[KEYS]).await;
    let list = async |client: &str, secret: &str| {
        let request = app.client.get(app.url("/v1/rooms"));
        let request = request
            .header("x-forwarded-for", client)
            .bearer_auth(secret);
        answer(request).await.0.as_u16()
    };
    let tries = (0..70).map(|n| {
        let list = &list;
        async move { list("198.51.100.1", &format!("tok_{n:012x}_nonsense")).await }
    });
    let began = Instant::now();
    let mut told = futures_util::future::join_all(tries).await;
    told.sort_unstable();
    // One is given back in each second while it runs.
    let wrong = told.iter().filter(|status| **status == 401).count();
    let most = 60 + began.elapsed().as_secs();
    assert!((60..=most).contains(&(wrong as u64)), "{told:?}");
    assert!(
        told[wrong..].iter().all(|status| *status == 429),
        "{told:?}"
    );
    // A key that was just made opens, wherever it is used from.
    for client in ["198.51.100.2", "198.51.100.3"] {
        let secret = key(&app).await;
        assert_eq!(list(client, &secret).await, 200);
        let known = async { while list("198.51.100.1", &secret).await != 200 {} };
        tokio::time::timeout(PATIENCE, known)
            .await
            .expect("known to all");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_for_rooms_costs_whoever_finds_none() {
    let app = TestApp::with(&[KEYS, ("TOK_SERVER__MISS_RATE", "5/1h")]).await;
    let secret = key(&app).await;
    let make = app.client.post(app.url("/v1/rooms")).bearer_auth(&secret);
    let made = answer(make.json(&json!({ "name": "open" }))).await;
    assert_eq!(made.0, StatusCode::CREATED);
    let look = async |client: &str, room: &str| {
        passed_on(&app, &format!("/r/{room}"), client)
            .await
            .as_u16()
    };
    for n in 0..5 {
        assert_eq!(look("198.51.100.1", &format!("guess-{n}")).await, 200);
    }
    assert_eq!(look("198.51.100.1", "guess-5").await, 429);
    assert_eq!(
        look("198.51.100.1", "open").await,
        429,
        "a hit would tell as well"
    );
    assert_eq!(look("198.51.100.2", "open").await, 200);
    let hash = answer(
        app.client
            .post(app.url("/api/nonsense/send"))
            .bearer_auth(&secret)
            .header("x-forwarded-for", "198.51.100.1")
            .json(&json!({})),
    )
    .await;
    assert_eq!(hash.0, StatusCode::TOO_MANY_REQUESTS, "{}", hash.1);
}

/// Without keys a page of elsewhere gets nothing done, whatever the method.
#[tokio::test]
async fn pages_of_elsewhere_make_nothing() {
    let app = TestApp::start().await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://localhost:1"),
    ] {
        for method in [Method::GET, Method::HEAD, Method::POST] {
            for path in ["/room/evil0", "/session", "/v1/rooms"] {
                let request = app.request(method.clone(), path).header(name, value);
                let (status, told) = answer(request).await;
                let allowed = method == Method::POST && path != "/v1/rooms";
                if !allowed {
                    assert_eq!(
                        status,
                        StatusCode::FORBIDDEN,
                        "{method} {path} {name}: {value} {told}"
                    );
                }
            }
        }
    }
    let own = app.request(Method::GET, "/v1/rooms");
    let own = own.header("sec-fetch-site", "same-origin");
    assert_eq!(answer(own).await.0, StatusCode::OK);
    let typed = app.request(Method::GET, "/v1/rooms");
    assert_eq!(
        answer(typed.header("sec-fetch-site", "none")).await.0,
        StatusCode::OK
    );
    let listed = TestApp::with(&[(
        "TOK_SERVER__CORS_ORIGINS",
        "HTTPS://App.Example:443,capacitor://localhost",
    )])
    .await;
    for origin in ["https://app.example", "capacitor://localhost"] {
        let request = listed
            .request(Method::POST, "/v1/rooms")
            .header("origin", origin);
        assert_eq!(
            answer(request.json(&json!({}))).await.0,
            StatusCode::CREATED
        );
    }
}

/// The first thing that goes wrong with an app in a browser.
#[tokio::test]
async fn a_preflight_that_fails_names_the_setting() {
    let app = TestApp::start().await;
    for path in ["/create-room", "/v1/rooms", "/auth-token"] {
        let request = app
            .request(Method::OPTIONS, path)
            .header("origin", "https://app.example");
        let request = request.header("access-control-request-method", "POST");
        let (status, told) = answer(request).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(told.to_string().contains("server.cors_origins"), "{told}");
    }
    let client = Client::new();
    let plain = client.request(Method::OPTIONS, app.url("/v1/rooms"));
    assert_eq!(answer(plain).await.0, StatusCode::METHOD_NOT_ALLOWED);
}
