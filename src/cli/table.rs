//! What stands in the cells of tables, and the words around numbers.

use std::borrow::Cow;

use comfy_table::{ContentArrangement, Table, presets};
use dialoguer::console::measure_text_width;
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

/// Space between columns.
const GAP: &str = "  ";
/// What begins a formula in a spreadsheet.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];
/// The widest cell that others are lined up with, where a table does not fit its terminal.
const WIDEST: usize = 28;

/// The lines of a table, its columns beside each other. What stands in a cell is never broken, for
/// somebody may copy it: where `width` is too narrow long cells push what follows them to the right.
pub(super) fn lines(rows: &[Vec<String>], width: Option<usize>) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let lines: Vec<String> = table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    let fits = |width: usize| lines.iter().all(|line| measure_text_width(line) <= width);
    if width.is_none_or(fits) {
        return lines;
    }
    let widths = column_widths(rows);
    rows.iter().map(|row| line(row, &widths)).collect()
}

/// How wide columns are, but for cells that nothing is lined up with.
fn column_widths(rows: &[Vec<String>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let of = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let widths = cells.map(|cell| measure_text_width(cell));
        widths.filter(|width| *width <= WIDEST).max().unwrap_or(0)
    };
    (0..columns).map(of).collect()
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in row.iter().zip(widths) {
        line.push_str(cell);
        let missing = width.saturating_sub(measure_text_width(cell));
        line.extend(std::iter::repeat_n(' ', missing));
        line.push_str(GAP);
    }
    line.truncate(line.trim_end().len());
    line
}

/// A cell that no spreadsheet takes for a formula: the text is others'. A number is none, nor is the
/// sign for nothing.
pub(super) fn no_formula(cell: &str) -> Cow<'_, str> {
    let is_ours = cell == "-" || (!cell.starts_with('+') && cell.parse::<f64>().is_ok());
    if cell.starts_with(FORMULA) && !is_ours {
        return format!("'{cell}").into();
    }
    cell.into()
}

/// Whether this is an id as tok and vendors make them. It stays as it is, for commands take it.
pub(super) fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !text.starts_with("--") && text.bytes().all(allowed)
}

/// Whether a character does something to a terminal: commands it, begins another line, or turns what
/// follows around.
fn is_harmful(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text from elsewhere without what would command a terminal, or show its parts in another order.
pub(super) fn harmless(text: &str) -> String {
    let escape = |c: char| match c {
        c if is_harmful(c) => c.escape_default().to_string(),
        c => c.to_string(),
    };
    if text.chars().any(is_harmful) {
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

/// The fields of a thing with those of what is in it, each by its whole name.
pub(super) fn leaves(fields: Vec<(String, Value)>) -> Vec<(String, Value)> {
    fields
        .into_iter()
        .flat_map(|(name, value)| leaf(name, value))
        .collect()
}

fn leaf(name: String, value: Value) -> Vec<(String, Value)> {
    match value {
        Value::Object(inner) if !inner.is_empty() => {
            let inner = inner
                .into_iter()
                .map(|(key, value)| (format!("{name}.{key}"), value));
            leaves(inner.collect())
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let items = items.into_iter().enumerate();
            leaves(
                items
                    .map(|(at, item)| (format!("{name}[{at}]"), item))
                    .collect(),
            )
        }
        value => vec![(name, value)],
    }
}

/// A value in words.
pub(super) fn words(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Object(fields) if fields.is_empty() => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
            items.iter().map(words).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// JSON on one line, or on many for people.
pub(super) fn to_text(item: &impl Serialize, pretty: bool) -> Result<String> {
    let text = if pretty {
        serde_json::to_string_pretty(item)
    } else {
        serde_json::to_string(item)
    };
    text.map_err(|error| Error::internal("the result cannot be printed").because(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        let owned = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        rows.iter().map(owned).collect()
    }

    #[test]
    fn nothing_in_a_cell_is_broken_however_narrow_it_is() {
        let link = "https://meet.example.com/r/the-weekly-meeting-of-everybody";
        let table = rows(&[
            &["NAME", "URL", "EXPIRES"],
            &["a", link, "2026-11-28T03:07:38Z"],
            &["weekly", "http://b/", "-"],
        ]);
        for width in [None, Some(20), Some(40), Some(80), Some(200)] {
            let lines = lines(&table, width);
            assert_eq!(lines.len(), 3, "{width:?}");
            assert!(lines[1].contains(link), "{width:?}: {lines:#?}");
            assert!(lines[1].ends_with("  2026-11-28T03:07:38Z"), "{lines:#?}");
        }
        // Where there is room all columns line up; else the long cell alone is out of line.
        assert_eq!(
            lines(&table, None)[0].find("EXPIRES"),
            lines(&table, None)[1].find("2026")
        );
        assert_eq!(lines(&table, Some(60))[2], "weekly  http://b/  -");
    }

    #[test]
    fn wide_letters_line_up() {
        let table = rows(&[&["語語", "x"], &["abcd", "y"]]);
        assert_eq!(lines(&table, None), ["語語  x", "abcd  y"]);
    }

    #[test]
    fn foreign_text_is_no_formula() {
        for text in [
            "=1+1", "+49 30 1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "-abc",
        ] {
            assert_eq!(no_formula(text), format!("'{text}"));
        }
        for text in ["", "-", "-5", "Ada", "2026-01-01T00:00:00Z", "a=b", "'=1"] {
            assert_eq!(no_formula(text), text);
        }
        assert!(is_id("-Nf3_a") && is_id("2f6a") && !is_id("-2+3") && !is_id("=A1"));
    }
}
