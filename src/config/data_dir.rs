//! `data_dir`: the one setting that belongs to no section.

use std::path::PathBuf;

use toml::Value;

use super::environment::Environment;
use super::merged::Merged;
use super::mistake::Mistake;
use super::origin::Origin;
use super::schema::{Key, Type};
use crate::error::Result;

/// Its key.
pub(super) const KEYS: &[Key] = &[Key {
    path: "data_dir",
    kind: Type::Path,
    default: "",
    meaning: "directory of the embedded store; default tok in the user's data directory",
    legacy: "TOK_DATA_DIR",
}];

/// A path in a file is meant from where the file is, any other from where the command is run.
pub(super) fn find(environment: &Environment, merged: &Merged) -> Result<PathBuf> {
    let here = &environment.directory;
    if let Some((Value::String(dir), _)) = merged.values.get("data_dir") {
        return Ok(merged.folder_of("data_dir", environment).join(dir));
    }
    let usual = environment.default_data_dir().map(|dir| here.join(dir));
    usual.ok_or_else(|| {
        Mistake::setting("data_dir", &Origin::Default)
            .saying("there is no home directory for the data; name one with --data-dir")
    })
}
