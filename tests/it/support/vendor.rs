//! What the strict stand-ins of vendors share: they hear requests one at a time, can misbehave on
//! demand, and remember what they were asked that the vendor does not know.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A way to misbehave.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "each user needs a part")]
pub enum Trouble {
    /// Answers with this status and an error object.
    Status(u16),
    /// 429 that asks to wait so many seconds.
    RetryAfter(u64),
    /// Waits before it does the work and answers.
    Slow(Duration),
    /// Does the work, then cuts the connection in the middle of the answer.
    LoseAnswer,
    /// Cuts the connection in the middle of an answer without doing the work.
    Cut,
}

/// A request as it came.
#[allow(dead_code, reason = "each user needs a part")]
pub struct Asked {
    pub method: String,
    /// The parts of the path, percent-decoded.
    pub parts: Vec<String>,
    /// The path as it was sent.
    pub raw: String,
    pub query: BTreeMap<String, String>,
    pub query_text: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

#[allow(dead_code, reason = "each user needs a part")]
impl Asked {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default()
    }

    /// The body as JSON; an empty one is null.
    pub fn json(&self) -> Result<Value, Reply> {
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        if !self.header("content-type").starts_with("application/json") {
            return Err(Reply::wrong("the body is not said to be JSON"));
        }
        serde_json::from_slice(&self.body).map_err(|_| Reply::wrong("the body is not JSON"))
    }

    /// The body as a JSON object with no other fields than these.
    pub fn object(&self, known: &[&str]) -> Result<Value, Reply> {
        let body = self.json()?;
        let Some(fields) = body.as_object() else {
            return Err(Reply::wrong("the body is no object"));
        };
        match fields.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(Reply::wrong(format!("unknown field {key}"))),
            None => Ok(body),
        }
    }

    /// Insists that there are no other query parameters than these.
    pub fn only(&self, known: &[&str]) -> Result<(), Reply> {
        match self.query.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(Reply::wrong(format!("unknown parameter {key}"))),
            None => Ok(()),
        }
    }

    pub fn number(&self, name: &str, usual: usize) -> Result<usize, Reply> {
        match self.query.get(name) {
            None => Ok(usual),
            Some(text) => text
                .parse()
                .map_err(|_| Reply::wrong(format!("{name} is no number"))),
        }
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub body: Option<Value>,
    /// The vendor knows no such request: we must never send it.
    pub wrong: Option<String>,
}

#[allow(dead_code, reason = "each user needs a part")]
impl Reply {
    pub fn ok(body: Value) -> Self {
        Self::with(200, body)
    }

    pub fn with(status: u16, body: Value) -> Self {
        Self {
            status,
            body: Some(body),
            wrong: None,
        }
    }

    pub fn empty(status: u16) -> Self {
        Self {
            status,
            body: None,
            wrong: None,
        }
    }

    pub fn wrong(what: impl Into<String>) -> Self {
        let what = what.into();
        Self {
            wrong: Some(what.clone()),
            ..Self::with(400, json!({ "message": what }))
        }
    }
}

/// A vendor.
pub trait Vendor: Send + 'static {
    /// What stands before every path.
    const PREFIX: &'static str;

    fn handle(&mut self, asked: &Asked) -> Reply;
}

struct World<V> {
    vendor: V,
    troubles: VecDeque<(String, Trouble)>,
    calls: Vec<String>,
    wrong: Vec<String>,
}

/// A running stand-in.
pub struct Fake<V> {
    pub address: SocketAddr,
    state: Arc<Mutex<World<V>>>,
}

impl<V> Clone for Fake<V> {
    fn clone(&self) -> Self {
        Self {
            address: self.address,
            state: self.state.clone(),
        }
    }
}

#[allow(dead_code, reason = "each user needs a part")]
impl<V: Vendor> Fake<V> {
    pub async fn run(vendor: V) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(World {
            vendor,
            troubles: VecDeque::new(),
            calls: Vec::new(),
            wrong: Vec::new(),
        }));
        let router = Router::new()
            .fallback(answer::<V>)
            .with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { address, state }
    }

    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, V::PREFIX)
    }

    fn world(&self) -> MutexGuard<'_, World<V>> {
        self.state.lock().expect("not poisoned")
    }

    /// Looks at, or changes, what the vendor keeps.
    pub fn with<T>(&self, act: impl FnOnce(&mut V) -> T) -> T {
        act(&mut self.world().vendor)
    }

    /// The next call whose `METHOD /path` begins with `call` meets this trouble.
    pub fn trouble(&self, call: &str, trouble: Trouble) {
        self.world().troubles.push_back((call.to_owned(), trouble));
    }

    /// The weather is fine again.
    pub fn forget_troubles(&self) {
        self.world().troubles.clear();
    }

    /// Every call so far, as `METHOD /path`.
    pub fn calls(&self) -> Vec<String> {
        self.world().calls.clone()
    }

    pub fn forget_calls(&self) {
        self.world().calls.clear();
    }

    /// Fails if anything was asked that the vendor does not know, or a trouble was never met.
    #[track_caller]
    pub fn verify(&self) {
        let world = self.world();
        assert!(world.wrong.is_empty(), "wrong calls: {:#?}", world.wrong);
        let left = &world.troubles;
        assert!(left.is_empty(), "troubles never met: {left:?}");
    }
}

async fn answer<V: Vendor>(
    State(state): State<Arc<Mutex<World<V>>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().strip_prefix(V::PREFIX).unwrap_or("(outside)");
    let call = format!("{method} {path}");
    let trouble = {
        let mut world = state.lock().expect("not poisoned");
        world.calls.push(call.clone());
        let due = world
            .troubles
            .iter()
            .position(|(of, _)| call.starts_with(of.as_str()));
        due.and_then(|index| world.troubles.remove(index))
            .map(|(_, trouble)| trouble)
    };
    match trouble {
        Some(Trouble::Status(status)) => {
            return send(Reply::with(status, json!({ "message": "on demand" })));
        }
        Some(Trouble::RetryAfter(seconds)) => {
            let mut response = send(Reply::with(429, json!({ "message": "slow down" })));
            response.headers_mut().insert("retry-after", seconds.into());
            return response;
        }
        Some(Trouble::Cut) => return cut(),
        Some(Trouble::Slow(time)) => tokio::time::sleep(time).await,
        Some(Trouble::LoseAnswer) | None => {}
    }
    let decode = |part: &str| {
        let form = format!("x={}", part.replace('+', "%2B"));
        let pair = url::form_urlencoded::parse(form.as_bytes()).next();
        pair.map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    let query = uri.query().unwrap_or_default();
    let asked = Asked {
        method: method.to_string(),
        parts: path.split('/').skip(1).map(decode).collect(),
        raw: uri.path().to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        query_text: query.to_owned(),
        headers,
        body,
    };
    let mut world = state.lock().expect("not poisoned");
    let reply = world.vendor.handle(&asked);
    if let Some(wrong) = &reply.wrong {
        world.wrong.push(format!("{call}: {wrong}"));
    }
    if matches!(trouble, Some(Trouble::LoseAnswer)) {
        return cut();
    }
    send(reply)
}

fn send(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).expect("a status");
    match reply.body {
        Some(body) => (
            status,
            [("content-type", "application/json")],
            body.to_string(),
        )
            .into_response(),
        None => status.into_response(),
    }
}

/// Promises a hundred bytes, sends a few, breaks off.
fn cut() -> Response {
    let parts: [Result<&'static str, std::io::Error>; 2] =
        [Ok("{\"id\":"), Err(std::io::Error::other("cut"))];
    let body = Body::from_stream(futures_util::stream::iter(parts));
    let headers = [
        ("content-length", "100"),
        ("content-type", "application/json"),
    ];
    (headers, body).into_response()
}
