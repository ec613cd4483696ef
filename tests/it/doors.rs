//! Every door of the API from outside: each operation asks for a key and for its scope, no spelling of a
//! request leads around that, and no token but ours opens a room.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tok::commands::key::create;
use tok::model::Role;
use tok::model::key::Scope;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::signer::{Signer, encoded};
use crate::support::{TestApp, answer};

const KEYS: (&str, &str) = ("TOK_AUTH__MODE", "keys");
const UNLIMITED: (&str, &str) = ("TOK_SERVER__RATE_LIMIT", "off");
/// What nobody has to say who they are for.
const PUBLIC: [&str; 3] = [
    "get /compat/opentok",
    "get /v1/push/key",
    "post /webhooks/{vendor}",
];

async fn key(app: &TestApp, scopes: &[Scope]) -> String {
    let input = create::Input {
        name: "test".to_owned(),
        scopes: scopes.iter().copied().collect(),
        max_role: Role::Host,
        expires: None,
    };
    let made = create::run(&app.context, input).await;
    made.expect("a key").secret
}

/// Every operation of the description that wants a key, as method and path.
async fn operations(app: &TestApp) -> Vec<(Method, String)> {
    let (_, description) = app.get("/openapi.json").await;
    let (mut closed, mut public) = (Vec::new(), Vec::new());
    for (path, methods) in description["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            if operation["security"].is_null() {
                public.push(format!("{method} {path}"));
            } else {
                let method = method.to_uppercase().parse().expect("a method");
                closed.push((method, path.clone()));
            }
        }
    }
    assert_eq!(public, PUBLIC, "what is open to all is written down");
    closed
}

/// A path with `x` in place of its names.
fn filled(path: &str) -> String {
    let parts = path.split('{').map(|part| match part.split_once('}') {
        Some((_, rest)) => format!("x{rest}"),
        None => part.to_owned(),
    });
    parts.collect()
}

#[tokio::test]
async fn every_operation_asks_for_a_key() {
    let app = TestApp::with(&[KEYS, UNLIMITED]).await;
    let good = key(&app, &[]).await;
    let wrong = [
        None,
        Some(String::new()),
        Some(format!("{good}0")),
        Some(good[..good.len() - 1].to_owned()),
        Some(good.to_uppercase()),
        Some("tok_feedfeedfeed_mine".to_owned()),
    ];
    for (method, path) in operations(&app).await {
        for shown in &wrong {
            let request = app.client.request(method.clone(), app.url(&filled(&path)));
            let request = match shown {
                Some(secret) => request.header("authorization", format!("Bearer {secret}")),
                None => request,
            };
            let (status, body) = answer(request.json(&json!({}))).await;
            let what = format!("{method} {path} with {shown:?}: {body}");
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{what}");
        }
    }
}

/// The table says which scope opens what: a route that another opens as well changes it. The history of a
/// room tells of several things, so that no scope opens it alone.
#[tokio::test]
async fn each_operation_is_opened_by_its_scope_alone() {
    let app = TestApp::with(&[KEYS, UNLIMITED]).await;
    let operations = operations(&app).await;
    let mut opened_by = vec![BTreeSet::new(); operations.len()];
    for scope in Scope::ALL {
        let secret = key(&app, &[scope]).await;
        for ((method, path), by) in operations.iter().zip(&mut opened_by) {
            let request = app.client.request(method.clone(), app.url(&filled(path)));
            let request = request.bearer_auth(&secret).json(&json!({}));
            // Of a stream the head is enough.
            let response = request.send().await.expect("answers");
            if response.status() != StatusCode::FORBIDDEN {
                by.insert(scope.as_str());
            }
        }
    }
    let lines = operations
        .iter()
        .zip(&opened_by)
        .map(|((method, path), by)| {
            let by: Vec<_> = by.iter().copied().collect();
            format!("{method} {path}: {}", by.join(", "))
        });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

/// The status that a request has, written as it is: clients put paths in order.
async fn status_of(app: &TestApp, head: &str) -> u16 {
    let address = app.url("").replace("http://", "");
    let mut stream = TcpStream::connect(address).await.expect("connects");
    let request = format!("{head}\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("writes");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("reads");
    let status = text.split(' ').nth(1).and_then(|code| code.parse().ok());
    status.unwrap_or_else(|| panic!("{head}: {text}"))
}

#[tokio::test]
async fn no_spelling_leads_around_the_key() {
    let app = TestApp::with(&[KEYS, UNLIMITED, ("TOK_SERVER__OPEN", "video-web-app")]).await;
    for path in [
        "//v1/rooms",
        "/v1//rooms",
        "/v1/rooms/",
        "/v1/rooms;a=b",
        "/v1/rooms%2F",
        "/v1/./rooms",
        "/v1/push/../rooms",
        "/v1/push/key/../../rooms",
        "/r/../v1/rooms",
        "/%76%31/rooms",
        "/V1/Rooms",
        "/v1%2frooms",
        "/v1/rooms?key=x#/v1/push/key",
        "/compat/video-web-app/../../v1/rooms",
        "/compat/tokapp/../video-web-app/v1/rooms",
        "/v1/rooms\\..\\x",
        "http://localhost/v1/rooms",
        "http://elsewhere.example/v1/rooms",
        "/socket.io/../v1/rooms",
    ] {
        for method in ["GET", "HEAD", "POST", "get", "PROPFIND"] {
            let status = status_of(&app, &format!("{method} {path} HTTP/1.1")).await;
            let refused = matches!(status, 400 | 401 | 404 | 405 | 501);
            assert!(refused, "{method} {path}: {status}");
        }
    }
    for header in [
        "x-http-method-override: GET",
        "x-original-url: /v1/push/key",
        "x-rewrite-url: /v1/push/key",
        "x-forwarded-for: 127.0.0.1",
        "x-forwarded-user: admin",
        "forwarded: for=127.0.0.1;proto=https",
        "authorization: Basic dG9rOnRvaw==",
        "authorization: Bearer",
        "authorization: Bearer null\r\nauthorization: Bearer undefined",
        "cookie: authorization=Bearer%20tok",
        "proxy-authorization: Bearer tok",
        "connection: authorization",
    ] {
        let status = status_of(&app, &format!("GET /v1/rooms HTTP/1.1\r\n{header}")).await;
        assert_eq!(status, 401, "{header}");
    }
}

/// Tokens that are not ours, by whoever has a good one and knows how they are made.
fn forgeries(good: &str, claims: &Value) -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = good.split('.').collect();
    let [head, body, signature] = parts[..] else {
        panic!("three parts: {good}")
    };
    let rsa = Signer::rsa();
    let by = |algorithm, secret: &[u8]| {
        let key = EncodingKey::from_secret(secret);
        jsonwebtoken::encode(&Header::new(algorithm), claims, &key).expect("signs")
    };
    let headed = |head: Value| format!("{}.{body}.{signature}", encoded(head.to_string()));
    let says = |change: fn(&mut Value)| {
        let mut claims = claims.clone();
        change(&mut claims);
        format!("{head}.{}.{signature}", encoded(claims.to_string()))
    };
    vec![
        (
            "nothing signed",
            format!("{}.{body}.", encoded(json!({ "alg": "none" }).to_string())),
        ),
        ("none, with a signature", headed(json!({ "alg": "none" }))),
        (
            "none in other letters",
            headed(json!({ "alg": "nOnE", "typ": "JWT" })),
        ),
        (
            "another algorithm, same signature",
            headed(json!({ "alg": "HS512" })),
        ),
        (
            "a small name of the algorithm",
            headed(json!({ "alg": "hs256" })),
        ),
        ("no algorithm", headed(json!({ "typ": "JWT" }))),
        ("no secret", by(Algorithm::HS256, b"")),
        ("a secret of zeros", by(Algorithm::HS256, &[0; 32])),
        (
            "the secret that one would guess",
            by(Algorithm::HS256, b"secret"),
        ),
        ("HS384", by(Algorithm::HS384, b"secret")),
        ("HS512", by(Algorithm::HS512, &[0; 64])),
        ("RS256 by another", rsa.token("one", claims)),
        ("a key of its own", {
            let own = json!({ "kty": "oct", "k": encoded([7; 32]) });
            headed(json!({ "alg": "HS256", "jwk": own, "kid": "../../dev/null" }))
        }),
        ("another role", says(|of| of["role"] = json!("host"))),
        ("another room", says(|of| of["room"] = json!("lounge"))),
        ("another person", says(|of| of["sub"] = json!("eve"))),
        (
            "a later end",
            says(|of| of["exp"] = json!(4_000_000_000_i64)),
        ),
        ("for many", says(|of| of["shared"] = json!(true))),
        ("no signature", format!("{head}.{body}")),
        ("an empty signature", format!("{head}.{body}.")),
        (
            "half a signature",
            format!("{head}.{body}.{}", &signature[..20]),
        ),
        ("a part too many", format!("{good}.{signature}")),
        (
            "parts in another order",
            format!("{body}.{head}.{signature}"),
        ),
        ("nothing", String::new()),
    ]
}

#[tokio::test]
async fn no_token_but_ours_opens_a_room() {
    let app = TestApp::with(&[KEYS]).await;
    let all = key(&app, &[]).await;
    let app = app.with_key(all);
    for name in ["vault", "lounge"] {
        let made = json!({ "name": name, "privacy": "private" });
        assert_eq!(app.post("/v1/rooms", made).await.0, StatusCode::CREATED);
    }
    let spec = json!({ "role": "participant", "user_id": "ada" });
    let (_, minted) = app.post("/v1/rooms/vault/tokens", spec).await;
    let good = minted["token"].as_str().expect("a token");
    let (_, facts) = app
        .post("/v1/tokens:inspect", json!({ "token": good }))
        .await;
    assert_eq!(facts["valid"], true, "{facts}");
    let body = good.split('.').nth(1).expect("claims");
    let claims = URL_SAFE_NO_PAD.decode(body).expect("base64");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON");
    for (what, forged) in forgeries(good, &claims) {
        let (status, facts) = app
            .post("/v1/tokens:inspect", json!({ "token": forged }))
            .await;
        let refused = status == StatusCode::BAD_REQUEST || facts["valid"] == false;
        assert!(refused, "{what}: {status} {facts}");
        let input = tok::commands::participant::identify::Input { token: forged };
        let known = tok::commands::participant::identify::run(&app.context, input).await;
        let error = known.err().unwrap_or_else(|| panic!("{what}"));
        assert_eq!(error.kind(), tok::Kind::Forbidden, "{what}");
    }
}
