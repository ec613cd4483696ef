//! Bodies that nobody reads: whoever is refused before theirs was hears it all the same, and the connection
//! is good for more or ends in order.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use tok::model::key::Scope;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::edge::{KEYS, Raw, key, key_for, post};
use crate::support::{PATIENCE, TestApp, answer};

/// What is thrown away for longer than this ends the connection.
const THROWN_AWAY: Duration = Duration::from_secs(1);

/// Sends a request that is refused so, with its body, over a connection that goes on. Where nothing moved
/// for so long that a server would take the client to be slow, the same is done over another connection.
async fn is_refused(app: &TestApp, raw: &mut Raw, request: &[&[u8]], expected: &str) {
    loop {
        let began = Instant::now();
        let mut sent = Ok(());
        for part in request {
            sent = sent.and(raw.0.write_all(part).await);
        }
        if sent.is_ok() {
            let (head, _) = raw.answer().await;
            let status = head.lines().next().unwrap_or_default();
            let is_told = status.starts_with("http/1.1") && status.contains(expected);
            assert!(is_told, "{head}");
            if !head.contains("connection: close") {
                return;
            }
        }
        let took = began.elapsed();
        assert!(took >= THROWN_AWAY, "it ends after {took:?}: {sent:?}");
        *raw = Raw::from(app, [127, 0, 0, 1]).await;
    }
}

/// As [`post`], in chunks of so many bytes.
fn in_chunks(path: &str, length: usize, more: &str) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{more}Transfer-Encoding: chunked\r\n\r\n"
    );
    let body = "x".repeat(length);
    format!("{head}{length:x}\r\n{body}\r\n{length:x}\r\n{body}\r\n0\r\n\r\n").into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_refused_hears_it_and_goes_on_over_the_same_connection() {
    let app = TestApp::with(&[KEYS, ("TOK_SERVER__RATE_LIMIT", "off")]).await;
    let mut raw = Raw::from(&app, [127, 0, 0, 1]).await;
    // No key, no such path, too large: none of them reads the body.
    for (path, expected) in [
        ("/v1/rooms", " 401 "),
        ("/nowhere", " 404 "),
        ("/create-room", " 401 "),
    ] {
        for length in [20, 20_000, 100_000, 3_000_000].repeat(4) {
            let (head, body) = (post(path, length, ""), vec![b'x'; length]);
            is_refused(&app, &mut raw, &[&head, &body], expected).await;
        }
    }
    let secret = key(&app).await;
    let authorized = format!("Authorization: Bearer {secret}\r\n");
    let head = post("/v1/rooms", 2_000_000, &authorized);
    let body = vec![b' '; 2_000_000];
    is_refused(&app, &mut raw, &[&head, &body], " 413 ").await;
    raw.0
        .write_all(&post("/v1/rooms", 2, &authorized))
        .await
        .expect("taken");
    raw.0.write_all(b"{}").await.expect("taken");
    assert!(
        raw.answer().await.0.contains(" 201 "),
        "the connection is as good as new"
    );
}

/// Whoever may not, and whoever comes too often.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_or_comes_too_often_hears_it_and_goes_on() {
    for (limit, expected) in [("off", " 403 "), ("1/1h", " 429 ")] {
        let app = TestApp::with(&[KEYS, ("TOK_SERVER__RATE_LIMIT", limit)]).await;
        let mut raw = Raw::from(&app, [127, 0, 0, 1]).await;
        let secret = key_for(&app.context, &[Scope::RoomsRead]).await;
        // All that the limit allows.
        let first = app.request(Method::POST, "/v1/rooms").bearer_auth(&secret);
        assert_eq!(answer(first).await.0, StatusCode::FORBIDDEN);
        let reader = format!("Authorization: Bearer {secret}\r\n");
        for length in [20, 300_000] {
            let mut told = post("/v1/rooms", length, &reader);
            told.extend(vec![b'x'; length]);
            for request in [told, in_chunks("/v1/rooms", length, &reader)] {
                is_refused(&app, &mut raw, &[&request], expected).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_long_to_be_thrown_away_ends_the_connection_after_the_answer() {
    let app = TestApp::with(&[KEYS]).await;
    // More than is thrown away, and a body that does not come.
    for (length, sent) in [(40_000_000, 40_000_000), (1_000_000, 10)] {
        let stream = TcpStream::connect(app.address).await.expect("connects");
        let (reading, mut writing) = stream.into_split();
        let sending = tokio::spawn(async move {
            writing.write_all(&post("/v1/rooms", length, "")).await?;
            writing.write_all(&vec![b'x'; sent]).await?;
            Ok::<_, std::io::Error>(writing)
        });
        let mut heard = Vec::new();
        let ended = tokio::time::timeout(PATIENCE, {
            let mut reading = reading;
            let heard = &mut heard;
            async move { reading.read_to_end(heard).await }
        })
        .await;
        ended.expect("it ends").expect("in order");
        let heard = String::from_utf8_lossy(&heard).to_ascii_lowercase();
        assert!(heard.starts_with("http/1.1 401 "), "{heard}");
        assert!(heard.contains("connection: close"), "{heard}");
        drop(sending.await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_for_a_body_that_is_not_wanted() {
    let app = TestApp::with(&[KEYS]).await;
    let mut raw = Raw::from(&app, [127, 0, 0, 1]).await;
    let head = post("/v1/rooms", 5_000, "Expect: 100-continue\r\n");
    raw.0.write_all(&head).await.expect("taken");
    let (head, _) = raw.answer().await;
    assert!(
        head.contains(" 401 ") && head.contains("connection: close"),
        "{head}"
    );
}
