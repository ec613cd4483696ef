//! A configuration file as its table.

use std::path::Path;

use toml::Table;

use super::mistake::Mistake;
use crate::error::Result;

/// What the file says.
pub(super) fn read(path: &Path) -> Result<Table> {
    let shown = path.display();
    let wrong = |what: String| Mistake::File(path.to_owned()).saying(what);
    let text = std::fs::read_to_string(path)
        .map_err(|error| wrong(format!("{shown} cannot be read: {error}")))?;
    text.parse().map_err(|error: toml::de::Error| {
        let line = error
            .span()
            .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        wrong(format!("{shown}, line {line}: {}", error.message()))
    })
}
