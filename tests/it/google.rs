//! Credentials for Google's APIs, of each type that its tools write, and what a machine offers.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::extract::{Form, Path as Place, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::Kind;
use tok::backends::google::{GoogleMachine, TokenSource};

use crate::releases::eventually;
use crate::support::google::FakeGoogle;
use crate::support::{Binary, config};

/// The endpoints that give tokens, as strict as Google's.
#[derive(Clone)]
struct Endpoints {
    address: SocketAddr,
    refusing: Arc<Mutex<Option<(u16, Value)>>>,
}

impl Endpoints {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let refusing = Arc::default();
        let fake = Self { address, refusing };
        let machine = "/computeMetadata/v1/instance/service-accounts/default/token";
        let router = Router::new()
            .route("/login", post(login))
            .route("/sts", post(exchange))
            .route(
                "/v1/projects/-/serviceAccounts/{account}",
                post(impersonate),
            )
            .route("/subject", get(subject))
            .route(machine, get(machine_token))
            .route(
                "/computeMetadata/v1/project/project-id",
                get(machine_project),
            )
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        fake
    }

    fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn as_robot(&self) -> String {
        self.at("/v1/projects/-/serviceAccounts/robot:generateAccessToken")
    }

    fn refuse(&self, status: u16, said: Value) {
        *self.refusing.lock().expect("not poisoned") = Some((status, said));
    }

    fn login(&self) -> Value {
        json!({
            "type": "authorized_user", "client_id": "me", "client_secret": "NEVER-1",
            "refresh_token": "NEVER-2", "quota_project_id": "pays", "token_uri": self.at("/login"),
        })
    }

    fn external(&self, source: &Value) -> Value {
        json!({
            "type": "external_account", "audience": "//iam.googleapis.com/pool",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "token_url": self.at("/sts"), "credential_source": source,
        })
    }
}

type Fields = Form<Vec<(String, String)>>;

fn field<'a>(form: &'a Fields, name: &str) -> &'a str {
    let found = form.0.iter().find(|(other, _)| other == name);
    found.map_or("", |(_, value)| value)
}

async fn login(State(fake): State<Endpoints>, form: Fields) -> Response {
    if let Some((status, said)) = fake.refusing.lock().expect("not poisoned").clone() {
        let status = StatusCode::from_u16(status).expect("a status");
        return (status, Json(said)).into_response();
    }
    assert_eq!(field(&form, "grant_type"), "refresh_token");
    assert_eq!(field(&form, "client_id"), "me");
    assert_eq!(field(&form, "client_secret"), "NEVER-1");
    assert_eq!(field(&form, "refresh_token"), "NEVER-2");
    Json(json!({ "access_token": "of-login", "expires_in": 3599 })).into_response()
}

async fn exchange(form: Fields) -> Json<Value> {
    assert_eq!(
        field(&form, "grant_type"),
        "urn:ietf:params:oauth:grant-type:token-exchange"
    );
    assert_eq!(field(&form, "audience"), "//iam.googleapis.com/pool");
    assert!(field(&form, "scope").contains("auth/cloud-platform"));
    assert_eq!(field(&form, "subject_token"), "of-elsewhere");
    Json(json!({ "access_token": "federated", "expires_in": 3600 }))
}

async fn impersonate(
    Place(account): Place<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Json<Value> {
    assert_eq!(account, "robot:generateAccessToken");
    let own = headers["authorization"].to_str().expect("text").to_owned();
    let scopes = body["scope"].as_array().expect("scopes");
    assert!(
        scopes
            .iter()
            .any(|scope| scope.as_str().expect("text").ends_with("firebase.database"))
    );
    assert_eq!(body["lifetime"], "3600s");
    let ends = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    Json(json!({ "accessToken": format!("robot by {own}"), "expireTime": ends.to_string() }))
}

async fn subject(headers: HeaderMap) -> Response {
    if headers.get("x-proof").is_none() {
        return StatusCode::FORBIDDEN.into_response();
    }
    Json(json!({ "value": "of-elsewhere" })).into_response()
}

async fn machine_token(headers: HeaderMap) -> Json<Value> {
    assert_eq!(headers["metadata-flavor"], "Google");
    Json(json!({ "access_token": "of-machine", "expires_in": 3000, "token_type": "Bearer" }))
}

async fn machine_project(headers: HeaderMap) -> Response {
    assert_eq!(headers["metadata-flavor"], "Google");
    ([("metadata-flavor", "Google")], "machine-project").into_response()
}

fn file(dir: &Path, content: &Value) -> PathBuf {
    let path = dir.join("credential.json");
    std::fs::write(&path, content.to_string()).expect("written");
    path
}

async fn token(source: &TokenSource) -> String {
    let token = source.token().await.expect("gives a token");
    token.expose_secret().to_owned()
}

#[tokio::test]
async fn every_type_of_credential_gives_tokens() {
    let (fake, google) = (Endpoints::start().await, FakeGoogle::start().await);
    let dir = TempDir::new().expect("a directory");
    let key = std::fs::read_to_string(google.key_file(dir.path())).expect("reads");
    let key: Value = serde_json::from_str(&key).expect("JSON");
    let subject = dir.path().join("subject");
    std::fs::write(&subject, "of-elsewhere\n").expect("written");
    let by_file = fake.external(&json!({ "file": subject }));
    let by_url = fake.external(&json!({
        "url": fake.at("/subject"), "headers": { "x-proof": "yes" },
        "format": { "type": "json", "subject_token_field_name": "value" },
    }));
    let mut as_robot = by_url.clone();
    as_robot["service_account_impersonation_url"] = json!(fake.as_robot());
    let impersonated = |source: &Value| {
        json!({
            "type": "impersonated_service_account", "source_credentials": source,
            "service_account_impersonation_url": fake.as_robot(), "delegates": [],
        })
    };
    let mut workforce = fake.login();
    workforce["type"] = json!("external_account_authorized_user");
    workforce["token_url"] = fake.login()["token_uri"].clone();
    for (content, expected, project) in [
        (key.clone(), "token-1", Some("demo-tok")),
        (fake.login(), "of-login", Some("pays")),
        (workforce, "of-login", Some("pays")),
        (by_file, "federated", None),
        (by_url, "federated", None),
        (as_robot, "robot by Bearer federated", None),
        (
            impersonated(&fake.login()),
            "robot by Bearer of-login",
            None,
        ),
        (impersonated(&key), "robot by Bearer token-2", None),
    ] {
        let source = TokenSource::key_file(&file(dir.path(), &content)).expect("is a credential");
        assert_eq!(token(&source).await, expected, "{content}");
        assert_eq!(source.project().as_deref(), project, "{content}");
    }
}

/// An editor wrote it anew, or it went through a variable of the environment.
#[tokio::test]
async fn a_key_that_was_passed_around_is_read() {
    let google = FakeGoogle::start().await;
    let dir = TempDir::new().expect("a directory");
    let text = std::fs::read_to_string(google.key_file(dir.path())).expect("reads");
    let mut key: Value = serde_json::from_str(&text).expect("JSON");
    let lines = key["private_key"].as_str().expect("a text");
    key["private_key"] = json!(lines.replace('\n', "\\n"));
    for (number, text) in [format!("\u{feff}{text}"), key.to_string()]
        .iter()
        .enumerate()
    {
        let path = dir.path().join("passed.json");
        std::fs::write(&path, text).expect("written");
        let source = TokenSource::key_file(&path).expect("is a credential");
        assert_eq!(token(&source).await, format!("token-{}", number + 1));
    }
}

/// Nobody has to help where a connection breaks.
#[tokio::test]
async fn a_connection_that_fails_is_no_refusal() {
    let google = FakeGoogle::start().await;
    let dir = TempDir::new().expect("a directory");
    let text = std::fs::read_to_string(google.key_file(dir.path())).expect("reads");
    let mut key: Value = serde_json::from_str(&text).expect("JSON");
    for (uri, temporary) in [
        ("http://127.0.0.1:1/token".to_owned(), true),
        (format!("http://{}/nowhere", google.address), false),
    ] {
        key["token_uri"] = json!(uri);
        let source = TokenSource::key_file(&file(dir.path(), &key)).expect("is a credential");
        let error = source.token().await.expect_err("gives none");
        assert_eq!(error.kind().is_temporary(), temporary, "{error}");
    }
}

/// Google's own words say which of the causes it is; what repeats what was sent is not shown.
#[tokio::test]
async fn a_refused_key_says_why_in_googles_words() {
    for (said, shown) in [
        (
            json!({ "error": "invalid_grant", "error_description": "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe." }),
            "(400 invalid_grant: Invalid JWT: Token must be a short-lived token",
        ),
        (
            json!({ "error": "invalid_grant", "error_description": "Invalid grant: account not found" }),
            "(400 invalid_grant: Invalid grant: account not found)",
        ),
        (
            json!({ "error": "unauthorized_client" }),
            "(400 unauthorized_client)",
        ),
        (json!("<html>"), "(400)"),
        (
            json!({ "error": "invalid_grant", "error_description": "ECHO" }),
            "(400 invalid_grant)",
        ),
    ] {
        let google = FakeGoogle::start().await;
        let dir = TempDir::new().expect("a directory");
        let source = TokenSource::key_file(&google.key_file(dir.path())).expect("is a credential");
        google.refuse(400, said.clone());
        let refused = source.token().await.expect_err("is refused");
        assert_eq!(refused.kind(), Kind::Refused, "{said}");
        assert!(refused.message().contains(shown), "{said}: {refused}");
        // All that was signed begins so.
        assert!(!format!("{refused:?}").contains("eyJ"), "{refused:?}");
        assert_eq!(google.given(), 0);
    }
    // What may pass is asked again.
    let google = FakeGoogle::start().await;
    let dir = TempDir::new().expect("a directory");
    let source = TokenSource::key_file(&google.key_file(dir.path())).expect("is a credential");
    google.refuse(503, json!({ "error": "internal_failure" }));
    assert_eq!(token(&source).await, "token-1");
}

/// What Google refuses is told by its word for it; what may pass is tried again.
#[tokio::test]
async fn a_refused_login_says_why_and_shows_nothing() {
    let fake = Endpoints::start().await;
    let dir = TempDir::new().expect("a directory");
    let source = TokenSource::key_file(&file(dir.path(), &fake.login())).expect("is a credential");
    let said = json!({ "error": "invalid_grant", "error_description": "NEVER-2 is revoked" });
    fake.refuse(400, said);
    let refused = source.token().await.expect_err("is refused");
    assert_eq!(refused.kind(), Kind::Refused);
    assert!(refused.message().contains("invalid_grant"), "{refused}");
    assert!(!format!("{refused:?}").contains("NEVER"), "{refused:?}");
    fake.refuse(503, json!({ "error": "NEVER-1 NEVER-2" }));
    let away = source.token().await.expect_err("is away");
    assert!(away.kind().is_temporary(), "{away}");
    assert!(!format!("{away:?}").contains("NEVER"), "{away:?}");
    let gone = fake.external(&json!({ "file": dir.path().join("none") }));
    let source = TokenSource::key_file(&file(dir.path(), &gone)).expect("is a credential");
    let refused = source.token().await.expect_err("is refused");
    assert!(refused.message().contains("external account"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_is_asked_where_its_metadata_server_is() {
    let fake = Endpoints::start().await;
    let dir = TempDir::new().expect("a directory");
    for host in [fake.address.to_string(), fake.at("/")] {
        let machine = GoogleMachine {
            login_file: Some(dir.path().join("none.json")),
            metadata_host: Some(host),
        };
        let source = TokenSource::machine(machine);
        assert_eq!(token(&source).await, "of-machine");
        // Who does not answer within a second is no metadata server.
        let project = eventually("the machine names the project", || source.project());
        assert_eq!(project, "machine-project");
    }
    // Whoever is logged in comes first.
    let machine = GoogleMachine {
        login_file: Some(file(dir.path(), &fake.login())),
        metadata_host: Some(fake.address.to_string()),
    };
    let source = TokenSource::machine(machine);
    assert_eq!(token(&source).await, "of-login");
    assert_eq!(source.project().as_deref(), Some("pays"));
    // So the doors find it: no setting of ours is needed.
    let host = fake.address.to_string();
    let base = fake.at("");
    let variables = [
        ("TOK_PUSH__BACKEND", "fcm"),
        ("TOK_FCM__BASE_URL", base.as_str()),
        ("GCE_METADATA_HOST", host.as_str()),
    ];
    eventually("the doors find it", || {
        tok::context::Context::open(&config(dir.path(), &variables), dir.path()).ok()
    });
    let nowhere = [
        ("TOK_PUSH__BACKEND", "fcm"),
        ("GCE_METADATA_HOST", "127.0.0.1:1"),
    ];
    let refused = tok::context::Context::open(&config(dir.path(), &nowhere), dir.path());
    let refused = refused.err().expect("nothing names a project");
    assert!(
        refused.message().contains("fcm.project_id is not set"),
        "{refused}"
    );
}

#[test]
fn variables_of_googles_tools_are_taken_as_people_write_them() {
    for (name, value, key, shown) in [
        ("GOOGLE_CLOUD_PROJECT", "demo", "google.project_id", "demo"),
        ("GCLOUD_PROJECT", "demo", "google.project_id", "demo"),
        (
            "GCE_METADATA_HOST",
            "127.0.0.1:9",
            "google.metadata_host",
            "127.0.0.1:9",
        ),
        (
            "FIRESTORE_EMULATOR_HOST",
            "localhost:8080",
            "firestore.base_url",
            "http://localhost:8080/",
        ),
        (
            "FIRESTORE_EMULATOR_HOST",
            "http://[::1]:8080",
            "firestore.base_url",
            "http://[::1]:8080/",
        ),
        (
            "FIREBASE_DATABASE_EMULATOR_HOST",
            "http://127.0.0.1:9000",
            "realtime_database.url",
            "http://127.0.0.1:9000/",
        ),
        (
            "FIREBASE_DATABASE_EMULATOR_HOST",
            "127.0.0.1:9000",
            "realtime_database.url",
            "http://127.0.0.1:9000/",
        ),
    ] {
        let binary = Binary::with(&[(name, value)]);
        let told = binary.run(&["config", "show", "--json"]).ok().json();
        let all = told.as_array().expect("settings");
        let found = all
            .iter()
            .find(|setting| setting["key"] == key)
            .expect("is shown");
        assert_eq!(
            found["value"]
                .as_str()
                .map(|text| text.trim_end_matches('/')),
            Some(shown.trim_end_matches('/')),
            "{name}={value}: {found}"
        );
    }
}

/// Each file that is none is refused in words of its own.
#[test]
fn a_file_of_no_use_is_told_by_what_it_is() {
    for (content, part) in [
        (
            json!({ "type": "external_account", "credential_source": { "environment_id": "aws1" } }),
            "AWS",
        ),
        (json!({ "web": { "client_secret": "NEVER" } }), "OAuth"),
        (json!({ "project_info": {} }), "google-services.json"),
        (json!("NEVER"), "is not the JSON of a credential"),
    ] {
        let binary = Binary::with(&[
            ("TOK_PUSH__BACKEND", "fcm"),
            ("TOK_FCM__PROJECT_ID", "demo"),
            ("GOOGLE_APPLICATION_CREDENTIALS", "credential.json"),
        ]);
        file(binary.dir(), &content);
        let run = binary.run(&["notify", "flush"]);
        let told = format!("{}{}", run.stdout, run.stderr);
        assert_eq!(run.code, Some(10), "{told}");
        assert!(told.contains(part) && !told.contains("NEVER"), "{told}");
    }
}
