//! A strict stand-in for Firebase Cloud Messaging, HTTP v1: it checks credential, method, path and
//! body against the vendor's documentation and can misbehave on demand.
//! <https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send>

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Map, Value, json};
use tokio::sync::{Notify, watch};

/// The project whose messages it takes.
pub const PROJECT: &str = "demo-tok";

/// A way to misbehave, met by the next message.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "the benchmarks use it without faults")]
pub enum Fault {
    /// This status with this `FcmError` code and `Retry-After`.
    Status(u16, &'static str, Option<u64>),
    /// 429 that names the project, with `Retry-After`.
    ProjectQuota(u64),
    /// Something that is not FCM: this status and text.
    Stranger(u16, &'static str),
    /// 403 without an `FcmError`: the account may not send.
    Forbidden,
    /// Takes the message, then cuts the connection in the middle of the answer.
    LoseAnswer,
    /// Takes the message and never answers.
    Hang,
    /// Takes the message, and says 503 once it is notified.
    AwayOnce(Arc<Notify>),
}

/// A running stand-in.
#[derive(Clone)]
pub struct FakeFcm {
    pub address: SocketAddr,
    state: Arc<Mutex<World>>,
    taken: Arc<watch::Sender<usize>>,
    latency: Duration,
}

#[derive(Default)]
struct World {
    faults: VecDeque<Fault>,
    taken: Vec<Value>,
    checked: usize,
    calls: usize,
    wrong: Vec<String>,
}

#[allow(dead_code, reason = "each user needs a part")]
impl FakeFcm {
    pub async fn start() -> Self {
        Self::slow(Duration::ZERO).await
    }

    /// One that needs this long for every message.
    pub async fn slow(latency: Duration) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let fake = Self {
            address,
            state: Arc::default(),
            taken: Arc::new(watch::Sender::new(0)),
            latency,
        };
        let router = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        fake
    }

    /// The settings that make `tok` send here.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("TOK_PUSH__BACKEND", "fcm".to_owned()),
            ("TOK_FCM__PROJECT_ID", PROJECT.to_owned()),
            ("TOK_FCM__BASE_URL", format!("http://{}", self.address)),
            ("TOK_FCM__TIMEOUT", "30s".to_owned()),
        ]
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.state.lock().expect("not poisoned")
    }

    pub fn fault(&self, fault: Fault) {
        self.world().faults.push_back(fault);
    }

    /// The messages that were taken.
    pub fn taken(&self) -> Vec<Value> {
        self.world().taken.clone()
    }

    /// The `field` of the data of everything that was taken, sorted.
    pub fn texts(&self, field: &str) -> Vec<String> {
        let text = |message: &Value| message["data"][field].as_str().map(str::to_owned);
        let mut out: Vec<_> = self.taken().iter().filter_map(text).collect();
        out.sort();
        out
    }

    /// The tokens that something was taken for, sorted.
    pub fn tokens(&self) -> Vec<String> {
        let token = |message: &Value| message["token"].as_str().map(str::to_owned);
        let mut out: Vec<_> = self.taken().iter().filter_map(token).collect();
        out.sort();
        out
    }

    /// How many requests there were, whatever became of them.
    pub fn calls(&self) -> usize {
        self.world().calls
    }

    /// How many were only checked.
    pub fn checked(&self) -> usize {
        self.world().checked
    }

    /// Waits until so many messages were taken.
    pub async fn reached(&self, count: usize) {
        let mut taken = self.taken.subscribe();
        let reached = taken.wait_for(|taken| *taken >= count);
        let ended = tokio::time::timeout(Duration::from_mins(1), reached).await;
        ended
            .unwrap_or_else(|_| panic!("{} of {count} messages came", *self.taken.borrow()))
            .expect("open");
    }

    /// Fails if anything was asked that FCM does not know, or a fault was never met.
    pub fn verify(&self) {
        let world = self.world();
        assert!(world.wrong.is_empty(), "{:#?}", world.wrong);
        assert!(world.faults.is_empty(), "never met: {:?}", world.faults);
    }
}

async fn answer(
    State(fake): State<FakeFcm>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    tokio::time::sleep(fake.latency).await;
    let wrong = check(&method, &uri, &headers, &body).err();
    let fault = {
        let mut world = fake.world();
        world.calls += 1;
        if let Some(wrong) = wrong {
            world.wrong.push(wrong.clone());
            drop(world);
            return refusal(400, "INVALID_ARGUMENT", &wrong, None);
        }
        world.faults.pop_front()
    };
    let body: Value = serde_json::from_slice(&body).expect("checked");
    match fault {
        Some(Fault::Status(status, code, after)) => return refusal(status, code, "said so", after),
        Some(Fault::ProjectQuota(after)) => return quota("project:demo-tok", Some(after)),
        Some(Fault::Stranger(status, text)) => return page(status, text),
        Some(Fault::Forbidden) => {
            let error = json!({ "error": {
                "code": 403, "status": "PERMISSION_DENIED", "message": "Permission denied",
            } });
            return (StatusCode::FORBIDDEN, axum::Json(error)).into_response();
        }
        Some(Fault::Hang) => {
            take(&fake, &body);
            std::future::pending::<()>().await;
        }
        Some(Fault::AwayOnce(notified)) => {
            take(&fake, &body);
            notified.notified().await;
            return refusal(503, "UNAVAILABLE", "said so", None);
        }
        Some(Fault::LoseAnswer) => {
            take(&fake, &body);
            let cut = stream::iter([Ok("{\"name\":"), Err(std::io::Error::other("cut"))]);
            return ([(header::CONTENT_LENGTH, "100")], Body::from_stream(cut)).into_response();
        }
        None => {}
    }
    judge(&fake, &body)
}

/// What becomes of a message says its token.
fn judge(fake: &FakeFcm, body: &Value) -> Response {
    let message = &body["message"];
    let token = message["token"].as_str().or(message["topic"].as_str());
    let token = token.unwrap_or_default();
    if token.starts_with("gone") {
        return refusal(404, "UNREGISTERED", "Requested entity was not found.", None);
    }
    if token.starts_with("stranger") {
        return refusal(403, "SENDER_ID_MISMATCH", "SenderId mismatch", None);
    }
    if token.starts_with("malformed") {
        let said = "The registration token is not a valid FCM registration token";
        return refusal(400, "INVALID_ARGUMENT", said, None);
    }
    if token.starts_with("busy") {
        return quota(&format!("device:{token}"), None);
    }
    if token.starts_with("iphone") {
        return refusal(401, "THIRD_PARTY_AUTH_ERROR", "Auth error from APNS", None);
    }
    if body["validate_only"] == true {
        fake.world().checked += 1;
    } else {
        take(fake, body);
    }
    let name = format!("projects/{PROJECT}/messages/fake");
    axum::Json(json!({ "name": name })).into_response()
}

fn take(fake: &FakeFcm, body: &Value) {
    fake.world().taken.push(body["message"].clone());
    fake.taken.send_modify(|taken| *taken += 1);
}

/// 429 that says whose quota is used up.
fn quota(subject: &str, after: Option<u64>) -> Response {
    let error = json!({ "error": {
        "code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Quota exceeded.",
        "details": [
            {
                "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError",
                "errorCode": "QUOTA_EXCEEDED",
            },
            {
                "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                "violations": [{ "subject": subject, "description": "too many messages" }],
            },
        ],
    } });
    with_wait(
        (StatusCode::TOO_MANY_REQUESTS, axum::Json(error)).into_response(),
        after,
    )
}

/// What a proxy or a login page answers.
fn page(status: u16, text: &'static str) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    let kind = if text.starts_with('{') {
        "application/json"
    } else {
        "text/html"
    };
    (status, [(header::CONTENT_TYPE, kind)], text).into_response()
}

fn refusal(status: u16, code: &str, said: &str, after: Option<u64>) -> Response {
    let error = json!({ "error": {
        "code": status, "status": code, "message": said,
        "details": [{
            "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code,
        }],
    } });
    let status = StatusCode::from_u16(status).expect("a status");
    with_wait((status, axum::Json(error)).into_response(), after)
}

fn with_wait(mut response: Response, after: Option<u64>) -> Response {
    if let Some(after) = after {
        let value = after.to_string().parse().expect("a header");
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// What is not as documented.
fn check(method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
    let path = format!("/v1/projects/{PROJECT}/messages:send");
    if method != Method::POST || uri.path() != path || uri.query().is_some() {
        return Err(format!("{method} {uri}"));
    }
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("Bearer ") && value.len() > 7);
    if !bearer {
        return Err("no bearer token".to_owned());
    }
    let body: Map<String, Value> =
        serde_json::from_slice(body).map_err(|error| format!("not JSON: {error}"))?;
    if let Some(key) = body
        .keys()
        .find(|key| !["message", "validate_only"].contains(&key.as_str()))
    {
        return Err(format!("unknown field {key}"));
    }
    check_message(body["message"].as_object().ok_or("no message")?)
}

fn check_message(message: &Map<String, Value>) -> Result<(), String> {
    let targets = ["token", "topic", "condition"];
    let named = targets.iter().filter(|name| message.contains_key(**name));
    if named.count() != 1 {
        return Err("exactly one of token, topic and condition".to_owned());
    }
    let known = [
        "token",
        "topic",
        "condition",
        "data",
        "notification",
        "android",
        "apns",
        "webpush",
    ];
    if let Some(key) = message.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(format!("unknown field message.{key}"));
    }
    let data = message["data"].as_object().ok_or("data is no object")?;
    for (key, value) in data {
        if !value.is_string() {
            return Err(format!("data.{key} is not a text"));
        }
        if key == "from" || key == "message_type" || key.starts_with("google.") {
            return Err(format!("data.{key} is reserved"));
        }
        if key == "token" {
            return Err("the token stands in the payload".to_owned());
        }
    }
    let seconds = |value: &Value| {
        let text = value.as_str().and_then(|text| text.strip_suffix('s'));
        text.is_some_and(|text| text.parse::<f64>().is_ok())
    };
    let android = &message["android"];
    if android.get("ttl").is_some_and(|ttl| !seconds(ttl)) {
        return Err("android.ttl is no duration".to_owned());
    }
    let headers = |of: &str| message[of]["headers"].as_object().cloned();
    for (name, value) in headers("apns")
        .into_iter()
        .chain(headers("webpush"))
        .flatten()
    {
        if !value.is_string() {
            return Err(format!("the header {name} is not a text"));
        }
    }
    check_apple(&message["apns"])?;
    let topic = message["webpush"]["headers"]["Topic"].as_str();
    if topic.is_some_and(|topic| topic.len() > 32) {
        return Err("webpush Topic is longer than 32".to_owned());
    }
    Ok(())
}

/// Apple's rules of what goes with what.
/// <https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns>
fn check_apple(apns: &Value) -> Result<(), String> {
    let (headers, aps) = (&apns["headers"], &apns["payload"]["aps"]);
    let alert = &aps["alert"];
    let shown = alert["title"].is_string() || alert["body"].is_string();
    let right = match headers["apns-push-type"].as_str() {
        Some("alert") => shown && headers["apns-priority"] == "10",
        Some("background") => {
            alert.is_null()
                && aps["sound"].is_null()
                && headers["apns-priority"] == "5"
                && aps["content-available"] == 1
        }
        _ => false,
    };
    right
        .then_some(())
        .ok_or(format!("Apple takes no such message: {apns}"))
}
