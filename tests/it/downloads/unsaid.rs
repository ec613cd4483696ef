//! Files of which neither the vendor nor the host says how long they are: what cannot be told to be the
//! whole recording is refused.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    Host, begun, content, cut, download, is_content, part, recorded, recorded_at, refused, telling,
    wanted,
};

/// A host that sends these bytes to whoever asks, and closes the connection behind them.
async fn closing(head: &str, body: &[u8]) -> SocketAddr {
    let answer = [head.as_bytes(), b"\r\n\r\n", body].concat();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                let Ok(1..) = client.read_buf(&mut asked).await else {
                    break;
                };
            }
            // Who refuses it by its head does not wait for the rest.
            drop(client.write_all(&answer).await);
            drop(client.shutdown().await);
        }
    });
    address
}

/// A part that does not tell how long the whole is, from a byte to the one before `to`.
fn slice(from: usize, to: usize) -> Response {
    let range = format!("bytes {from}-{}/*", to - 1);
    let status = StatusCode::PARTIAL_CONTENT;
    let bytes = content()[from..to].to_vec();
    (status, [("content-range", range)], bytes).into_response()
}

/// Nothing is there; `range` tells how much there is elsewhere.
fn beyond(range: &'static str) -> Response {
    let status = StatusCode::RANGE_NOT_SATISFIABLE;
    (status, [("content-range", range)]).into_response()
}

/// A body in chunks, without a length.
fn chunked(parts: Vec<Result<Vec<u8>, std::io::Error>>) -> Response {
    Body::from_stream(stream::iter(parts)).into_response()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_might_be_cut_off_unseen_is_refused() {
    for head in [
        "HTTP/1.1 200 OK\r\nConnection: close",
        "HTTP/1.0 200 OK\r\nContent-Type: video/mp4",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity",
    ] {
        let host = closing(head, &content()[..1000]).await;
        let (_fake, binary) = recorded_at(host, json!({})).await;
        refused(&binary, "does not tell how long it is");
        // Nothing of it is handed on either.
        binary
            .run(&["recording", "download", "rec1", "--to", "-"])
            .refused(6, "does not tell how long it is");
    }
}

/// Whoever knows the length or the checksum sees whether all of it came.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_whose_end_the_host_does_not_mark_is_taken_by_what_the_vendor_says() {
    let head = "HTTP/1.1 200 OK\r\nConnection: close";
    let sum = STANDARD.encode(Sha256::digest(content()));
    let whole = closing(head, &content()).await;
    let short = closing(head, &content()[..1000]).await;
    for (facts, words) in [
        (
            json!({ "size": content().len() }),
            "1000 bytes instead of 300000",
        ),
        (json!({ "sha256sum": sum }), "checksum"),
    ] {
        let (_fake, binary) = recorded_at(whole, facts.clone()).await;
        download(&binary).ok();
        assert!(is_content(&binary.dir().join("rec1.mp4")), "{facts}");
        let (_fake, binary) = recorded_at(short, facts).await;
        refused(&binary, words);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_in_chunks_is_whole_when_they_end() {
    let host = Host::start(|_, _| chunked(vec![Ok(content())])).await;
    let (_fake, binary) = recorded(&host, json!({})).await;
    download(&binary).ok();
    assert!(is_content(&binary.dir().join("rec1.mp4")));
    let host = Host::start(|_, _| {
        let broken = Err(std::io::Error::other("cut"));
        chunked(vec![Ok(content()[..1000].to_vec()), broken])
    })
    .await;
    let (_fake, binary) = recorded(&host, json!({})).await;
    refused(&binary, "did not come through");
    assert!(host.asked().len() > 1, "another try might have got it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_without_the_whole_length_is_gone_on_with_until_that_is_told() {
    let all = content().len();
    // Part by part, until there is nothing.
    let sliced = Host::start(|_, headers| match wanted(headers) {
        from if from < 300_000 => slice(from, from + 100_000),
        _ => beyond("bytes */300000"),
    })
    .await;
    // All of it, as if it were a part.
    let whole = Host::start(|_, headers| match wanted(headers) {
        0 => {
            let mut answer = slice(0, 300_000);
            *answer.status_mut() = StatusCode::OK;
            answer
        }
        _ => beyond("bytes */300000"),
    })
    .await;
    // What comes next tells.
    let late = Host::start(|_, headers| match wanted(headers) {
        0 => slice(0, 5000),
        from => part(&content(), from),
    })
    .await;
    for (host, most) in [(&sliced, 6), (&whole, 2), (&late, 3)] {
        let (_fake, binary) = recorded(host, json!({})).await;
        let run = download(&binary).ok();
        assert_eq!(run.json()["size"], all);
        assert!(is_content(&binary.dir().join("rec1.mp4")), "{run:#?}");
        let asked = host.asked().len();
        assert!(asked <= most, "{asked} requests");
        let output = binary
            .command(&["recording", "download", "rec1", "--to", "-"])
            .output();
        let output = output.expect("runs");
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stdout == content(), "{} bytes", output.stdout.len());
    }
    // The vendor tells: nobody asks for what is behind the end.
    let (_fake, binary) = recorded(&sliced, json!({ "size": all })).await;
    let before = sliced.asked().len();
    download(&binary).ok();
    assert!(is_content(&binary.dir().join("rec1.mp4")));
    assert_eq!(sliced.asked().len() - before, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_of_a_whole_whose_length_nobody_tells_is_refused() {
    // It was asked for no part, and sends the same one whatever it is asked for.
    let same = Host::start(|_, _| slice(0, 5000)).await;
    let silent = Host::start(|_, headers| match wanted(headers) {
        0 => slice(0, 5000),
        _ => StatusCode::RANGE_NOT_SATISFIABLE.into_response(),
    })
    .await;
    let other = Host::start(|_, headers| match wanted(headers) {
        0 => slice(0, 5000),
        _ => beyond("items */5000"),
    })
    .await;
    // The length of another version is not that of this one.
    let changed = Host::start(|_, headers| {
        let (mut answer, version) = match wanted(headers) {
            0 => (slice(0, 5000), "\"v1\""),
            _ => (beyond("bytes */5000"), "\"v2\""),
        };
        let version = version.parse().expect("a value");
        answer.headers_mut().insert("etag", version);
        answer
    })
    .await;
    for host in [&same, &silent, &other, &changed] {
        let (_fake, binary) = recorded(host, json!({})).await;
        refused(&binary, "does not tell how long the whole is");
        let asked = host.asked().len();
        assert!((2..=18).contains(&asked), "{asked} requests");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_of_no_bytes_is_refused() {
    let host = Host::start(|_, _| Vec::<u8>::new().into_response()).await;
    let (_fake, binary) = recorded(&host, json!({})).await;
    begun(&binary, &content()[..1000]);
    refused(&binary, "is empty");
    assert_eq!(host.asked().len(), 1, "trying again would not help");
    // What an earlier run got may still be gone on with.
    let kept = std::fs::read(binary.dir().join("rec1.mp4.rec1.part")).expect("a part");
    assert!(kept == content()[..1000], "{} bytes", kept.len());
    let host = Host::start(|_, _| chunked(Vec::new())).await;
    let (_fake, binary) = recorded(&host, json!({})).await;
    refused(&binary, "is empty");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_no_recording() {
    for (media, told) in [
        ("text/html; charset=utf-8", "sends text/html instead"),
        ("Text/Plain", "sends text/plain instead"),
        ("application/json", "sends application/json instead"),
        (
            "application/problem+json",
            "sends application/problem+json instead",
        ),
        ("application/xml", "sends application/xml instead"),
    ] {
        let host = telling("content-type", media).await;
        let (_fake, binary) = recorded(&host, json!({})).await;
        refused(&binary, told);
        assert_eq!(host.asked().len(), 1, "trying again would not help");
    }
    // Also when it comes in place of what is missing of a file.
    let host = Host::start(|_, headers| match wanted(headers) {
        0 => cut(content()[..100_000].to_vec()),
        _ => ([("content-type", "text/html")], "<h1>Sign in</h1>").into_response(),
    })
    .await;
    let (_fake, binary) = recorded(&host, json!({})).await;
    refused(&binary, "sends text/html instead");
    assert_eq!(host.asked().len(), 2, "trying again would not help");
}
