//! Files that are for their owner alone.

use std::io::Write;
use std::path::Path;

use crate::model::private_file::private;

/// Writes a file that only its owner may read, also if it was there.
pub(super) fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = private();
    let mut file = options.write(true).create(true).truncate(true).open(path)?;
    #[cfg(unix)]
    if file.metadata()?.is_file() {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    file.write_all(text.as_bytes())
}
