//! The configuration: defaults, `tok.toml`, profile, `.env`, environment, flags; later wins.
//!
//! Each section has a file with its settings, what no setting by itself can tell of them, and what
//! backends and operations make of them.

mod algolia;
mod auth;
mod bandwidth;
mod calls;
mod complaints;
mod daily;
mod data_dir;
mod destinations;
mod documents;
mod dot_env;
mod embedding;
mod environment;
mod fcm;
mod firestore;
mod google;
mod hundred_ms;
mod keys;
mod media;
mod merged;
mod mistake;
mod opentok;
mod origin;
mod pinpoint;
mod presence;
mod push;
mod realtime_database;
mod redis;
mod rooms;
mod schema;
mod search;
mod secrets;
mod section;
mod server;
mod sessions;
mod show;
mod signalling;
mod stands_for;
mod telemetry;
mod tokens;
mod toml_file;
mod unread;
mod worker;

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::{Table, Value};

pub use self::algolia::AlgoliaSection;
pub use self::auth::{AuthMode, AuthSection, IssuerTable, emulates_sign_in, issuers, read_secret};
pub use self::bandwidth::BandwidthSection;
pub use self::calls::CallsSection;
pub use self::daily::{DailySection, Minting};
pub use self::documents::{DocumentsSection, Store};
pub use self::environment::Environment;
pub use self::fcm::FcmSection;
pub use self::firestore::FirestoreSection;
pub use self::google::GoogleSection;
pub use self::hundred_ms::HundredMsSection;
pub use self::media::MediaSection;
use self::merged::Merged;
pub use self::merged::Overrides;
use self::mistake::Checked;
pub use self::mistake::{Faulty, Mistake};
pub use self::opentok::OpentokSection;
pub use self::origin::Origin;
pub use self::pinpoint::PinpointSection;
pub use self::presence::{PresenceBackend, PresenceSection};
pub use self::push::{PushBackend, PushSection, web_push};
pub use self::realtime_database::RealtimeDatabaseSection;
pub use self::redis::RedisSection;
pub use self::rooms::{RoomMedia, RoomsSection};
use self::schema::{Key, Type};
pub use self::search::{Index, SearchBackend, SearchSection};
pub(crate) use self::secrets::exposure;
pub use self::section::{FiledSecret, Limit};
pub use self::server::ServerSection;
pub use self::sessions::SessionsSection;
pub use self::show::{Setting, template};
pub use self::signalling::SignallingSection;
pub use self::telemetry::TelemetrySection;
pub use self::tokens::TokensSection;
pub use self::worker::{LOOPS, WorkerSection};
use crate::error::Result;
use crate::model::file_name;

macro_rules! sections {
    ($($name:ident: $Section:ty,)+) => {
        /// Everything the doors and backends are built from.
        #[derive(Debug, Clone, Deserialize)]
        pub struct Config {
            $(#[doc = concat!("`[", stringify!($name), "]`")] pub $name: $Section,)+
            /// `--insecure`: whoever reaches this server may use it, also without keys.
            #[serde(skip)]
            pub insecure: bool,
            /// Where `gcloud` keeps the login of this user.
            #[serde(skip)]
            pub google_login: Option<PathBuf>,
        }

        /// The keys of each section.
        const SECTIONS: &[&[Key]] = &[data_dir::KEYS, $(<$Section>::KEYS,)+];
    };
}

// In the order in which they are shown.
sections! {
    server: ServerSection,
    auth: AuthSection,
    tokens: TokensSection,
    rooms: RoomsSection,
    documents: DocumentsSection,
    firestore: FirestoreSection,
    search: SearchSection,
    algolia: AlgoliaSection,
    push: PushSection,
    fcm: FcmSection,
    presence: PresenceSection,
    realtime_database: RealtimeDatabaseSection,
    google: GoogleSection,
    calls: CallsSection,
    sessions: SessionsSection,
    worker: WorkerSection,
    signalling: SignallingSection,
    media: MediaSection,
    redis: RedisSection,
    telemetry: TelemetrySection,
    daily: DailySection,
    hundred_ms: HundredMsSection,
    opentok: OpentokSection,
    bandwidth: BandwidthSection,
    pinpoint: PinpointSection,
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
    /// The same for what is no reason to speak at every run, as of cron.
    pub notices: Vec<String>,
    /// What is left out because its secret cannot be read here, one sentence each.
    pub left_out: Vec<String>,
}

/// Reads all sources.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) with a sentence that names the file or variable, the
/// setting, and what is expected; a [`Mistake`] is its cause.
pub fn load(environment: &Environment, overrides: &Overrides) -> Result<Loaded> {
    let file = locate(environment, overrides)?;
    let mut merged = merged::merge(environment, overrides, file.as_deref())?;
    let named = overrides.config.is_some() || environment.get("TOK_CONFIG").is_some();
    let passed_over = file.as_deref().filter(|_| !named);
    let passed_over = passed_over.and_then(|file| passed_over_by(file, environment));
    merged.notices.extend(passed_over);
    let needed = overrides.needed;
    let mut left_out = unread::settle(&mut merged, needed)?;
    let base = merged.folder_of("google.credentials_file", environment);
    let mut config = understood(&merged)?;
    let open_key = config.google.locate(environment, &base);
    let without_google = unread::settle_google(&mut merged, &config.google, needed)?;
    if !without_google.is_empty() {
        left_out.extend(without_google);
        config = understood(&merged)?;
    }
    destinations::check(&merged, environment, named)
        .and_then(|()| check(&config))
        .map_err(|wrong| merged.mistake(&wrong.settings).saying(wrong.what))?;
    if left_out.is_empty() {
        merged.warnings.extend(rooms::warnings(&config));
    }
    merged.warnings.extend(destinations::warnings(&merged));
    merged.warnings.extend(embedding::warnings(&config));
    merged.notices.extend(open_key);
    config.google_login = environment.google_login();
    Ok(Loaded {
        config,
        data_dir: data_dir::find(environment, &merged)?,
        settings: show::settings(&merged),
        file,
        warnings: merged.warnings,
        notices: merged.notices,
        left_out,
    })
}

/// The names of the profiles in the configuration file, which need not be right.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) for a file that is not there or not TOML.
pub fn profiles(environment: &Environment, config: Option<&Path>) -> Result<Vec<String>> {
    let overrides = Overrides {
        config: config.map(Path::to_owned),
        ..Overrides::default()
    };
    let Some(file) = locate(environment, &overrides)? else {
        return Ok(Vec::new());
    };
    let table = toml_file::read(&file)?;
    let profiles = table.get("profile").and_then(Value::as_table);
    Ok(profiles
        .into_iter()
        .flat_map(Table::keys)
        .cloned()
        .collect())
}

/// The values as what they mean.
fn understood(merged: &Merged) -> Result<Config> {
    let mut tree = Table::new();
    for key in keys::all() {
        let Some((section, name)) = key.path.split_once('.') else {
            continue;
        };
        let section = tree
            .entry(section)
            .or_insert_with(|| Value::Table(Table::new()));
        if let (Value::Table(section), Some((value, _))) = (section, merged.values.get(key.path)) {
            section.insert(name.to_owned(), value.clone());
        }
    }
    Config::deserialize(Value::Table(tree)).map_err(|error| {
        // Everything but what is in tables was looked at when it was read; defaults are right.
        let set = |path: &str| match merged.values.get(path) {
            Some((_, origin)) => *origin != Origin::Default,
            None => false,
        };
        let tables = keys::all().filter(|key| key.kind == Type::Tables && set(key.path));
        let tables: Vec<_> = tables.map(|key| key.path).collect();
        let what = format!("{}: {}", tables.join(", "), error.message());
        merged.mistake(&tables).saying(what)
    })
}

/// What no single key can tell.
fn check(config: &Config) -> Checked {
    search::check(config)?;
    config.worker.check()?;
    presence::check(config)?;
    config.signalling.check()?;
    config.media.check()?;
    rooms::check(config)?;
    push::check(config)?;
    auth::check(config)?;
    config.telemetry.check()?;
    config.tokens.check()
}

fn locate(environment: &Environment, overrides: &Overrides) -> Result<Option<PathBuf>> {
    let flag = overrides
        .config
        .clone()
        .map(|path| (path, Origin::Flag("--config")));
    let named = flag.or_else(|| {
        let path = environment.get("TOK_CONFIG")?;
        let origin = Origin::Environment("TOK_CONFIG".to_owned());
        Some((PathBuf::from(path), origin))
    });
    if let Some((path, origin)) = named {
        return named_file(&path, origin, environment).map(Some);
    }
    let all = environment.config_candidates();
    let found = all.into_iter().find(|path| path.exists());
    let Some(path) = found else {
        return Ok(None);
    };
    if path.is_file() {
        return Ok(Some(path));
    }
    let what = no_file(&path);
    Err(Mistake::File(path).saying(what))
}

fn no_file(path: &Path) -> String {
    format!(
        "{} is no file; containers make a folder where a file is to be mounted that is not there",
        path.display()
    )
}

/// The file that somebody named must be there.
fn named_file(path: &Path, origin: Origin, environment: &Environment) -> Result<PathBuf> {
    let setting = "the configuration file".to_owned();
    let at = path
        .to_str()
        .map_or_else(|| Ok(path.to_owned()), |text| environment.at_home(text));
    let path = match at {
        Ok(path) if path.is_file() => return Ok(path),
        // Nobody can write a file there, so that is no advice.
        Ok(path) if path.is_dir() => {
            return Err(Mistake::setting(&setting, &origin).saying(no_file(&path)));
        }
        Ok(path) => path,
        Err(what) => return Err(Mistake::NoSuchFile(Faulty { setting, origin }).saying(what)),
    };
    let shown = file_name::shown(&path, &path);
    Err(Mistake::NoSuchFile(Faulty { setting, origin })
        .saying(format!("there is no configuration file {shown}")))
}

/// That a configuration file is not the only one: of several the nearest counts, and the others are not read.
fn passed_over_by(file: &Path, environment: &Environment) -> Option<String> {
    let same = |path: &PathBuf| {
        let (one, other) = (path.canonicalize(), file.canonicalize());
        matches!((one, other), (Ok(one), Ok(other)) if one == other)
    };
    let others = environment.config_candidates().into_iter();
    let others = others.filter(|path| path.exists() && !same(path));
    let others: Vec<_> = others.map(|path| path.display().to_string()).collect();
    (!others.is_empty()).then(|| {
        format!(
            "{} counts, and {} does not; name the one that you mean with --config",
            file.display(),
            others.join(" and ")
        )
    })
}
