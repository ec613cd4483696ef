//! API keys, scopes, roles, limits, and who is kept out.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Instant;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tok::commands::key::{create, revoke};
use tok::model::Role;
use tok::model::key::Scope;

use crate::support::{Binary, PATIENCE, TestApp, answer};

const KEYS: (&str, &str) = ("TOK_AUTH__MODE", "keys");

async fn key(app: &TestApp, scopes: &[Scope], max_role: Role) -> create::Output {
    let input = create::Input {
        name: "test".to_owned(),
        scopes: scopes.iter().copied().collect(),
        max_role,
        expires: None,
    };
    create::run(&app.context, input).await.expect("a key")
}

async fn with_bearer(
    app: &TestApp,
    method: Method,
    path: &str,
    secret: &str,
) -> (StatusCode, Value) {
    answer(
        app.client
            .request(method, app.url(path))
            .bearer_auth(secret),
    )
    .await
}

#[tokio::test]
async fn without_a_good_key_nobody_gets_in() {
    let app = TestApp::with(&[KEYS]).await;
    let good = key(&app, &[], Role::Host).await;
    let list = |secret: String| {
        let app = &app;
        async move { with_bearer(app, Method::GET, "/v1/rooms", &secret).await }
    };
    assert_eq!(list(good.secret.clone()).await.0, StatusCode::OK);
    let (status, body) = app.get("/v1/rooms").await;
    assert_eq!(
        (status, &body["code"]),
        (StatusCode::UNAUTHORIZED, &json!("unauthenticated"))
    );
    assert!(
        body["detail"]
            .as_str()
            .expect("text")
            .contains("API key is missing")
    );
    let mut last = good.secret.clone();
    last.pop();
    for wrong in [
        "tok_000000000000_00",
        "nonsense",
        "tok_",
        &format!("{last}x"),
        &"x".repeat(5000),
    ] {
        let (status, body) = list(wrong.to_owned()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{wrong}");
        assert_eq!(body["detail"], "the API key is not valid");
    }
    revoke::run(&app.context, good.key.id.as_str().into())
        .await
        .expect("revokes");
    let deadline = Instant::now() + PATIENCE;
    while list(good.secret.clone()).await.0 != StatusCode::UNAUTHORIZED {
        assert!(Instant::now() < deadline, "a revoked key lives on");
    }
}

#[tokio::test]
async fn an_expired_key_says_so() {
    let app = TestApp::with(&[KEYS]).await;
    let made = key(&app, &[], Role::Host).await;
    let stored = app
        .context
        .documents
        .get("tok_keys", &made.key.id)
        .await
        .expect("reads")
        .expect("is there");
    let mut value: Value = stored.decode().expect("JSON");
    value["key"]["expires_at"] = json!("2020-01-01T00:00:00Z");
    let write =
        tok::backends::documents::Write::put("tok_keys", &made.key.id, &value).expect("JSON");
    app.context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
    let deadline = Instant::now() + PATIENCE;
    let body = loop {
        let (status, body) = with_bearer(&app, Method::GET, "/v1/rooms", &made.secret).await;
        if status == StatusCode::UNAUTHORIZED {
            break body;
        }
        assert!(Instant::now() < deadline, "an expired key lives on");
    };
    assert_eq!(
        body["detail"],
        "the API key expired at 2020-01-01T00:00:00Z"
    );
}

#[tokio::test]
async fn only_a_hash_of_the_secret_is_stored() {
    let app = TestApp::with(&[KEYS]).await;
    let made = key(&app, &[], Role::Host).await;
    let stored = app
        .context
        .documents
        .get("tok_keys", &made.key.id)
        .await
        .expect("reads")
        .expect("is there");
    let secret = made.secret.rsplit('_').next().expect("a secret half");
    assert_eq!(secret.len(), 64);
    assert!(!stored.json.contains(secret));
}

#[tokio::test]
async fn a_scope_opens_its_routes_only() {
    let app = TestApp::with(&[KEYS]).await;
    let routes = [
        (Scope::RoomsRead, Method::GET, "/v1/rooms"),
        (Scope::RoomsRead, Method::GET, "/v1/rooms/x"),
        (Scope::RoomsRead, Method::GET, "/v1/rooms/x/participants"),
        (Scope::RoomsWrite, Method::POST, "/v1/rooms"),
        (Scope::RoomsWrite, Method::PATCH, "/v1/rooms/x"),
        (Scope::RoomsWrite, Method::DELETE, "/v1/rooms/x"),
        (Scope::RoomsWrite, Method::POST, "/v1/rooms/x/end"),
        (Scope::RoomsWrite, Method::POST, "/v1/rooms/x/lock"),
        (Scope::RoomsWrite, Method::POST, "/v1/rooms:prune"),
        (Scope::Tokens, Method::POST, "/v1/rooms/x/tokens"),
        (Scope::Tokens, Method::POST, "/v1/tokens:inspect"),
        (Scope::UsersRead, Method::GET, "/v1/users"),
        (Scope::UsersRead, Method::GET, "/v1/users/x"),
        (Scope::UsersWrite, Method::POST, "/v1/users"),
        (Scope::UsersWrite, Method::PATCH, "/v1/users/x"),
        (Scope::UsersWrite, Method::DELETE, "/v1/users/x"),
        (Scope::SearchRead, Method::GET, "/v1/search/x/settings"),
        (Scope::SearchWrite, Method::PATCH, "/v1/search/x/settings"),
        (Scope::DevicesWrite, Method::POST, "/v1/push/key/rotate"),
        (Scope::Compat, Method::POST, "/create-room"),
        (Scope::Compat, Method::DELETE, "/delete-room/x"),
        (Scope::Compat, Method::POST, "/compat/tokapp/create-room"),
    ];
    for scope in Scope::ALL {
        let secret = key(&app, &[scope], Role::Host).await.secret;
        for (needed, method, path) in &routes {
            let request = app
                .client
                .request(method.clone(), app.url(path))
                .bearer_auth(&secret);
            let request = match (*path, method.as_str()) {
                ("/v1/tokens:inspect", _) => request.json(&json!({ "token": "x" })),
                ("/v1/users", "POST") => request.json(&json!({ "name": "x" })),
                _ => request,
            };
            let (status, body) = answer(request).await;
            assert_eq!(
                status == StatusCode::FORBIDDEN,
                *needed != scope,
                "{scope:?} {method} {path}: {body}"
            );
            assert_ne!(
                status,
                StatusCode::UNAUTHORIZED,
                "{scope:?} {method} {path}: {body}"
            );
        }
    }
}

#[tokio::test]
async fn a_key_mints_tokens_up_to_its_role() {
    let app = TestApp::with(&[KEYS]).await;
    let secret = key(&app, &[], Role::Participant).await.secret;
    let app = app.with_key(secret);
    app.post("/v1/rooms", json!({ "name": "r" })).await;
    let mint = async |role: &str| {
        app.post("/v1/rooms/r/tokens", json!({ "role": role }))
            .await
    };
    assert_eq!(mint("viewer").await.0, StatusCode::CREATED);
    assert_eq!(mint("participant").await.0, StatusCode::CREATED);
    let (status, body) = mint("host").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(
        body["detail"],
        "this key may mint tokens up to the role participant, not host"
    );
}

#[tokio::test]
async fn an_open_surface_needs_no_key() {
    let app = TestApp::with(&[KEYS, ("TOK_SERVER__OPEN", "tokapp")]).await;
    assert_eq!(
        app.post("/create-room", json!({ "name": "x" })).await.0,
        StatusCode::OK
    );
    assert_eq!(app.get("/v1/rooms").await.0, StatusCode::UNAUTHORIZED);
    let closed = TestApp::with(&[KEYS]).await;
    let (status, body) = closed.post("/create-room", json!({ "name": "x" })).await;
    assert_eq!(
        (status, &body["error"]),
        (StatusCode::UNAUTHORIZED, &json!("authentication-error"))
    );
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let app = TestApp::with(&[("TOK_SERVER__RATE_LIMIT", "3/1h")]).await;
    for _ in 0..3 {
        assert_eq!(app.get("/v1/rooms").await.0, StatusCode::OK);
    }
    let response = app
        .request(Method::GET, "/v1/rooms")
        .send()
        .await
        .expect("answers");
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = response.headers()["retry-after"]
        .to_str()
        .expect("text")
        .parse()
        .expect("a number");
    assert!((1..=1200).contains(&wait), "{wait}");
    // The limit is per caller: a key that is guessed wrong costs its address, a good one itself.
    let keyed = TestApp::with(&[KEYS, ("TOK_SERVER__RATE_LIMIT", "2/1h")]).await;
    let (one, two) = (
        key(&keyed, &[], Role::Host).await,
        key(&keyed, &[], Role::Host).await,
    );
    let list = async |secret: &str| {
        with_bearer(&keyed, Method::GET, "/v1/rooms", secret)
            .await
            .0
    };
    assert_eq!(list(&one.secret).await, StatusCode::OK);
    assert_eq!(list(&one.secret).await, StatusCode::OK);
    assert_eq!(list(&one.secret).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(list(&two.secret).await, StatusCode::OK);
    assert_eq!(list("guess").await, StatusCode::UNAUTHORIZED);
    assert_eq!(list("guess").await, StatusCode::UNAUTHORIZED);
    assert_eq!(list("guess").await, StatusCode::TOO_MANY_REQUESTS);
}

/// Without keys, a web page must not reach this machine's server by a name of its own.
#[tokio::test]
async fn another_name_for_this_machine_is_refused() {
    let app = TestApp::start().await;
    let named = |host: &str| answer(app.request(Method::GET, "/v1/rooms").header("host", host));
    assert_eq!(named("evil.example:8080").await.0, StatusCode::FORBIDDEN);
    let request = app.request(Method::GET, "/v1/rooms");
    let request = request.header("host", &b"evil\xff.example"[..]);
    assert_eq!(answer(request).await.0, StatusCode::FORBIDDEN);
    assert_eq!(named("localhost:8080").await.0, StatusCode::OK);
    assert_eq!(named("[::1]:8080").await.0, StatusCode::OK);
    let named = TestApp::with(&[("TOK_SERVER__PUBLIC_URL", "https://calls.example")]).await;
    let request = named
        .request(Method::GET, "/v1/rooms")
        .header("host", "calls.example");
    assert_eq!(answer(request).await.0, StatusCode::OK);
}

/// A proxy in front makes this server one for others, whatever it listens on.
#[tokio::test(flavor = "multi_thread")]
async fn without_keys_nothing_that_a_proxy_passes_on_is_served() {
    let app = TestApp::start().await;
    let said = [
        ("x-forwarded-for", "203.0.113.7"),
        ("x-forwarded-host", "calls.example.com"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "for=192.0.2.60"),
        ("via", "1.1 proxy"),
        ("x-real-ip", "::1"),
        ("CF-Connecting-IP", "203.0.113.7"),
        ("true-client-ip", "localhost"),
        ("fastly-client-ip", ""),
    ];
    for (name, value) in said {
        for (method, path) in [
            (Method::GET, "/v1/rooms"),
            (Method::POST, "/v1/rooms:prune"),
            (Method::POST, "/create-room"),
            (Method::DELETE, "/delete-room/x"),
            (Method::GET, "/r/x"),
            (Method::GET, "/docs"),
            (Method::GET, "/socket.io/?EIO=4&transport=polling"),
        ] {
            let request = app.request(method.clone(), path).header(name, value);
            let (status, told) = answer(request).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path} {name}");
            assert!(told.to_string().contains("auth.mode"), "{told}");
        }
    }
    let keyed = TestApp::with(&[KEYS]).await;
    let request = keyed.request(Method::GET, "/v1/rooms");
    let (status, _) = answer(request.header("x-forwarded-for", "203.0.113.7")).await;
    assert_eq!(
        status,
        StatusCode::UNAUTHORIZED,
        "with keys a proxy is welcome"
    );
}

#[test]
fn a_public_address_wants_keys() {
    let serve = [
        "serve",
        "--bind",
        "127.0.0.1:0",
        "--ops-bind",
        "127.0.0.1:0",
    ];
    for public in [
        "https://calls.example.com",
        "http://192.168.1.20:8080",
        "https://localhost.example.com",
        "http://[2001:db8::1]/",
    ] {
        let variable = ("TOK_SERVER__PUBLIC_URL", public);
        let open = Binary::with(&[variable]);
        open.run(&serve).refused(10, "set auth.mode to keys");
        open.run(&["config", "check"]).refused(10, "auth.mode");
        Binary::with(&[variable, KEYS])
            .run(&["config", "check"])
            .ok();
    }
    for own in [
        "http://localhost:8080",
        "http://LOCALHOST",
        "http://127.0.0.9",
        "http://[::1]:1",
    ] {
        let open = Binary::with(&[("TOK_SERVER__PUBLIC_URL", own)]);
        open.run(&["config", "check"]).ok();
    }
    // A dot at the end says the same.
    for public in ["https://calls.example.com", "https://calls.example.com."] {
        let all = [&serve[..], &["--insecure"]].concat();
        let binary = Binary::with(&[("TOK_SERVER__PUBLIC_URL", public)]);
        let (mut child, mut line) = (binary.spawn(&all, Stdio::null()), String::new());
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        while !line.contains("tok serves") {
            line.clear();
            assert!(stderr.read_line(&mut line).expect("readable") > 0, "{line}");
        }
        let url = line.split_whitespace().nth(2).expect("an address");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        for host in ["calls.example.com", "CALLS.example.com.:443"] {
            let asked = reqwest::Client::new()
                .get(format!("{url}/v1/rooms"))
                .header("host", host);
            let answer = runtime.block_on(asked.send()).expect("an answer");
            assert_eq!(answer.status(), StatusCode::OK, "{public} {host}");
        }
        child.kill().expect("runs");
        child.wait().expect("ends");
    }
}

#[test]
fn beyond_this_machine_a_key_is_asked_for() {
    let binary = Binary::new();
    for all in [
        "0.0.0.0:0",
        "[::]:0",
        "[::ffff:0.0.0.0]:0",
        "192.0.2.7:8080",
    ] {
        let open = ["serve", "--bind", all, "--ops-bind", "127.0.0.1:0"];
        binary
            .run(&open)
            .refused(10, "auth.mode is none; set auth.mode to keys");
        let ops = ["serve", "--bind", "127.0.0.1:0", "--ops-bind", all];
        binary
            .run(&ops)
            .refused(10, "can be reached from other machines");
        binary
            .run(&["work", "--ops-bind", all])
            .refused(10, "can be reached");
    }
    // The worker's address is the worker's affair.
    let keyed = Binary::with(&[KEYS, ("TOK_WORKER__OPS_BIND", "0.0.0.0:0")]);
    keyed
        .run(&["config", "check"])
        .refused(10, "can be reached");
    let mut served = keyed.serve_at("0.0.0.0:0");
    assert!(
        served.child.try_wait().expect("a child").is_none(),
        "it runs"
    );
}

#[test]
fn keys_are_made_listed_and_revoked() {
    let binary = Binary::new();
    let made = binary
        .run(&[
            "key",
            "create",
            "app",
            "--scope",
            "tokens",
            "--expires",
            "90d",
            "--json",
        ])
        .ok()
        .json();
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    let id = made["id"].as_str().expect("an id").to_owned();
    assert_eq!(made["scopes"], json!(["tokens"]));
    let listed = binary.run(&["key", "list", "--json"]).ok();
    assert_eq!(listed.json()[0]["id"], json!(id));
    assert!(!listed.stdout.contains(&secret));
    binary
        .run(&["key", "revoke", &id])
        .refused(9, "nobody is there to confirm");
    binary.run(&["key", "revoke", &id, "--dry-run"]).ok();
    binary.run(&["key", "revoke", &id, "--yes"]).ok();
    binary
        .run(&["key", "revoke", &id, "--yes"])
        .refused(3, "there is no API key");
    assert_eq!(binary.run(&["key", "list", "--json"]).ok().stdout, "[]\n");
    // Somebody pastes the whole key: its secret half must not come back.
    let run = binary.run(&["key", "revoke", &secret, "--yes"]);
    assert!(
        !run.stderr
            .contains(secret.rsplit('_').next().expect("a half")),
        "{run:#?}"
    );
    binary
        .run(&["key", "create", "x", "--scope", "everything"])
        .refused(2, "is not a scope; use one or more of");
    binary
        .run(&["key", "create", " "])
        .refused(2, "a key needs a name");
    binary
        .run(&["key", "create", "x", "--expires", "2020-01-01T00:00:00Z"])
        .refused(2, "is in the past");
}

/// What a caller may is asked before what they say: whatever is wrong with the rest of a request, a key
/// without the scope is told of the scope.
#[tokio::test]
async fn a_key_without_the_scope_is_told_so_whatever_it_sends() {
    let app = TestApp::with(&[KEYS]).await;
    let key = key(&app, &[Scope::Status], Role::Host).await;
    let (_, description) = app.get("/openapi.json").await;
    let paths = description["paths"].as_object().expect("paths");
    let mut asked = 0;
    for (path, methods) in paths {
        // Anybody may know the key that browsers subscribe with.
        let open = ["/v1/status", "/v1/push/key"];
        if !path.starts_with("/v1/") || open.contains(&path.as_str()) {
            continue;
        }
        for method in methods.as_object().expect("methods").keys() {
            let method: Method = method.to_uppercase().parse().expect("a method");
            for (name, query, body) in [
                ("x", "", "{"),
                ("x", "", "[1]"),
                ("x", "", ""),
                ("x", "?limit=many&dry_run=perhaps&nothing=1", "{}"),
                ("%FF", "", "{}"),
                ("..%2F..", "", "null"),
            ] {
                let path = filled(path, name);
                let request = app
                    .client
                    .request(method.clone(), app.url(&(path.clone() + query)));
                let request = request.bearer_auth(&key.secret);
                let request = request.header("content-type", "application/json");
                let (status, problem) = answer(request.body(body)).await;
                let what = format!("{method} {path}{query} {body}: {problem}");
                assert_eq!(status, StatusCode::FORBIDDEN, "{what}");
                let detail = problem["detail"].as_str().unwrap_or_default();
                assert!(detail.contains("has no scope"), "{what}");
                asked += 1;
            }
            // Neither the kind of the body nor its length comes first.
            let path = filled(path, "x");
            for body in ["x".repeat(100_000), "x=1".to_owned()] {
                let request = app.client.request(method.clone(), app.url(&path));
                let request = request.bearer_auth(&key.secret).body(body);
                let (status, problem) = answer(request).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path}: {problem}");
            }
        }
    }
    assert!(asked > 60 * 6, "{asked}");
}

/// A path of the description with something in place of its names.
fn filled(path: &str, name: &str) -> String {
    let parts = path.split('{').map(|part| match part.split_once('}') {
        Some((_, rest)) => format!("{name}{rest}"),
        None => part.to_owned(),
    });
    parts.collect()
}

/// Who calls is asked before anything that only callers may send.
#[tokio::test]
async fn a_stranger_is_told_that_a_key_is_missing_whatever_they_send() {
    let app = TestApp::with(&[KEYS]).await;
    for key in ["", "k", &"k".repeat(300)] {
        let request = app.request(Method::POST, "/v1/rooms").body("{");
        let request = request.header("idempotency-key", key);
        assert_eq!(answer(request).await.0, StatusCode::UNAUTHORIZED, "{key}");
    }
}
