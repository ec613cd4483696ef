//! What is mirrored when the configuration says nothing, and what it says.

use std::collections::BTreeMap;

use serde_json::json;

use crate::config::{Config, Index, Store};
use crate::model::search::{IndexSpec, Source};
use crate::records::ROOMS;

/// The indexes, each with its collections.
pub(super) fn specs(config: &Config) -> Vec<IndexSpec> {
    let configured = &config.search.indexes;
    let indexes = match config.documents.backend {
        _ if !configured.is_empty() => configured.clone(),
        Store::Firestore => vec![users(), app_rooms()],
        Store::Sqlite => vec![users(), registered_rooms()],
    };
    let mut out: Vec<IndexSpec> = Vec::new();
    for Index {
        index,
        collection,
        fields,
        searchable,
        moments,
        required,
        constants,
    } in indexes
    {
        let source = Source {
            collection,
            fields,
            searchable,
            moments,
            required,
            constants,
        };
        match out.iter_mut().find(|spec| spec.name == index) {
            Some(spec) => spec.sources.push(source),
            None => out.push(IndexSpec {
                name: index,
                sources: vec![source],
            }),
        }
    }
    out
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
