//! A strict stand-in for Daily's REST API: it checks credential, method, path, query and body
//! against the vendor's documentation, keeps what is asked of it that Daily does not know, and can
//! misbehave on demand. Documentation: <https://docs.daily.co/reference/rest-api>.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The only API key it takes.
pub const KEY: &str = "daily-test-key";
/// The domain of that key.
pub const DOMAIN_ID: &str = "0d0a7c1e-6f0e-4d3b-9a52-111111111111";

/// A way to misbehave.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "the benchmarks use it without faults")]
pub enum Fault {
    /// Answers with this status and Daily's error object.
    Status(u16, &'static str),
    /// 429 that asks to wait so many seconds.
    RetryAfter(u64),
    /// Waits before it answers.
    Slow(Duration),
    /// Does the work, then cuts the connection in the middle of the answer.
    LoseAnswer,
    /// Cuts the connection in the middle of an answer without doing the work.
    Cut,
    /// Answers a web page with status 200.
    Html,
    /// Says that it did nothing, and does nothing.
    Idle,
    /// Answers a batch as if it had deleted so many, and deletes none.
    Deleted(u64),
}

/// A running stand-in.
#[derive(Clone)]
pub struct FakeDaily {
    pub address: SocketAddr,
    state: Arc<Mutex<World>>,
}

#[derive(Default)]
struct World {
    rooms: Vec<Value>,
    /// What rooms were made with.
    asked_for: Vec<Value>,
    /// Every page is the first one.
    stuck: bool,
    made: u64,
    people: BTreeMap<String, Vec<Value>>,
    meetings: Vec<Value>,
    recordings: Vec<Value>,
    faults: VecDeque<(String, Fault)>,
    calls: Vec<String>,
    traceparents: Vec<String>,
    wrong: Vec<String>,
}

type Reply = Result<Value, (u16, Value)>;

#[allow(dead_code, reason = "each user needs a part")]
impl FakeDaily {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(World::default()));
        let router = Router::new().fallback(answer).with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { address, state }
    }

    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.state.lock().expect("not poisoned")
    }

    /// The next call whose `METHOD /path` begins with `call` meets this fault.
    pub fn fault(&self, call: &str, fault: Fault) {
        self.world().faults.push_back((call.to_owned(), fault));
    }

    /// A room that was made elsewhere, so many days ago.
    pub fn add_room(&self, name: &str, days_old: i64, config: Value) {
        let mut world = self.world();
        let created = Timestamp::now() - jiff::SignedDuration::from_hours(24 * days_old);
        let room = room_object(&mut world, name, "public", config, created);
        world.rooms.push(room);
    }

    pub fn add_person(&self, room: &str, id: &str) {
        let person = json!({
            "id": id, "room": room, "userId": format!("user-{id}"), "userName": format!("Name {id}"),
            "mtgSessionId": "s1", "joinTime": "2026-01-01T10:00:00.000Z", "duration": 60,
        });
        self.world()
            .people
            .entry(room.to_owned())
            .or_default()
            .push(person);
    }

    pub fn add_meeting(&self, room: &str, days_ago: i64) {
        let start = Timestamp::now().as_second() - days_ago * 86_400;
        let mut world = self.world();
        let id = format!("meeting-{}", world.meetings.len());
        world.meetings.push(json!({
            "id": id, "room": room, "start_time": start, "duration": 600, "ongoing": false,
            "max_participants": 2, "participants": [],
        }));
    }

    pub fn room_names(&self) -> Vec<String> {
        let world = self.world();
        world
            .rooms
            .iter()
            .filter_map(|room| room["name"].as_str().map(str::to_owned))
            .collect()
    }

    /// The bodies that rooms were asked for with.
    pub fn asked_for(&self) -> Vec<Value> {
        self.world().asked_for.clone()
    }

    /// Which traces calls were said to belong to.
    pub fn traceparents(&self) -> Vec<String> {
        self.world().traceparents.clone()
    }

    /// From now on every page of the rooms is the first one.
    pub fn repeat_the_first_page(&self) {
        self.world().stuck = true;
    }

    /// Every call so far, as `METHOD /path`.
    pub fn calls(&self) -> Vec<String> {
        self.world().calls.clone()
    }

    /// The weather is fine again.
    pub fn forget_faults(&self) {
        self.world().faults.clear();
    }

    pub fn forget_calls(&self) {
        self.world().calls.clear();
    }

    /// Fails if anything was asked that Daily does not know, or a fault was never met.
    pub fn verify(&self) {
        let world = self.world();
        assert!(
            world.wrong.is_empty(),
            "calls Daily does not know: {:#?}",
            world.wrong
        );
        assert!(
            world.faults.is_empty(),
            "faults never met: {:?}",
            world.faults
        );
    }
}

async fn answer(
    State(state): State<Arc<Mutex<World>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri
        .path()
        .strip_prefix("/v1")
        .filter(|path| !path.is_empty())
        .unwrap_or("/");
    let call = format!("{method} {path}");
    let fault = {
        let mut world = state.lock().expect("not poisoned");
        world.calls.push(call.clone());
        let parent = headers
            .get("traceparent")
            .and_then(|parent| parent.to_str().ok());
        world.traceparents.extend(parent.map(str::to_owned));
        let due = world
            .faults
            .iter()
            .position(|(of, _)| call.starts_with(of.as_str()));
        due.and_then(|index| world.faults.remove(index))
            .map(|(_, fault)| fault)
    };
    match fault {
        Some(Fault::Status(code, error)) => {
            return reply(Err((
                code,
                json!({ "error": error, "info": format!("{error} on demand") }),
            )));
        }
        Some(Fault::RetryAfter(seconds)) => {
            let mut response = reply(Err((429, json!({ "error": "rate-limit-error" }))));
            response.headers_mut().insert("retry-after", seconds.into());
            return response;
        }
        Some(Fault::Html) => return "<!doctype html><h1>Maintenance</h1>".into_response(),
        Some(Fault::Deleted(count)) => return reply(Ok(json!({ "deleted_count": count }))),
        Some(Fault::Cut) => return cut(),
        Some(Fault::Idle) => {
            return reply(Ok(json!({ "deleted": false, "deleted_count": 0 })));
        }
        Some(Fault::Slow(time)) => tokio::time::sleep(time).await,
        Some(Fault::LoseAnswer) | None => {}
    }
    let mut world = state.lock().expect("not poisoned");
    let outcome = world.handle(&method, &uri, &headers, &body);
    if matches!(fault, Some(Fault::LoseAnswer)) {
        return cut();
    }
    reply(outcome)
}

fn reply(outcome: Reply) -> Response {
    let (status, body) = match outcome {
        Ok(body) => (200, body),
        Err((status, body)) => (status, body),
    };
    let status = StatusCode::from_u16(status).expect("a status");
    (
        status,
        [("content-type", "application/json")],
        body.to_string(),
    )
        .into_response()
}

/// Promises a hundred bytes, sends a few, breaks off.
fn cut() -> Response {
    let parts: [Result<&'static str, std::io::Error>; 2] =
        [Ok("{\"id\":"), Err(std::io::Error::other("cut"))];
    let body = Body::from_stream(futures_util::stream::iter(parts));
    (
        [
            ("content-length", "100"),
            ("content-type", "application/json"),
        ],
        body,
    )
        .into_response()
}

fn refuse(status: u16, error: &str, info: impl Into<String>) -> Reply {
    Err((status, json!({ "error": error, "info": info.into() })))
}

fn invalid(info: impl Into<String>) -> Reply {
    refuse(400, "invalid-request-error", info)
}

const PROPERTIES: [&str; 12] = [
    "nbf",
    "exp",
    "max_participants",
    "eject_at_room_exp",
    "enable_chat",
    "start_video_off",
    "start_audio_off",
    "enable_recording",
    "lang",
    "geo",
    "enable_knocking",
    "enable_prejoin_ui",
];
const TOKEN_PROPERTIES: [&str; 8] = [
    "room_name",
    "exp",
    "nbf",
    "is_owner",
    "user_name",
    "user_id",
    "permissions",
    "eject_at_token_exp",
];

impl World {
    fn handle(&mut self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Reply {
        let authorization = headers
            .get("authorization")
            .and_then(|value| value.to_str().ok());
        match authorization {
            None => return refuse(400, "authorization-header-error", "missing"),
            Some(text) if text == format!("Bearer {KEY}") => {}
            Some(_) => return Err((401, json!({ "error": "authentication-error" }))),
        }
        let Some(path) = uri.path().strip_prefix("/v1") else {
            return self.unknown(method, uri);
        };
        let body = match body {
            [] => Value::Null,
            body => match serde_json::from_slice(body) {
                Ok(body)
                    if headers
                        .get("content-type")
                        .is_some_and(|of| of == "application/json") =>
                {
                    body
                }
                _ => return refuse(400, "json-parsing-error", "not JSON"),
            },
        };
        let query: HashMap<String, String> =
            url::form_urlencoded::parse(uri.query().unwrap_or("").as_bytes())
                .into_owned()
                .collect();
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match (method.as_str(), parts.as_slice()) {
            ("GET", []) => {
                Ok(json!({ "domain_name": "tok-test", "domain_id": DOMAIN_ID, "config": {} }))
            }
            ("POST", ["rooms"]) => self.create(&body),
            ("GET", ["rooms"]) => self.list(&query),
            ("GET", ["rooms", name]) => self.find(name).map(|index| self.rooms[index].clone()),
            ("POST", ["rooms", name]) => self.update(name, &body),
            ("DELETE", ["rooms", name]) => self.delete(name),
            ("DELETE", ["batch", "rooms"]) => self.delete_batch(&body),
            ("GET", ["rooms", name, "presence"]) => {
                let people = self.people.get(*name).cloned().unwrap_or_default();
                Ok(json!({ "total_count": people.len(), "data": people }))
            }
            ("POST", ["rooms", name, "eject"]) => self.eject(name, &body),
            ("GET", ["presence"]) => Ok(json!(self.people)),
            ("GET", ["meetings"]) => self.list_meetings(&query),
            ("GET", ["meetings", id]) => found(&self.meetings, id),
            ("POST", ["rooms", name, "recordings", "start"]) => self.record(name),
            ("POST", ["rooms", name, "recordings", "stop"]) => self.stop(name),
            ("GET", ["recordings"]) => self.list_recordings(&query),
            ("GET", ["recordings", id]) => found(&self.recordings, id),
            ("DELETE", ["recordings", id]) => self.delete_recording(id),
            ("GET", ["recordings", id, "access-link"]) => found(&self.recordings, id).map(|_| {
                json!({ "download_link": format!("https://files.example/{id}?sig=1"), "expires": 2_000_000_000 })
            }),
            ("POST", ["meeting-tokens"]) => Self::mint(&body),
            ("GET", ["meeting-tokens", _]) => {
                refuse(400, "invalid-request-error", "not of this domain")
            }
            _ => self.unknown(method, uri),
        }
    }

    fn unknown(&mut self, method: &Method, uri: &Uri) -> Reply {
        self.wrong.push(format!("{method} {uri}"));
        refuse(404, "not-found", "no such endpoint")
    }

    fn find(&mut self, name: &str) -> Result<usize, (u16, Value)> {
        let now = Timestamp::now().as_second();
        let index = self.rooms.iter().position(|room| room["name"] == name);
        match index {
            Some(index)
                if self.rooms[index]["config"]["exp"]
                    .as_i64()
                    .is_some_and(|exp| exp <= now) =>
            {
                self.rooms.remove(index);
                Err((
                    404,
                    json!({ "error": "not-found", "info": format!("room {name} not found"), "deleted": true }),
                ))
            }
            Some(index) => Ok(index),
            None => Err((
                404,
                json!({ "error": "not-found", "info": format!("room {name} not found") }),
            )),
        }
    }

    fn only(body: &Value, known: &[&str]) -> Result<(), (u16, Value)> {
        let empty = Map::new();
        let fields = body.as_object().unwrap_or(&empty);
        match fields.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err((
                400,
                json!({ "error": "invalid-request-error", "info": format!("unknown parameter '{key}'") }),
            )),
            None => Ok(()),
        }
    }

    fn properties(body: &Value) -> Result<Value, (u16, Value)> {
        let properties = body.get("properties").cloned().unwrap_or_else(|| json!({}));
        Self::only(&properties, &PROPERTIES)?;
        let now = Timestamp::now().as_second();
        if let Some(exp) = properties
            .get("exp")
            .and_then(Value::as_i64)
            .filter(|exp| *exp <= now)
        {
            let info = format!("exp was '{exp}', which is in the past rather than in the future");
            return Err((
                400,
                json!({ "error": "invalid-request-error", "info": info }),
            ));
        }
        Ok(properties)
    }

    fn create(&mut self, body: &Value) -> Reply {
        self.asked_for.push(body.clone());
        Self::only(body, &["name", "privacy", "properties"])?;
        let config = Self::properties(body)?;
        let privacy = body
            .get("privacy")
            .and_then(Value::as_str)
            .unwrap_or("public");
        if !["public", "private"].contains(&privacy) {
            return invalid("privacy");
        }
        let Some(name) = body.get("name").and_then(Value::as_str) else {
            self.wrong
                .push("POST /rooms without a name cannot be repeated safely".to_owned());
            return invalid("name");
        };
        if !name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        {
            return invalid("room name contains invalid characters");
        }
        if self.find(name).is_ok() {
            return invalid(format!("a room named {name} already exists"));
        }
        let room = room_object(self, name, privacy, config, Timestamp::now());
        self.rooms.push(room.clone());
        Ok(room)
    }

    fn update(&mut self, name: &str, body: &Value) -> Reply {
        Self::only(body, &["privacy", "properties"])?;
        let properties = Self::properties(body)?;
        let index = self.find(name)?;
        if let Some(privacy) = body.get("privacy") {
            self.rooms[index]["privacy"] = privacy.clone();
        }
        let config = self.rooms[index]["config"]
            .as_object_mut()
            .expect("an object");
        for (key, value) in properties.as_object().expect("an object") {
            if value.is_null() {
                config.remove(key);
            } else {
                config.insert(key.clone(), value.clone());
            }
        }
        Ok(self.rooms[index].clone())
    }

    /// Newest first, behind the room with the id `starting_after`.
    fn list(&mut self, query: &HashMap<String, String>) -> Reply {
        let mut query = query.clone();
        if self.stuck {
            query.remove("starting_after");
        }
        let query = &query;
        page(&self.rooms, query, &["limit", "starting_after"]).inspect_err(|error| {
            self.wrong.push(format!("GET /rooms: {error:?}"));
        })
    }

    fn list_meetings(&mut self, query: &HashMap<String, String>) -> Reply {
        let known = ["limit", "starting_after", "timeframe_start", "room"];
        let since: i64 = query
            .get("timeframe_start")
            .and_then(|text| text.parse().ok())
            .unwrap_or(0);
        let of_time = |meeting: &&Value| meeting["start_time"].as_i64() >= Some(since);
        let of_room = |meeting: &&Value| {
            query
                .get("room")
                .is_none_or(|room| meeting["room"] == **room)
        };
        let meetings = self.meetings.iter().filter(of_time).filter(of_room);
        let meetings: Vec<Value> = meetings.cloned().collect();
        page(&meetings, query, &known).inspect_err(|error| {
            self.wrong.push(format!("GET /meetings: {error:?}"));
        })
    }

    fn record(&mut self, name: &str) -> Reply {
        self.find(name)?;
        let running = |of: &Value| of["room_name"] == name && of["status"] == "in-progress";
        if self.recordings.iter().any(running) {
            return invalid("has an active stream");
        }
        let id = format!("11111111-0000-4000-8000-{:012}", self.recordings.len());
        self.recordings.push(json!({
            "id": id, "room_name": name, "start_ts": Timestamp::now().as_second(),
            "status": "in-progress", "max_participants": 2, "mtgSessionId": "s1", "tracks": [],
        }));
        Ok(json!({ "status": "started" }))
    }

    fn stop(&mut self, name: &str) -> Reply {
        self.find(name)?;
        let running = |of: &&mut Value| of["room_name"] == name && of["status"] == "in-progress";
        let Some(recording) = self.recordings.iter_mut().find(running) else {
            return invalid("no active recording");
        };
        recording["status"] = json!("finished");
        recording["duration"] = json!(61);
        Ok(json!({ "status": "stopped" }))
    }

    fn list_recordings(&mut self, query: &HashMap<String, String>) -> Reply {
        let of_room = |of: &&Value| {
            query
                .get("room_name")
                .is_none_or(|room| of["room_name"] == **room)
        };
        let own: Vec<Value> = self.recordings.iter().filter(of_room).cloned().collect();
        page(&own, query, &["limit", "starting_after", "room_name"])
    }

    fn delete_recording(&mut self, id: &str) -> Reply {
        found(&self.recordings, id)?;
        self.recordings.retain(|of| of["id"] != id);
        Ok(json!({ "deleted": true, "id": id }))
    }

    fn delete(&mut self, name: &str) -> Reply {
        let index = self.find(name)?;
        self.rooms.remove(index);
        self.people.remove(name);
        Ok(json!({ "deleted": true, "name": name }))
    }

    fn delete_batch(&mut self, body: &Value) -> Reply {
        Self::only(body, &["rooms"])?;
        let names: Vec<String> = match body.get("rooms").and_then(Value::as_array) {
            Some(names) if names.len() <= 1000 => names
                .iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
            _ => return invalid("rooms must be at most 1000 names"),
        };
        // By sets: a busy machine would take longer for a thousand than anybody waits.
        let now = Timestamp::now().as_second();
        let stays = |room: &&Value| room["config"]["exp"].as_i64().is_none_or(|exp| now < exp);
        let there: HashSet<&str> = self
            .rooms
            .iter()
            .filter(stays)
            .filter_map(|room| room["name"].as_str())
            .collect();
        if let Some(name) = names.iter().find(|name| !there.contains(name.as_str())) {
            // One that has expired is gone once somebody asked for it.
            drop(self.find(name));
            return invalid(format!("room {name} not found"));
        }
        let gone: HashSet<&str> = names.iter().map(String::as_str).collect();
        let is_gone = |name: &str| gone.contains(name);
        self.rooms
            .retain(|room| !room["name"].as_str().is_some_and(is_gone));
        self.people.retain(|name, _| !is_gone(name));
        Ok(json!({ "deleted_count": names.len() }))
    }

    fn eject(&mut self, name: &str, body: &Value) -> Reply {
        Self::only(body, &["ids", "user_ids", "ban"])?;
        self.find(name)?;
        let ids = body["ids"].as_array().cloned().unwrap_or_default();
        if ids.len() > 100 {
            return invalid("at most 100 ids");
        }
        let people = self.people.entry(name.to_owned()).or_default();
        let (out, stay): (Vec<Value>, Vec<Value>) = people
            .drain(..)
            .partition(|person| ids.contains(&person["id"]));
        *people = stay;
        let ejected: Vec<_> = out.iter().map(|person| person["id"].clone()).collect();
        Ok(json!({ "ejectedIds": ejected }))
    }

    fn mint(body: &Value) -> Reply {
        let properties = &body["properties"];
        let known = |key: &String| TOKEN_PROPERTIES.contains(&key.as_str());
        let fine = properties
            .as_object()
            .is_some_and(|fields| fields.keys().all(known));
        if !fine
            || properties["room_name"].as_str().is_none()
            || properties["exp"].as_i64().is_none()
        {
            return invalid(
                "a token of ours has room_name and exp, and nothing Daily does not know",
            );
        }
        Ok(
            json!({ "token": format!("rest-token-for-{}", properties["room_name"].as_str().unwrap_or("")) }),
        )
    }
}

fn found(items: &[Value], id: &str) -> Reply {
    match items.iter().find(|item| item["id"] == id) {
        Some(item) => Ok(item.clone()),
        None => refuse(404, "not-found", format!("{id} not found")),
    }
}

fn room_object(
    world: &mut World,
    name: &str,
    privacy: &str,
    config: Value,
    created: Timestamp,
) -> Value {
    world.made += 1;
    json!({
        "id": format!("00000000-0000-4000-8000-{:012}", world.made),
        "name": name,
        "api_created": true,
        "privacy": privacy,
        "url": format!("https://tok-test.daily.co/{name}"),
        "created_at": created.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        "config": config,
        "a_field_of_tomorrow": { "kept": true },
    })
}

fn page(items: &[Value], query: &HashMap<String, String>, known: &[&str]) -> Reply {
    if let Some(key) = query.keys().find(|key| !known.contains(&key.as_str())) {
        return invalid(format!("unknown parameter '{key}'"));
    }
    let limit: usize = query
        .get("limit")
        .map_or(Ok(100), |text| text.parse())
        .unwrap_or(0);
    if !(1..=100).contains(&limit) {
        return invalid("limit must be 1 to 100");
    }
    let mut newest: Vec<&Value> = items.iter().rev().collect();
    if let Some(after) = query.get("starting_after") {
        match newest.iter().position(|item| item["id"] == after.as_str()) {
            Some(index) => drop(newest.drain(..=index)),
            None => return invalid("no such cursor"),
        }
    }
    newest.truncate(limit);
    Ok(json!({ "total_count": items.len(), "data": newest }))
}
