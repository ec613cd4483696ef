//! `tok doctor` comes in as people do, and says which part of the way does not let them.

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use reqwest::StatusCode;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Binary, NOBODY, tls};

/// What doctor says of a check, with this address from outside. Who is found too slow is asked again: on a busy
/// machine anybody may be for a moment.
fn found(binary: &Binary, url: &str, check: &str) -> Option<Value> {
    crate::releases::eventually("it is answered in time", || {
        let found = found_now(binary, url, check);
        let is_late = found.as_ref().is_some_and(|found| {
            let said = found["message"].as_str();
            said.is_some_and(|said| said.contains("in time"))
        });
        (!is_late).then_some(found)
    })
}

/// The same by one look.
fn found_now(binary: &Binary, url: &str, check: &str) -> Option<Value> {
    let mut doctor = binary.command(&["doctor", "--json"]);
    let output = doctor.env("TOK_SERVER__PUBLIC_URL", url).output();
    let output = output.expect("runs");
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let all = found["findings"].as_array().expect("a list");
    let own = all.iter().find(|finding| finding["check"] == check);
    own.cloned()
}

#[track_caller]
fn refused(url: &str, what: &[&str], advice: &str) {
    let found = found(&Binary::new(), url, "public socket").expect("it was tried");
    assert_eq!(found["health"], "fail", "{found}");
    let said = found["message"].as_str().expect("a sentence");
    for part in what {
        assert!(said.contains(part), "no {part:?} in {found}");
    }
    let told = found["advice"].as_str().expect("advice");
    assert!(told.contains(advice), "no {advice:?} in {found}");
}

/// Serves this, at an address of its own.
async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
    format!("http://{address}/")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_people_reach_is_well() {
    let binary = Binary::new();
    let served = binary.serve();
    let found = found(&binary, &served.url, "public socket").expect("it was tried");
    assert_eq!(found["health"], "ok", "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_keys_lets_doctor_in_as_it_does_people() {
    let binary = Binary::with(&[("TOK_AUTH__MODE", "keys")]);
    let served = binary.serve();
    let found = found(&binary, &served.url, "public socket").expect("it was tried");
    assert_eq!(found["health"], "ok", "{found}");
}

#[test]
fn a_name_that_leads_nowhere_is_not_reached() {
    let what = ["cannot be reached from outside", "connection refused"];
    refused(&format!("http://{NOBODY}/"), &what, "server.public_url");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_nobody_trusts_is_named_as_such() {
    let address = tls::untrusted().await;
    let url = format!("https://{address}/");
    let what = [
        "cannot be reached from outside",
        "its certificate is not trusted",
    ];
    refused(&url, &what, "server.public_url");
}

/// Passes requests on as a proxy does that was told nothing of upgrades.
async fn plain_proxy(State(to): State<String>, request: Request) -> Response {
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let answer = reqwest::get(format!("{to}{path}")).await.expect("answers");
    (answer.status(), answer.text().await.expect("text")).into_response()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_passes_no_upgrades_is_told_from_another_server() {
    let binary = Binary::new();
    let served = binary.serve();
    let proxy = Router::new()
        .fallback(plain_proxy)
        .with_state(served.url.clone());
    refused(
        &serve(proxy).await,
        &["passes no WebSocket on"],
        "proxy_set_header Upgrade",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_is_told_as_one() {
    let page = Router::new().fallback(|| async { Html("<h1>It works!</h1>") });
    let what = ["another server answers 200", "text/html"];
    refused(&serve(page).await, &what, "tok serve");
    let nothing = Router::new().fallback(|| async { StatusCode::NOT_FOUND });
    refused(
        &serve(nothing).await,
        &["another server answers 404"],
        "tok serve",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_of_somebody_else_is_none_of_ours() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await {
                let greeted = socket.send(Message::text("welcome to the chat")).await;
                greeted.expect("sends");
                while let Some(Ok(_)) = socket.next().await {}
            }
        }
    });
    let what = ["another server opens a socket", "not ours"];
    refused(&format!("http://{address}/"), &what, "tok serve");
}

/// One that is slow is not taken for another server.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_a_socket_or_refuses_it_and_then_is_silent_is_told_as_late() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let silent = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let mut taken = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            taken.push(tokio_tungstenite::accept_async(stream).await);
        }
    });
    let refuses = Router::new().fallback(async |request: Request| {
        let query = request.uri().query().unwrap_or_default();
        if query.contains("polling") {
            std::future::pending::<()>().await;
        }
        StatusCode::BAD_REQUEST
    });
    let binary = Binary::new();
    for url in [format!("http://{silent}/"), serve(refuses).await] {
        let told = found_now(&binary, &url, "public socket").expect("told");
        let message = told["message"].as_str().expect("text");
        assert!(message.contains("does not answer in time"), "{told}");
    }
}

#[test]
fn people_behind_strict_networks_need_a_relay() {
    let url = "https://127.0.0.1:1/";
    let found_with = |variables: &[(&str, &str)]| found(&Binary::with(variables), url, "TURN");
    let warned = found_with(&[]).expect("a warning");
    assert_eq!(warned["health"], "warn", "{warned}");
    let advice = warned["advice"].as_str().expect("advice");
    assert!(advice.contains("signalling.turn_urls"), "{warned}");
    // On the way to a vendor's rooms, and where nobody comes by https, none of ours helps.
    let daily = [
        ("TOK_ROOMS__BACKEND", "daily"),
        ("DAILY_API_KEY", "key"),
        ("TOK_DAILY__BASE_URL", "http://127.0.0.1:1"),
    ];
    assert_eq!(found_with(&daily), None);
    assert_eq!(found(&Binary::new(), "http://127.0.0.1:1/", "TURN"), None);
}
