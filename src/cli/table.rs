//! What stands in the cells of tables, and the words around numbers.

use comfy_table::{ContentArrangement, Table};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Result};

/// `1 room`, `2 rooms`.
pub(super) fn counted(count: usize, thing: &str) -> String {
    match count {
        1 => format!("1 {thing}"),
        count => format!("{count} {thing}s"),
    }
}

/// A time in a cell: whole seconds, so that columns line up.
pub(super) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// The same for a time that may be missing.
pub(super) fn maybe_time(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".to_owned(), time)
}

/// Columns with nothing between them but space, as wide as the terminal at most.
pub(super) fn plain_table() -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// Text from elsewhere without what would command a terminal.
pub(super) fn harmless(text: &str) -> String {
    let escape = |c: char| match c {
        c if c.is_control() => c.escape_default().to_string(),
        c => c.to_string(),
    };
    if text.chars().any(char::is_control) {
        text.chars().map(escape).collect()
    } else {
        text.to_owned()
    }
}

/// The top-level fields of a thing.
pub(super) fn fields(item: &impl Serialize) -> Result<Vec<(String, Value)>> {
    match serde_json::to_value(item) {
        Ok(Value::Object(fields)) => Ok(fields.into_iter().collect()),
        Ok(other) => Ok(vec![("value".to_owned(), other)]),
        Err(error) => Err(Error::internal("the result cannot be printed").because(error)),
    }
}

/// A value in words.
pub(super) fn words(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
            items.iter().map(words).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}
