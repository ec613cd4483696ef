//! Picks and opens the backends that the configuration names.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use tokio_util::sync::CancellationToken;
use url::Url;

use super::{
    Context, RoomBackends, RoomMediaWay, SharedWork, SystemClock, SystemRandom, Unwatched,
};
use crate::backends::bus::{Bus, RedisBus};
use crate::backends::documents::{Documents, FirestoreDocuments, FirestoreRules, SqliteDocuments};
use crate::backends::files::{FILE_SILENCE, VendorFiles};
use crate::backends::google::TokenSource;
use crate::backends::issuers::Issuers;
use crate::backends::media::LocalMedia;
use crate::backends::presence::{LocalPresences, Presences, RealtimeDatabase};
use crate::backends::public_door::PublicDoor;
use crate::backends::push::{FcmPush, InAppPush, PinpointPush, Push, PushRouter, WebPush};
use crate::backends::search::{AlgoliaSearch, EmbeddedSearch, Indexes, Search};
use crate::config::{
    self, Config, FiledSecret, PresenceBackend, PushBackend, RoomMedia, SearchBackend, Store,
};
use crate::error::{Error, Result};
use crate::model::health::Probe;
use crate::model::search::Mirrors;
use crate::model::unknown_proxies::UnknownProxies;
use crate::model::{BackendName, Clock, Random};
use crate::records::Seal;

/// What the vendors are opened with.
pub(super) struct Parts<'a> {
    pub(super) config: &'a Config,
    data_dir: &'a Path,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) seal: Seal,
    /// Whether the store did not exist before.
    new_store: bool,
    google: OnceLock<Arc<TokenSource>>,
    probes: Vec<Arc<dyn Probe>>,
    pub(super) unknown_proxies: Arc<UnknownProxies>,
}

impl Context {
    /// Opens everything the configuration names.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) with one sentence that says what to do.
    pub fn open(config: &Config, data_dir: &Path) -> Result<Self> {
        let random: Arc<dyn Random> = Arc::new(SystemRandom);
        let mut parts = Parts {
            config,
            data_dir,
            clock: Arc::new(SystemClock),
            seal: match &config.auth.secret_file {
                Some(FiledSecret(secret)) => Seal::new(secret, random.clone())?,
                None => Seal::default(),
            },
            random,
            new_store: false,
            google: OnceLock::new(),
            probes: Vec::new(),
            unknown_proxies: Arc::default(),
        };
        let documents = parts.documents()?;
        let bus = parts.bus(&documents)?;
        let (backends, meetings) = parts.rooms(&documents, bus)?;
        let probes = backends.iter().map(|backend| backend.probe.clone());
        parts.probes.extend(probes);
        let web = parts.web_push(&documents)?;
        let push = Arc::new(PushRouter::new(parts.push(&documents)?, web.clone()));
        let presences = parts.presences(&documents)?;
        let mirrors = config.search.mirrors(config.documents.backend);
        let (search, indexes) = parts.search(&mirrors)?;
        let issuers = parts.issuers()?;
        parts.public_door();
        let media = parts.media();
        Ok(Self {
            new_store: parts.new_store,
            seal: parts.seal,
            documents,
            issuers,
            meetings,
            media,
            backends: RoomBackends::new(config.rooms.backend, backends),
            clock: parts.clock,
            random: parts.random,
            progress: Arc::new(Unwatched),
            stop: CancellationToken::new(),
            token_life: config.tokens.life(),
            push,
            web_subscriptions: web,
            notify: config.push.settings(),
            presences,
            offline_grace: config.presence.offline_grace,
            search,
            indexes,
            mirrors: Arc::new(mirrors),
            files: Arc::new(VendorFiles::new(FILE_SILENCE)),
            calls: config.calls.settings(config.bandwidth.answer_url.clone()),
            sessions_keep: config.sessions.keep,
            live: Arc::new(config.signalling.live()),
            rooms_in_work: SharedWork::default(),
            worker: Arc::new(config.worker.settings()),
            place: Arc::new(super::this_process()),
            told: Arc::default(),
            unknown_proxies: parts.unknown_proxies,
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
                let project = self.project(None, "firestore.project_id", &firestore.base_url)?;
                if let Some(rules) = firestore.rules(project.clone())? {
                    self.probes.push(Arc::new(FirestoreRules::new(rules)));
                }
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
                self.config.push.keep.0,
            ))),
            PushBackend::Fcm => {
                let fcm = &self.config.fcm;
                let named = fcm.project_id.as_deref();
                let project = self.project(named, "fcm.project_id", &fcm.base_url)?;
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

    fn web_push(&mut self, documents: &Arc<dyn Documents>) -> Result<Arc<WebPush>> {
        let settings = config::web_push(self.config)?;
        let (clock, random) = (self.clock.clone(), self.random.clone());
        let store = (documents.clone(), self.seal.clone());
        let web = Arc::new(WebPush::new(settings, store, clock, random)?);
        self.probes.push(web.clone());
        Ok(web)
    }

    fn presences(&mut self, documents: &Arc<dyn Documents>) -> Result<Arc<dyn Presences>> {
        match self.config.presence.backend {
            PresenceBackend::Local => Ok(Arc::new(LocalPresences::new(
                documents.clone(),
                self.clock.clone(),
            ))),
            PresenceBackend::RealtimeDatabase => {
                let database = &self.config.realtime_database;
                let google = self.config.google.project_id.as_deref();
                let project = self.config.firestore.project_id.as_deref().or(google);
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

    /// Media that goes through this process; nothing is bound before somebody offers.
    fn media(&mut self) -> Option<RoomMediaWay> {
        let way = self.config.rooms.media;
        let settings = self.config.media().filter(|_| way != RoomMedia::Mesh)?;
        let outside = !settings.bind.ip().is_loopback();
        let media = Arc::new(LocalMedia::new(settings));
        // Whoever serves this machine alone need not be reached by others.
        if outside {
            self.probes.push(media.clone());
        }
        Some(RoomMediaWay {
            forwarding: media,
            always: way == RoomMedia::Relayed,
        })
    }

    /// How people come in, where that is known.
    fn public_door(&mut self) {
        let Some(url) = &self.config.server.public_url else {
            return;
        };
        let local = self.config.rooms.backend == BackendName::Local;
        let relayed = !self.config.signalling.turn_urls.is_empty();
        let door = PublicDoor::new(url.clone(), relayed || !local);
        self.probes.push(Arc::new(door));
    }

    fn issuers(&mut self) -> Result<Arc<Issuers>> {
        let all = config::issuers(self.config)?;
        let issuers = Arc::new(Issuers::new(all, self.clock.clone()));
        if !issuers.is_empty() {
            self.probes.push(issuers.clone());
        }
        Ok(issuers)
    }

    /// The credential for Google's API at `url`: what the configuration names, and without that an
    /// emulator gets its own.
    fn google(&self, url: &Url) -> Result<Arc<TokenSource>> {
        let google = &self.config.google;
        let named = google.credentials_file.is_some() || google.metadata_host.is_some();
        if !named && url.scheme() == "http" {
            return Ok(Arc::new(TokenSource::emulator()));
        }
        self.credential()
    }

    /// The configured credential, or what the machine offers.
    fn credential(&self) -> Result<Arc<TokenSource>> {
        let google = &self.config.google;
        if let Some(tokens) = self.google.get() {
            return Ok(tokens.clone());
        }
        let tokens = Arc::new(match &google.credentials_file {
            Some(path) => TokenSource::key_file(path)?,
            None => TokenSource::machine(google.machine(self.config.google_login.clone())),
        });
        Ok(self.google.get_or_init(|| tokens).clone())
    }

    /// The project that `setting` names, else Firestore's or Google's, else the one of the credential
    /// that is used at `url`.
    fn project(&self, named: Option<&str>, setting: &str, url: &Url) -> Result<String> {
        let named = named
            .or(self.config.firestore.project_id.as_deref())
            .or(self.config.google.project_id.as_deref());
        if let Some(project) = named {
            return Ok(project.to_owned());
        }
        self.google(url)?.project().ok_or_else(|| {
            Error::config(format!(
                "{setting} is not set, and neither the credential nor this machine names a project; set it, or GOOGLE_CLOUD_PROJECT"
            ))
        })
    }
}
