//! Every configuration key with its type, default and meaning. `config init`, `config show`, the
//! README table and the checks of files and environment all come from this one table.

use super::schema::Type::{self, Address, Integer, List, OneOf, Path, Secret, Size, Tables, Text};
use super::schema::{Key, key};
use super::signalling::SIGNALLING;
use super::vendor_keys::VENDORS;
use crate::model::BackendName;

/// The names of [`BackendName`].
const BACKENDS: &[&str] = &[
    BackendName::Local.as_str(),
    BackendName::Daily.as_str(),
    BackendName::HundredMs.as_str(),
    BackendName::Opentok.as_str(),
    BackendName::Bandwidth.as_str(),
];

/// All keys, in the order they are shown.
pub(super) const KEYS: &[Key] = &all();

const COUNT: usize = OWN.len() + SIGNALLING.len() + VENDORS.len();

const fn all() -> [Key; COUNT] {
    let mut all = [OWN[0]; COUNT];
    let mut at = 0;
    while at < all.len() {
        let beyond = at.saturating_sub(OWN.len());
        all[at] = if at < OWN.len() {
            OWN[at]
        } else if beyond < SIGNALLING.len() {
            SIGNALLING[beyond]
        } else {
            VENDORS[beyond - SIGNALLING.len()]
        };
        at += 1;
    }
    all
}

/// The keys of what is not a vendor of rooms or calls.
const OWN: &[Key] = &[
    key(
        "data_dir",
        Path,
        "",
        "directory of the embedded store; default tok in the user's data directory",
    )
    .also("TOK_DATA_DIR"),
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
        OneOf(&["none", "keys"]),
        "'none'",
        "who may use the API: anybody on this machine, or holders of a key",
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
        "largest size of the embedded store; 0B leaves 64 MiB of the disk free, for deletions",
    ),
    key(
        "firestore.project_id",
        Text,
        "",
        "Google Cloud project; default the one of google.credentials_file",
    ),
    key(
        "firestore.database",
        Text,
        "'(default)'",
        "database in the project",
    ),
    key(
        "firestore.base_url",
        Type::Url,
        "'https://firestore.googleapis.com'",
        "Firestore, or an emulator",
    )
    .also("FIRESTORE_EMULATOR_HOST"),
    key(
        "firestore.timeout",
        Type::Span,
        "'15s'",
        "longest time for one call",
    ),
    key(
        "search.backend",
        OneOf(&["embedded", "algolia"]),
        "'embedded'",
        "where users and rooms are searched",
    ),
    key(
        "search.indexes",
        Tables,
        "[]",
        "which collections are mirrored, and which fields; default users and rooms",
    ),
    key(
        "search.max_shrink",
        Integer,
        "20",
        "largest part of an index that may vanish at once, in percent",
    ),
    key("algolia.app_id", Text, "", "Algolia application").also("ALGOLIA_APP_ID"),
    key("algolia.api_key", Secret, "", "Algolia admin key").also("ALGOLIA_API_KEY"),
    key(
        "algolia.search_key",
        Secret,
        "",
        "search-only key that the keys of apps are derived from",
    ),
    key(
        "algolia.base_url",
        Type::Url,
        "",
        "one host instead of Algolia's own",
    ),
    key(
        "algolia.record_limit",
        Size,
        "'100KB'",
        "largest record of the plan",
    ),
    key(
        "push.backend",
        OneOf(&["in_app", "fcm", "pinpoint"]),
        "'in_app'",
        "how notifications are delivered",
    ),
    key(
        "push.call_ttl",
        Type::Span,
        "'45s'",
        "how long an incoming call is worth ringing",
    ),
    key(
        "push.streams",
        Integer,
        "100",
        "notifications sent at the same time",
    ),
    key(
        "push.patience",
        Type::Span,
        "'1h'",
        "how long a notification that cannot be sent is tried again",
    ),
    key(
        "push.keep",
        Type::Span,
        "'7d'",
        "how long the outcome of a notification is told",
    ),
    key(
        "fcm.project_id",
        Text,
        "",
        "Firebase project; default firestore.project_id",
    ),
    key(
        "fcm.base_url",
        Type::Url,
        "'https://fcm.googleapis.com'",
        "Firebase Cloud Messaging",
    ),
    key(
        "fcm.timeout",
        Type::Span,
        "'15s'",
        "longest time for one message",
    ),
    key(
        "presence.backend",
        OneOf(&["local", "realtime_database"]),
        "'local'",
        "where presence comes from",
    ),
    key(
        "presence.offline_grace",
        Type::Span,
        "'10s'",
        "how long somebody may be away before being offline",
    ),
    key(
        "realtime_database.url",
        Type::Url,
        "",
        "the database, e.g. https://NAME.firebaseio.com",
    )
    .also("FIREBASE_DATABASE_EMULATOR_HOST"),
    key(
        "realtime_database.path",
        Text,
        "'status'",
        "where presence stands in it",
    ),
    key(
        "google.credentials_file",
        Path,
        "",
        "service account of Google Cloud; default what the machine offers",
    )
    .also("GOOGLE_APPLICATION_CREDENTIALS"),
    key(
        "calls.ring_for",
        Type::Span,
        "'45s'",
        "how long a phone rings before the call is missed",
    ),
    key(
        "calls.longest",
        Type::Span,
        "'9h'",
        "how long a call may last before it is ended",
    ),
    key(
        "calls.keep",
        Type::Span,
        "'30d'",
        "how long calls that are over, and web callbacks, are kept",
    ),
    key(
        "sessions.keep",
        Type::Span,
        "'90d'",
        "how long sessions of people in rooms are kept after they began",
    ),
    key(
        "worker.ops_bind",
        Address,
        "'127.0.0.1:9091'",
        "address of the worker's health, readiness and metrics",
    ),
    key(
        "worker.loops",
        List,
        "['notify', 'search', 'presence', 'rooms', 'calls', 'housekeeping']",
        "which loops to run",
    ),
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
        "worker.rooms_unused",
        Type::Span,
        "",
        "how long a room may lie unused before it is deleted, at the usual backend; default for ever",
    ),
    key(
        "worker.drain_timeout",
        Type::Span,
        "'20s'",
        "longest time to finish the work in hand when stopping",
    ),
    key(
        "worker.shards",
        Integer,
        "1",
        "into how many parts the queue of notifications is cut",
    ),
];

/// The key called `path`.
pub(super) fn find(path: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::schema::nearest;

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
