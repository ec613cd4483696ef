//! Files that are for their owner alone.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

/// How to open a file that, if it is made, only its owner can read. One that is there keeps the rights
/// that it has.
#[must_use]
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes a file that only its owner may read, also if it was there.
///
/// # Errors
/// Those of the file system.
pub fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = private();
    let mut file = options.write(true).create(true).truncate(true).open(path)?;
    #[cfg(unix)]
    if file.metadata()?.is_file() {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    file.write_all(text.as_bytes())
}
