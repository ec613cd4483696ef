//! People who sign in elsewhere: what their tokens open here, and what they do not.

use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::commands::{call, key};
use tok::model::Role;

use crate::support::issuer::{Day, FakeIssuer};
use crate::support::signer::Signer;
use crate::support::{Binary, PATIENCE, TestApp, answer};

static RSA: LazyLock<Signer> = LazyLock::new(Signer::rsa);
static OTHER: LazyLock<Signer> = LazyLock::new(Signer::rsa);

const OK: StatusCode = StatusCode::OK;
const UNAUTHORIZED: StatusCode = StatusCode::UNAUTHORIZED;
const FORBIDDEN: StatusCode = StatusCode::FORBIDDEN;
const NOT_FOUND: StatusCode = StatusCode::NOT_FOUND;

struct Setup {
    app: TestApp,
    issuer: FakeIssuer,
    _dir: TempDir,
}

fn write(dir: &Path, text: &str) -> String {
    let file = dir.join("sign-in.toml");
    std::fs::write(&file, text).expect("written");
    file.to_str().expect("a path").to_owned()
}

impl Setup {
    async fn new() -> Self {
        Self::with("").await
    }

    /// With more lines in the issuer's table.
    async fn with(more: &str) -> Self {
        let issuer = FakeIssuer::start(&RSA).await;
        let dir = TempDir::new().expect("a directory");
        let file = write(dir.path(), &issuer.table(more));
        let variables = [("TOK_CONFIG", file.as_str()), ("TOK_AUTH__MODE", "keys")];
        let app = TestApp::with(&variables).await;
        Self {
            app,
            issuer,
            _dir: dir,
        }
    }

    fn token(&self, sub: &str) -> String {
        RSA.token("one", &self.issuer.claims(sub))
    }

    async fn ask(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Value,
    ) -> (StatusCode, Value) {
        let request = self.app.client.request(method, self.app.url(path));
        let request = request.bearer_auth(token);
        answer(if body.is_null() {
            request
        } else {
            request.json(&body)
        })
        .await
    }

    async fn get(&self, token: &str, path: &str) -> (StatusCode, Value) {
        self.ask(token, Method::GET, path, Value::Null).await
    }

    async fn post(&self, token: &str, path: &str, body: Value) -> (StatusCode, Value) {
        self.ask(token, Method::POST, path, body).await
    }

    async fn key(&self) -> String {
        let input = key::create::Input {
            name: "test".to_owned(),
            scopes: [].into(),
            max_role: Role::Host,
            expires: None,
        };
        key::create::run(&self.app.context, input)
            .await
            .expect("a key")
            .secret
    }
}

#[tokio::test]
async fn a_person_gets_tokens_for_themselves_and_no_stronger_than_theirs() {
    let setup = Setup::new().await;
    let key = setup.key().await;
    assert_eq!(
        setup
            .post(&key, "/v1/rooms", json!({ "name": "r" }))
            .await
            .0,
        StatusCode::CREATED
    );
    let mut claims = setup.issuer.claims("auth0|ada");
    claims["name"] = "Ada".into();
    let ada = RSA.token("one", &claims);
    let path = "/v1/rooms/r/tokens";
    let (status, token) = setup
        .post(&ada, path, json!({ "user_id": "eve", "user_name": "Eve" }))
        .await;
    assert_eq!(status, StatusCode::CREATED, "{token}");
    assert_eq!(
        [&token["user_id"], &token["user_name"], &token["role"]],
        [
            &json!("app:auth0+7Cada"),
            &json!("Ada"),
            &json!("participant")
        ]
    );
    assert_eq!(
        setup.post(&ada, path, json!({ "role": "host" })).await.0,
        FORBIDDEN
    );
    for spec in [
        json!({ "properties": { "x": 1 } }),
        json!({ "shared": true }),
    ] {
        let (status, refused) = setup.post(&ada, path, spec).await;
        assert_eq!(status, FORBIDDEN, "{refused}");
    }
    claims["tok_role"] = "host".into();
    let host = RSA.token("one", &claims);
    assert_eq!(
        setup.post(&host, path, json!({ "role": "host" })).await.0,
        StatusCode::CREATED
    );
    claims["tok_role"] = "viewer".into();
    let viewer = RSA.token("one", &claims);
    assert_eq!(
        setup
            .post(&viewer, path, json!({ "role": "viewer" }))
            .await
            .0,
        StatusCode::CREATED
    );
    assert_eq!(setup.post(&viewer, path, json!({})).await.0, FORBIDDEN);
    let call = json!({ "caller": { "user": "x" }, "callee": { "user": "y" } });
    assert_eq!(setup.post(&viewer, "/v1/calls", call).await.0, FORBIDDEN);
}

/// The name of a room is what opens it to whoever signs in: nobody tries one after another, by whatever
/// account, while those with a key are not counted.
#[tokio::test]
async fn people_guess_no_names_of_rooms() {
    // So slowly that none comes back while all of them are asked for.
    let setup = Setup::with("[server]\nmiss_rate = '60/1h'").await;
    let key = setup.key().await;
    let made = json!({ "name": "board-2031", "privacy": "private" });
    assert_eq!(
        setup.post(&key, "/v1/rooms", made).await.0,
        StatusCode::CREATED
    );
    let mut statuses = Vec::new();
    for n in 0..70 {
        let (by, path) = (
            setup.token(&format!("guesser-{}", n % 7)),
            format!("/v1/rooms/board-{n}/tokens{}", ["", "?dry_run=true"][n % 2]),
        );
        statuses.push(setup.post(&by, &path, json!({})).await.0);
    }
    assert_eq!(statuses[..60], [NOT_FOUND; 60]);
    assert_eq!(statuses[62..], [StatusCode::TOO_MANY_REQUESTS; 8]);
    let path = "/v1/rooms/board-2031/tokens";
    assert_eq!(
        setup.post(&key, path, json!({})).await.0,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn what_is_not_a_persons_own_is_closed_to_people() {
    let setup = Setup::with("scopes = ['rooms:write', 'compat', 'tokens', 'calls:read', 'calls:write', 'devices:read', 'devices:write', 'notifications:read', 'notifications:write', 'presence:read', 'presence:write']").await;
    let ada = setup.token("ada");
    let document =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json"));
    let document: Value = serde_json::from_str(&document.expect("text")).expect("JSON");
    let own = [
        ("post", "/v1/rooms/{name}/tokens"),
        ("get", "/v1/calls"),
        ("post", "/v1/calls"),
        ("get", "/v1/devices"),
        ("post", "/v1/devices"),
        // What every browser may know.
        ("get", "/v1/push/key"),
    ];
    // Of these what is somebody else's is not found, or is refused.
    let by_name = [
        "/v1/calls/",
        "/v1/devices/",
        "/v1/presence/",
        "/v1/users/{id}/notifications",
    ];
    let mut closed = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            if !path.starts_with("/v1/") || own.contains(&(method.as_str(), path.as_str())) {
                continue;
            }
            let filled = path
                .replace("{user}", "eve")
                .replace("{id}", "eve")
                .replace("{name}", "r")
                .replace("{connection}", "c")
                .replace("{notification}", "n")
                .replace("{index}", "users");
            let method: Method = method.to_uppercase().parse().expect("a method");
            let body = match filled.as_str() {
                "/v1/tokens:inspect" => json!({ "token": "x" }),
                "/v1/users" => json!({ "name": "x" }),
                _ if filled.contains("connections") => json!({ "state": "online" }),
                _ => json!({}),
            };
            let body = if method == Method::GET || method == Method::DELETE {
                Value::Null
            } else {
                body
            };
            let (status, answer) = setup.ask(&ada, method.clone(), &filled, body).await;
            let named = by_name.iter().any(|start| path.starts_with(start));
            let refused = status == FORBIDDEN || (named && status == NOT_FOUND);
            // A body that is not as documented may be told before.
            let early = status == StatusCode::BAD_REQUEST && answer["code"] == "invalid_input";
            assert!(refused || early, "{method} {filled}: {status} {answer}");
            closed += u32::from(refused);
        }
    }
    assert!(closed > 40, "{closed}");
}

#[tokio::test]
async fn a_person_has_devices_presence_and_an_inbox_of_their_own() {
    let setup = Setup::new().await;
    let (ada, eve) = (setup.token("ada"), setup.token("eve"));
    let body = json!({ "token": "push-1", "platform": "gcm", "user_id": "app:eve" });
    let (status, device) = setup.post(&ada, "/v1/devices", body).await;
    assert_eq!(
        (status, &device["user_id"]),
        (OK, &json!("app:ada")),
        "{device}"
    );
    let path = format!("/v1/devices/{}", device["id"].as_str().expect("an id"));
    let count = async |token: &str| {
        let (status, list) = setup.get(token, "/v1/devices").await;
        assert_eq!(status, OK, "{list}");
        list["items"].as_array().expect("a list").len()
    };
    assert_eq!((count(&ada).await, count(&eve).await), (1, 0));
    assert_eq!(setup.get(&eve, &path).await.0, NOT_FOUND);
    assert_eq!(
        setup.ask(&eve, Method::DELETE, &path, Value::Null).await.0,
        NOT_FOUND
    );
    assert_eq!(setup.get(&ada, &path).await.0, OK);
    let put = async |token: &str, user: &str| {
        let path = format!("/v1/presence/{user}/connections/c1");
        setup
            .ask(token, Method::PUT, &path, json!({ "state": "online" }))
            .await
            .0
    };
    assert_eq!(put(&ada, "app:ada").await, OK);
    assert_eq!(put(&ada, "app:eve").await, FORBIDDEN);
    assert_eq!(setup.get(&ada, "/v1/presence/app:ada").await.0, OK);
    assert_eq!(setup.get(&eve, "/v1/presence/app:ada").await.0, FORBIDDEN);
    assert_eq!(
        setup.get(&ada, "/v1/users/app:ada/notifications").await.0,
        OK
    );
    assert_eq!(
        setup.get(&eve, "/v1/users/app:ada/notifications").await.0,
        FORBIDDEN
    );
    let gone = setup.ask(&ada, Method::DELETE, &path, Value::Null).await;
    assert_eq!(gone.0, OK, "{gone:?}");
}

#[tokio::test]
async fn a_person_calls_and_answers_as_themselves() {
    let setup = Setup::new().await;
    let [ada, bob, eve] = ["ada", "bob", "eve"].map(|name| setup.token(name));
    for (token, push) in [(&ada, "a"), (&bob, "b"), (&eve, "e")] {
        let device = json!({ "token": push, "platform": "gcm" });
        assert_eq!(setup.post(token, "/v1/devices", device).await.0, OK);
    }
    let ring = json!({ "caller": { "user": "app:eve" }, "callee": { "user": "app:bob" } });
    let (status, started) = setup.post(&ada, "/v1/calls", ring).await;
    assert_eq!(status, StatusCode::CREATED, "{started}");
    assert_eq!(started["call"]["caller"]["user_id"], "app:ada");
    let id = started["call"]["id"].as_str().expect("an id").to_owned();
    let path = |what: &str| format!("/v1/calls/{id}{what}");
    for token in [&ada, &bob] {
        assert_eq!(setup.get(token, &path("")).await.0, OK);
        let (_, list) = setup.get(token, "/v1/calls").await;
        assert_eq!(list["items"][0]["id"], id.as_str(), "{list}");
    }
    let (_, none) = setup.get(&eve, "/v1/calls").await;
    assert_eq!(none["items"], json!([]));
    for (what, body) in [
        ("", Value::Null),
        ("/accept", json!({})),
        ("/decline", Value::Null),
        ("/cancel", Value::Null),
        ("/end", json!({})),
    ] {
        let method = if what.is_empty() {
            Method::GET
        } else {
            Method::POST
        };
        assert_eq!(
            setup.ask(&eve, method, &path(what), body).await.0,
            NOT_FOUND,
            "{what}"
        );
    }
    assert_eq!(
        setup.post(&ada, &path("/accept"), json!({})).await.0,
        NOT_FOUND
    );
    assert_eq!(
        setup.post(&bob, &path("/cancel"), Value::Null).await.0,
        FORBIDDEN
    );
    let (status, accepted) = setup.post(&bob, &path("/accept"), json!({})).await;
    assert_eq!(
        (status, &accepted["token"]["user_id"]),
        (OK, &json!("app:bob")),
        "{accepted}"
    );
    let (status, ended) = setup.post(&ada, &path("/end"), json!({})).await;
    assert_eq!((status, &ended["state"]), (OK, &json!("ended")), "{ended}");
    call::follow::run_once(&setup.app.context)
        .await
        .expect("the call is cleaned up");
    for (token, there) in [(&ada, true), (&bob, true), (&eve, false)] {
        let (status, list) = setup.get(token, "/v1/calls?past=true").await;
        assert_eq!((status, list["next"].is_null()), (OK, true), "{list}");
        let past = list["items"][0]["id"] == id.as_str();
        assert_eq!(past, there, "{list}");
    }
}

#[tokio::test]
async fn refusals_say_a_reason_and_never_which_check_failed() {
    let setup = Setup::new().await;
    let mut late = setup.issuer.claims("ada");
    late["exp"] = json!(1_000_000_000);
    let mut stranger = setup.issuer.claims("ada");
    stranger["iss"] = "https://evil.example.com".into();
    let mut theirs = setup.issuer.claims("ada");
    theirs["aud"] = "them".into();
    for (token, reason) in [
        (RSA.token("one", &late), "token_expired"),
        (RSA.token("one", &stranger), "issuer_unknown"),
        (RSA.token("one", &theirs), "token_invalid"),
        (
            OTHER.token("one", &setup.issuer.claims("ada")),
            "token_invalid",
        ),
    ] {
        let (status, body) = setup.get(&token, "/v1/calls").await;
        assert_eq!(
            (status, &body["reason"]),
            (UNAUTHORIZED, &json!(reason)),
            "{body}"
        );
        if reason == "token_invalid" {
            assert_eq!(body["detail"], "the sign-in token is not valid");
        }
    }
    let (status, body) = setup.get("tok_00_00", "/v1/calls").await;
    assert_eq!(
        (status, &body["detail"]),
        (UNAUTHORIZED, &json!("the API key is not valid"))
    );
    assert_eq!(setup.get(&setup.key().await, "/v1/rooms").await.0, OK);
}

#[tokio::test]
async fn an_issuer_that_is_away_holds_up_nobody_who_was_known() {
    let setup = Setup::new().await;
    let ada = setup.token("ada");
    assert_eq!(setup.get(&ada, "/v1/calls").await.0, OK);
    let asked = setup.issuer.asked().len();
    for day in [
        Day::Broken,
        Day::Empty,
        Day::Huge,
        Day::Elsewhere,
        Day::Slow(Duration::from_secs(4)),
    ] {
        setup.issuer.have(day);
        let unknown = RSA.token("two", &setup.issuer.claims("ada"));
        let waiting = setup.get(&unknown, "/v1/calls");
        let began = Instant::now();
        let (known, unknown) = tokio::join!(
            async { (setup.get(&ada, "/v1/calls").await.0, began.elapsed()) },
            waiting
        );
        assert_eq!(known.0, OK, "{day:?}");
        assert!(known.1 < Duration::from_secs(3), "{day:?}: {:?}", known.1);
        assert_eq!(unknown.0, UNAUTHORIZED);
    }
    // The gate: all of these are within half a minute.
    let paths = setup.issuer.asked();
    assert!(paths.len() <= asked + 2, "{paths:?}");
    assert!(!paths.iter().any(|path| path == "/moved"), "{paths:?}");
}

#[tokio::test]
async fn without_keys_nobody_signs_in_and_keys_of_ours_still_open() {
    for day in [
        Day::Broken,
        Day::Empty,
        Day::Huge,
        Day::Elsewhere,
        Day::Renamed,
    ] {
        let issuer = FakeIssuer::start(&RSA).await;
        issuer.have(day);
        let dir = TempDir::new().expect("a directory");
        let file = write(dir.path(), &issuer.table(""));
        let app = TestApp::with(&[("TOK_CONFIG", &file), ("TOK_AUTH__MODE", "oidc")]).await;
        let setup = Setup {
            app,
            issuer,
            _dir: dir,
        };
        let (status, body) = setup.get(&setup.token("ada"), "/v1/calls").await;
        assert_eq!(
            (status, &body["reason"]),
            (UNAUTHORIZED, &json!("keys_unavailable")),
            "{day:?}"
        );
        assert_eq!(setup.get(&setup.key().await, "/v1/rooms").await.0, OK);
        assert!(!setup.issuer.asked().iter().any(|path| path == "/moved"));
    }
}

#[tokio::test]
async fn an_unchanged_client_of_the_original_works_where_the_operator_allows_it() {
    let closed = Setup::new().await;
    let ada = closed.token("ada");
    let make = json!({ "name": "call-1" });
    assert_eq!(
        closed.post(&ada, "/create-room", make.clone()).await.0,
        FORBIDDEN
    );
    let half = Setup::with("scopes = ['compat']").await;
    assert_eq!(
        half.post(&half.token("ada"), "/create-room", make.clone())
            .await
            .0,
        FORBIDDEN
    );
    let open = Setup::with("scopes = ['compat', 'rooms:write']").await;
    let ada = open.token("ada");
    let (status, room) = open.post(&ada, "/create-room", make).await;
    assert_eq!((status, &room["name"]), (OK, &json!("call-1")), "{room}");
    let gone = open
        .ask(&ada, Method::DELETE, "/delete-room/call-1", Value::Null)
        .await;
    assert_eq!(gone, (OK, json!({ "deleted": true, "name": "call-1" })));
    let late = OTHER.token("one", &open.issuer.claims("ada"));
    let (status, body) = open.post(&late, "/create-room", json!({})).await;
    assert_eq!(
        (status, &body["error"]),
        (UNAUTHORIZED, &json!("authentication-error"))
    );
    assert_eq!(open.get(&ada, "/v1/rooms").await.0, FORBIDDEN);
}

/// A socket by polling; returns its address.
pub async fn connect(client: &Client, server: &str, token: &str) -> String {
    let path = format!("{server}/socket.io/?EIO=4&transport=polling");
    let opened = client.get(&path).send().await;
    let text = opened.expect("an answer").text().await.expect("a body");
    let open: Value = serde_json::from_str(&text[text.find('{').expect("JSON")..]).expect("JSON");
    let url = format!("{path}&sid={}", open["sid"].as_str().expect("an id"));
    let hello = format!("40{}", json!({ "token": token }));
    send(client, &url, &hello).await;
    url
}

/// Sends a packet.
pub async fn send(client: &Client, url: &str, packet: &str) {
    let sent = client.post(url).body(packet.to_owned()).send().await;
    assert_eq!(sent.expect("an answer").status(), OK);
}

/// What is heard until this is among it, or the connection is over.
pub async fn hear(client: &Client, url: &str, until: &str) -> String {
    let mut heard = String::new();
    let deadline = Instant::now() + PATIENCE;
    while !heard.contains(until) {
        assert!(Instant::now() < deadline, "no {until} in {heard}");
        let answer = client.get(url).send().await.expect("an answer");
        let over = answer.status() != OK;
        heard.push_str(&answer.text().await.expect("a body"));
        if over {
            break;
        }
        if heard.ends_with('2') {
            let pong = client.post(url).body("3").send().await;
            drop(pong);
        }
    }
    heard
}

#[tokio::test]
async fn a_socket_ends_with_the_token_that_it_came_with_and_is_told() {
    let setup = Setup::with("scopes = ['rooms:write']").await;
    let mut claims = setup.issuer.claims("ada");
    // As long as it may take until the room is made.
    let end = jiff::Timestamp::now().as_second() + 12;
    claims["exp"] = end.into();
    let url = connect(
        &setup.app.client,
        &setup.app.url(""),
        &RSA.token("one", &claims),
    )
    .await;
    hear(&setup.app.client, &url, "40{").await;
    // It may make rooms by it, and is there.
    send(&setup.app.client, &url, "420[\"create-room\",\"Mine\"]").await;
    let heard = hear(&setup.app.client, &url, "430").await;
    assert!(heard.contains("\"success\":true"), "{heard}");
    let key = setup.key().await;
    let (_, present) = setup.get(&key, "/v1/presence/app:ada").await;
    assert_eq!(present["state"], "online", "{present}");
    let heard = hear(&setup.app.client, &url, "41").await;
    let now = jiff::Timestamp::now().as_second();
    assert!(
        heard.contains("error-event") && heard.contains("T401"),
        "{heard}"
    );
    assert!(heard.contains("run out"), "{heard}");
    assert!((end..end + 20).contains(&now), "{now}, not {end}");
}

#[tokio::test]
async fn a_socket_whose_token_is_no_good_is_told_and_is_nobody() {
    let setup = Setup::new().await;
    let url = connect(
        &setup.app.client,
        &setup.app.url(""),
        &OTHER.token("one", &setup.issuer.claims("ada")),
    )
    .await;
    let heard = hear(&setup.app.client, &url, "error-event").await;
    assert!(
        heard.contains("the sign-in token is not valid") && heard.contains("T401"),
        "{heard}"
    );
    send(&setup.app.client, &url, "421[\"create-room\",\"Mine\"]").await;
    let heard = hear(&setup.app.client, &url, "431").await;
    assert!(
        heard.contains("\"success\":false") && heard.contains("401"),
        "{heard}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_names_what_is_wrong_with_an_issuer() {
    let issuer = FakeIssuer::start(&RSA).await;
    let binary = Binary::with(&[("TOK_AUTH__MODE", "oidc")]);
    std::fs::write(binary.dir().join("tok.toml"), issuer.table("")).expect("written");
    binary.run(&["doctor"]).ok();
    for (day, part) in [
        (Day::Broken, "answers 500"),
        (Day::Empty, "publishes no key that signs with RS256"),
        (Day::Renamed, "calls itself"),
        (Day::Late, "clock is"),
    ] {
        issuer.have(day);
        let run = binary.run(&["doctor", "--json"]);
        assert_eq!(run.code == Some(0), day == Day::Late, "{run:#?}");
        assert!(run.stdout.contains(part), "{day:?}: {run:#?}");
    }
    let away = issuer
        .table("")
        .replace(&issuer.url(), "http://127.0.0.1:9");
    std::fs::write(binary.dir().join("tok.toml"), away).expect("written");
    let run = binary.run(&["doctor", "--json"]);
    assert!(run.stdout.contains("cannot be reached"), "{run:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inspect_explains_a_token_claim_by_claim_and_never_prints_it() {
    let issuer = FakeIssuer::start(&RSA).await;
    let binary = Binary::with(&[("TOK_AUTH__MODE", "oidc")]);
    std::fs::write(binary.dir().join("tok.toml"), issuer.table("")).expect("written");
    let good = RSA.token("one", &issuer.claims("ada"));
    let run = binary.pipe(&["token", "inspect"], &good).ok();
    for part in ["iss", "alg", "signature", "aud", "exp", "\"ada\""] {
        assert!(run.stdout.contains(part), "no {part} in {run:#?}");
    }
    assert!(!run.stdout.contains(&good[..40]), "{run:#?}");
    let facts = binary
        .pipe(&["token", "inspect", "--json"], &good)
        .ok()
        .json();
    assert_eq!(
        [&facts["valid"], &facts["user_id"]],
        [&json!(true), &json!("app:ada")]
    );
    let mut claims = issuer.claims("ada");
    claims["aud"] = "them".into();
    let run = binary.pipe(&["token", "inspect"], &RSA.token("one", &claims));
    assert_eq!(run.code, Some(5), "{run:#?}");
    assert!(
        run.stderr.contains("aud: it must be, or hold, one of us"),
        "{run:#?}"
    );
}

#[tokio::test]
async fn tokens_of_the_emulator_are_for_this_machine_only() {
    let variables = [
        ("TOK_AUTH__MODE", "firebase"),
        ("TOK_AUTH__FIREBASE_PROJECT", "demo"),
        ("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099"),
    ];
    let app = TestApp::with(&variables).await;
    let now = jiff::Timestamp::now().as_second();
    let claims = json!({
        "iss": "https://securetoken.google.com/demo", "aud": "demo", "sub": "uid7",
        "iat": now, "auth_time": now, "exp": now + 3600,
    });
    let token = Signer::Nobody.raw(r#"{"alg":"none","typ":"JWT"}"#, &claims.to_string());
    let ask = || {
        app.client
            .get(app.url("/v1/presence/uid7"))
            .bearer_auth(&token)
    };
    assert_eq!(
        answer(ask()).await.0,
        NOT_FOUND,
        "its own, of which nothing is known"
    );
    let passed_on = answer(ask().header("x-forwarded-for", "203.0.113.7")).await;
    assert_eq!(passed_on.0, FORBIDDEN, "{passed_on:?}");
    let real = TestApp::with(&variables[..2]).await;
    let request = real
        .client
        .get(real.url("/v1/presence/uid7"))
        .bearer_auth(&token);
    let (status, body) = answer(request).await;
    assert_eq!(
        (status, &body["reason"]),
        (UNAUTHORIZED, &json!("token_invalid"))
    );
    let serve = [
        "serve",
        "--bind",
        "0.0.0.0:0",
        "--ops-bind",
        "127.0.0.1:0",
        "--insecure",
    ];
    let binary = Binary::with(&variables);
    binary
        .run(&serve)
        .refused(10, "FIREBASE_AUTH_EMULATOR_HOST is set");
    let mut public = variables.to_vec();
    public.push(("TOK_SERVER__PUBLIC_URL", "https://calls.example.com"));
    let check = Binary::with(&public).run(&["config", "check"]);
    check.refused(10, "FIREBASE_AUTH_EMULATOR_HOST is set");
}
