//! Picks and opens the backends that the configuration names.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Context, KeyedLock, RoomBackends, SystemClock, SystemRandom, Unwatched};
use crate::backends::bus::{Bus, RedisBus};
use crate::backends::documents::{Documents, FirestoreDocuments, SqliteDocuments};
use crate::backends::files::HttpFiles;
use crate::backends::google::TokenSource;
use crate::backends::presence::{LocalPresences, Presences, RealtimeDatabase};
use crate::backends::push::{FcmPush, InAppPush, PinpointPush, Push};
use crate::backends::search::{AlgoliaSearch, EmbeddedSearch, Indexes, Search};
use crate::config::{Config, PresenceBackend, PushBackend, SearchBackend, Store};
use crate::error::{Error, Result};
use crate::model::health::Probe;
use crate::model::search::Mirrors;
use crate::model::{Clock, Random};

/// A file that comes in with nothing for so long is given up.
const FILE_SILENCE: Duration = Duration::from_secs(30);

/// What the vendors are opened with.
pub(super) struct Parts<'a> {
    pub(super) config: &'a Config,
    data_dir: &'a Path,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    /// Whether the store did not exist before.
    new_store: bool,
    google: OnceLock<Arc<TokenSource>>,
    probes: Vec<Arc<dyn Probe>>,
}

impl Context {
    /// Opens everything the configuration names.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) with one sentence that says what to do.
    pub fn open(config: &Config, data_dir: &Path) -> Result<Self> {
        let mut parts = Parts {
            config,
            data_dir,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            new_store: false,
            google: OnceLock::new(),
            probes: Vec::new(),
        };
        let documents = parts.documents()?;
        let bus = parts.bus(&documents)?;
        let (backends, meetings) = parts.rooms(&documents, bus)?;
        let probes = backends.iter().map(|backend| backend.probe.clone());
        parts.probes.extend(probes);
        let push = parts.push(&documents)?;
        let presences = parts.presences(&documents)?;
        let mirrors = config.search.mirrors(config.documents.backend);
        let (search, indexes) = parts.search(&mirrors)?;
        Ok(Self {
            new_store: parts.new_store,
            documents,
            meetings,
            backends: RoomBackends::new(config.rooms.backend, backends),
            clock: parts.clock,
            random: parts.random,
            progress: Arc::new(Unwatched),
            stop: CancellationToken::new(),
            token_life: config.tokens.life(),
            push,
            notify: config.push.settings(),
            presences,
            offline_grace: config.presence.offline_grace,
            search,
            indexes,
            mirrors: Arc::new(mirrors),
            files: Arc::new(HttpFiles::new(FILE_SILENCE)),
            calls: config.calls.settings(config.bandwidth.answer_url.clone()),
            sessions_keep: config.sessions.keep,
            live: Arc::new(config.signalling.live()),
            room_lock: KeyedLock::default(),
            probes: parts.probes,
        })
    }
}

impl Parts<'_> {
    fn documents(&mut self) -> Result<Arc<dyn Documents>> {
        match self.config.documents.backend {
            Store::Sqlite => {
                let limit = self.config.documents.max_size.as_u64();
                let store = Arc::new(SqliteDocuments::open(self.data_dir, limit)?);
                self.new_store = store.is_new();
                self.probes.push(store.clone());
                Ok(store)
            }
            Store::Firestore => {
                let firestore = &self.config.firestore;
                let project = self.project(None, "firestore.project_id")?;
                let settings = firestore.settings(project, self.google(&firestore.base_url)?);
                let store = Arc::new(FirestoreDocuments::new(settings)?);
                self.probes.push(store.clone());
                Ok(store)
            }
        }
    }

    fn bus(&mut self, documents: &Arc<dyn Documents>) -> Result<Option<Arc<dyn Bus>>> {
        let Some(url) = &self.config.redis.url else {
            return Ok(None);
        };
        let bus = Arc::new(RedisBus::new(url, documents.clone())?);
        self.probes.push(bus.clone());
        Ok(Some(bus))
    }

    fn push(&mut self, documents: &Arc<dyn Documents>) -> Result<Arc<dyn Push>> {
        match self.config.push.backend {
            PushBackend::InApp => Ok(Arc::new(InAppPush::new(
                documents.clone(),
                self.clock.clone(),
            ))),
            PushBackend::Fcm => {
                let fcm = &self.config.fcm;
                let project = self.project(fcm.project_id.as_deref(), "fcm.project_id")?;
                let settings = fcm.settings(project, self.google(&fcm.base_url)?);
                let push = Arc::new(FcmPush::new(settings, self.clock.clone()));
                self.probes.push(push.clone());
                Ok(push)
            }
            PushBackend::Pinpoint => {
                let settings = self.config.pinpoint.settings();
                let settings =
                    settings.ok_or_else(|| Error::config("pinpoint is not configured"))?;
                let push = Arc::new(PinpointPush::new(settings)?);
                self.probes.push(push.clone());
                Ok(push)
            }
        }
    }

    fn presences(&mut self, documents: &Arc<dyn Documents>) -> Result<Arc<dyn Presences>> {
        match self.config.presence.backend {
            PresenceBackend::Local => Ok(Arc::new(LocalPresences::new(
                documents.clone(),
                self.clock.clone(),
            ))),
            PresenceBackend::RealtimeDatabase => {
                let database = &self.config.realtime_database;
                let project = self.config.firestore.project_id.as_deref();
                let url = database.database(project);
                let url = url.ok_or_else(|| Error::config("realtime_database.url is not set"))?;
                let tokens = self.google(&url)?;
                let presences = Arc::new(RealtimeDatabase::new(database.settings(url, tokens))?);
                self.probes.push(presences.clone());
                Ok(presences)
            }
        }
    }

    fn search(&mut self, mirrors: &Mirrors) -> Result<(Arc<dyn Search>, Arc<dyn Indexes>)> {
        match self.config.search.backend {
            SearchBackend::Embedded => {
                let search = Arc::new(EmbeddedSearch::new(self.data_dir, &mirrors.indexes));
                Ok((search.clone(), search))
            }
            SearchBackend::Algolia => {
                let settings = self.config.algolia.settings();
                let settings =
                    settings.ok_or_else(|| Error::config("algolia is not configured"))?;
                let search = Arc::new(AlgoliaSearch::new(settings)?);
                self.probes.push(search.clone());
                Ok((search.clone(), search))
            }
        }
    }

    /// The credential for Google's API at `url`: the configured one, and without it an emulator
    /// gets its own.
    fn google(&self, url: &Url) -> Result<Arc<TokenSource>> {
        let file = self.config.google.credentials_file.as_deref();
        if file.is_none() && url.scheme() == "http" {
            return Ok(Arc::new(TokenSource::emulator()));
        }
        if let Some(tokens) = self.google.get() {
            return Ok(tokens.clone());
        }
        let tokens = Arc::new(match file {
            Some(path) => TokenSource::key_file(path)?,
            None => TokenSource::machine(),
        });
        Ok(self.google.get_or_init(|| tokens).clone())
    }

    /// The project that `setting` names, else Firestore's, else the one of the credential.
    fn project(&self, named: Option<&str>, setting: &str) -> Result<String> {
        let named = named.or(self.config.firestore.project_id.as_deref());
        if let Some(project) = named {
            return Ok(project.to_owned());
        }
        let file = self.config.google.credentials_file.as_deref();
        let key = file.map(TokenSource::key_file).transpose()?;
        key.and_then(|key| key.project())
            .ok_or_else(|| Error::config(format!("{setting} is not set")))
    }
}
