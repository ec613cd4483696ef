//! A throw-away service account and the server that gives it tokens.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD as BASE64, URL_SAFE_NO_PAD as BASE64_URL};
use serde_json::{Value, json};

/// A token server; it gives out `token-1`, `token-2`, …
#[derive(Clone)]
pub struct FakeGoogle {
    pub address: SocketAddr,
    state: Arc<Issuer>,
}

struct Issuer {
    given: AtomicU64,
    public: Vec<u8>,
    private: String,
    /// What the next request is refused by.
    refusal: Mutex<Option<(u16, Value)>>,
}

impl Issuer {
    /// The claims of an assertion, after its signature was checked. By hand, as the client under
    /// test pads its base64 and stock readers refuse that.
    fn claims(&self, assertion: &str) -> Value {
        let (signed, signature) = assertion.rsplit_once('.').expect("three parts");
        let (_, claims) = signed.split_once('.').expect("three parts");
        let decode = |part: &str| {
            BASE64_URL
                .decode(part.trim_end_matches('='))
                .expect("base64")
        };
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.public)
            .verify(signed.as_bytes(), &decode(signature))
            .expect("signed with the account's key");
        serde_json::from_slice(&decode(claims)).expect("claims")
    }
}

impl FakeGoogle {
    pub async fn start() -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
        let der = pair.as_der().expect("a key");
        let private = pem("PRIVATE KEY", der.as_ref());
        let state = Arc::new(Issuer {
            given: AtomicU64::new(0),
            public: pair.public_key().as_ref().to_vec(),
            private,
            refusal: Mutex::default(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new()
            .route("/token", post(token))
            .with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { address, state }
    }

    /// Writes the key file of the account.
    pub fn key_file(&self, dir: &Path) -> PathBuf {
        let key = json!({
            "type": "service_account", "project_id": "demo-tok", "private_key_id": "1",
            "private_key": self.state.private, "client_email": "tok@demo-tok.example",
            "client_id": "1", "auth_uri": "http://localhost/auth",
            "token_uri": format!("http://{}/token", self.address),
        });
        let path = dir.join("service-account.json");
        std::fs::write(&path, key.to_string()).expect("written");
        path
    }

    /// Refuses the next request; `ECHO` stands for what it sent.
    #[allow(dead_code, reason = "each user needs a part")]
    pub fn refuse(&self, status: u16, said: Value) {
        *self.state.refusal.lock().expect("not poisoned") = Some((status, said));
    }

    /// How many tokens were given out.
    pub fn given(&self) -> u64 {
        self.state.given.load(Ordering::SeqCst)
    }
}

async fn token(
    State(issuer): State<Arc<Issuer>>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let assertion = form.iter().find(|(name, _)| name == "assertion");
    let refusal = issuer.refusal.lock().expect("not poisoned").take();
    if let Some((status, said)) = refusal {
        let status = StatusCode::from_u16(status).expect("a status");
        let sent = &assertion.expect("an assertion").1;
        return (status, said.to_string().replace("ECHO", sent)).into_response();
    }
    let claims = issuer.claims(&assertion.expect("an assertion").1);
    assert!(
        claims["scope"]
            .as_str()
            .expect("scopes")
            .contains("firebase.database")
    );
    let number = issuer.given.fetch_add(1, Ordering::SeqCst) + 1;
    Json(json!({
        "access_token": format!("token-{number}"), "expires_in": 3600, "token_type": "Bearer",
    }))
    .into_response()
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}
