//! A record as the index keeps it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use tantivy::TantivyDocument;
use tantivy::schema::Field;
use tantivy::tokenizer::{PreTokenizedString, Token};

use super::Opened;
use super::schema::RANK;
use super::text::Terms;
use crate::error::{Error, Result};
use crate::model::digest::digest;
use crate::model::search::IndexRecord;

/// The document of a record.
pub(super) fn document(
    opened: &Opened,
    searchable: &[String],
    record: &IndexRecord,
    fingerprint: u64,
) -> Result<TantivyDocument> {
    let fields = &opened.fields;
    let mut document = TantivyDocument::default();
    document.add_text(fields.id, &record.id);
    document.add_text(fields.fingerprint, format!("{fingerprint:016x}"));
    document.add_text(fields.json, json(&record.fields)?);
    let mut found_by: Vec<Terms> = Vec::new();
    found_by.resize_with(fields.texts.len(), Terms::default);
    let mut main = String::new();
    for (number, name) in searchable.iter().enumerate() {
        let Some(text) = record.fields.get(name).map(text_of) else {
            continue;
        };
        if let Some(terms) = found_by.get_mut(fields.text_of(number)) {
            terms.add(&text);
        }
        if main.is_empty() {
            main = text;
        }
    }
    let mut joined = BTreeSet::new();
    for (field, terms) in fields.texts.iter().zip(found_by) {
        joined.extend(terms.joined);
        let often = |(term, times): (String, u32)| (0..times).map(move |_| term.clone());
        add(
            &mut document,
            *field,
            terms.words.into_iter().flat_map(often),
        );
    }
    if let Some(field) = fields.joined {
        add(&mut document, field, joined.into_iter());
    }
    if let Ok(field) = opened.index.schema().get_field(RANK) {
        document.add_u64(field, rank(&main, &record.id));
    }
    Ok(document)
}

fn add(document: &mut TantivyDocument, field: Field, terms: impl Iterator<Item = String>) {
    let token = |(position, text)| Token {
        position,
        text,
        ..Token::default()
    };
    let text = PreTokenizedString {
        text: String::new(),
        tokens: terms.enumerate().map(token).collect(),
    };
    document.add_pre_tokenized_text(field, text);
}

/// Shorter texts come first, then by the alphabet as far as it fits in, then in an order that is
/// always the same.
fn rank(text: &str, id: &str) -> u64 {
    let length = text.chars().count().min(0xff) as u64;
    let begins = text.to_lowercase();
    let begins = begins.bytes().chain([0; 4]).take(4);
    let alphabet = begins.fold(0, |all, byte| all << 8 | u64::from(byte));
    length << 56 | alphabet << 24 | digest(id) >> 40
}

fn json(fields: &Map<String, Value>) -> Result<String> {
    serde_json::to_string(fields)
        .map_err(|error| Error::internal("a record is no JSON").because(error))
}

/// What is searched of a value: its texts and numbers.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text_of).collect::<Vec<_>>().join(" "),
        Value::Object(fields) => fields.values().map(text_of).collect::<Vec<_>>().join(" "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
