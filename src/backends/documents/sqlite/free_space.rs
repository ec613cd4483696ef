//! Room for more: what is new is refused before deletions, which write as well, have none left.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::fault::fault;
use crate::error::{Error, Result};

/// What is kept free of the disk where no size is set, in bytes.
const RESERVE: u128 = 64 * 1024 * 1024;
/// How long the disk is believed to be as it was.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How much may be written.
pub(super) struct FreeSpace {
    dir: PathBuf,
    /// The largest size of what is in the file; 0 goes by the disk.
    max_bytes: u64,
    looked: Option<(Instant, bool)>,
}

impl FreeSpace {
    /// For a store in `dir`.
    pub(super) fn of(dir: &Path, max_bytes: u64) -> Self {
        Self {
            dir: dir.to_owned(),
            max_bytes,
            looked: None,
        }
    }

    /// Insists that what `connection` is about to commit is not too much.
    ///
    /// # Errors
    /// As SQLite's own when the disk is full.
    pub(super) fn insist(&mut self, connection: &Connection) -> Result<()> {
        let full = if self.max_bytes > 0 {
            size(connection)? > self.max_bytes
        } else {
            self.is_disk_short()
        };
        if full { Err(no_room()) } else { Ok(()) }
    }

    fn is_disk_short(&mut self) -> bool {
        if let Some((at, short)) = self.looked
            && at.elapsed() < LOOK_EVERY
        {
            return short;
        }
        // Where nobody can tell, SQLite meets the end by itself.
        let short = free(&self.dir).is_some_and(|free| free < RESERVE);
        self.looked = Some((Instant::now(), short));
        short
    }
}

/// Bytes of the disk that this user may still write.
#[cfg(unix)]
fn free(dir: &Path) -> Option<u128> {
    // How wide the numbers are is up to the system.
    let disk = nix::sys::statvfs::statvfs(dir).ok()?;
    Some(u128::from(disk.blocks_available()) * u128::from(disk.fragment_size()))
}

#[cfg(not(unix))]
fn free(_dir: &Path) -> Option<u128> {
    None
}

/// Bytes in use: what is free inside the file will be used again.
fn size(connection: &Connection) -> Result<u64> {
    connection
        .prepare_cached(
            "SELECT (page_count - freelist_count) * page_size
             FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()",
        )
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(fault)
}

/// What SQLite itself says when the disk is full.
fn no_room() -> Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
    fault(rusqlite::Error::SqliteFailure(code, None))
}
