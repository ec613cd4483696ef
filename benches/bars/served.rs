//! What a request costs the server, beside the least that could answer it.

use serde_json::{Value, json};

use crate::Bar;
use crate::cli::home;
use crate::http::runtime;
use crate::peers::{hundred_ms, opentok};
use crate::process::{Aside, Server, beside};
use crate::vendors::borrowed;

/// So many requests per round.
const REQUESTS: u32 = 60_000;

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
