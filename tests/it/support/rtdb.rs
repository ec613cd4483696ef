//! A strict stand-in for Firebase Realtime Database: REST and event stream, with the vendor's
//! rules about credential, paths, parameters and entity tags; it can misbehave on demand.
//! <https://firebase.google.com/docs/reference/rest/database>

use std::collections::VecDeque;
use std::convert::Infallible;
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
use tokio::sync::{mpsc, watch};

/// A way to misbehave, met by the next request for a stream.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "each user needs a part")]
pub enum Fault {
    /// This status and error object.
    Status(u16),
    /// 307 to this address.
    Redirect(String),
    /// These bytes instead of the first state, then the end.
    Garbage(&'static str),
}

/// A running stand-in.
#[derive(Clone)]
pub struct FakeDatabase {
    pub address: SocketAddr,
    state: Arc<Mutex<World>>,
    opened: Arc<watch::Sender<usize>>,
}

#[derive(Default)]
struct World {
    tree: Value,
    streams: Vec<Stream>,
    faults: VecDeque<Fault>,
    tokens: Vec<String>,
    wrong: Vec<String>,
}

struct Stream {
    path: Vec<String>,
    sender: mpsc::UnboundedSender<Bytes>,
}

#[allow(dead_code, reason = "each user needs a part")]
impl FakeDatabase {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let fake = Self {
            address,
            state: Arc::default(),
            opened: Arc::new(watch::Sender::new(0)),
        };
        let router = Router::new()
            .fallback(answer)
            .layer(axum::extract::DefaultBodyLimit::disable())
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        fake
    }

    pub fn url(&self) -> String {
        format!("http://{}/?ns=demo", self.address)
    }

    /// The settings that make `tok` read presence here.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("TOK_PRESENCE__BACKEND", "realtime_database".to_owned()),
            ("TOK_REALTIME_DATABASE__URL", self.url()),
        ]
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.state.lock().expect("not poisoned")
    }

    pub fn fault(&self, fault: Fault) {
        self.world().faults.push_back(fault);
    }

    /// An app replaces what stands at a path.
    pub fn put(&self, path: &str, data: Value) {
        self.world().write(&parts(path), data);
    }

    /// An app changes children at a path.
    pub fn patch(&self, path: &str, data: Value) {
        let children = data.as_object().cloned().expect("an object");
        self.world().patch(&parts(path), children);
    }

    /// Changes what stands there without telling anybody, as when a stream is silent.
    pub fn put_silently(&self, path: &str, data: Value) {
        let mut world = self.world();
        set(&mut world.tree, &parts(path), data);
    }

    /// Sends every stream these bytes.
    pub fn send(&self, text: &str) {
        let text = text.to_owned();
        self.world()
            .streams
            .retain(|stream| stream.sender.send(text.clone().into()).is_ok());
    }

    /// Ends every stream.
    pub fn cut(&self) {
        self.world().streams.clear();
    }

    /// Streams that are open now.
    pub fn streams(&self) -> usize {
        let mut world = self.world();
        world.streams.retain(|stream| !stream.sender.is_closed());
        world.streams.len()
    }

    /// Waits until so many streams were opened in all.
    pub async fn opened(&self, count: usize) {
        let mut opened = self.opened.subscribe();
        let reached = opened.wait_for(|opened| *opened >= count);
        let ended = tokio::time::timeout(Duration::from_secs(20), reached).await;
        ended.expect("streams are opened").expect("open");
    }

    /// How many streams were opened in all.
    pub fn count(&self) -> usize {
        *self.opened.borrow()
    }

    /// The credentials that were sent.
    pub fn tokens(&self) -> Vec<String> {
        self.world().tokens.clone()
    }

    /// Fails if anything was asked that the database does not know, or a fault was never met.
    pub fn verify(&self) {
        let world = self.world();
        assert!(world.wrong.is_empty(), "{:#?}", world.wrong);
        assert!(world.faults.is_empty(), "never met: {:?}", world.faults);
    }
}

async fn answer(
    State(fake): State<FakeDatabase>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(path) = uri.path().strip_suffix(".json") else {
        fake.world().wrong.push(format!("{method} {uri}"));
        return error(404, "paths end with .json");
    };
    let path: Vec<String> = parts(path).iter().map(|part| decoded(part)).collect();
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    let known = ["ns", "shallow", "print", "auth", "access_token"];
    if let Some((name, _)) = query
        .iter()
        .find(|(name, _)| !known.contains(&name.as_str()))
    {
        fake.world().wrong.push(format!("{method} {uri}: {name}"));
        return error(400, "unknown parameter");
    }
    let bearer = headers.get(header::AUTHORIZATION);
    let bearer = bearer.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let Some(token) = bearer else {
        return error(401, "Permission denied");
    };
    fake.world().tokens.push(token.to_owned());
    let stream = headers
        .get(header::ACCEPT)
        .is_some_and(|accept| accept == "text/event-stream");
    let has = |name: &str| query.iter().any(|(other, _)| other == name);
    match method {
        Method::GET if stream => open(&fake, path),
        _ => fake
            .world()
            .rest(&method, &path, &headers, &body, has("shallow")),
    }
}

fn open(fake: &FakeDatabase, path: Vec<String>) -> Response {
    let mut world = fake.world();
    let mut first = None;
    match world.faults.pop_front() {
        Some(Fault::Status(status)) => return error(status, "said so"),
        Some(Fault::Redirect(to)) => {
            let to = format!("{to}/{}.json?ns=demo", path.join("/"));
            return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response();
        }
        Some(Fault::Garbage(text)) => first = Some(text.to_owned()),
        None => {}
    }
    let (sender, receiver) = mpsc::unbounded_channel::<Bytes>();
    let state = rendered(get(&world.tree, &path));
    let garbage = first.is_some();
    let text = first.unwrap_or_else(|| event("put", &json!({ "path": "/", "data": state })));
    sender.send(text.into()).expect("open");
    if !garbage {
        world.streams.push(Stream { path, sender });
    }
    fake.opened.send_modify(|opened| *opened += 1);
    let events = stream::unfold(receiver, async |mut receiver| {
        let bytes = receiver.recv().await?;
        Some((Ok::<_, Infallible>(bytes), receiver))
    });
    let kind = [(header::CONTENT_TYPE, "text/event-stream")];
    (kind, Body::from_stream(events)).into_response()
}

fn event(name: &str, data: &Value) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}

fn error(status: u16, text: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("a status");
    (status, axum::Json(json!({ "error": text }))).into_response()
}

fn tag(value: &Value) -> String {
    match value {
        Value::Null => "null_etag".to_owned(),
        value => format!("{:016x}", tok::model::digest::digest(value.to_string())),
    }
}

impl World {
    fn rest(
        &mut self,
        method: &Method,
        path: &[String],
        headers: &HeaderMap,
        body: &[u8],
        shallow: bool,
    ) -> Response {
        let before = rendered(get(&self.tree, path));
        let wanted = headers.get(header::IF_MATCH);
        let wanted = wanted.and_then(|value| value.to_str().ok());
        if wanted.is_some_and(|wanted| wanted != tag(&before)) {
            let etag = [(header::ETAG, tag(&before))];
            return (StatusCode::PRECONDITION_FAILED, etag, axum::Json(before)).into_response();
        }
        let data: Value = if *method == Method::GET || *method == Method::DELETE {
            Value::Null
        } else {
            match serde_json::from_slice(body) {
                Ok(data) => data,
                Err(_) => return error(400, "Invalid data; couldn't parse JSON object"),
            }
        };
        let shown = match *method {
            Method::GET if shallow => match before {
                Value::Object(fields) => Value::Object(
                    fields
                        .into_iter()
                        .map(|(name, _)| (name, json!(true)))
                        .collect(),
                ),
                other => other,
            },
            Method::GET => before,
            Method::PUT | Method::DELETE => {
                self.write(path, data.clone());
                data
            }
            Method::PATCH => {
                self.patch(path, data.as_object().cloned().unwrap_or_default());
                data
            }
            _ => {
                self.wrong.push(format!("{method} /{}", path.join("/")));
                return error(405, "unknown method");
            }
        };
        let etag = [(header::ETAG, tag(&get(&self.tree, path)))];
        (etag, axum::Json(shown)).into_response()
    }

    fn write(&mut self, path: &[String], data: Value) {
        set(&mut self.tree, path, data);
        self.tell(path, "put", |tree| tree);
    }

    fn patch(&mut self, path: &[String], children: Map<String, Value>) {
        for (name, data) in &children {
            let mut deep = path.to_vec();
            deep.extend(parts(name));
            set(&mut self.tree, &deep, data.clone());
        }
        let data = Value::Object(children);
        self.tell(path, "patch", |_| data.clone());
    }

    /// Tells the streams that look at the path, or at a part of it.
    fn tell(&mut self, path: &[String], name: &str, data: impl Fn(Value) -> Value) {
        let tree = self.tree.clone();
        self.streams.retain(|stream| {
            let told = if let Some(rest) = path.strip_prefix(stream.path.as_slice()) {
                let place = format!("/{}", rest.join("/"));
                event(
                    name,
                    &json!({ "path": place, "data": rendered(data(get(&tree, path))) }),
                )
            } else if stream.path.starts_with(path) {
                let state = rendered(get(&tree, &stream.path));
                event("put", &json!({ "path": "/", "data": state }))
            } else {
                return true;
            };
            stream.sender.send(told.into()).is_ok()
        });
    }
}

fn parts(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A part of a path without percent signs.
fn decoded(part: &str) -> String {
    let (mut out, mut rest) = (Vec::new(), part.as_bytes());
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).filter(|_| *first == b'%');
        let code = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(out).expect("text")
}

/// A map with small numbers for keys comes as an array once more than half of them are there.
fn rendered(value: Value) -> Value {
    let Value::Object(fields) = value else {
        return value;
    };
    let keys: Option<Vec<usize>> = fields
        .keys()
        .map(|key| key.parse().ok().filter(|n: &usize| n.to_string() == *key))
        .collect();
    let mut fields: Map<String, Value> = fields
        .into_iter()
        .map(|(key, value)| (key, rendered(value)))
        .collect();
    match keys.and_then(|keys| keys.into_iter().max()) {
        Some(largest) if fields.len() * 2 > largest + 1 => (0..=largest)
            .map(|key| fields.remove(&key.to_string()).unwrap_or_default())
            .collect(),
        _ => Value::Object(fields),
    }
}

fn get(tree: &Value, path: &[String]) -> Value {
    let found = path.iter().try_fold(tree, |node, part| node.get(part));
    found.cloned().unwrap_or_default()
}

fn set(tree: &mut Value, path: &[String], data: Value) {
    let Some((first, rest)) = path.split_first() else {
        *tree = data;
        return;
    };
    if !tree.is_object() {
        *tree = json!({});
    }
    let fields = tree.as_object_mut().expect("an object");
    let child = fields.entry(first.clone()).or_insert(Value::Null);
    set(child, rest, data);
    if child.is_null() {
        fields.remove(first);
    }
    if fields.is_empty() {
        *tree = Value::Null;
    }
}
