//! What is stored of a record, and how its text is cut into words.

use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer,
};

use crate::error::{Error, Result};

/// The name of our way to cut text.
pub(super) const WORDS: &str = "tok_words";
/// Fields that are told apart by importance; what comes after counts as the last.
const MOST_FIELDS: usize = 6;
/// Longer words are not indexed.
const LONGEST_WORD: usize = 64;

/// The fields of an index.
#[derive(Debug, Clone)]
pub(super) struct IndexFields {
    /// The record's id, one word of its own.
    pub(super) id: Field,
    /// The record as JSON.
    pub(super) json: Field,
    /// The fingerprint, in hex.
    pub(super) fingerprint: Field,
    /// Searched text, most important first.
    pub(super) texts: Vec<Field>,
}

/// The schema for so many searched fields.
pub(super) fn build(searchable: usize) -> Schema {
    let mut builder = Schema::builder();
    builder.add_text_field("id", STRING | STORED);
    builder.add_text_field("mark", STORED);
    builder.add_text_field("json", STORED);
    let words = TextFieldIndexing::default()
        .set_tokenizer(WORDS)
        .set_index_option(IndexRecordOption::WithFreqs);
    for number in 0..searchable.clamp(1, MOST_FIELDS) {
        let options = TextOptions::default().set_indexing_options(words.clone());
        builder.add_text_field(&format!("text{number}"), options);
    }
    builder.build()
}

impl IndexFields {
    pub(super) fn of(schema: &Schema) -> Result<Self> {
        let field = |name: &str| {
            schema
                .get_field(name)
                .map_err(|error| Error::internal("the search index is not ours").because(error))
        };
        Ok(Self {
            id: field("id")?,
            json: field("json")?,
            fingerprint: field("mark")?,
            texts: (0..MOST_FIELDS)
                .map_while(|number| schema.get_field(&format!("text{number}")).ok())
                .collect(),
        })
    }

    /// Where the text of the searched field with this number goes.
    pub(super) fn text(&self, number: usize) -> Option<Field> {
        let last = self.texts.len().checked_sub(1)?;
        self.texts.get(number.min(last)).copied()
    }
}

/// Words without case and accents.
pub(super) fn words() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST_WORD))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}
