//! What an operation may touch, and the only place that picks backends from the configuration.

mod open;
mod rooms;
mod shared_work;
mod traces;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use rand::Rng;
use tokio_util::sync::CancellationToken;

pub use self::shared_work::SharedWork;
pub use self::traces::{OtlpMetrics, OtlpTraces, open_metrics, open_traces};

use crate::backends::documents::Documents;
use crate::backends::files::VendorFiles;
use crate::backends::issuers::Issuers;
use crate::backends::media::Media;
use crate::backends::presence::Presences;
use crate::backends::push::{Push, WebSubscriptions};
use crate::backends::rooms::RoomBackend;
use crate::backends::search::{Indexes, Search};
use crate::error::{Error, Kind, Result};
use crate::meeting::Meetings;
use crate::model::health::Probe;
use crate::model::search::Mirrors;
use crate::model::settings::{
    CallSettings, LiveSettings, NotifySettings, TokenLife, WorkerSettings,
};
use crate::model::told_causes::ToldCauses;
use crate::model::unknown_proxies::UnknownProxies;
use crate::model::{BackendName, Clock, ProcessPlace, Random, Room, Span};
use crate::records::Seal;

/// Everything an operation may touch. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    /// The store: SQLite in the data directory, or Firestore.
    pub documents: Arc<dyn Documents>,
    /// What seals keys and secrets in it.
    pub seal: Seal,
    /// Whether the embedded store did not exist before.
    pub new_store: bool,
    /// The vendors of rooms that are configured, and which is the usual one.
    pub backends: RoomBackends,
    /// The time; tests hold it.
    pub clock: Arc<dyn Clock>,
    /// Chance for ids, keys and names; tests fix it.
    pub random: Arc<dyn Random>,
    /// Who is told how far long work is.
    pub progress: Arc<dyn Progress>,
    /// Cancelled when long work is to stop after the item in hand.
    pub stop: CancellationToken,
    /// The lives of join tokens.
    pub token_life: TokenLife,
    /// What delivers notifications: a push service, or the app's own inbox.
    pub push: Arc<dyn Push>,
    /// What browsers subscribe to notifications with.
    pub web_subscriptions: Arc<dyn WebSubscriptions>,
    /// How notifications are delivered.
    pub notify: NotifySettings,
    /// Where presence comes from.
    pub presences: Arc<dyn Presences>,
    /// How long somebody may be away before being offline.
    pub offline_grace: Span,
    /// Where people and rooms are searched.
    pub search: Arc<dyn Search>,
    /// Settings, staging and keys of the indexes.
    pub indexes: Arc<dyn Indexes>,
    /// Others who say who somebody is.
    pub issuers: Arc<Issuers>,
    /// What happens in local rooms.
    pub meetings: Arc<Meetings>,
    /// Media of local rooms that goes through this process, if it may.
    pub media: Option<RoomMediaWay>,
    /// What is mirrored into which index.
    pub mirrors: Arc<Mirrors>,
    /// Files that vendors give links to.
    pub files: Arc<VendorFiles>,
    /// How long calls ring, last and are kept.
    pub calls: CallSettings,
    /// How long sessions are kept after they began.
    pub sessions_keep: Span,
    /// How live rooms are served.
    pub live: Arc<LiveSettings>,
    /// Rooms that are being found or made.
    pub rooms_in_work: SharedWork<Room>,
    /// Which loops workers have to run.
    pub worker: Arc<WorkerSettings>,
    /// Where this process runs.
    pub place: Arc<ProcessPlace>,
    /// What it told lately of what fails.
    pub told: Arc<ToldCauses>,
    /// Proxies that nobody trusts, as this process hears of them.
    pub unknown_proxies: Arc<UnknownProxies>,
    /// What `doctor` and `/readyz` look at.
    pub probes: Vec<Arc<dyn Probe>>,
}

/// Media that goes through this process.
#[derive(Clone)]
pub struct RoomMediaWay {
    /// What forwards it.
    pub forwarding: Arc<dyn Media>,
    /// Whether it does for two people already.
    pub always: bool,
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
            let settings = match name {
                BackendName::Local => "nothing",
                BackendName::Daily => "daily.api_key",
                BackendName::HundredMs => "hundred_ms.access_key and hundred_ms.secret",
                BackendName::Opentok => "opentok.api_key and opentok.secret",
                BackendName::Bandwidth => {
                    "bandwidth.account_id, bandwidth.username and bandwidth.password"
                }
            };
            let message = format!("{} is not configured; set {settings}", name.vendor());
            Error::new(Kind::Unsupported, message)
        })
    }

    /// Every vendor that is configured.
    pub fn all(&self) -> impl Iterator<Item = &RoomBackend> {
        self.all.values()
    }

    /// The vendor that is used unless a request says otherwise.
    pub fn usual(&self) -> BackendName {
        self.usual
    }
}

/// The machine's clock, cut to whole milliseconds.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }
}

/// A generator for each thread, seeded by the machine's random source again and again: asking the machine
/// each time would cost a request more than reading its head.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// Where this process runs.
fn this_process() -> ProcessPlace {
    let host = nix::unistd::gethostname().ok();
    let host = host.and_then(|host| host.into_string().ok());
    ProcessPlace {
        host: host.unwrap_or_else(|| "a machine without a name".to_owned()),
        pid: std::process::id(),
    }
}

/// Work that is watched; it ends when this is dropped.
pub struct Working<'a>(&'a dyn Progress);

impl<'a> Working<'a> {
    /// Begins watched work on `total` items, 0 if nobody knows how many.
    pub fn begin(progress: &'a dyn Progress, what: &str, total: usize) -> Self {
        progress.begin(what, total as u64);
        Self(progress)
    }

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
    /// Gets every backend ready that is configured, for those who stay: what is wrong shows before
    /// anybody asks for something, and the first who does waits for nothing.
    ///
    /// # Errors
    /// When a backend can never be called on this machine.
    pub fn prepare(&self) -> Result<()> {
        self.probes.iter().try_for_each(|backend| backend.prepare())
    }

    /// Begins watched work on `total` items, 0 if nobody knows how many.
    pub fn working(&self, what: &str, total: usize) -> Working<'_> {
        Working::begin(self.progress.as_ref(), what, total)
    }
}
