//! Secrets in files.

use std::path::Path;

use crate::error::{Error, Result};

/// Larger than any credential.
const MAX_SECRET: u64 = 64 * 1024;

/// Reads a secret from a file, without the line break at its end, and warns if others can too.
pub(super) fn read(file: &Path, setting: &str) -> Result<(String, Option<String>)> {
    let wrong = |what: String| Error::config(format!("{setting}_file: {}: {what}", file.display()));
    let facts = std::fs::metadata(file).map_err(|error| wrong(error.to_string()))?;
    if facts.len() > MAX_SECRET {
        return Err(wrong("the file is too large for a secret".to_owned()));
    }
    let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(wrong("the file is empty".to_owned()));
    }
    Ok((text.to_owned(), exposure(file, setting)))
}

/// A warning if a file that holds a secret can be read by other users.
#[cfg(unix)]
pub(super) fn exposure(file: &Path, setting: &str) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(file).ok()?.permissions().mode();
    (mode & 0o077 != 0).then(|| {
        format!(
            "{} holds {setting} and can be read by others; run chmod 600 on it",
            file.display()
        )
    })
}

/// Other systems have no such permission bits.
#[cfg(not(unix))]
pub(super) fn exposure(_file: &Path, _setting: &str) -> Option<String> {
    None
}
