//! What is stored of a record.

use tantivy::schema::{
    FAST, Field, FieldType, IndexRecordOption, NumericOptions, STORED, STRING, Schema,
    TextFieldIndexing, TextOptions,
};

use crate::error::{Error, Result};

/// Stands in the schema for the way in which texts are cut and what is kept of them. Whoever changes
/// that changes this: indexes made in another way are then made anew.
const KIND: &str = "tok_words_2";
/// What stood there before.
const EARLIER_KIND: &str = "tok_words";
/// Fields that are told apart by importance; what comes after counts as the last.
pub(super) const MOST_FIELDS: usize = 6;

/// All that ever stood there; the engine wants to know them.
pub(super) const KINDS: [&str; 2] = [KIND, EARLIER_KIND];

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
    /// Neighbouring words as one; none in an index of an earlier kind.
    pub(super) joined: Option<Field>,
    /// Whether the index is of the kind that is made now.
    pub(super) current: bool,
}

/// Which of two records that match alike comes first: the lower number.
pub(super) const RANK: &str = "rank";

/// The schema for so many searched fields.
pub(super) fn build(searchable: usize) -> Schema {
    let mut builder = Schema::builder();
    builder.add_text_field("id", STRING | STORED);
    builder.add_text_field("mark", STORED);
    builder.add_text_field("json", STORED);
    builder.add_u64_field(RANK, NumericOptions::from(FAST));
    let words = |option| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(KIND)
            .set_fieldnorms(false)
            .set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    builder.add_text_field("joined", words(IndexRecordOption::Basic));
    for number in 0..searchable.clamp(1, MOST_FIELDS) {
        // How often a term is noted says how much it stands out.
        builder.add_text_field(
            &format!("text{number}"),
            words(IndexRecordOption::WithFreqs),
        );
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
        let texts: Vec<Field> = (0..MOST_FIELDS)
            .map_while(|number| schema.get_field(&format!("text{number}")).ok())
            .collect();
        let is_current = |field: &Field| {
            let FieldType::Str(options) = schema.get_field_entry(*field).field_type() else {
                return false;
            };
            let indexing = options.get_indexing_options();
            indexing.is_some_and(|indexing| indexing.tokenizer() == KIND)
        };
        Ok(Self {
            id: field("id")?,
            json: field("json")?,
            fingerprint: field("mark")?,
            current: texts.first().is_some_and(is_current),
            texts,
            joined: schema.get_field("joined").ok(),
        })
    }

    /// The number of the text field that has the searched field with this number.
    pub(super) fn text_of(&self, number: usize) -> usize {
        number.min(self.texts.len().saturating_sub(1))
    }
}
