//! An issuer on this machine: a discovery document, keys that change, and bad days.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::signer::Signer;

/// A way to misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "each user needs a part")]
pub enum Day {
    Good,
    /// 500.
    Broken,
    /// Answers, late.
    Slow(Duration),
    /// A set without keys.
    Empty,
    /// More than anybody reads.
    Huge,
    /// Sends whoever asks for keys to another host.
    Elsewhere,
    /// Says that it is somebody else.
    Renamed,
    /// Its clock is an hour behind.
    Late,
}

struct Published {
    keys: Vec<Value>,
    day: Day,
    asked: Vec<String>,
}

/// A running issuer.
#[derive(Clone)]
pub struct FakeIssuer {
    pub address: SocketAddr,
    state: Arc<Mutex<Published>>,
}

#[allow(dead_code, reason = "each user needs a part")]
impl FakeIssuer {
    /// One that publishes this key as `one`.
    pub async fn start(signer: &Signer) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0");
        let listener = listener.await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let issuer = Self {
            address,
            state: Arc::new(Mutex::new(Published {
                keys: vec![signer.jwk("one")],
                day: Day::Good,
                asked: Vec::new(),
            })),
        };
        let router = Router::new().fallback(answer).with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        issuer
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn have(&self, day: Day) {
        self.state.lock().expect("no panic").day = day;
    }

    /// The paths that were asked for so far.
    pub fn asked(&self) -> Vec<String> {
        self.state.lock().expect("no panic").asked.clone()
    }

    /// Claims of somebody, good for an hour.
    pub fn claims(&self, sub: &str) -> Value {
        let now = Timestamp::now().as_second();
        json!({ "iss": self.url(), "aud": "us", "sub": sub, "iat": now, "exp": now + 3600 })
    }

    /// The table that believes it, with more lines.
    pub fn table(&self, more: &str) -> String {
        let url = self.url();
        format!("[[auth.issuers]]\nalias = 'app'\nissuer = '{url}'\naudience = ['us']\n{more}\n")
    }
}

async fn answer(State(issuer): State<FakeIssuer>, uri: Uri) -> Response {
    let (keys, day) = {
        let mut state = issuer.state.lock().expect("no panic");
        state.asked.push(uri.path().to_owned());
        (state.keys.clone(), state.day)
    };
    let url = issuer.url();
    if uri.path() == "/.well-known/openid-configuration" {
        let named = if day == Day::Renamed {
            "https://evil.example.com"
        } else {
            &url
        };
        let body = json!({ "issuer": named, "jwks_uri": format!("{url}/keys") });
        return axum::Json(body).into_response();
    }
    let kept = [(header::CACHE_CONTROL, "public, max-age=3600")];
    match day {
        Day::Broken => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Day::Empty => (kept, axum::Json(json!({ "keys": [] }))).into_response(),
        Day::Huge => (kept, "x".repeat(300 * 1024)).into_response(),
        Day::Elsewhere => {
            let elsewhere = url.replace("127.0.0.1", "localhost");
            let location = [(header::LOCATION, format!("{elsewhere}/moved"))];
            (StatusCode::FOUND, location).into_response()
        }
        Day::Slow(time) => {
            tokio::time::sleep(time).await;
            (kept, axum::Json(json!({ "keys": keys }))).into_response()
        }
        Day::Late => {
            let date = [(header::DATE, "Sat, 01 Jan 2000 00:00:00 GMT")];
            (kept, date, axum::Json(json!({ "keys": keys }))).into_response()
        }
        Day::Good | Day::Renamed => (kept, axum::Json(json!({ "keys": keys }))).into_response(),
    }
}
