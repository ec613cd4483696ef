//! A configuration file as its table.

use std::path::Path;

use toml::{Table, Value};

use super::mistake::Mistake;
use crate::error::Result;
use crate::model::plain_text;

/// What the file says.
pub(super) fn read(path: &Path) -> Result<Table> {
    let shown = path.display();
    let wrong = |what: String| Mistake::File(path.to_owned()).saying(what);
    let bytes =
        std::fs::read(path).map_err(|error| wrong(format!("{shown} cannot be read: {error}")))?;
    let text = plain_text::decoded(&bytes)
        .ok_or_else(|| wrong(format!("{shown} cannot be read: it is not UTF-8")))?;
    let table: Result<Table, _> = text.parse().map_err(|error: toml::de::Error| {
        let line = error
            .span()
            .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        wrong(format!("{shown}, line {line}: {}", error.message()))
    });
    let mut table = table?;
    table.iter_mut().for_each(|(_, value)| make_bare(value));
    Ok(table)
}

/// Takes the space around each text away.
fn make_bare(value: &mut Value) {
    match value {
        Value::String(text) => *text = plain_text::bare(text).to_owned(),
        Value::Array(items) => items.iter_mut().for_each(make_bare),
        Value::Table(table) => table.iter_mut().for_each(|(_, value)| make_bare(value)),
        _ => {}
    }
}

/// The line in which the file sets `path`, counted from 1, as far as that can be seen.
pub(super) fn line_of(file: &Path, path: &str) -> Option<usize> {
    let text = plain_text::decoded(&std::fs::read(file).ok()?)?;
    let mut section = String::new();
    let at = text.lines().position(|line| {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[') {
            let name = name.trim_start_matches('[');
            let name = name.split(']').next().unwrap_or_default();
            section = name.replace(' ', "");
            return section == path;
        }
        let Some((name, _)) = line.split_once('=') else {
            return false;
        };
        let name = name.trim();
        match section.as_str() {
            "" => name == path,
            section => {
                path.strip_prefix(section)
                    .and_then(|rest| rest.strip_prefix('.'))
                    == Some(name)
            }
        }
    });
    at.map(|at| at + 1)
}
