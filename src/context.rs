//! What an operation may touch, and the only place that picks backends from the configuration.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::rand;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::backends::Probe;
use crate::backends::documents::{Documents, SqliteDocuments};
use crate::backends::rooms::{
    DailyBackend, DailySettings, LocalRooms, RegisteredRooms, RoomBackend,
};
use crate::config::{self, Config, Minting};
use crate::error::{Error, Kind, Result};
use crate::model::{BackendName, Clock, Random, Span};

/// Everything an operation may touch. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    /// The store.
    pub documents: Arc<dyn Documents>,
    /// Where rooms live.
    pub backends: RoomBackends,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// Who is told how far long work is.
    pub progress: Arc<dyn Progress>,
    /// Cancelled when long work is to stop after the item in hand.
    pub stop: CancellationToken,
    /// The lives of join tokens.
    pub token_life: TokenLife,
    /// What `doctor` and `/readyz` look at.
    pub probes: Vec<Arc<dyn Probe>>,
}

/// The lives of join tokens.
#[derive(Debug, Clone, Copy)]
pub struct TokenLife {
    /// When none is asked for.
    pub usual: Span,
    /// The longest.
    pub longest: Span,
}

/// Hears how far long work is.
pub trait Progress: Send + Sync {
    /// Work on `total` items begins; nobody knows how many if it is 0.
    fn begin(&self, what: &str, total: u64);
    /// So many more items are done.
    fn advance(&self, items: u64);
    /// The work is over, one way or another.
    fn end(&self);
}

/// Progress that nobody watches.
pub struct Unwatched;

impl Progress for Unwatched {
    fn begin(&self, _what: &str, _total: u64) {}
    fn advance(&self, _items: u64) {}
    fn end(&self) {}
}

/// The vendors that are configured.
#[derive(Clone)]
pub struct RoomBackends {
    usual: BackendName,
    all: BTreeMap<BackendName, RoomBackend>,
}

impl RoomBackends {
    /// These vendors, of which `usual` is used unless a request says otherwise.
    pub fn new(usual: BackendName, all: impl IntoIterator<Item = RoomBackend>) -> Self {
        Self {
            usual,
            all: all
                .into_iter()
                .map(|backend| (backend.name, backend))
                .collect(),
        }
    }

    /// The vendor asked for, or the usual one.
    ///
    /// # Errors
    /// [`Kind::Unsupported`], naming the setting, when it is not configured.
    pub fn get(&self, name: Option<BackendName>) -> Result<&RoomBackend> {
        let name = name.unwrap_or(self.usual);
        self.all.get(&name).ok_or_else(|| {
            let message = match name {
                BackendName::Daily => "Daily is not configured; set daily.api_key".to_owned(),
                other => format!("this version has no {other} rooms"),
            };
            Error::new(Kind::Unsupported, message)
        })
    }

    /// The vendor that is used unless a request says otherwise.
    pub fn usual(&self) -> BackendName {
        self.usual
    }
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }
}

/// The machine's random source.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // The library documents no failure after its self-test at start; silently weak keys would
        // be worse than stopping.
        assert!(rand::fill(bytes).is_ok(), "the random source failed");
    }
}

/// Work that is watched; it ends when this is dropped.
pub struct Working<'a>(&'a dyn Progress);

impl Working<'_> {
    /// So many more items are done.
    pub fn advance(&self, items: usize) {
        self.0.advance(items as u64);
    }
}

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Context {
    /// Begins watched work on `total` items, 0 if nobody knows how many.
    pub fn working(&self, what: &str, total: usize) -> Working<'_> {
        self.progress.begin(what, total as u64);
        Working(self.progress.as_ref())
    }

    /// Opens everything the configuration names.
    ///
    /// # Errors
    /// [`Kind::Config`] with one sentence that says what to do.
    pub fn open(config: &Config, data_dir: &Path) -> Result<Self> {
        let store = match config.documents.backend {
            config::Store::Sqlite => {
                SqliteDocuments::open(data_dir, config.documents.max_size.as_u64())?
            }
            config::Store::Firestore => {
                return Err(Error::config("this version keeps its data in sqlite only"));
            }
        };
        let store = Arc::new(store);
        let documents: Arc<dyn Documents> = store.clone();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let random: Arc<dyn Random> = Arc::new(SystemRandom);
        let mut backends = vec![local(config, &documents, &clock, &random)];
        backends.extend(daily(config, &documents, &clock)?);
        let mut probes: Vec<Arc<dyn Probe>> = vec![store];
        probes.extend(backends.iter().map(|backend| backend.probe.clone()));
        Ok(Self {
            documents,
            backends: RoomBackends::new(config.rooms.backend, backends),
            clock,
            random,
            progress: Arc::new(Unwatched),
            stop: CancellationToken::new(),
            token_life: TokenLife {
                usual: config.tokens.ttl,
                longest: config.tokens.max_ttl,
            },
            probes,
        })
    }
}

fn local(
    config: &Config,
    documents: &Arc<dyn Documents>,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> RoomBackend {
    let rooms = Arc::new(LocalRooms::new(
        documents.clone(),
        clock.clone(),
        random.clone(),
        public_url(config),
    ));
    RoomBackend {
        name: BackendName::Local,
        rooms: rooms.clone(),
        occupancy: rooms.clone(),
        tokens: rooms.clone(),
        probe: rooms,
    }
}

fn daily(
    config: &Config,
    documents: &Arc<dyn Documents>,
    clock: &Arc<dyn Clock>,
) -> Result<Option<RoomBackend>> {
    let Some(api_key) = config.daily.api_key.clone() else {
        return Ok(None);
    };
    let settings = DailySettings {
        api_key,
        base_url: config.daily.base_url.clone(),
        timeout: config.daily.timeout.0,
        rate: config.daily.rate.0,
        slow_rate: config.daily.slow_rate.0,
        self_signed: config.daily.tokens == Minting::SelfSigned,
    };
    let daily = Arc::new(DailyBackend::new(settings, clock.clone())?);
    let registered = RegisteredRooms::new(daily.clone(), documents.clone(), BackendName::Daily);
    Ok(Some(RoomBackend {
        name: BackendName::Daily,
        rooms: Arc::new(registered),
        occupancy: daily.clone(),
        tokens: daily.clone(),
        probe: daily,
    }))
}

/// The configured address from outside, or the one that is listened on.
fn public_url(config: &Config) -> Url {
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
