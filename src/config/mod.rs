//! The configuration: defaults, `tok.toml`, profile, `.env`, environment, flags; later wins.

mod environment;
mod keys;
mod layers;
mod schema;
mod secrets;
mod sections;
mod show;
mod signalling;
mod vendor_keys;
mod vendors;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use bytesize::ByteSize;
use secrecy::SecretString;
use serde::Deserialize;
use toml::{Table, Value};
use url::Url;

pub use self::environment::Environment;
use self::layers::Merged;
pub use self::layers::{Origin, Overrides};
pub use self::sections::{
    AlgoliaSection, FcmSection, FirestoreSection, GoogleSection, Index, PresenceBackend,
    PresenceSection, PushBackend, PushSection, RealtimeDatabaseSection, SearchBackend,
    SearchSection, WorkerSection,
};
pub use self::show::{Setting, template};
pub use self::signalling::{RedisSection, SignallingSection};
pub use self::vendors::{
    BandwidthSection, CallsSection, HundredMsSection, OpentokAccount, OpentokSection,
    PinpointSection, SessionsSection,
};
use crate::error::{Error, Result};
use crate::model::{BackendName, Rate, Span, file_name};

/// Everything the doors and backends are built from.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// `[server]`
    pub server: ServerSection,
    /// `[auth]`
    pub auth: AuthSection,
    /// `[tokens]`
    pub tokens: TokensSection,
    /// `[rooms]`
    pub rooms: RoomsSection,
    /// `[daily]`
    pub daily: DailySection,
    /// `[hundred_ms]`
    pub hundred_ms: HundredMsSection,
    /// `[opentok]`
    pub opentok: OpentokSection,
    /// `[bandwidth]`
    pub bandwidth: BandwidthSection,
    /// `[calls]`
    pub calls: CallsSection,
    /// `[sessions]`
    pub sessions: SessionsSection,
    /// `[signalling]`
    pub signalling: SignallingSection,
    /// `[redis]`
    #[serde(default)]
    pub redis: RedisSection,
    /// `[documents]`
    pub documents: DocumentsSection,
    /// `[google]`
    #[serde(default)]
    pub google: GoogleSection,
    /// `[firestore]`
    pub firestore: FirestoreSection,
    /// `[search]`
    pub search: SearchSection,
    /// `[algolia]`
    pub algolia: AlgoliaSection,
    /// `[push]`
    pub push: PushSection,
    /// `[fcm]`
    pub fcm: FcmSection,
    /// `[pinpoint]`
    pub pinpoint: PinpointSection,
    /// `[presence]`
    pub presence: PresenceSection,
    /// `[realtime_database]`
    pub realtime_database: RealtimeDatabaseSection,
    /// `[worker]`
    pub worker: WorkerSection,
}

/// The HTTP doors.
#[derive(Debug, Clone, Deserialize)]
pub struct ServerSection {
    /// Address of the API.
    pub bind: SocketAddr,
    /// Address of health, readiness and metrics.
    pub ops_bind: SocketAddr,
    /// How people reach the API from outside.
    #[serde(default)]
    pub public_url: Option<Url>,
    /// Web origins whose pages may call the API.
    pub cors_origins: Vec<String>,
    /// Compat surfaces that need no key.
    pub open: Vec<String>,
    /// Largest request body.
    pub body_limit: ByteSize,
    /// Longest time for one request.
    pub request_timeout: Span,
    /// Longest time to finish requests when stopping.
    pub drain_timeout: Span,
    /// Requests per key or address.
    pub rate_limit: Limit,
    /// Connections at the same time.
    pub max_connections: usize,
    /// `--insecure`: whoever reaches this server may use it, also without keys.
    #[serde(skip)]
    pub insecure: bool,
}

/// A rate that can be switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Limit(pub Option<Rate>);

impl TryFrom<String> for Limit {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        match text.as_str() {
            "off" => Ok(Self(None)),
            text => text.parse().map(Some).map(Self),
        }
    }
}

/// Who may use the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct AuthSection {
    /// How callers are told apart.
    pub mode: AuthMode,
}

/// How callers are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMode {
    /// Not at all.
    None,
    /// By API keys.
    Keys,
}

/// The lives of join tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct TokensSection {
    /// When none is asked for.
    pub ttl: Span,
    /// The longest.
    pub max_ttl: Span,
}

/// Where rooms live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct RoomsSection {
    /// Unless a request says otherwise.
    pub backend: BackendName,
}

/// The Daily account; in use when it has a key.
#[derive(Debug, Clone, Deserialize)]
pub struct DailySection {
    /// The domain's API key.
    #[serde(default)]
    pub api_key: Option<SecretString>,
    /// The REST API.
    pub base_url: Url,
    /// Longest time for one call.
    pub timeout: Span,
    /// Limit of most calls.
    pub rate: Limit,
    /// Limit of deleting a room.
    pub slow_rate: Limit,
    /// Who makes join tokens.
    pub tokens: Minting,
    /// What its web callbacks are signed with, in base64.
    #[serde(default)]
    pub webhook_secret: Option<SecretString>,
}

/// Who makes join tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Minting {
    /// We do, with the vendor's key.
    SelfSigned,
    /// The vendor does, when asked.
    Rest,
}

/// The store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct DocumentsSection {
    /// Which one.
    pub backend: Store,
    /// Largest size of the embedded store; 0 for no limit.
    pub max_size: ByteSize,
}

/// The stores there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Store {
    /// One file in the data directory.
    Sqlite,
    /// Google Cloud Firestore.
    Firestore,
}

/// A configuration and where it came from.
pub struct Loaded {
    /// The values.
    pub config: Config,
    /// Where data is kept.
    pub data_dir: PathBuf,
    /// The file that was read.
    pub file: Option<PathBuf>,
    /// Every setting with its value and origin, secrets hidden.
    pub settings: Vec<Setting>,
    /// What is worth a look, one sentence each.
    pub warnings: Vec<String>,
}

/// Reads all layers.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) with a sentence that names the file or variable, the
/// setting, and what is expected.
pub fn load(environment: &Environment, overrides: &Overrides) -> Result<Loaded> {
    let file = locate(environment, overrides)?;
    let mut merged = layers::merge(environment, overrides, file.as_deref())?;
    let mut tree = Table::new();
    for (path, (value, _)) in &merged.values {
        insert(&mut tree, path, value.clone());
    }
    let config = Config::deserialize(Value::Table(tree))
        .map_err(|error| Error::config(format!("the configuration is wrong: {error}")))?;
    check(&config)?;
    merged.warnings.extend(vendors::warnings(&config));
    Ok(Loaded {
        config,
        data_dir: data_dir(environment, &merged)?,
        settings: show::settings(&merged),
        file,
        warnings: merged.warnings,
    })
}

fn insert(tree: &mut Table, path: &str, value: Value) {
    if let Some((section, key)) = path.split_once('.') {
        let section = tree
            .entry(section)
            .or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(section) = section {
            section.insert(key.to_owned(), value);
        }
    }
}

/// What no single key can tell.
fn check(config: &Config) -> Result<()> {
    sections::check(config)?;
    signalling::check(config)?;
    vendors::check(config)?;
    if config.tokens.ttl > config.tokens.max_ttl {
        return Err(Error::config("tokens.ttl is longer than tokens.max_ttl"));
    }
    Ok(())
}

fn locate(environment: &Environment, overrides: &Overrides) -> Result<Option<PathBuf>> {
    let named = overrides
        .config
        .clone()
        .or_else(|| environment.get("TOK_CONFIG").map(PathBuf::from));
    match named {
        Some(path) if path.is_file() => Ok(Some(path)),
        Some(path) => Err(Error::config(format!(
            "there is no configuration file {}",
            file_name::shown(&path, &path)
        ))),
        None => Ok(environment
            .config_candidates()
            .into_iter()
            .find(|path| path.is_file())),
    }
}

/// A path in a file is meant from where the file is, any other from where the command is run.
fn data_dir(environment: &Environment, merged: &Merged) -> Result<PathBuf> {
    let here = &environment.directory;
    if let Some((Value::String(dir), origin)) = merged.values.get("data_dir") {
        let base = match origin {
            Origin::File(file) | Origin::Profile(_, file) => {
                absolute(here, file.parent().unwrap_or(here))
            }
            _ => here.clone(),
        };
        return Ok(base.join(dir));
    }
    environment
        .default_data_dir()
        .map(|dir| absolute(here, &dir))
        .ok_or_else(|| {
            Error::config("there is no home directory for the data; name one with --data-dir")
        })
}

fn absolute(base: &Path, path: &Path) -> PathBuf {
    base.join(path)
}
