//! Search: which documents are mirrored into which index, and as what.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::digest::digest;
use crate::error::{Error, Result};

/// An index and the collections that are mirrored into it.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexSpec {
    /// The name of the index, as people search it.
    pub name: String,
    /// The collections it mirrors, and which of their fields.
    pub sources: Vec<Source>,
}

/// A collection that is mirrored.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The name of a collection of the store.
    pub collection: String,
    /// Top-level fields that are mirrored; a record has nothing else.
    pub fields: Vec<String>,
    /// Those among them that are searched, most important first.
    pub searchable: Vec<String>,
    /// Those among them that are moments; they are mirrored as Unix milliseconds.
    pub moments: Vec<String>,
    /// Fields without which a document is not mirrored.
    pub required: Vec<String>,
    /// Fields of every record.
    pub constants: BTreeMap<String, Value>,
}

/// What is mirrored into which index.
#[derive(Debug, Clone)]
pub struct Mirrors {
    /// The indexes.
    pub indexes: Vec<Arc<IndexSpec>>,
    /// Largest part of an index that may vanish at once, in percent.
    pub max_shrink: u64,
}

impl Mirrors {
    /// The index called `name`.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound), naming those that there are.
    pub fn get(&self, name: &str) -> Result<&Arc<IndexSpec>> {
        let found = self.indexes.iter().find(|index| index.name == name);
        found.ok_or_else(|| {
            let names: Vec<_> = self.indexes.iter().map(|index| &*index.name).collect();
            Error::not_found(format!(
                "there is no index `{name}`; there are {}",
                names.join(", ")
            ))
        })
    }
}

/// A document as it stands in an index.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexRecord {
    /// The document's id, which is the record's as well.
    pub id: String,
    /// The fields that are mirrored, by their names in the index.
    pub fields: Map<String, Value>,
}

impl IndexSpec {
    /// The fields that are searched, most important first.
    pub fn searchable(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for field in self.sources.iter().flat_map(|source| &source.searchable) {
            if !out.contains(field) {
                out.push(field.clone());
            }
        }
        out
    }
}

impl Source {
    /// The record of a document; none if the document is not to be found.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when the document cannot be read.
    pub fn record(&self, id: &str, json: &str) -> Result<Option<IndexRecord>> {
        let mut document: Map<String, Value> = serde_json::from_str(json)
            .map_err(|error| Error::invalid(format!("the document cannot be read: {error}")))?;
        let missing = |field: &String| document.get(field).is_none_or(Value::is_null);
        if self.required.iter().any(missing) {
            return Ok(None);
        }
        let mut fields = Map::new();
        for field in &self.fields {
            let Some(value) = document.remove(field) else {
                continue;
            };
            if value.is_null() {
                continue;
            }
            let value = if self.moments.contains(field) {
                milliseconds(value)
            } else {
                value
            };
            fields.insert(field.clone(), plain(value));
        }
        for (field, value) in &self.constants {
            fields.insert(field.clone(), value.clone());
        }
        Ok(Some(IndexRecord {
            id: id.to_owned(),
            fields,
        }))
    }
}

impl IndexRecord {
    /// A hash of the content, by which it is told whether the index has it; `schema_hash` stands for
    /// whatever else decides how it is indexed.
    pub fn fingerprint(&self, schema_hash: &str) -> u64 {
        let sorted: BTreeMap<&String, &Value> = self.fields.iter().collect();
        let text = serde_json::to_string(&(schema_hash, sorted)).unwrap_or_default();
        digest(text)
    }

    /// Its weight as an index counts it, in bytes of JSON.
    pub fn size(&self) -> usize {
        // The id and the fingerprint with their names.
        let own = self.id.len() + 64;
        serde_json::to_string(&self.fields).map_or(own, |text| text.len() + own)
    }

    /// Why an index that takes records of at most so many bytes does not take one of this size, if so.
    pub fn too_large(&self, size: usize, most: usize) -> Option<String> {
        (size > most).then(|| {
            format!(
                "the record has {size} bytes, more than the {most} that the index takes; most of them in `{}`",
                self.heaviest()
            )
        })
    }

    /// The field that weighs most.
    pub fn heaviest(&self) -> &str {
        let weight = |value: &Value| value.to_string().len();
        let heaviest = self.fields.iter().max_by_key(|(_, value)| weight(value));
        heaviest.map_or("", |(name, _)| name)
    }
}

/// Numbers without a fraction as integers: an index gives them back so.
fn plain(value: Value) -> Value {
    /// From here on not every integer has a number of its own.
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            #[allow(
                clippy::cast_possible_truncation,
                reason = "it has no fraction and is small"
            )]
            Some(whole) if whole.fract() == 0.0 && whole.abs() < LARGEST => {
                Value::from(whole as i64)
            }
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter();
            Value::Object(fields.map(|(name, value)| (name, plain(value))).collect())
        }
        other => other,
    }
}

/// A moment as numbers sort; anything else as it is.
fn milliseconds(value: Value) -> Value {
    let moment = value.as_str().and_then(millisecond_of);
    moment.map_or(value, Value::from)
}

/// The millisecond of a moment's text, also late in the year 9999 ("never"), which stores hold and our
/// own type does not.
fn millisecond_of(text: &str) -> Option<i64> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_millisecond());
    }
    let late = text.strip_suffix('Z')?.parse::<DateTime>().ok()?;
    let since = late.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
    i64::try_from(since.as_millis()).ok()
}

/// A page of a search: what somebody typed, and how much of what is found they want.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// What somebody typed; the last word may be unfinished. Everything if empty.
    pub text: String,
    /// At most so many hits.
    pub limit: usize,
    /// So many are skipped.
    pub offset: usize,
}

/// A hit: the record's id with its fields.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Hit {
    /// The document's id.
    pub id: String,
    /// The mirrored fields.
    #[serde(flatten)]
    pub fields: Map<String, Value>,
}

/// What was found, best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SearchHits {
    /// The hits of this page.
    pub items: Vec<Hit>,
    /// How many there are in all.
    pub total: u64,
    /// `after` of the next page, or null behind the last one.
    pub next: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn source() -> Source {
        Source {
            collection: "rooms".to_owned(),
            fields: vec!["name".to_owned(), "timestamp".to_owned()],
            searchable: vec!["name".to_owned()],
            moments: vec!["timestamp".to_owned()],
            required: vec!["timestamp".to_owned()],
            constants: [("lastMessage".to_owned(), json!(""))].into(),
        }
    }

    #[test]
    fn a_record_has_only_what_is_mirrored() {
        let text = r#"{"name":"a","timestamp":"1970-01-01T00:00:01Z","ada":true,"token":"t"}"#;
        let record = source()
            .record("r", text)
            .expect("reads")
            .expect("is mirrored");
        let expected = json!({ "name": "a", "timestamp": 1000, "lastMessage": "" });
        assert_eq!(Value::Object(record.fields), expected);
    }

    #[test]
    fn moments_that_never_come_and_whole_numbers_are_numbers() {
        let text = r#"{"name":[1.0,1.5,{"a":-3.0}],"timestamp":"9999-12-31T23:59:59.5Z"}"#;
        let record = source().record("r", text).expect("reads");
        let fields = Value::Object(record.expect("is mirrored").fields);
        let expected = json!({ "name": [1, 1.5, { "a": -3 }], "timestamp": 253_402_300_799_500_i64, "lastMessage": "" });
        assert_eq!(fields, expected);
        for other in ["soon", "Z", "9999-99-99T00:00:00Z", ""] {
            assert_eq!(milliseconds(json!(other)), json!(other));
        }
    }

    #[test]
    fn what_lacks_a_required_field_is_not_mirrored() {
        for text in [r#"{"name":"a"}"#, r#"{"name":"a","timestamp":null}"#] {
            assert_eq!(source().record("r", text).expect("reads"), None);
        }
        assert!(source().record("r", "[]").is_err());
    }

    #[test]
    fn the_order_of_fields_makes_no_difference() {
        let record = |text: &str| IndexRecord {
            id: "r".to_owned(),
            fields: serde_json::from_str(text).expect("JSON"),
        };
        let (one, two) = (record(r#"{"a":1,"b":2}"#), record(r#"{"b":2,"a":1}"#));
        assert_eq!(one.fingerprint(""), two.fingerprint(""));
        assert_ne!(one.fingerprint(""), one.fingerprint("x"));
    }
}
