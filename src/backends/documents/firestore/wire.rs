//! Names, queries and writes as Firestore spells them.

use googleapis_tonic_google_firestore_v1::google::firestore::v1 as pb;
use jiff::Timestamp;
use pb::precondition::ConditionType;
use pb::structured_query::{CollectionSelector, Direction, FieldReference, Order};
use pb::value::ValueType;

use super::value::{self, SortedFields};
use crate::backends::documents::{
    Document, Mutation, Precondition, Scan, Version, Write, second_of,
};
use crate::error::{Error, Result};

/// The longest id, in bytes.
const LONGEST_ID: usize = 1500;

/// One database; makes the names in it.
#[derive(Clone)]
pub(super) struct Database {
    /// `projects/{project}/databases/{database}`
    pub(super) name: String,
}

impl Database {
    /// The root of all documents.
    pub(super) fn root(&self) -> String {
        format!("{}/documents", self.name)
    }

    /// The parent of a collection and its last part: `users/7/call` lies in `…/users/7`.
    pub(super) fn place(&self, collection: &str) -> (String, String) {
        match collection.rsplit_once('/') {
            Some((parent, id)) => (format!("{}/{parent}", self.root()), id.to_owned()),
            None => (self.root(), collection.to_owned()),
        }
    }

    /// The full name of a document.
    pub(super) fn document(&self, collection: &str, id: &str) -> Result<String> {
        check(id)?;
        if id.contains('/') && !is_own(collection) {
            return Err(Error::invalid(format!(
                "{:?} cannot be the id of a document; it has a slash",
                id.chars().take(64).collect::<String>()
            )));
        }
        Ok(self.at(collection, id))
    }

    /// As [`document`](Self::document), for a bound that need not be an id.
    fn at(&self, collection: &str, id: &str) -> String {
        let id = if is_own(collection) {
            escaped(id)
        } else {
            id.to_owned()
        };
        format!("{}/{collection}/{id}", self.root())
    }
}

fn check(id: &str) -> Result<()> {
    let reserved = id.starts_with("__") && id.ends_with("__") && !is_numeric(id);
    if id.is_empty() || id.len() > LONGEST_ID || id == "." || id == ".." || reserved {
        return Err(Error::invalid(format!(
            "{:?} cannot be the id of a document",
            id.chars().take(64).collect::<String>()
        )));
    }
    Ok(())
}

/// `__id7__`, as Datastore's imports name documents; the only names between underscores that exist.
/// <https://firebase.google.com/docs/firestore/quotas#limits>
fn is_numeric(id: &str) -> bool {
    let number = id.strip_prefix("__id").and_then(|id| id.strip_suffix("__"));
    let number = number.map(|number| number.strip_prefix('-').unwrap_or(number));
    number.is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a collection is one of ours. Only there ids may have slashes; those of others are taken as
/// they are.
fn is_own(collection: &str) -> bool {
    collection.starts_with("tok_")
}

/// An id of ours without slashes, which would begin a sub-collection. What looks like a slash in
/// disguise is kept apart from one.
fn escaped(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for (at, c) in id.char_indices() {
        let rest = &id[at + c.len_utf8()..];
        match c {
            '/' => out.push_str("%2F"),
            '%' if rest.starts_with("2F") || rest.starts_with("25") => out.push_str("%25"),
            c => out.push(c),
        }
    }
    out
}

/// The id that [`escaped`] was given.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (c, length) = if from.starts_with("%2F") {
            ('/', 3)
        } else if from.starts_with("%252F") || from.starts_with("%2525") {
            ('%', 3)
        } else {
            ('%', 1)
        };
        out.push(c);
        rest = &from[length..];
        // The two digits of what was kept apart are no escape.
        if length == 3 && c == '%' {
            out.push_str(&rest[..2]);
            rest = &rest[2..];
        }
    }
    out.push_str(rest);
    out
}

/// The id at the end of a document's full name.
pub(super) fn id_of(name: &str) -> String {
    let id = name.rsplit('/').next().unwrap_or_default();
    let path = name.split_once("/documents/").map(|(_, path)| path);
    if path.is_some_and(is_own) {
        unescaped(id)
    } else {
        id.to_owned()
    }
}

/// A document as the port has it.
pub(super) fn document(found: &pb::Document) -> Result<Document> {
    let id = id_of(&found.name);
    let json = serde_json::to_string(&SortedFields(&found.fields)).map_err(|error| {
        Error::internal(format!("the stored document `{id}` cannot be read")).because(error)
    })?;
    Ok(Document {
        id,
        version: version(found.update_time.as_ref()),
        written: millis(found.update_time.as_ref()),
        json,
    })
}

/// The microsecond of the last write, which Firestore never gives out twice for a document.
pub(super) fn version(time: Option<&prost_types::Timestamp>) -> Version {
    let Some(time) = time else { return 0 };
    let micros = time.seconds * 1_000_000 + i64::from(time.nanos) / 1_000;
    Version::try_from(micros).unwrap_or(0)
}

/// The millisecond of a moment.
fn millis(time: Option<&prost_types::Timestamp>) -> i64 {
    time.map_or(0, |time| {
        time.seconds * 1_000 + i64::from(time.nanos) / 1_000_000
    })
}

fn moment(version: Version) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: i64::try_from(version / 1_000_000).unwrap_or(i64::MAX),
        nanos: i32::try_from(version % 1_000_000).unwrap_or(0) * 1_000,
    }
}

/// A place in the order of a collection's ids, before or behind `id`.
pub(super) fn bound(database: &Database, scan: &Scan, id: &str, before: bool) -> pb::Cursor {
    let name = database.at(&scan.collection, id);
    pb::Cursor {
        values: vec![pb::Value {
            value_type: Some(ValueType::ReferenceValue(name)),
        }],
        before,
    }
}

/// A query of one collection in the order of its ids, at most up to `until`.
pub(super) fn query(
    database: &Database,
    scan: &Scan,
    until: Option<&str>,
) -> (String, pb::StructuredQuery) {
    let (parent, collection_id) = database.place(&scan.collection);
    let bound = |id: &str, before| bound(database, scan, id, before);
    let start = match &scan.after {
        Some(after) if after.as_str() >= scan.prefix.as_str() => Some(bound(after, false)),
        _ if !scan.prefix.is_empty() => Some(bound(&scan.prefix, true)),
        _ => None,
    };
    let end = match until {
        Some(until) => Some(bound(until, true)),
        None if scan.prefix.is_empty() => None,
        // U+10FFFF sorts behind every id that can follow the prefix.
        None => Some(bound(&format!("{}\u{10FFFF}", scan.prefix), true)),
    };
    let query = pb::StructuredQuery {
        from: vec![CollectionSelector {
            collection_id,
            all_descendants: false,
        }],
        order_by: vec![Order {
            field: Some(FieldReference {
                field_path: "__name__".to_owned(),
            }),
            direction: Direction::Ascending.into(),
        }],
        start_at: start,
        end_at: end,
        limit: (scan.limit > 0).then(|| i32::try_from(scan.limit).unwrap_or(i32::MAX)),
        ..pb::StructuredQuery::default()
    };
    (parent, query)
}

/// Matches documents whose top-level field is this text.
pub(super) fn field_is(field: &str, value: &str) -> pb::structured_query::Filter {
    use pb::structured_query::field_filter::Operator;
    use pb::structured_query::filter::FilterType;
    pb::structured_query::Filter {
        filter_type: Some(FilterType::FieldFilter(pb::structured_query::FieldFilter {
            field: Some(FieldReference {
                field_path: field_path(field),
            }),
            op: Operator::Equal.into(),
            value: Some(pb::Value {
                value_type: Some(ValueType::StringValue(value.to_owned())),
            }),
        })),
    }
}

/// Match documents whose top-level field is a moment before this second, or the text of one.
pub(super) fn field_before(field: &str, before: Timestamp) -> [pb::structured_query::Filter; 2] {
    use pb::structured_query::field_filter::Operator;
    use pb::structured_query::filter::FilterType;
    let filter = |value| pb::structured_query::Filter {
        filter_type: Some(FilterType::FieldFilter(pb::structured_query::FieldFilter {
            field: Some(FieldReference {
                field_path: field_path(field),
            }),
            op: Operator::LessThan.into(),
            value: Some(pb::Value {
                value_type: Some(value),
            }),
        })),
    };
    let moment = prost_types::Timestamp {
        seconds: before.as_second(),
        nanos: 0,
    };
    [
        filter(ValueType::TimestampValue(moment)),
        filter(ValueType::StringValue(second_of(before))),
    ]
}

/// A write as Firestore takes it.
pub(super) fn write(database: &Database, write: Write) -> Result<pb::Write> {
    let name = database.document(&write.collection, &write.id)?;
    let (operation, update_mask) = match write.change {
        Mutation::Delete => (pb::write::Operation::Delete(name), None),
        Mutation::Put(serde_json::Value::Object(json)) => {
            (update(name, value::fields(json, write.moments)?), None)
        }
        Mutation::Put(_) => return Err(Error::internal("a document must be a JSON object")),
        Mutation::Merge(json) => {
            let field_paths = json.keys().map(|name| field_path(name)).collect();
            let mask = pb::DocumentMask { field_paths };
            (
                update(name, value::fields(json, write.moments)?),
                Some(mask),
            )
        }
    };
    Ok(pb::Write {
        update_mask,
        current_document: precondition(write.precondition),
        operation: Some(operation),
        ..pb::Write::default()
    })
}

fn update(
    name: String,
    fields: std::collections::HashMap<String, pb::Value>,
) -> pb::write::Operation {
    pb::write::Operation::Update(pb::Document {
        name,
        fields,
        ..pb::Document::default()
    })
}

fn precondition(precondition: Precondition) -> Option<pb::Precondition> {
    let condition = match precondition {
        Precondition::None => return None,
        Precondition::Missing => ConditionType::Exists(false),
        Precondition::Exists => ConditionType::Exists(true),
        Precondition::Version(version) => ConditionType::UpdateTime(moment(version)),
    };
    Some(pb::Precondition {
        condition_type: Some(condition),
    })
}

/// A top-level field's path; what is no plain name stands in backticks.
fn field_path(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts_well && name.chars().all(plain) {
        return name.to_owned();
    }
    format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_names_are_quoted_where_they_must_be() {
        assert_eq!(field_path("photoURL"), "photoURL");
        assert_eq!(field_path("a.b"), "`a.b`");
        assert_eq!(field_path("7"), "`7`");
        assert_eq!(field_path("a`\\"), "`a\\`\\\\`");
    }

    #[test]
    fn versions_are_microseconds() {
        let time = moment(1_767_225_600_123_456);
        assert_eq!((time.seconds, time.nanos), (1_767_225_600, 123_456_000));
        assert_eq!(version(Some(&time)), 1_767_225_600_123_456);
    }

    proptest::proptest! {
        /// An id comes back as it went, and two of them never share a place.
        #[test]
        fn ids_of_ours_come_back(one in "[a%2F5/]{1,8}", other in "[a%2F5/]{1,8}") {
            let database = Database {
                name: "projects/p/databases/d".to_owned(),
            };
            let name = |id: &str| database.document("tok_parked/search/items", id).expect("a name");
            proptest::prop_assert_eq!(&id_of(&name(&one)), &one);
            proptest::prop_assert_eq!(name(&one) == name(&other), one == other);
            let whole = name(&format!("{one}{other}"));
            let begins = whole.starts_with(&database.at("tok_parked/search/items", &one));
            proptest::prop_assert!(begins || one.ends_with('%') || one.ends_with("%2"));
        }
    }

    #[test]
    fn ids_of_others_are_taken_as_they_are() {
        let database = Database {
            name: "projects/p/databases/d".to_owned(),
        };
        for id in ["a%2Fb", "%252F", "%25", "100%", "%", "日本", "%2f"] {
            for collection in ["users", "rooms", "users/7/call", "users/a%2Fb/call"] {
                let name = database.document(collection, id).expect("a name");
                assert_eq!(name, format!("{}/{collection}/{id}", database.root()));
                assert_eq!(id_of(&name), id);
            }
        }
    }

    #[test]
    fn ids_cannot_leave_their_collection() {
        let database = Database {
            name: "projects/p/databases/d".to_owned(),
        };
        let name = database.document("tok_a", "../rooms/x").expect("a name");
        assert_eq!(
            name,
            "projects/p/databases/d/documents/tok_a/..%2Frooms%2Fx"
        );
        assert_eq!(id_of(&name), "../rooms/x");
        assert!(database.document("users", "../rooms/x").is_err());
        assert!(database.document("users", "__id7__").is_ok());
        assert!(database.document("users", "__id-7__").is_ok());
        for bad in [
            "",
            ".",
            "..",
            "__x__",
            "__id__",
            "__id7x__",
            "__id-__",
            "__id--7__",
            &"x".repeat(1501),
        ] {
            assert!(database.document("users", bad).is_err(), "{bad}");
        }
    }
}
