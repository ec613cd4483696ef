//! Secrets in files.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::model::file_name;

/// Larger than any credential.
const MAX_SECRET: u64 = 64 * 1024;

/// Reads a secret from the file `base/name`, without the line break at its end, and warns if others
/// can too. What is wrong with it is one sentence.
pub(super) fn read(
    base: &Path,
    name: &str,
    setting: &str,
) -> Result<(String, Option<String>), String> {
    let file = &base.join(name);
    let name = Path::new(name);
    let shown = file_name::shown(name, file);
    let wrong = |what: String| format!("{setting}_file: {shown}: {what}");
    let facts = std::fs::metadata(file)
        .map_err(|error| wrong(format!("{error}; {}", file_name::advice(name))))?;
    let mut text = String::new();
    // A device or a pipe does not tell how much there is.
    let read =
        File::open(file).and_then(|file| file.take(MAX_SECRET + 1).read_to_string(&mut text));
    if facts.len() > MAX_SECRET || text.len() as u64 > MAX_SECRET {
        return Err(wrong("the file is too large for a secret".to_owned()));
    }
    read.map_err(|error| wrong(error.to_string()))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_without_end_is_no_secret() {
        let refused = read(Path::new("/dev"), "zero", "auth.secret").expect_err("is refused");
        assert!(refused.contains("too large"), "{refused}");
    }
}
