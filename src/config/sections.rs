//! The sections of the worker and of what it works with: Google, search, push, presence.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use bytesize::ByteSize;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{Config, Store};
use crate::error::{Error, Result};
use crate::model::Span;

/// The loops there are.
const LOOPS: [&str; 6] = [
    "notify",
    "search",
    "presence",
    "rooms",
    "calls",
    "housekeeping",
];
/// Fields that must never be searchable: whoever knows a push token can send to its device.
const NEVER_SEARCHED: [&str; 3] = ["token", "tokens", "voipToken"];

/// The credential for Google's APIs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct GoogleSection {
    /// A service account's key; without it, what the machine offers.
    #[serde(default)]
    pub credentials_file: Option<PathBuf>,
}

/// Google Cloud Firestore.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FirestoreSection {
    /// The project.
    #[serde(default)]
    pub project_id: Option<String>,
    /// The database in it.
    pub database: String,
    /// Firestore, or an emulator.
    pub base_url: Url,
    /// Longest time for one call.
    pub timeout: Span,
}

/// Where users and rooms are searched.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SearchSection {
    /// Which engine.
    pub backend: SearchBackend,
    /// What is mirrored; the default of the store if empty.
    pub indexes: Vec<Index>,
    /// Largest part of an index that may vanish at once, in percent.
    pub max_shrink: u64,
}

/// The engines there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchBackend {
    /// In the data directory.
    Embedded,
    /// Algolia.
    Algolia,
}

/// A collection that is mirrored into an index.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// The index; several collections may share one.
    pub index: String,
    /// The collection.
    pub collection: String,
    /// Top-level fields that are mirrored.
    pub fields: Vec<String>,
    /// Those among them that are searched.
    #[serde(default)]
    pub searchable: Vec<String>,
    /// Those among them that are moments; they are mirrored as Unix milliseconds.
    #[serde(default)]
    pub moments: Vec<String>,
    /// Fields without which a document is not mirrored.
    #[serde(default)]
    pub required: Vec<String>,
    /// Fields of every record.
    #[serde(default)]
    pub constants: BTreeMap<String, Value>,
}

/// The Algolia application.
#[derive(Debug, Clone, Deserialize)]
pub struct AlgoliaSection {
    /// Its id.
    #[serde(default)]
    pub app_id: Option<String>,
    /// The admin key.
    #[serde(default)]
    pub api_key: Option<SecretString>,
    /// The search-only key.
    #[serde(default)]
    pub search_key: Option<SecretString>,
    /// One host instead of Algolia's own.
    #[serde(default)]
    pub base_url: Option<Url>,
    /// Largest record.
    pub record_limit: ByteSize,
}

/// How notifications are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct PushSection {
    /// By whom.
    pub backend: PushBackend,
    /// How long an incoming call is worth ringing.
    pub call_ttl: Span,
    /// Sent at the same time.
    pub streams: usize,
    /// How long one that cannot be sent is tried again.
    pub patience: Span,
    /// How long outcomes are told.
    pub keep: Span,
}

/// Who delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushBackend {
    /// `tok` itself, to people who are connected.
    InApp,
    /// Firebase Cloud Messaging.
    Fcm,
    /// Amazon Pinpoint.
    Pinpoint,
}

/// Firebase Cloud Messaging.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FcmSection {
    /// The project.
    #[serde(default)]
    pub project_id: Option<String>,
    /// The API.
    pub base_url: Url,
    /// Longest time for one message.
    pub timeout: Span,
}

/// Where presence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct PresenceSection {
    /// The source.
    pub backend: PresenceBackend,
    /// How long somebody may be away before being offline.
    pub offline_grace: Span,
}

/// The sources there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PresenceBackend {
    /// Our own store.
    Local,
    /// Firebase Realtime Database.
    RealtimeDatabase,
}

/// Firebase Realtime Database.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RealtimeDatabaseSection {
    /// The database.
    #[serde(default)]
    pub url: Option<Url>,
    /// Where presence stands in it.
    pub path: String,
}

/// The background worker.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WorkerSection {
    /// Address of health, readiness and metrics.
    pub ops_bind: SocketAddr,
    /// Which loops to run.
    pub loops: Vec<String>,
    /// How long a dead worker's work stays untouched.
    pub lease: Span,
    /// How often expired local rooms are removed.
    pub rooms_every: Span,
    /// How long an expired local room is kept.
    pub rooms_grace: Span,
    /// How long a room may lie unused.
    #[serde(default)]
    pub rooms_unused: Option<Span>,
    /// Longest time to finish the work in hand when stopping.
    pub drain_timeout: Span,
    /// Into how many parts the queue of notifications is cut.
    pub shards: u32,
}

/// What no single key of these sections can tell.
pub(super) fn check(config: &Config) -> Result<()> {
    check_search(config)?;
    check_worker(&config.worker)?;
    let presence = config.presence.backend == PresenceBackend::RealtimeDatabase;
    if presence && config.realtime_database.url.is_none() {
        return Err(Error::config(
            "presence.backend is realtime_database, but realtime_database.url is not set",
        ));
    }
    Ok(())
}

fn check_search(config: &Config) -> Result<()> {
    let algolia = &config.algolia;
    if config.search.backend == SearchBackend::Algolia
        && (algolia.app_id.is_none() || algolia.api_key.is_none())
    {
        return Err(Error::config(
            "search.backend is algolia, but algolia.app_id or algolia.api_key is not set",
        ));
    }
    for index in &config.search.indexes {
        let name = &index.index;
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        if name.is_empty() || name.len() > 64 || !name.chars().all(plain) || name.starts_with('.') {
            return Err(Error::config(format!(
                "search.indexes: {name:?} cannot be an index; use up to 64 of A-Z a-z 0-9 _ - ."
            )));
        }
        if let Some(field) = index
            .fields
            .iter()
            .find(|field| NEVER_SEARCHED.contains(&field.as_str()))
        {
            return Err(Error::config(format!(
                "search.indexes: `{field}` of {} must stay secret and cannot be mirrored",
                index.collection
            )));
        }
        let listed = index.searchable.iter().chain(&index.moments);
        if let Some(field) = listed.clone().find(|field| !index.fields.contains(field)) {
            return Err(Error::config(format!(
                "search.indexes: `{field}` of {} is not among its fields",
                index.collection
            )));
        }
    }
    Ok(())
}

fn check_worker(worker: &WorkerSection) -> Result<()> {
    let known = LOOPS.join(", ");
    if worker.loops.is_empty() {
        return Err(Error::config(format!(
            "worker.loops is empty; use any of {known}"
        )));
    }
    match worker
        .loops
        .iter()
        .find(|name| !LOOPS.contains(&name.as_str()))
    {
        Some(name) => Err(Error::config(format!(
            "worker.loops: there is no loop `{name}`; use any of {known}"
        ))),
        None => Ok(()),
    }
}

impl Config {
    /// Whether anything of Google's is in use.
    pub fn uses_google(&self) -> bool {
        self.documents.backend == Store::Firestore
            || self.push.backend == PushBackend::Fcm
            || self.presence.backend == PresenceBackend::RealtimeDatabase
    }
}
