//! Servers that help people find a way to each other.

use super::{Met, Staged, all_are_told, answering, begun, closed, http, once_answered, with};
use crate::support::binary::Run;
use crate::support::tls;

/// What doctor says with a TURN server at this address.
fn turn(url: &str) -> Run {
    let variables = [
        ("TOK_SIGNALLING__TURN_URLS", url),
        ("TOK_SIGNALLING__TURN_SECRET", "shared"),
    ];
    with(&variables, "doctor")
}

const TURN_URLS: &str = "signalling.turn_urls (from environment TOK_SIGNALLING__TURN_URLS)";

#[test]
fn a_server_that_helps_nobody_is_told() {
    all_are_told(&[
        Staged {
            name: "a STUN server that is away",
            stage: || {
                let at = closed();
                let url = format!("stun:{at}");
                let run = with(&[("TOK_SIGNALLING__STUN_URLS", &url)], "doctor");
                Met::at(at, run)
            },
            code: 8,
            cause: &["stun:{at} does not answer: Connection refused"],
            remedy: &["signalling.stun_urls (from environment", "firewall"],
        },
        Staged {
            name: "a TURN server over TCP that is away",
            stage: || {
                let at = closed();
                let run = turn(&format!("turn:{at}?transport=tcp"));
                Met::at(at, run)
            },
            code: 8,
            cause: &["turn:{at}?transport=tcp does not answer: Connection refused"],
            remedy: &[TURN_URLS, "firewall"],
        },
        Staged {
            name: "a TURN server over TLS that is away",
            stage: || {
                let at = closed();
                let run = turn(&format!("turns:{at}"));
                Met::at(at, run)
            },
            code: 8,
            cause: &["turns:{at} does not answer: Connection refused"],
            remedy: &[TURN_URLS, "can read its certificate"],
        },
        Staged {
            name: "a TURN server whose certificate nobody trusts",
            stage: || {
                let at = begun(tls::untrusted()).to_string();
                let run = once_answered(|| turn(&format!("turns:{at}?transport=tcp")));
                Met::at(at, run)
            },
            code: 8,
            cause: &["turns:{at}?transport=tcp cannot be trusted", "self-signed"],
            remedy: &[TURN_URLS, "browsers trust", "SSL_CERT_FILE"],
        },
        Staged {
            name: "a TURN server that speaks no TLS",
            stage: || {
                let at = answering(http("400 Bad Request", "", ""));
                let run = once_answered(|| turn(&format!("turns:{at}")));
                Met::at(at, run)
            },
            code: 8,
            cause: &["turns:{at}", "does not speak TLS"],
            remedy: &[TURN_URLS, "tls-listening-port"],
        },
        Staged {
            name: "a TURN server that takes the connection and says nothing",
            stage: || {
                let at = answering("");
                let run = turn(&format!("turns:{at}"));
                Met::at(at, run)
            },
            code: 8,
            cause: &["turns:{at} does not answer: it took the connection and spoke no TLS"],
            remedy: &[TURN_URLS, "can read its certificate"],
        },
        Staged {
            name: "a public server without TURN",
            stage: || {
                let url = [("TOK_SERVER__PUBLIC_URL", "https://127.0.0.1:1")];
                let run = with(&url, "doctor");
                let told = "no TURN server is set";
                assert!(run.stdout.contains(told), "{run:#?}");
                Met::by(run)
            },
            code: 8,
            cause: &["tok cannot be reached from outside at 127.0.0.1:1"],
            remedy: &["server.public_url (from environment TOK_SERVER__PUBLIC_URL)"],
        },
    ]);
}
