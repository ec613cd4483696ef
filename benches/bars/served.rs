//! What a request costs the server, beside the least that could answer it.

use serde_json::{Value, json};

use crate::Bar;
use crate::cli::home;
use crate::http::{ROUNDS, runtime};
use crate::peers::{hundred_ms, opentok};
use crate::process::{Aside, Server, beside};
use crate::vendors::borrowed;

/// So many requests per round.
const REQUESTS: u32 = 60_000;
/// The same, of each of many kinds.
const HOP_REQUESTS: u32 = 20_000;
/// As many proxies as somebody may have in front.
const USUAL_HOPS: u32 = 5;

fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n")
}

fn post(path: &str, body: &Value) -> String {
    let body = body.to_string();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// `GET /room/:name` of a room that is known.
pub fn known_room() -> Bar {
    let _aside = Aside::stand();
    runtime().block_on(async {
        let fake = opentok::start().await;
        let mut all = opentok::variables(&fake);
        all.push(("TOK_SERVER__OPEN", "opentok".to_owned()));
        let dir = home();
        let tok = Server::tok(&dir, &borrowed(&all));
        let rates = beside(&tok, REQUESTS, &get("/room/standup", "")).await;
        fake.verify();
        Bar {
            name: "GET /room/:name of a known room / bare axum with the same bytes",
            measured: rates.tok / rates.bare,
            bar: 0.6,
            at_least: true,
            note: rates.note(),
        }
    })
}

/// `GET /v1/rooms/{name}` with a key.
pub fn room_with_key() -> Bar {
    let _aside = Aside::stand();
    runtime().block_on(async {
        let dir = home();
        let made = |arguments: &[&str]| {
            let output = crate::cli::tok(&dir, arguments).output().expect("runs");
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            String::from_utf8(output.stdout).expect("text")
        };
        made(&["room", "create", "standup"]);
        let key: Value =
            serde_json::from_str(&made(&["key", "create", "bench", "--output", "json"]))
                .expect("JSON");
        let secret = key["secret"].as_str().expect("a key");
        let tok = Server::tok(&dir, &[("TOK_AUTH__MODE", "keys")]);
        let request = get(
            "/v1/rooms/standup",
            &format!("authorization: Bearer {secret}\r\n"),
        );
        let rates = beside(&tok, REQUESTS, &request).await;
        Bar {
            name: "GET /v1/rooms/{name} with a key / bare axum with the same bytes",
            measured: rates.tok / rates.bare,
            bar: 0.5,
            at_least: true,
            note: rates.note(),
        }
    })
}

/// `POST /auth-token`, and what is in memory after it.
pub fn auth_token() -> Bar {
    let _aside = Aside::stand();
    runtime().block_on(async {
        let fake = hundred_ms::start().await;
        let mut all = hundred_ms::variables(&fake);
        all.push(("TOK_SERVER__OPEN", "100ms".to_owned()));
        let body = json!({
            "room_id": "65f000000000000000000001", "user_id": "ada", "role": "host",
        });
        let dir = home();
        let tok = Server::tok(&dir, &borrowed(&all));
        let rates = beside(&tok, REQUESTS, &post("/auth-token", &body)).await;
        // Whether it is ready is looked at meanwhile, now and then.
        let calls = fake.calls().len();
        assert!(
            calls < 10,
            "a token needs no vendor, and {calls} calls came"
        );
        Bar {
            name: "POST /auth-token / bare axum with the same bytes",
            measured: rates.tok / rates.bare,
            bar: 0.75,
            at_least: true,
            note: format!(
                "{}; {:.1} MiB resident afterwards",
                rates.note(),
                tok.resident()
            ),
        }
    })
}

/// `GET /v1/rooms/{name}` of a client behind proxies, beside the same bytes of which nobody makes anything.
pub fn behind_proxies() -> Bar {
    let _aside = Aside::stand();
    let dir = home();
    let made = crate::cli::tok(&dir, &["room", "create", "standup"]).output();
    assert!(made.expect("runs").status.success());
    let key = crate::cli::tok(&dir, &["key", "create", "bench", "--output", "json"]).output();
    let key: Value = serde_json::from_slice(&key.expect("runs").stdout).expect("JSON");
    let secret = key["secret"].as_str().expect("a key");
    let tok = Server::tok(
        &dir,
        &[
            ("TOK_AUTH__MODE", "keys"),
            ("TOK_SERVER__TRUSTED_PROXIES", "127.0.0.0/8,10.0.0.0/8"),
        ],
    );
    let request = |line: &str| {
        let key = format!("authorization: Bearer {secret}\r\n");
        get("/v1/rooms/standup", &format!("{key}{line}"))
    };
    let hops = |name: &str, item: &str, number: u32| {
        let proxies = (1..number).map(|n| format!(", {item}10.0.0.{n}"));
        let all: String = proxies.collect();
        request(&format!("{name}: {item}203.0.113.7{all}\r\n"))
    };
    let (mut worst, mut told) = (f64::INFINITY, Vec::new());
    let alone = request("");
    for (name, other, item, number) in [
        ("x-forwarded-for", "x-nothing-to-do", "", 1),
        ("x-forwarded-for", "x-nothing-to-do", "", 5),
        ("x-forwarded-for", "x-nothing-to-do", "", 30),
        ("forwarded", "x-nothing", "for=", 30),
    ] {
        let [found, unread] = [name, other].map(|name| hops(name, item, number));
        let [mut behind, mut beside, mut without] = [0.0_f64; 3];
        for _ in 0..2 * ROUNDS {
            behind = behind.max(tok.rate(HOP_REQUESTS, found.as_bytes()));
            beside = beside.max(tok.rate(HOP_REQUESTS, unread.as_bytes()));
            without = without.max(tok.rate(HOP_REQUESTS, alone.as_bytes()));
        }
        // Nobody has thirty of their own; what those cost is told.
        if number <= USUAL_HOPS {
            worst = worst.min(behind / beside);
        }
        let of = (behind / beside, behind / without);
        told.push(format!("{name} {number}: {:.2}, {:.2} of none", of.0, of.1));
    }
    Bar {
        name: "requests whose client is found behind up to 5 proxies / of the same length",
        measured: worst,
        bar: 0.9,
        at_least: true,
        note: told.join("; "),
    }
}
