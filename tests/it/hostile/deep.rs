//! JSON that is nested deeper than anybody means it: refused by every door, and no stack overflows.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::join_all;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use super::Watched;
use crate::log_lines::Polling;
use crate::support::binary::Binary;
use crate::support::{FakeDaily, bandwidth, borrowed, daily_variables, hundred_ms, opentok};

const LEVELS: usize = 100_000;
const SECRET: &str = "callback-secret";

/// Deep values, by what they are: whole ones, and some that never end.
fn deep() -> [(&'static str, String); 6] {
    let nested = |open: &str, inner: &str, close: &str| {
        [&open.repeat(LEVELS), inner, &close.repeat(LEVELS)].concat()
    };
    [
        ("arrays", nested("[", "", "]")),
        ("objects", nested("{\"a\":", "1", "}")),
        ("both", nested("[{\"a\":", "1", "}]")),
        ("arrays without end", nested("[", "", "")),
        ("objects without end", nested("{\"a\":", "", "")),
        ("ends without a begin", nested("", "", "]")),
    ]
}

/// The same as bodies: by themselves, and as a value in an object under some names.
fn bodies() -> Vec<(String, String)> {
    let fields = ["name", "properties", "payload", "x"];
    let within = |(what, deep): &(&str, String)| {
        let inside = fields.map(|field| {
            (
                format!("{what} in {field}"),
                format!("{{\"{field}\":{deep}}}"),
            )
        });
        [vec![((*what).to_owned(), deep.clone())], inside.to_vec()].concat()
    };
    deep().iter().flat_map(within).collect()
}

fn send(method: Method, url: String, body: &str) -> RequestBuilder {
    let request = Client::new().request(method, url);
    let request = request.header("content-type", "application/json");
    request.body(body.to_owned())
}

async fn status_of(request: RequestBuilder) -> u16 {
    request.send().await.expect("an answer").status().as_u16()
}

/// Every operation of the description that takes a body, as method and path.
async fn operations(watched: &Watched) -> Vec<(Method, String)> {
    let described = reqwest::get(watched.url("/openapi.json")).await;
    let described: Value = described.expect("an answer").json().await.expect("JSON");
    let mut all = Vec::new();
    for (path, methods) in described["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            if operation["requestBody"].is_object() {
                let parts = path.split('{').map(|part| match part.split_once('}') {
                    Some((_, rest)) => format!("x{rest}"),
                    None => part.to_owned(),
                });
                let method = method.to_uppercase().parse().expect("a method");
                all.push((method, parts.collect()));
            }
        }
    }
    all
}

/// A server with all vendors, and room for large bodies.
async fn with_vendors(daily: &FakeDaily) -> Watched {
    let url = daily.url();
    let fakes = tokio::join!(hundred_ms::start(), opentok::start(), bandwidth::start());
    let mut variables = hundred_ms::variables(&fakes.0);
    variables.extend(opentok::variables(&fakes.1));
    variables.extend(bandwidth::variables(&fakes.2));
    let daily_secret = STANDARD.encode(SECRET);
    let mut all = borrowed(&variables);
    all.extend(daily_variables(&url));
    all.extend([
        ("TOK_ROOMS__BACKEND", "local"),
        ("TOK_SERVER__BODY_LIMIT", "4MiB"),
        ("TOK_SERVER__RATE_LIMIT", "off"),
        ("TOK_SERVER__MISS_RATE", "off"),
        ("TOK_DAILY__WEBHOOK_SECRET", &daily_secret),
        ("TOK_HUNDRED_MS__WEBHOOK_SECRET", SECRET),
        ("TOK_OPENTOK__WEBHOOK_SECRET", SECRET),
        ("TOK_BANDWIDTH__WEBHOOK_SECRET", SECRET),
    ]);
    Watched::start(&all).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_operation_takes_json_that_is_too_deep() {
    let daily = FakeDaily::start().await;
    let watched = with_vendors(&daily).await;
    let operations = operations(&watched).await;
    for known in [
        "/v1/rooms",
        "/create-room",
        "/auth-token",
        "/archive/start",
        "/v1/notifications",
    ] {
        assert!(
            operations.iter().any(|(_, path)| path == known),
            "{known}: {operations:?}"
        );
    }
    let bodies = bodies();
    for (method, path) in &operations {
        let asked = bodies.iter().map(async |(what, body)| {
            let status = status_of(send(method.clone(), watched.url(path), body)).await;
            (what, status)
        });
        for (what, status) in join_all(asked).await {
            // What is looked for first is not there, or nobody signed it.
            let early = path.contains("/x") && [401, 404].contains(&status);
            // The originals take no notice of what they do not know.
            let unknown = what == "objects" || what.contains(" in ");
            let ignored = !path.starts_with("/v1") && unknown && status == 200;
            assert!(
                status == 400 || early || ignored,
                "{method} {path} {what}: {status}"
            );
        }
        watched.goes_on().await;
    }
    // But for a look whether it is there.
    let mut calls = daily.calls();
    calls.retain(|call| call != "GET /");
    assert_eq!(calls, Vec::<String>::new(), "nothing of it went on");
    watched.stays_well().await;
}

/// Signed as it should be, a callback is read.
#[tokio::test(flavor = "multi_thread")]
async fn no_callback_is_taken_that_is_too_deep() {
    let watched = with_vendors(&FakeDaily::start().await).await;
    for (what, body) in bodies() {
        let time = jiff::Timestamp::now().as_second().to_string();
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let signature = hmac::sign(&key, format!("{time}.{body}").as_bytes());
        let daily = send(Method::POST, watched.url("/webhooks/daily"), &body)
            .header("x-webhook-timestamp", time)
            .header("x-webhook-signature", STANDARD.encode(signature));
        let hundred_ms = send(Method::POST, watched.url("/webhooks/100ms"), &body);
        let hundred_ms = hundred_ms.header("x-tok-secret", SECRET);
        let by_query = |vendor: &str| {
            let url = watched.url(&format!("/webhooks/{vendor}?secret={SECRET}"));
            send(Method::POST, url, &body)
        };
        for (vendor, request) in [
            ("daily", daily),
            ("100ms", hundred_ms),
            ("opentok", by_query("opentok")),
            ("bandwidth", by_query("bandwidth")),
        ] {
            assert_eq!(status_of(request).await, 400, "{vendor} {what}");
        }
    }
    let kept = reqwest::get(watched.url("/v1/webhooks")).await;
    let kept: Value = kept.expect("an answer").json().await.expect("JSON");
    assert_eq!(kept["items"], json!([]));
    watched.stays_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_event_is_taken_that_is_too_deep() {
    let watched = Watched::start(&[]).await;
    let make = json!({ "name": "hall" }).to_string();
    assert_eq!(
        status_of(send(Method::POST, watched.url("/v1/rooms"), &make)).await,
        201
    );
    let host = Polling::open(&watched.served, "host").await;
    let told = host.ask(json!(["join-room", "hall", "Ada"])).await;
    assert_eq!(told["success"], true, "{told}");
    // What fits into a message.
    let half = LEVELS / 2;
    let deep = [
        [&"[".repeat(LEVELS), "1", &"]".repeat(LEVELS)].concat(),
        [&"{\"a\":".repeat(half / 2), "1", &"}".repeat(half / 2)].concat(),
    ];
    for deep in &deep {
        for event in [
            format!("[\"join-room\",{deep}]"),
            format!("[\"join-room\",\"hall\",\"Eve\",{deep}]"),
            format!("[\"create-room\",{deep}]"),
            format!("[\"send-message\",\"everyone\",{deep}]"),
            format!("[\"update-name\",{deep}]"),
            format!("[\"nothing-of-the-kind\",{deep}]"),
        ] {
            let told = host.ask_as_it_is(&event).await;
            let name = &event[..30];
            assert_eq!(told["success"], false, "{name}: {told}");
            let status = if name.contains("nothing-of") {
                404
            } else {
                400
            };
            assert_eq!(told["status"], status, "{name}: {told}");
        }
        // No event at all: it may end the connection that it came by.
        for packet in [
            deep.clone(),
            format!("42{deep}"),
            format!("40{deep}"),
            format!("43{deep}"),
        ] {
            let stranger = Polling::open(&watched.served, "stranger").await;
            stranger.send_or_not(&packet).await;
        }
        let told = host
            .ask(json!(["send-message", "everyone", "still here"]))
            .await;
        assert_eq!(told["success"], true, "{told}");
    }
    watched.stays_well().await;
}

/// Whoever gives such a value to a command has a text, or a refusal.
#[test]
fn no_command_falls_over_json_that_is_too_deep() {
    // The longest that an argument may be is 128 KiB.
    for deep in ["[".repeat(LEVELS), "{\"a\":".repeat(LEVELS / 5)] {
        let binary = Binary::new();
        let set = format!("title={deep}");
        let run = binary.run(&["room", "create", "hall", "--property", &set]);
        assert!(
            matches!(run.code, Some(0 | 2)),
            "{:?} {}",
            run.code,
            run.stderr
        );
        assert!(matches!(
            binary.run(&["room", "list", "--json"]).code,
            Some(0)
        ));
    }
}
