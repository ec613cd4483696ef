//! Every configuration key: its type, default and meaning. `config init`, `config show`, the
//! README table, the checks of files and environment all come from this one table.

use std::net::SocketAddr;
use std::str::FromStr;

use bytesize::ByteSize;
use toml::Value;
use url::Url;

use crate::model::{BackendName, Rate, Span};

/// What a value must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    /// Never shown; also readable from `<key>_file`.
    Secret,
    Path,
    Url,
    Address,
    Integer,
    Span,
    Size,
    /// A [`Rate`], or `off`.
    Rate,
    List,
    Tables,
    OneOf(&'static [&'static str]),
}

/// One key.
#[derive(Debug)]
pub(super) struct Key {
    /// `section.key`
    pub(super) path: &'static str,
    pub(super) kind: Type,
    /// TOML text of the default; empty for none.
    pub(super) default: &'static str,
    pub(super) doc: &'static str,
    /// The environment variable that operators of the original backend know.
    pub(super) legacy: &'static str,
    /// Nothing in this version reads it yet.
    pub(super) reserved: bool,
}

const fn key(path: &'static str, kind: Type, default: &'static str, doc: &'static str) -> Key {
    Key {
        path,
        kind,
        default,
        doc,
        legacy: "",
        reserved: false,
    }
}

const fn reserved(path: &'static str, kind: Type, doc: &'static str) -> Key {
    Key {
        reserved: true,
        ..key(path, kind, "", doc)
    }
}

impl Key {
    const fn also(mut self, legacy: &'static str) -> Self {
        self.legacy = legacy;
        self
    }
}

use Type::{Address, Integer, List, OneOf, Path, Secret, Size, Tables, Text};

/// The names of [`BackendName`].
const BACKENDS: &[&str] = &[
    BackendName::Local.as_str(),
    BackendName::Daily.as_str(),
    BackendName::HundredMs.as_str(),
    BackendName::Opentok.as_str(),
    BackendName::Bandwidth.as_str(),
];

/// All keys, in the order they are shown.
pub(super) const KEYS: &[Key] = &[
    key(
        "server.bind",
        Address,
        "'127.0.0.1:8080'",
        "address of the HTTP API; PORT sets the port",
    )
    .also("PORT"),
    key(
        "server.ops_bind",
        Address,
        "'127.0.0.1:9090'",
        "address of health, readiness and metrics",
    ),
    key(
        "server.public_url",
        Type::Url,
        "",
        "how people reach this server from outside; default http:// and the address of the API",
    ),
    key(
        "server.cors_origins",
        List,
        "[]",
        "web origins whose pages may call the API; \"*\" for all",
    ),
    key(
        "server.open",
        List,
        "[]",
        "compat surfaces that need no API key, e.g. \"tokapp\"",
    ),
    key("server.body_limit", Size, "'64KiB'", "largest request body"),
    key(
        "server.request_timeout",
        Type::Span,
        "'30s'",
        "longest time for one request",
    ),
    key(
        "server.drain_timeout",
        Type::Span,
        "'20s'",
        "longest time to finish requests when stopping",
    ),
    key(
        "server.rate_limit",
        Type::Rate,
        "'1000/1s'",
        "requests per API key, or per address without one; \"off\" for no limit",
    ),
    key(
        "server.max_connections",
        Integer,
        "4096",
        "connections served at the same time",
    ),
    key(
        "auth.mode",
        OneOf(&["none", "keys", "firebase"]),
        "'none'",
        "who may use the API: anybody on this machine, or holders of a key",
    ),
    reserved(
        "auth.firebase_project",
        Text,
        "project whose ID tokens are accepted",
    ),
    key(
        "tokens.ttl",
        Type::Span,
        "'1h'",
        "life of a join token that asks for none",
    ),
    key(
        "tokens.max_ttl",
        Type::Span,
        "'24h'",
        "longest life of a join token",
    ),
    key(
        "rooms.backend",
        OneOf(BACKENDS),
        "'local'",
        "where rooms live unless a request says otherwise",
    ),
    key("daily.api_key", Secret, "", "API key of the Daily domain").also("DAILY_API_KEY"),
    key(
        "daily.base_url",
        Type::Url,
        "'https://api.daily.co/v1'",
        "Daily's REST API",
    ),
    key(
        "daily.timeout",
        Type::Span,
        "'15s'",
        "longest time for one call",
    ),
    key(
        "daily.rate",
        Type::Rate,
        "'100/5s'",
        "Daily's limit for most calls",
    ),
    key(
        "daily.slow_rate",
        Type::Rate,
        "'50/30s'",
        "Daily's limit for deleting a room",
    ),
    key(
        "daily.tokens",
        OneOf(&["self_signed", "rest"]),
        "'self_signed'",
        "sign join tokens here, or ask Daily for each",
    ),
    reserved("hundred_ms.access_key", Text, "app access key of 100ms").also("APP_ACCESS_KEY"),
    reserved("hundred_ms.secret", Secret, "app secret of 100ms").also("APP_SECRET"),
    reserved("hundred_ms.base_url", Type::Url, "100ms' REST API"),
    reserved("opentok.api_key", Text, "API key of the OpenTok project").also("TOKBOX_API_KEY"),
    reserved("opentok.secret", Secret, "secret of the OpenTok project").also("TOKBOX_SECRET"),
    reserved(
        "opentok.application_id",
        Text,
        "application of the unified Vonage account",
    ),
    reserved(
        "opentok.private_key",
        Secret,
        "private key of that application, usually as private_key_file",
    ),
    reserved("opentok.base_url", Type::Url, "the video REST API"),
    reserved("bandwidth.account_id", Text, "Bandwidth account").also("BW_ACCOUNT_ID"),
    reserved("bandwidth.username", Text, "API user").also("BW_USERNAME"),
    reserved("bandwidth.password", Secret, "API password").also("BW_PASSWORD"),
    reserved("bandwidth.base_url", Type::Url, "Bandwidth's WebRTC API"),
    key(
        "documents.backend",
        OneOf(&["sqlite", "firestore"]),
        "'sqlite'",
        "where everything that must last is kept",
    ),
    key(
        "documents.max_size",
        Size,
        "'0B'",
        "largest size of the embedded store; 0B for no limit",
    ),
    reserved("firestore.project_id", Text, "Google Cloud project"),
    reserved("firestore.database", Text, "database in the project"),
    reserved("firestore.base_url", Type::Url, "Firestore, or an emulator")
        .also("FIRESTORE_EMULATOR_HOST"),
    reserved(
        "search.backend",
        OneOf(&["embedded", "algolia"]),
        "where users and rooms are searched",
    ),
    reserved(
        "search.indexes",
        Tables,
        "which collections are mirrored, and which fields",
    ),
    reserved("algolia.app_id", Text, "Algolia application").also("ALGOLIA_APP_ID"),
    reserved("algolia.api_key", Secret, "Algolia admin key").also("ALGOLIA_API_KEY"),
    reserved(
        "algolia.base_url",
        Type::Url,
        "one host instead of Algolia's own",
    ),
    reserved(
        "push.backend",
        OneOf(&["in_app", "fcm", "pinpoint"]),
        "how notifications are delivered",
    ),
    reserved(
        "push.call_ttl",
        Type::Span,
        "how long an incoming call is worth ringing",
    ),
    reserved("fcm.project_id", Text, "Firebase project"),
    reserved("fcm.base_url", Type::Url, "Firebase Cloud Messaging"),
    reserved("pinpoint.app_id", Text, "Pinpoint application").also("PINPOINT_APP_ID"),
    reserved("pinpoint.region", Text, "AWS region"),
    reserved("pinpoint.base_url", Type::Url, "Pinpoint's API"),
    reserved(
        "presence.backend",
        OneOf(&["local", "realtime_database"]),
        "where presence comes from",
    ),
    reserved(
        "presence.offline_grace",
        Type::Span,
        "how long somebody may be away before being offline",
    ),
    reserved("realtime_database.url", Type::Url, "the database")
        .also("FIREBASE_DATABASE_EMULATOR_HOST"),
    reserved(
        "realtime_database.path",
        Text,
        "where presence stands in it",
    ),
    reserved(
        "google.credentials_file",
        Path,
        "service account of Google Cloud",
    )
    .also("GOOGLE_APPLICATION_CREDENTIALS"),
    reserved("redis.url", Secret, "lets several nodes act as one"),
    key(
        "worker.ops_bind",
        Address,
        "'127.0.0.1:9091'",
        "address of the worker's health, readiness and metrics",
    ),
    key("worker.loops", List, "['rooms']", "which loops to run"),
    key(
        "worker.lease",
        Type::Span,
        "'30s'",
        "how long a dead worker's work stays untouched",
    ),
    key(
        "worker.rooms_every",
        Type::Span,
        "'1m'",
        "how often expired local rooms are removed",
    ),
    key(
        "worker.rooms_grace",
        Type::Span,
        "'24h'",
        "how long an expired local room is kept",
    ),
    key(
        "worker.drain_timeout",
        Type::Span,
        "'20s'",
        "longest time to finish the work in hand when stopping",
    ),
    reserved(
        "worker.shards",
        Integer,
        "into how many parts each loop's work is cut",
    ),
];

/// The key called `path`.
pub(super) fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

/// The name among `known` that looks most like `name`, if any is close.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 2.max(candidate.len() / 3))
        .min()
        .map(|(_, candidate)| candidate)
}

impl Key {
    /// The default as a value.
    pub(super) fn default_value(&self) -> Option<Value> {
        self.default.parse::<Value>().ok()
    }

    /// Whether the value must not be shown.
    pub(super) fn is_secret(&self) -> bool {
        self.kind == Secret
    }

    /// The environment variable of the key.
    pub(super) fn variable(&self) -> String {
        format!("TOK_{}", self.path.replace('.', "__").to_uppercase())
    }

    /// Text from the environment or a flag as a value.
    pub(super) fn parse(&self, text: &str) -> Result<Value, String> {
        let value = match self.kind {
            Integer => text
                .trim()
                .parse()
                .map(Value::Integer)
                .map_err(|_| format!("expected a whole number, found `{text}`"))?,
            List => Value::Array(
                text.split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .map(Value::from)
                    .collect(),
            ),
            Tables => return Err("it can only be set in a file".to_owned()),
            _ => Value::from(text),
        };
        self.check(&value)?;
        Ok(value)
    }

    /// Whether a value has the right type and form; the message says what is expected.
    pub(super) fn check(&self, value: &Value) -> Result<(), String> {
        match (self.kind, value) {
            (Integer, Value::Integer(number)) => between(*number),
            (List, Value::Array(items)) if items.iter().all(Value::is_str) => Ok(()),
            (Tables, Value::Array(items)) if items.iter().all(Value::is_table) => Ok(()),
            (Integer | List | Tables, _) => Err(self.expected(value)),
            (_, Value::String(text)) => self.check_text(text),
            _ => Err(self.expected(value)),
        }
    }

    fn check_text(&self, text: &str) -> Result<(), String> {
        let fine = match self.kind {
            Type::Url => {
                Url::parse(text).is_ok_and(|url| url.has_host() && url.scheme().starts_with("http"))
            }
            Address => SocketAddr::from_str(text).is_ok(),
            Type::Span => Span::from_str(text).is_ok(),
            Size => ByteSize::from_str(text).is_ok(),
            Type::Rate => text == "off" || Rate::from_str(text).is_ok(),
            OneOf(names) => names.contains(&text),
            Text | Secret | Path => !text.is_empty(),
            Integer | List | Tables => false,
        };
        if fine {
            Ok(())
        } else if self.is_secret() {
            Err("expected a value, found an empty text".to_owned())
        } else {
            Err(self.expected(&Value::from(text)))
        }
    }

    fn expected(&self, found: &Value) -> String {
        let what = match self.kind {
            Text | Secret => "a text".to_owned(),
            Path => "a path".to_owned(),
            Type::Url => "a URL like https://example.com".to_owned(),
            Address => "an address like 127.0.0.1:8080".to_owned(),
            Integer => "a whole number".to_owned(),
            Type::Span => "a length of time like 500ms, 4s, 10m, 24h or 30d".to_owned(),
            Size => "a size like 64KiB".to_owned(),
            Type::Rate => "a rate like 100/5s, or off".to_owned(),
            List => "a list of texts".to_owned(),
            Tables => "a list of tables".to_owned(),
            OneOf(names) => format!("one of {}", names.join(", ")),
        };
        if self.is_secret() {
            format!("expected {what}, found {}", found.type_str())
        } else {
            format!("expected {what}, found {found}")
        }
    }
}

fn between(number: i64) -> Result<(), String> {
    if (1..=1_000_000_000).contains(&number) {
        Ok(())
    } else {
        Err(format!(
            "expected a number from 1 to 1000000000, found {number}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_passes_its_own_check() {
        for key in KEYS.iter().filter(|key| !key.default.is_empty()) {
            let value = key.default_value().expect(key.path);
            assert_eq!(key.check(&value), Ok(()), "{}", key.path);
        }
    }

    #[test]
    fn a_slip_finds_its_key() {
        let paths = || KEYS.iter().map(|key| key.path);
        assert_eq!(nearest("daily.api_kye", paths()), Some("daily.api_key"));
        assert_eq!(nearest("server.binds", paths()), Some("server.bind"));
        assert_eq!(nearest("completely.different", paths()), None);
    }
}
