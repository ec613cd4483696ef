//! `auth.mode = firebase`: tokens as Firebase signs them, checked with the keys that Google publishes, on every
//! surface that people use.

use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::signature::KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nix::sys::signal::Signal;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::sign_in::{connect, hear, send};
use crate::support::google_keys::{GoogleKeys, KEY_SET};
use crate::support::signer::Signer;
use crate::support::{Binary, PATIENCE, PAUSE, answer};

const PROJECT: &str = "tok-demo";
const ISSUER: &str = "https://securetoken.google.com/tok-demo";
const SCOPES: &str = "tokens,calls:read,calls:write,devices:read,devices:write,rooms:write,compat";

static FIRST: LazyLock<Signer> = LazyLock::new(Signer::rsa);
static SECOND: LazyLock<Signer> = LazyLock::new(Signer::rsa);
static STRANGER: LazyLock<Signer> = LazyLock::new(Signer::rsa);

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// The claims that Firebase makes, some of them otherwise; what is null is not there.
fn claims(changes: Value) -> Value {
    let now = now();
    let mut claims = json!({
        "iss": ISSUER, "aud": PROJECT, "auth_time": now - 10, "user_id": "Ada7", "sub": "Ada7",
        "iat": now - 10, "exp": now + 3590, "email": "ada@example.com", "email_verified": false,
        "firebase": { "identities": { "email": ["ada@example.com"] }, "sign_in_provider": "password" },
    });
    for (name, value) in changes.as_object().expect("an object") {
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

fn signed(changes: Value) -> String {
    FIRST.token("first", &claims(changes))
}

/// The public half as whoever wants to sign with it would have it.
fn public_half(pair: &Signer) -> [Vec<u8>; 3] {
    let Signer::Rsa(pair) = pair else {
        panic!("RSA")
    };
    let public = pair.public_key();
    let der: PublicKeyX509Der<'_> = public.as_der().expect("a key");
    let text = STANDARD.encode(der.as_ref());
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n");
    let n = FIRST.jwk("first")["n"].as_str().expect("text").to_owned();
    [pem.into_bytes(), n.into_bytes(), der.as_ref().to_vec()]
}

/// Tokens that are none of the project's, or are no good any more or yet.
fn bad() -> Vec<(String, String)> {
    let other = "https://securetoken.google.com/another-project";
    let text = claims(json!({})).to_string();
    let now = now();
    let mut all: Vec<(String, String)> = Vec::new();
    let mut add = |what: &str, token: String| all.push((what.to_owned(), token));
    for (what, changes) in [
        ("another audience", json!({ "aud": "another-project" })),
        ("another issuer", json!({ "iss": other })),
        (
            "another project",
            json!({ "iss": other, "aud": "another-project" }),
        ),
        ("a slash too many", json!({ "iss": format!("{ISSUER}/") })),
        ("no audience", json!({ "aud": null })),
        ("over", json!({ "iat": now - 7200, "exp": now - 3600 })),
        ("without an end", json!({ "exp": null })),
        ("made in the future", json!({ "iat": now + 120 })),
        ("made at no time", json!({ "iat": null })),
        ("signed in in the future", json!({ "auth_time": now + 120 })),
        ("never signed in", json!({ "auth_time": null })),
        ("signed in some time", json!({ "auth_time": "yesterday" })),
        ("nobody", json!({ "sub": "" })),
        ("nobody at all", json!({ "sub": null })),
        ("a number", json!({ "sub": 7 })),
        ("a long name", json!({ "sub": "x".repeat(129) })),
    ] {
        add(what, signed(changes));
    }
    add(
        "unsigned",
        Signer::Nobody.token("first", &claims(json!({}))),
    );
    add(
        "unsigned, as the emulator does",
        Signer::Nobody.raw(r#"{"alg":"none","typ":"JWT"}"#, &text),
    );
    for secret in public_half(&FIRST) {
        let by_public = Signer::Secret(secret);
        add(
            "by the public key",
            by_public.token("first", &claims(json!({}))),
        );
    }
    add("by a stranger", STRANGER.token("first", &claims(json!({}))));
    add("an unknown key", FIRST.token("third", &claims(json!({}))));
    add("the other key", FIRST.token("second", &claims(json!({}))));
    add("no key", FIRST.raw(r#"{"alg":"RS256","typ":"JWT"}"#, &text));
    all
}

/// A server of that project that reaches Google as it has to be reached here.
fn binary(google: &GoogleKeys, more: &[(&str, &str)]) -> Binary {
    let (proxy, certificate) = (google.proxy(), google.certificate());
    let mut variables = vec![
        ("TOK_AUTH__MODE", "firebase"),
        ("TOK_AUTH__FIREBASE_PROJECT", PROJECT),
        ("TOK_AUTH__SCOPES", SCOPES),
        ("TOK_SERVER__RATE_LIMIT", "off"),
        ("TOK_SIGNALLING__CREATE_RATE", "1000/1m"),
        ("HTTPS_PROXY", &proxy),
        ("SSL_CERT_FILE", certificate.to_str().expect("text")),
    ];
    variables.extend_from_slice(more);
    Binary::with(&variables)
}

/// An account whose vendor is asked nothing here.
const MOBILE: [(&str, &str); 4] = [
    ("BW_ACCOUNT_ID", "1"),
    ("BW_USERNAME", "user"),
    ("BW_PASSWORD", "password"),
    ("TOK_BANDWIDTH__BASE_URL", "http://127.0.0.1:9"),
];

/// The surfaces of a server.
struct Surfaces {
    client: Client,
    url: String,
}

impl Surfaces {
    fn of(url: &str) -> Self {
        Self {
            client: Client::new(),
            url: url.to_owned(),
        }
    }

    async fn get(&self, path: &str, token: &str) -> (StatusCode, Value) {
        let request = self.client.get(format!("{}{path}", self.url));
        answer(request.bearer_auth(token)).await
    }

    async fn post(&self, path: &str, token: &str, body: Value) -> (StatusCode, Value) {
        let request = self.client.post(format!("{}{path}", self.url));
        answer(request.bearer_auth(token).json(&body)).await
    }

    /// What a socket with this token hears when it makes a room.
    async fn socket(&self, token: &str) -> String {
        let url = connect(&self.client, &self.url, token).await;
        let greeted = hear(&self.client, &url, "40{").await;
        send(&self.client, &url, "420[\"create-room\",\"Mine\"]").await;
        greeted + &hear(&self.client, &url, "430").await
    }

    /// The status of a token on each surface over HTTP, with what is told beside it.
    async fn each(&self, token: &str) -> [(&'static str, StatusCode, Value); 4] {
        let device = json!({ "action": "register", "notifyType": "GCM", "deviceToken": "push" });
        let chat = json!({ "from": { "id": "a", "key": "b" }, "to": "everyone", "content": "Hi" });
        let v1 = self.get("/v1/calls", token).await;
        let tokapp = self.post("/create-room", token, json!({})).await;
        let mobile = self.post("/api", token, device).await;
        let web = self.post("/api/nowhere/send", token, chat).await;
        [
            ("/v1", v1.0, v1.1),
            ("TokApp", tokapp.0, tokapp.1),
            ("Bandwidth", mobile.0, mobile.1),
            ("video-web-app", web.0, web.1),
        ]
    }

    /// The status of `/v1`, and the reason.
    async fn reason(&self, token: &str) -> (u16, Option<String>) {
        let (status, body) = self.get("/v1/calls", token).await;
        (status.as_u16(), body["reason"].as_str().map(str::to_owned))
    }

    /// Waits until `/v1` answers so.
    async fn becomes(&self, token: &str, expected: u16) {
        let coming = async {
            while self.reason(token).await.0 != expected {
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::time::timeout(PATIENCE, coming)
            .await
            .unwrap_or_else(|_| panic!("never {expected}"));
    }
}

fn both() -> [Value; 2] {
    [FIRST.jwk("first"), SECOND.jwk("second")]
}

fn told(reason: &str) -> (u16, Option<String>) {
    (401, Some(reason.to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_the_project_opens_every_surface() {
    let google = GoogleKeys::start(&both()).await;
    let binary = binary(&google, &MOBILE);
    let served = binary.serve();
    let surfaces = Surfaces::of(&served.url);
    for (what, token) in [
        ("as the app gets it", signed(json!({}))),
        (
            "of the other key",
            SECOND.token("second", &claims(json!({}))),
        ),
        (
            "of the longest name",
            signed(json!({ "sub": "x".repeat(128) })),
        ),
        (
            "of somebody who signed in last year",
            signed(json!({ "auth_time": now() - 31_000_000 })),
        ),
        (
            "of a guest",
            signed(
                json!({ "email": null, "email_verified": null, "firebase": { "identities": {}, "sign_in_provider": "anonymous" } }),
            ),
        ),
        (
            "with nothing but what must be there",
            signed(json!({ "firebase": null, "user_id": null })),
        ),
    ] {
        let [v1, tokapp, mobile, web] = surfaces.each(&token).await;
        assert_eq!(v1.1, StatusCode::OK, "{what}: {v1:?}");
        assert_eq!(tokapp.1, StatusCode::OK, "{what}: {tokapp:?}");
        assert_eq!(mobile.1, StatusCode::OK, "{what}: {mobile:?}");
        assert_eq!(web.1, StatusCode::NOT_FOUND, "{what}: {web:?}");
        let heard = surfaces.socket(&token).await;
        assert!(heard.contains("\"success\":true"), "{what}: {heard}");
    }
    // Who somebody is, is what the token says.
    let key = binary.key(&[]);
    let (status, present) = surfaces.get("/v1/presence/Ada7", &key).await;
    assert_eq!(status, StatusCode::OK, "{present}");
    let made = surfaces.post("/v1/rooms", &key, json!({ "name": "hall" }));
    assert_eq!(made.await.0, StatusCode::CREATED);
    let path = "/v1/rooms/hall/tokens";
    let wish = json!({ "user_id": "eve" });
    let (status, minted) = surfaces.post(path, &signed(json!({})), wish).await;
    assert_eq!(status, StatusCode::CREATED, "{minted}");
    assert_eq!(minted["user_id"], "Ada7");
    assert_eq!(
        surfaces.get("/v1/rooms", &signed(json!({}))).await.0,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_other_token_opens_any_surface_and_google_is_hardly_asked() {
    let google = GoogleKeys::start(&both()).await;
    let served = binary(&google, &MOBILE).serve();
    let surfaces = Surfaces::of(&served.url);
    surfaces.becomes(&signed(json!({})), 200).await;
    for (what, token) in bad() {
        for (surface, status, told) in surfaces.each(&token).await {
            assert_eq!(
                status,
                StatusCode::UNAUTHORIZED,
                "{what} on {surface}: {told}"
            );
            let told = told.to_string();
            assert!(!told.contains(&token), "{what} on {surface}: {told}");
        }
        let heard = surfaces.socket(&token).await;
        assert!(heard.contains("\"success\":false"), "{what}: {heard}");
        assert!(heard.contains("401"), "{what}: {heard}");
    }
    assert_eq!(surfaces.reason(&signed(json!({}))).await.0, 200);
    let asked = google.asked();
    assert!(asked.len() <= 2, "{asked:?}");
    assert!(asked.iter().all(|path| path == KEY_SET), "{asked:?}");
    served.signal(Signal::SIGTERM);
    let (code, log) = served.finish();
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("eyJ"), "no token is in the log: {log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_google_took_back_opens_nothing_after_the_next_look() {
    let google = GoogleKeys::start(&both()).await;
    let binary = binary(&google, &[]);
    let (old, new) = (
        signed(json!({})),
        SECOND.token("second", &claims(json!({}))),
    );
    let served = binary.serve();
    let surfaces = Surfaces::of(&served.url);
    surfaces.becomes(&old, 200).await;
    google.publish(&[SECOND.jwk("second")]);
    // Until then it is as good as it was.
    assert_eq!(surfaces.reason(&old).await.0, 200);
    drop(served);
    let served = binary.serve();
    let surfaces = Surfaces::of(&served.url);
    surfaces.becomes(&new, 200).await;
    assert_eq!(surfaces.reason(&old).await, told("token_invalid"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_google_is_away_its_last_keys_serve_and_without_any_nobody_signs_in() {
    let google = GoogleKeys::start(&both()).await;
    let binary = binary(&google, &[]);
    let served = binary.serve();
    let surfaces = Surfaces::of(&served.url);
    let good = signed(json!({}));
    surfaces.becomes(&good, 200).await;
    google.go_away();
    let unknown = FIRST.token("third", &claims(json!({})));
    assert_eq!(surfaces.reason(&unknown).await, told("token_invalid"));
    assert_eq!(surfaces.reason(&good).await.0, 200, "kept");
    drop(served);
    // Started while it is away, or is not itself: as behind the page of a hotel, or by the other document.
    let certificates =
        json!({ "first": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n" });
    let key = binary.key(&[]);
    for document in [
        None,
        Some("<!DOCTYPE html>"),
        Some("{}"),
        Some(&certificates.to_string()),
    ] {
        google.go_away();
        if let Some(text) = document {
            google.say(text);
        }
        let served = binary.serve();
        let surfaces = Surfaces::of(&served.url);
        assert_eq!(
            surfaces.reason(&good).await,
            told("keys_unavailable"),
            "{document:?}"
        );
        let (status, _) = surfaces.get("/v1/rooms", &key).await;
        assert_eq!(status, StatusCode::OK, "{document:?}");
        let run = binary.run(&["doctor", "--json"]);
        assert!(run.stdout.contains("sign-in (firebase)"), "{run:#?}");
        assert_ne!(run.code, Some(0), "{run:#?}");
    }
    google.go_away();
    let served = binary.serve();
    let surfaces = Surfaces::of(&served.url);
    assert_eq!(surfaces.reason(&good).await, told("keys_unavailable"));
    google.publish(&both());
    surfaces.becomes(&good, 200).await;
}

/// Whoever sits on the line and is not Google has no say.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_whoever_cannot_show_googles_certificate_are_not_taken() {
    let google = GoogleKeys::start(&both()).await;
    let known = std::fs::read("/etc/ssl/certs/ca-certificates.crt");
    let binary = binary(&google, &[]);
    let others = binary.dir().join("others.pem");
    std::fs::write(&others, known.expect("the machine's")).expect("written");
    let mut command = binary.command(&["doctor", "--json"]);
    let run = command.env("SSL_CERT_FILE", &others).output();
    let told = String::from_utf8_lossy(&run.expect("runs").stdout).into_owned();
    assert!(told.contains("sign-in (firebase)"), "{told}");
    assert!(told.contains("certificate"), "{told}");
    assert_eq!(google.asked(), Vec::<String>::new());
}
