//! A strict stand-in for Algolia's search API: it checks credential, method, path and body against
//! the vendor's documentation and can misbehave on demand.
//! <https://www.algolia.com/doc/rest-api/search/>

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

pub const APP: &str = "TESTAPP123";
pub const KEY: &str = "algolia-admin-key";
/// The key that those of apps are derived from.
const SEARCH_KEY: &str = "search-only";
/// What a key may do, in the vendor's order.
const RIGHTS: [&str; 11] = [
    "search",
    "browse",
    "addObject",
    "deleteObject",
    "listIndexes",
    "deleteIndex",
    "settings",
    "editSettings",
    "analytics",
    "recommendation",
    "usage",
];
/// The largest record it takes.
pub const LARGEST: usize = 10_000;

/// A way to misbehave, met by the next batch.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "the benchmarks use it without faults")]
pub enum Fault {
    /// This status and `Retry-After`.
    Status(u16, Option<u64>),
    /// Something else answers with this status and body.
    Other(u16, &'static str),
    /// Does the work and never answers.
    Hang,
    /// Waits before it does the work.
    Slow(Duration),
}

/// A running stand-in.
#[derive(Clone)]
pub struct FakeAlgolia {
    pub address: SocketAddr,
    state: Arc<Mutex<World>>,
}

#[derive(Default)]
struct World {
    indexes: BTreeMap<String, Index>,
    tasks: u64,
    faults: VecDeque<Fault>,
    /// Records whose batches are refused although they are small.
    poison: Vec<String>,
    /// What the key may not do.
    lacks: Vec<String>,
    more: Vec<String>,
    operations: u64,
    calls: Vec<String>,
    wrong: Vec<String>,
}

#[derive(Default, Clone)]
struct Index {
    records: BTreeMap<String, Value>,
    settings: Map<String, Value>,
}

type Reply = Result<Value, (u16, String)>;

#[allow(dead_code, reason = "each user needs a part")]
impl FakeAlgolia {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(World::default()));
        let fake = Self { address, state };
        let router = Router::new()
            .fallback(answer)
            .layer(axum::extract::DefaultBodyLimit::disable())
            .with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        fake
    }

    /// The settings that make `tok` search here.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("TOK_SEARCH__BACKEND", "algolia".to_owned()),
            ("TOK_ALGOLIA__APP_ID", APP.to_owned()),
            ("TOK_ALGOLIA__API_KEY", KEY.to_owned()),
            ("TOK_ALGOLIA__SEARCH_KEY", SEARCH_KEY.to_owned()),
            ("TOK_ALGOLIA__BASE_URL", format!("http://{}", self.address)),
            ("TOK_ALGOLIA__RECORD_LIMIT", format!("{LARGEST}B")),
        ]
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.state.lock().expect("not poisoned")
    }

    pub fn fault(&self, fault: Fault) {
        self.world().faults.push_back(fault);
    }

    /// The weather is fine again.
    pub fn forget_faults(&self) {
        self.world().faults.clear();
    }

    /// The key may do everything but this.
    pub fn forbid(&self, right: &str) {
        self.world().lacks.push(right.to_owned());
    }

    /// The key that those of apps are derived from may do this as well.
    pub fn allow_apps(&self, right: &str) {
        self.world().more.push(right.to_owned());
    }

    pub fn poison(&self, id: &str) {
        self.world().poison.push(id.to_owned());
    }

    /// The records of an index, by id, with what `tok` adds.
    pub fn marked(&self, index: &str) -> BTreeMap<String, Value> {
        let world = self.world();
        let index = world.indexes.get(index);
        index.map(|index| index.records.clone()).unwrap_or_default()
    }

    /// The records of an index, by id, without what `tok` adds.
    pub fn records(&self, index: &str) -> BTreeMap<String, Value> {
        let mut records = self
            .world()
            .indexes
            .get(index)
            .map(|index| index.records.clone())
            .unwrap_or_default();
        for record in records.values_mut() {
            let fields = record.as_object_mut().expect("an object");
            fields.remove("_tok");
            fields.remove("objectID");
        }
        records
    }

    /// Somebody else changes the index.
    pub fn set(&self, index: &str, id: &str, record: Value) {
        let mut world = self.world();
        let mut record = record;
        record["objectID"] = json!(id);
        let index = world.indexes.entry(index.to_owned()).or_default();
        index.records.insert(id.to_owned(), record);
    }

    pub fn settings(&self, index: &str) -> Value {
        let world = self.world();
        let index = world.indexes.get(index);
        index.map_or(Value::Null, |index| Value::Object(index.settings.clone()))
    }

    pub fn names(&self) -> Vec<String> {
        self.world().indexes.keys().cloned().collect()
    }

    /// Records written and removed so far, as the vendor bills them.
    pub fn operations(&self) -> u64 {
        self.world().operations
    }

    pub fn calls(&self) -> Vec<String> {
        self.world().calls.clone()
    }

    /// Fails if anything was asked that Algolia does not know, or a fault was never met.
    pub fn verify(&self) {
        let world = self.world();
        assert!(world.wrong.is_empty(), "{:#?}", world.wrong);
        assert!(world.faults.is_empty(), "never met: {:?}", world.faults);
    }
}

async fn answer(
    State(fake): State<FakeAlgolia>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let key = header("x-algolia-api-key").unwrap_or_default();
    // Of itself every key is told.
    let own = uri.path() == format!("/1/keys/{SEARCH_KEY}") && key == SEARCH_KEY;
    if header("x-algolia-application-id") != Some(APP) || (key != KEY && !own) {
        return refusal(403, "Invalid Application-ID or API key", None);
    }
    let parts: Vec<String> = uri.path().split('/').skip(1).map(str::to_owned).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let batch = parts.last() == Some(&"batch");
    let fault = batch.then(|| fake.world().faults.pop_front()).flatten();
    match &fault {
        Some(Fault::Status(status, after)) => return refusal(*status, "said so", *after),
        Some(Fault::Other(status, text)) => {
            let status = StatusCode::from_u16(*status).expect("a status");
            return (status, *text).into_response();
        }
        Some(Fault::Slow(time)) => tokio::time::sleep(*time).await,
        Some(Fault::Hang) | None => {}
    }
    let reply = fake.world().answer(&method, &parts, &body);
    if matches!(fault, Some(Fault::Hang)) {
        std::future::pending::<()>().await;
    }
    match reply {
        Ok(body) => axum::Json(body).into_response(),
        Err((status, message)) => refusal(status, &message, None),
    }
}

fn refusal(status: u16, message: &str, after: Option<u64>) -> Response {
    let body = json!({ "message": message, "status": status });
    let status = StatusCode::from_u16(status).expect("a status");
    let mut response = (status, axum::Json(body)).into_response();
    if let Some(after) = after {
        let value = after.to_string().parse().expect("a header");
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

impl World {
    fn answer(&mut self, method: &Method, parts: &[&str], body: &[u8]) -> Reply {
        self.calls.push(format!("{method} /{}", parts.join("/")));
        let body: Value = match body {
            [] => Value::Null,
            body => serde_json::from_slice(body)
                .map_err(|error| self.strange(format!("not JSON: {error}")))?,
        };
        match (method.as_str(), parts) {
            ("GET", ["1", "keys", KEY]) => {
                let mut acl = RIGHTS.to_vec();
                acl.retain(|right| !self.lacks.iter().any(|lacks| lacks == right));
                Ok(json!({ "value": KEY, "createdAt": 1, "acl": acl, "validity": 0 }))
            }
            ("GET", ["1", "keys", SEARCH_KEY]) => {
                let mut acl: Vec<&str> = self.more.iter().map(String::as_str).collect();
                if !self.lacks.iter().any(|lacks| lacks == "search") {
                    acl.insert(0, "search");
                }
                Ok(json!({ "value": SEARCH_KEY, "createdAt": 1, "acl": acl, "validity": 0 }))
            }
            ("GET", ["1", "indexes"]) => Ok(json!({ "items": [], "nbPages": 1 })),
            ("POST", ["1", "indexes", "*", "objects"]) => Ok(self.objects(&body)),
            ("POST", ["1", "indexes", index, "batch"]) => self.batch(index, &body),
            ("POST", ["1", "indexes", index, "browse"]) => self.browse(index, &body),
            ("POST", ["1", "indexes", index, "query"]) => self.query(index, &body),
            ("GET", ["1", "indexes", index, "settings"]) => {
                let index = self.index(index)?;
                Ok(Value::Object(index.settings.clone()))
            }
            ("PUT", ["1", "indexes", index, "settings"]) => {
                let given = body.as_object().cloned().unwrap_or_default();
                let index = self.indexes.entry((*index).to_owned()).or_default();
                index.settings.extend(given);
                Ok(self.task())
            }
            ("GET", ["1", "indexes", _, "task", task]) => {
                let known = task.parse().is_ok_and(|task: u64| task <= self.tasks);
                let status = if known { "published" } else { "notPublished" };
                Ok(json!({ "status": status, "pendingTask": false }))
            }
            ("POST", ["1", "indexes", index, "operation"]) => self.operation(index, &body),
            ("DELETE", ["1", "indexes", index]) => {
                self.indexes.remove(*index);
                Ok(self.task())
            }
            _ => Err(self.strange(format!("{method} /{}", parts.join("/")))),
        }
    }

    fn strange(&mut self, what: String) -> (u16, String) {
        self.wrong.push(what.clone());
        (400, what)
    }

    fn task(&mut self) -> Value {
        self.tasks += 1;
        json!({ "taskID": self.tasks, "updatedAt": "2026-01-01T00:00:00Z" })
    }

    fn index(&self, name: &str) -> Result<&Index, (u16, String)> {
        let missing = || (404, format!("Index {name} does not exist"));
        self.indexes.get(name).ok_or_else(missing)
    }

    fn batch(&mut self, name: &str, body: &Value) -> Reply {
        let requests = body["requests"].as_array().cloned();
        let requests = requests.ok_or_else(|| self.strange("no requests".to_owned()))?;
        // All or none.
        for request in &requests {
            let (action, record) = (&request["action"], &request["body"]);
            let id = record["objectID"].as_str().unwrap_or_default();
            if id.is_empty() || (action != "updateObject" && action != "deleteObject") {
                return Err(self.strange(format!("{request}")));
            }
            if record.get("token").is_some() {
                return Err(self.strange("a push token became public".to_owned()));
            }
            let size = record.to_string().len();
            let poison = self.poison.iter().any(|poison| poison == id);
            if action == "updateObject" && (size > LARGEST || poison) {
                let message = format!("Record at the position 0 objectID={id} is too big");
                return Err((400, message));
            }
        }
        self.operations += requests.len() as u64;
        let index = self.indexes.entry(name.to_owned()).or_default();
        for request in &requests {
            let record = &request["body"];
            let id = record["objectID"].as_str().expect("checked").to_owned();
            if request["action"] == "updateObject" {
                index.records.insert(id, record.clone());
            } else {
                index.records.remove(&id);
            }
        }
        Ok(self.task())
    }

    fn browse(&mut self, name: &str, body: &Value) -> Reply {
        let from = body["cursor"].as_str().map(str::to_owned);
        let all = body["attributesToRetrieve"] == json!(["*"])
            || from.as_ref().is_some_and(|cursor| cursor.starts_with('*'));
        let after = from.map(|cursor| cursor[1..].to_owned());
        let index = self.index(name)?;
        let rest = index
            .records
            .iter()
            .filter(|(id, _)| after.as_ref().is_none_or(|after| *id > after));
        let page: Vec<_> = rest.take(1000).collect();
        let last = page.last().map(|(id, _)| (*id).clone());
        let hits: Vec<_> = page
            .iter()
            .map(|(_, record)| {
                if all {
                    (*record).clone()
                } else {
                    json!({ "objectID": record["objectID"], "_tok": record["_tok"] })
                }
            })
            .collect();
        let mut answer = json!({ "hits": hits });
        if let Some(last) = last.filter(|_| hits.len() == 1000) {
            answer["cursor"] = json!(format!("{}{last}", if all { '*' } else { '-' }));
        }
        Ok(answer)
    }

    fn objects(&self, body: &Value) -> Value {
        let requests = body["requests"].as_array().cloned().unwrap_or_default();
        let find = |request: &Value| {
            let index = self.indexes.get(request["indexName"].as_str()?)?;
            index.records.get(request["objectID"].as_str()?).cloned()
        };
        let results: Vec<_> = requests.iter().map(find).collect();
        json!({ "results": results })
    }

    /// Finds what begins with the query; the real ranking is the vendor's.
    fn query(&mut self, name: &str, body: &Value) -> Reply {
        let index = self.index(name)?;
        let text = body["query"].as_str().unwrap_or_default().to_lowercase();
        let fits = |record: &&Value| record["name"].to_string().to_lowercase().contains(&text);
        let found: Vec<_> = index.records.values().filter(fits).cloned().collect();
        let length = body["length"].as_u64().or(body["hitsPerPage"].as_u64());
        let length = usize::try_from(length.unwrap_or(20)).expect("small");
        let hits: Vec<_> = found.iter().take(length).collect();
        Ok(json!({ "hits": hits, "nbHits": found.len() }))
    }

    fn operation(&mut self, source: &str, body: &Value) -> Reply {
        let destination = body["destination"].as_str().unwrap_or_default().to_owned();
        match body["operation"].as_str() {
            Some("copy") if body["scope"] == json!(["settings", "synonyms", "rules"]) => {
                let settings = self.index(source)?.settings.clone();
                let copy = self.indexes.entry(destination).or_default();
                copy.settings = settings;
            }
            // Moving what is not there is ignored.
            Some("move") => {
                if let Some(index) = self.indexes.remove(source) {
                    self.indexes.insert(destination, index);
                }
            }
            _ => return Err(self.strange(format!("operation {body}"))),
        }
        Ok(self.task())
    }
}
