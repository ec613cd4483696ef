//! What an operator opens to others by a flag: each flag opens its own part and nothing else.

use reqwest::{Client, StatusCode};

use crate::support::Binary;
use crate::support::binary::Served;

const HERE: &str = "127.0.0.1:0";
const ALL: &str = "0.0.0.0:0";

/// An address of everybody's, by the name of this machine.
fn of_this_machine(url: &str) -> String {
    url.replace("0.0.0.0", "127.0.0.1")
}

/// What somebody is told to whom a proxy passes the API on.
async fn passed_on(served: &Served, path: &str) -> StatusCode {
    let url = format!("{}{path}", of_this_machine(&served.url));
    let asked = Client::new()
        .get(url)
        .header("x-forwarded-for", "203.0.113.7");
    asked.send().await.expect("answers").status()
}

/// What somebody is told who calls the operators' listener by another machine's name.
async fn health(served: &Served) -> StatusCode {
    let url = format!("{}/healthz", of_this_machine(&served.ops));
    let asked = Client::new().get(url).header("host", "calls.example.com");
    asked.send().await.expect("answers").status()
}

#[test]
fn each_flag_opens_its_own_part_only() {
    let binary = Binary::new();
    binary
        .run(&["serve", "--insecure", "--bind", HERE, "--ops-bind", ALL])
        .refused(10, "--insecure-ops");
    binary
        .run(&["serve", "--insecure-ops", "--bind", ALL, "--ops-bind", HERE])
        .refused(10, "auth.mode is none");
    let public = Binary::with(&[("TOK_SERVER__PUBLIC_URL", "https://calls.example.com")]);
    public
        .run(&["serve", "--insecure-ops", "--bind", HERE, "--ops-bind", ALL])
        .refused(10, "auth.mode");
}

#[tokio::test(flavor = "multi_thread")]
async fn insecure_lets_in_what_a_proxy_passes_on_and_no_stranger_to_operators() {
    let binary = Binary::new();
    let served = binary.serve_with(&["--insecure", "--bind", ALL, "--ops-bind", HERE]);
    for path in ["/v1/rooms", "/socket.io/?EIO=4&transport=polling", "/docs"] {
        assert_eq!(passed_on(&served, path).await, StatusCode::OK, "{path}");
    }
    assert_eq!(health(&served).await, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn insecure_ops_tells_everybody_of_health_and_opens_nothing_else() {
    let binary = Binary::new();
    let served = binary.serve_with(&["--insecure-ops", "--bind", HERE, "--ops-bind", ALL]);
    assert_eq!(health(&served).await, StatusCode::OK);
    for path in ["/v1/rooms", "/socket.io/?EIO=4&transport=polling", "/docs"] {
        assert_eq!(
            passed_on(&served, path).await,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    let work = binary.work(&["--insecure-ops"]);
    assert_eq!(health(&work).await, StatusCode::OK);
}
