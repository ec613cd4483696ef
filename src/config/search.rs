//! `[search]`: where people and rooms are searched.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Config;
use super::documents::Store;
use super::mistake::{Checked, Wrong, needs};
use super::schema::Type;
use super::section::{Typed, choice, section};
use crate::model::search::{IndexSpec, Mirrors, Source};
use crate::records::ROOMS;

/// Fields that must never be searchable: whoever knows a push token can send to its device.
const NEVER_SEARCHED: [&str; 3] = ["token", "tokens", "voipToken"];

/// Names that Algolia, or what we note in its records, gives a meaning of its own:
/// <https://www.algolia.com/doc/guides/sending-and-managing-data/prepare-your-data/#attributes-with-a-special-meaning>
fn is_algolias(field: &str) -> bool {
    const NAMES: [&str; 6] = [
        "objectID",
        "_tok",
        "_highlightResult",
        "_snippetResult",
        "_rankingInfo",
        "_distinctSeqID",
    ];
    NAMES.contains(&field)
}

section! {
    [search]
    /// Where users and rooms are searched.
    pub struct SearchSection {
        /// where users and rooms are searched
        backend: SearchBackend = "'embedded'",
        /// which collections are mirrored, and which fields; default users and rooms
        indexes: Vec<Index> = "[]",
        /// largest part of an index that may vanish at once, in percent
        max_shrink: u64 = "20",
    }
}

choice! {
    /// The engines there are.
    pub enum SearchBackend {
        /// In the data directory.
        Embedded = "embedded",
        /// Algolia.
        Algolia = "algolia",
    }
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

impl Typed for Vec<Index> {
    const TYPE: Type = Type::Tables;
}

impl SearchSection {
    /// What is mirrored into which index; without a word of it, what that store usually holds.
    pub fn mirrors(&self, store: Store) -> Mirrors {
        let indexes = match store {
            _ if !self.indexes.is_empty() => self.indexes.clone(),
            Store::Firestore => vec![users(), app_rooms()],
            Store::Sqlite => vec![users(), registered_rooms()],
        };
        let mut out: Vec<IndexSpec> = Vec::new();
        for (name, source) in indexes.into_iter().map(Index::source) {
            match out.iter_mut().find(|spec| spec.name == name) {
                Some(spec) => spec.sources.push(source),
                None => out.push(IndexSpec {
                    name,
                    sources: vec![source],
                }),
            }
        }
        Mirrors {
            indexes: out.into_iter().map(Arc::new).collect(),
            max_shrink: self.max_shrink,
        }
    }
}

/// The engine must be available, and the indexes must be such as it can have.
pub(super) fn check(config: &Config) -> Checked {
    match config.search.backend {
        SearchBackend::Embedded => {}
        SearchBackend::Algolia => needs("search.backend", "algolia", config.algolia.missing())?,
    }
    let algolia = config.search.backend == SearchBackend::Algolia;
    let mut indexes = config.search.indexes.iter();
    indexes.try_for_each(|index| index.check(algolia))
}

impl Index {
    /// The name of the index, and what it mirrors.
    fn source(self) -> (String, Source) {
        let source = Source {
            collection: self.collection,
            fields: self.fields,
            searchable: self.searchable,
            moments: self.moments,
            required: self.required,
            constants: self.constants,
        };
        (self.index, source)
    }

    fn check(&self, algolia: bool) -> Checked {
        let name = &self.index;
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        let wrong =
            |what: String| Wrong::new(&["search.indexes"], format!("search.indexes: {what}"));
        if name.is_empty() || name.len() > 64 || !name.chars().all(plain) || name.starts_with('.') {
            return Err(wrong(format!(
                "{name:?} cannot be an index; use up to 64 of A-Z a-z 0-9 _ - ."
            )));
        }
        let of = &self.collection;
        let secret = |field: &&String| NEVER_SEARCHED.contains(&field.as_str());
        if let Some(field) = self.fields.iter().find(secret) {
            return Err(wrong(format!(
                "`{field}` of {of} must stay secret and cannot be mirrored"
            )));
        }
        let names = self.fields.iter().chain(self.constants.keys());
        if algolia && let Some(field) = names.into_iter().find(|field| is_algolias(field)) {
            return Err(wrong(format!(
                "Algolia means something else by `{field}`, so that it cannot be a field of {of}"
            )));
        }
        let mut listed = self.searchable.iter().chain(&self.moments);
        match listed.find(|field| !self.fields.contains(field)) {
            Some(field) => Err(wrong(format!("`{field}` of {of} is not among its fields"))),
            None => Ok(()),
        }
    }
}

fn index(name: &str, collection: &str, fields: &[&str], searchable: &[&str]) -> Index {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Index {
        index: name.to_owned(),
        collection: collection.to_owned(),
        fields: owned(fields),
        searchable: owned(searchable),
        moments: Vec::new(),
        required: Vec::new(),
        constants: BTreeMap::new(),
    }
}

/// What others may know of a person; nothing that changes with every connection.
fn users() -> Index {
    Index {
        moments: vec!["timestamp".to_owned()],
        ..index(
            "users",
            "users",
            &["name", "firstName", "lastName", "photoURL", "timestamp"],
            &["name", "firstName", "lastName"],
        )
    }
}

/// The app's public rooms: private chats have no `timestamp`. The last message is nobody's
/// business.
fn app_rooms() -> Index {
    Index {
        moments: vec!["timestamp".to_owned()],
        required: vec!["timestamp".to_owned()],
        constants: [("lastMessage".to_owned(), json!(""))].into(),
        ..index("rooms", "rooms", &["name", "timestamp"], &["name"])
    }
}

/// The registry of rooms.
fn registered_rooms() -> Index {
    Index {
        moments: vec!["created_at".to_owned(), "expires_at".to_owned()],
        ..index(
            "rooms",
            ROOMS.name(),
            &[
                "name",
                "backend",
                "url",
                "privacy",
                "created_at",
                "expires_at",
            ],
            &["name"],
        )
    }
}
