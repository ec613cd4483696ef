//! Search at Algolia. <https://www.algolia.com/doc/rest-api/search/>

mod client;
mod indexes;
mod key;
mod probe;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream;
use reqwest::Method;
use secrecy::SecretString;
use serde::Serialize;
use serde_json::{Map, Value, json};
use url::Url;

use self::client::{AlgoliaClient, Want, not_algolia};
use super::{Detail, Found, Limits, Operation, Search, StoredRecord, StoredStream};
use crate::error::{Error, Kind, Result};
use crate::model::search::{Hit, SearchQuery};

/// Where a record carries its fingerprint.
const FINGERPRINT: &str = "_tok";
/// Most records of one call.
const MOST: usize = 1000;
/// So many whole records fit into one answer, however large they may be.
const MOST_WHOLE: usize = 50;
/// Most bytes of whole records in one answer.
const WHOLE_BYTES: usize = 4 * 1024 * 1024;
/// Most bytes of one call.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// The first delay between two looks at a task; the next are longer by as much each.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// The longest delay between two looks at a task.
const LONGEST_LOOK: Duration = Duration::from_secs(5);
/// So often a task is looked at, about a quarter of an hour.
const LOOKS: u32 = 200;

/// Which application, and what its plan allows.
pub struct AlgoliaSettings {
    /// The application's id, part of the hosts' names.
    pub app_id: String,
    /// The key that may write, and change settings.
    pub api_key: SecretString,
    /// The search-only key that secured keys are made from; without one there are none.
    pub search_key: Option<SecretString>,
    /// One host instead of Algolia's own.
    pub base_url: Option<Url>,
    /// Largest record, in bytes.
    pub record_limit: usize,
}

/// [`Search`] and [`Indexes`](super::Indexes) by Algolia.
pub struct AlgoliaSearch {
    client: Arc<AlgoliaClient>,
    /// Who may only search; the keys of apps are derived from that key.
    searcher: Option<AlgoliaClient>,
    record_limit: usize,
    /// The last task of each index.
    tasks: Mutex<HashMap<String, u64>>,
}

impl AlgoliaSearch {
    /// A client of the application.
    ///
    /// # Errors
    /// [`Kind::Config`] when the application's id cannot be part of a host name.
    pub fn new(settings: AlgoliaSettings) -> Result<Self> {
        let AlgoliaSettings {
            app_id,
            api_key,
            search_key,
            base_url,
            record_limit,
        } = settings;
        let client = |key| AlgoliaClient::new(&app_id, key, base_url.as_ref());
        let searcher = search_key
            .as_ref()
            .map(|key| client(("algolia.search_key", key)));
        Ok(Self {
            client: Arc::new(client(("algolia.api_key", &api_key))?),
            searcher: searcher.transpose()?,
            record_limit,
            tasks: Mutex::default(),
        })
    }

    /// Remembers the task that the answer to a write names; without one nothing was written.
    fn remember_task(&self, index: &str, answer: &Value) -> Result<()> {
        let task = answer["taskID"].as_u64().ok_or_else(|| not_algolia(200))?;
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.insert(index.to_owned(), task);
        Ok(())
    }

    /// Tasks that stand for nothing any more.
    fn forget_tasks(&self, indexes: &[&str]) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        for index in indexes {
            tasks.remove(*index);
        }
    }

    async fn search(&self, index: &str, body: Value) -> Result<Option<Value>> {
        let path = ["1", "indexes", index, "query"];
        let answer = self
            .client
            .call(Want::Read, Method::POST, &path, Some(body))
            .await;
        absent(answer)
    }
}

/// A list that every answer of this kind has.
fn list<'a>(answer: &'a Value, name: &str) -> Result<&'a [Value]> {
    let found = answer[name].as_array().map(Vec::as_slice);
    found.ok_or_else(|| not_algolia(200))
}

/// How many there are, as every answer to a query says.
fn total(answer: &Value) -> Result<u64> {
    answer["nbHits"].as_u64().ok_or_else(|| not_algolia(200))
}

impl Detail {
    fn attributes(self) -> Value {
        match self {
            Self::Fingerprints => json!(["objectID", FINGERPRINT]),
            Self::Whole => json!(["*"]),
        }
    }

    /// Records on a page: the largest ones must fit into an answer.
    fn page(self, record_limit: usize) -> usize {
        match self {
            Self::Fingerprints => MOST,
            Self::Whole => (WHOLE_BYTES / record_limit.max(1)).clamp(MOST_WHOLE, MOST),
        }
    }
}

/// An index that does not exist is empty.
fn absent(answer: Result<Value>) -> Result<Option<Value>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.kind() == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// `POST /1/indexes/{index}/batch`
#[derive(Serialize)]
struct Batch<'a> {
    requests: Vec<Request<'a>>,
}

#[derive(Serialize)]
struct Request<'a> {
    action: &'static str,
    body: Object<'a>,
}

#[derive(Serialize)]
struct Object<'a> {
    #[serde(rename = "objectID")]
    id: &'a str,
    #[serde(rename = "_tok", skip_serializing_if = "Option::is_none")]
    fingerprint: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    fields: Option<&'a Map<String, Value>>,
}

impl<'a> Request<'a> {
    fn of(operation: &'a Operation) -> Self {
        match operation {
            Operation::Put(record, fingerprint) => Self {
                action: "updateObject",
                body: Object {
                    id: &record.id,
                    fingerprint: Some(format!("{fingerprint:016x}")),
                    fields: Some(&record.fields),
                },
            },
            Operation::Delete(id) => Self {
                action: "deleteObject",
                body: Object {
                    id,
                    fingerprint: None,
                    fields: None,
                },
            },
        }
    }
}

/// A record of an answer.
fn stored(record: &Value) -> Option<StoredRecord> {
    let mut fields = record.as_object()?.clone();
    let id = fields.remove("objectID")?.as_str()?.to_owned();
    let fingerprint = fields.remove(FINGERPRINT);
    let fingerprint = fingerprint.as_ref().and_then(Value::as_str);
    fields.remove("_highlightResult");
    Some(StoredRecord {
        id,
        fingerprint: fingerprint.and_then(|fingerprint| u64::from_str_radix(fingerprint, 16).ok()),
        fields,
    })
}

#[async_trait]
impl Search for AlgoliaSearch {
    fn limits(&self) -> Limits {
        Limits {
            record: self.record_limit,
            operations: MOST,
            bytes: MOST_BYTES,
            indexes_text: false,
            is_own: false,
        }
    }

    async fn apply(
        &self,
        index: &str,
        operations: Arc<Vec<Operation>>,
        _checkpoint: Option<String>,
    ) -> Result<()> {
        if operations.is_empty() {
            return Ok(());
        }
        let requests = operations.iter().map(Request::of).collect();
        let batch = serde_json::to_vec(&Batch { requests })
            .map_err(|error| Error::internal("a record is no JSON").because(error))?;
        let path = ["1", "indexes", index, "batch"];
        let answer = self
            .client
            .send(Want::Write, Method::POST, &path, Some(batch.into()))
            .await?;
        self.remember_task(index, &answer)?;
        Ok(())
    }

    async fn checkpoint(&self, _index: &str) -> Result<Option<String>> {
        Ok(None)
    }

    async fn wait_until_indexed(&self, index: &str) -> Result<()> {
        let task = {
            let tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
            tasks.get(index).copied()
        };
        let Some(task) = task else { return Ok(()) };
        let task = task.to_string();
        let path = ["1", "indexes", index, "task", &task];
        for look in 1..=LOOKS {
            let answer = self
                .client
                .call(Want::Write, Method::GET, &path, None)
                .await?;
            if answer["status"] == "published" {
                return Ok(());
            }
            tokio::time::sleep((LOOK_EVERY * look).min(LONGEST_LOOK)).await;
        }
        Err(Error::new(
            Kind::Timeout,
            format!("Algolia did not publish what was written to {index} in time"),
        ))
    }

    fn browse(&self, index: &str, detail: Detail) -> StoredStream {
        let first = json!({
            "hitsPerPage": detail.page(self.record_limit), "attributesToRetrieve": detail.attributes(),
        });
        let (client, index) = (self.client.clone(), index.to_owned());
        stream::try_unfold(Some(first), move |request| {
            let (client, index) = (client.clone(), index.clone());
            async move {
                let Some(request) = request else {
                    return Ok::<_, Error>(None);
                };
                let path = ["1", "indexes", index.as_str(), "browse"];
                let answer = client
                    .call(Want::Read, Method::POST, &path, Some(request))
                    .await;
                let Some(answer) = absent(answer)? else {
                    return Ok(None);
                };
                let hits = list(&answer, "hits")?;
                let page: Vec<_> = hits.iter().filter_map(stored).map(Ok).collect();
                let next = answer["cursor"].as_str();
                let next = next.map(|cursor| json!({ "cursor": cursor }));
                Ok(Some((stream::iter(page), next)))
            }
        })
        .flat_map(|page| match page {
            Ok(page) => page.boxed(),
            Err(error) => stream::iter([Err(error)]).boxed(),
        })
        .boxed()
    }

    async fn fetch(
        &self,
        index: &str,
        ids: &[String],
        detail: Detail,
    ) -> Result<Vec<Option<StoredRecord>>> {
        // What was written and is not published yet would not be seen.
        self.wait_until_indexed(index).await?;
        let mut out = Vec::with_capacity(ids.len());
        for some in ids.chunks(detail.page(self.record_limit)) {
            let requests: Vec<_> = some
                .iter()
                .map(|id| {
                    json!({
                        "indexName": index, "objectID": id,
                        "attributesToRetrieve": detail.attributes(),
                    })
                })
                .collect();
            let body = json!({ "requests": requests });
            let path = ["1", "indexes", "*", "objects"];
            let answer = self
                .client
                .call(Want::Read, Method::POST, &path, Some(body))
                .await;
            match absent(answer)? {
                Some(answer) => {
                    let results = list(&answer, "results")?;
                    out.extend(results.iter().map(stored));
                }
                None => out.extend(some.iter().map(|_| None)),
            }
        }
        if out.len() == ids.len() {
            return Ok(out);
        }
        Err(Error::bad_gateway(
            "Algolia answered for other records than asked",
        ))
    }

    async fn query(&self, index: &str, query: &SearchQuery) -> Result<Found> {
        let body = json!({
            "query": query.text, "offset": query.offset, "length": query.limit,
            "attributesToHighlight": [],
        });
        let missing = || {
            Error::not_found(format!("there is no index `{index}` at Algolia"))
                .advise("fill it: `tok search reindex`")
        };
        let answer = self.search(index, body).await?.ok_or_else(missing)?;
        let hits = list(&answer, "hits")?;
        Ok(Found {
            hits: hits
                .iter()
                .filter_map(stored)
                .map(|StoredRecord { id, fields, .. }| Hit { id, fields })
                .collect(),
            total: total(&answer)?,
        })
    }

    async fn count(&self, index: &str) -> Result<u64> {
        let body = json!({ "query": "", "hitsPerPage": 0 });
        let answer = self.search(index, body).await?;
        answer.map_or(Ok(0), |answer| total(&answer))
    }
}
