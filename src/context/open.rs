//! Picks and opens the backends that the configuration names.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use url::Url;

use super::mirrors::specs;
use super::{
    CallSettings, Context, KeyedLock, LiveSettings, Mirrors, NotifySettings, RoomBackends,
    SystemClock, SystemRandom, TokenLife, Unwatched,
};
use crate::backends::bus::{Bus, RedisBus};
use crate::backends::documents::{
    Documents, FirestoreDocuments, FirestoreSettings, SqliteDocuments,
};
use crate::backends::files::HttpFiles;
use crate::backends::google::TokenSource;
use crate::backends::presence::{
    LocalPresences, Presences, RealtimeDatabase, RealtimeDatabaseSettings,
};
use crate::backends::push::{
    FcmPush, FcmSettings, InAppPush, PinpointPush, PinpointSettings, Push,
};
use crate::backends::search::{AlgoliaSearch, AlgoliaSettings, EmbeddedSearch, Indexes, Search};
use crate::config::{self, Config, PresenceBackend, PushBackend, SearchBackend};
use crate::error::{Error, Result};
use crate::model::backoff::Backoff;
use crate::model::health::Probe;
use crate::model::search::IndexSpec;
use crate::model::{Clock, Random};

/// A listening stream of Firestore that says nothing for so long is opened again.
const SILENCE: Duration = Duration::from_mins(2);
/// A stream of presence that says nothing for so long is opened again.
const KEEP_ALIVE: Duration = Duration::from_secs(90);
/// A stream of presence is replaced before its credential, which lives an hour, ends.
const RENEW: Duration = Duration::from_mins(50);
/// The delays before a listening stream is opened again.
const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_mins(1)).with_jitter();

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
        let indexes = specs(config);
        let (search, index_keeper) = parts.search(&indexes)?;
        Ok(Self {
            new_store: parts.new_store,
            documents,
            meetings,
            backends: RoomBackends::new(config.rooms.backend, backends),
            clock: parts.clock,
            random: parts.random,
            progress: Arc::new(Unwatched),
            stop: CancellationToken::new(),
            token_life: TokenLife {
                usual: config.tokens.ttl,
                longest: config.tokens.max_ttl,
            },
            push,
            notify: NotifySettings {
                call_ttl: config.push.call_ttl,
                streams: config.push.streams,
                patience: config.push.patience,
                keep: config.push.keep,
            },
            presences,
            offline_grace: config.presence.offline_grace,
            search,
            indexes: index_keeper,
            mirrors: Arc::new(Mirrors {
                indexes: indexes.into_iter().map(Arc::new).collect(),
                max_shrink: config.search.max_shrink,
            }),
            files: Arc::new(HttpFiles::new(FILE_SILENCE)),
            calls: CallSettings {
                ring_for: config.calls.ring_for,
                longest: config.calls.longest,
                keep: config.calls.keep,
                answer_url: config.bandwidth.answer_url.clone(),
            },
            sessions_keep: config.sessions.keep,
            live: Arc::new(LiveSettings {
                longest_name: config.signalling.longest_name,
                stun_urls: config.signalling.stun_urls.clone(),
                turn_urls: config.signalling.turn_urls.clone(),
                turn_secret: config.signalling.turn_secret.clone(),
                turn_ttl: config.signalling.turn_ttl,
            }),
            room_lock: KeyedLock::default(),
            probes: parts.probes,
        })
    }
}

impl Parts<'_> {
    fn documents(&mut self) -> Result<Arc<dyn Documents>> {
        match self.config.documents.backend {
            config::Store::Sqlite => {
                let limit = self.config.documents.max_size.as_u64();
                let store = Arc::new(SqliteDocuments::open(self.data_dir, limit)?);
                self.new_store = store.is_new();
                self.probes.push(store.clone());
                Ok(store)
            }
            config::Store::Firestore => {
                let firestore = &self.config.firestore;
                let store = Arc::new(FirestoreDocuments::new(FirestoreSettings {
                    project: self.project(None, "firestore.project_id")?,
                    database: firestore.database.clone(),
                    base_url: firestore.base_url.clone(),
                    tokens: self.google(&firestore.base_url)?,
                    timeout: firestore.timeout.0,
                    silence: SILENCE,
                    backoff: BACKOFF,
                })?);
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
                let settings = FcmSettings {
                    project: self.project(fcm.project_id.as_deref(), "fcm.project_id")?,
                    base_url: fcm.base_url.clone(),
                    tokens: self.google(&fcm.base_url)?,
                    timeout: fcm.timeout.0,
                };
                let push = Arc::new(FcmPush::new(settings, self.clock.clone()));
                self.probes.push(push.clone());
                Ok(push)
            }
            PushBackend::Pinpoint => {
                let pinpoint = &self.config.pinpoint;
                let (Some(app_id), Some(region), Some(access_key_id), Some(secret_access_key)) = (
                    pinpoint.app_id.clone(),
                    pinpoint.region.clone(),
                    pinpoint.access_key_id.clone(),
                    pinpoint.secret_access_key.clone(),
                ) else {
                    return Err(Error::config("pinpoint is not configured"));
                };
                let push = Arc::new(PinpointPush::new(PinpointSettings {
                    app_id,
                    region,
                    access_key_id,
                    secret_access_key,
                    session_token: pinpoint.session_token.clone(),
                    base_url: pinpoint.base_url.clone(),
                    timeout: pinpoint.timeout.0,
                })?);
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
                let Some(mut url) = database.url.clone() else {
                    return Err(Error::config("realtime_database.url is not set"));
                };
                // An emulator is told which database is meant.
                let named = url.query_pairs().any(|(name, _)| name == "ns");
                let project = self.config.firestore.project_id.as_deref();
                if let Some(project) = project.filter(|_| url.scheme() == "http" && !named) {
                    let name = format!("{project}-default-rtdb");
                    url.query_pairs_mut().append_pair("ns", &name);
                }
                let presences = Arc::new(RealtimeDatabase::new(RealtimeDatabaseSettings {
                    path: database.path.clone(),
                    tokens: self.google(&url)?,
                    url,
                    silence: KEEP_ALIVE,
                    renew_after: RENEW,
                    backoff: BACKOFF,
                })?);
                self.probes.push(presences.clone());
                Ok(presences)
            }
        }
    }

    fn search(&mut self, specs: &[IndexSpec]) -> Result<(Arc<dyn Search>, Arc<dyn Indexes>)> {
        let algolia = &self.config.algolia;
        match self.config.search.backend {
            SearchBackend::Embedded => {
                let search = Arc::new(EmbeddedSearch::new(self.data_dir, specs));
                Ok((search.clone(), search))
            }
            SearchBackend::Algolia => {
                let (Some(app_id), Some(api_key)) = (&algolia.app_id, &algolia.api_key) else {
                    return Err(Error::config(
                        "algolia.app_id or algolia.api_key is not set",
                    ));
                };
                let search = Arc::new(AlgoliaSearch::new(AlgoliaSettings {
                    app_id: app_id.clone(),
                    api_key: api_key.clone(),
                    search_key: algolia.search_key.clone(),
                    base_url: algolia.base_url.clone(),
                    record_limit: usize::try_from(algolia.record_limit.as_u64())
                        .unwrap_or(usize::MAX),
                })?);
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

/// The configured address from outside, or the one that is listened on.
pub(super) fn public_url(config: &Config) -> Url {
    if let Some(url) = &config.server.public_url {
        return url.clone();
    }
    let mut address = config.server.bind;
    if address.ip().is_unspecified() {
        address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port());
    }
    let text = format!("http://{address}");
    Url::parse(&text).unwrap_or_else(|_| unreachable!("{text} is a URL"))
}
