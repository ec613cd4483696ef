//! Files that are for their owner alone.

use std::fs::OpenOptions;

/// How to open a file that, if it is made, only its owner can read. One that is there keeps the rights
/// that it has.
#[must_use]
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
