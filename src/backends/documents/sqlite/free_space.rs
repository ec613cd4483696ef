//! Room for more: what is new is refused before deletions, which write as well, have none left.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bytesize::ByteSize;
use rusqlite::Connection;

use super::disk::{free, mount};
use super::fault::fault;
use crate::error::{Error, Result};

/// What is kept free of the disk where no size is set, in bytes; a fifth of a small one.
const RESERVE: u64 = 64 * 1024 * 1024;
/// How long the disk is believed to be as it was.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How much may be written.
#[derive(Debug)]
pub(super) struct FreeSpace {
    dir: PathBuf,
    /// The largest size of what is in the file.
    max_bytes: u64,
    /// What must stay free of the disk, if that is looked at.
    reserve: Option<u64>,
    looked: Option<(Instant, bool)>,
}

impl FreeSpace {
    /// For the store `file` in `dir`. Where no size is set (0), four fifths of what is free now may come
    /// to what the file has already.
    pub(super) fn of(dir: &Path, file: &Path, max_bytes: u64) -> Self {
        let (max_bytes, reserve) = match (max_bytes, free(dir)) {
            (0, Some(free)) => {
                let used = std::fs::metadata(file).map_or(0, |facts| facts.len());
                bounds(used, free)
            }
            // Where nobody can tell, SQLite meets the end by itself.
            (0, None) => (u64::MAX, None),
            (set, _) => (set, None),
        };
        Self {
            dir: dir.to_owned(),
            max_bytes,
            reserve,
            looked: None,
        }
    }

    /// After how many bytes of changes they are folded into the file: before they fill what deletions
    /// need, on a small disk.
    pub(super) fn longest_log(&self) -> u64 {
        self.reserve.map_or(u64::MAX, |reserve| reserve / 4)
    }

    /// Insists that what `connection` is about to commit is not too much.
    ///
    /// # Errors
    /// As SQLite's own when the disk is full.
    pub(super) fn insist(&mut self, connection: &Connection) -> Result<()> {
        if self.is_disk_short() {
            return Err(no_room().advise(self.disk()));
        }
        if size(connection)? > self.max_bytes {
            let most = ByteSize(self.max_bytes);
            return Err(no_room().advise(match self.reserve {
                // A size that was set.
                None => format!(
                    "it may have {most}: delete what is not needed, or raise documents.max_size"
                ),
                Some(_) => self.disk(),
            }));
        }
        Ok(())
    }

    /// What the disk has, in words.
    fn disk(&self) -> String {
        let left =
            free(&self.dir).map_or_else(String::new, |free| format!("{} of ", ByteSize(free)));
        let disk = mount(&self.dir);
        format!(
            "{left}{} are free, of which some are kept for deletions: make room there, or move the data directory",
            disk.display()
        )
    }

    fn is_disk_short(&mut self) -> bool {
        if let Some((at, short)) = self.looked
            && at.elapsed() < LOOK_EVERY
        {
            return short;
        }
        let Some(reserve) = self.reserve else {
            return false;
        };
        let short = free(&self.dir).is_some_and(|free| free < reserve);
        self.looked = Some((Instant::now(), short));
        short
    }
}

/// How large a store may become that has so much, and what must stay free of a disk.
fn bounds(used: u64, free: u64) -> (u64, Option<u64>) {
    let fifth = free / 5;
    let most = used.saturating_add(free - fifth);
    (most, Some(RESERVE.min(fifth)))
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

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    #[test]
    fn a_fifth_of_the_disk_is_left_for_deletions() {
        assert_eq!(bounds(0, 1000 * MIB), (800 * MIB, Some(64 * MIB)));
        assert_eq!(bounds(50 * MIB, 1000 * MIB), (850 * MIB, Some(64 * MIB)));
        // A disk that is smaller than what else would be kept free can still be used.
        assert_eq!(bounds(0, 5 * MIB), (4 * MIB, Some(MIB)));
        assert_eq!(bounds(7 * MIB, 0), (7 * MIB, Some(0)));
        assert_eq!(bounds(u64::MAX, u64::MAX).0, u64::MAX);
    }

    #[test]
    fn a_full_disk_is_named_with_what_is_left_of_it() {
        let dir = tempfile::TempDir::new().expect("a directory");
        let mut space = FreeSpace::of(dir.path(), &dir.path().join("tok.db"), 0);
        // No disk has so much.
        space.reserve = Some(u64::MAX);
        let connection = Connection::open_in_memory().expect("opens");
        let error = space.insist(&connection).expect_err("there is no room");
        assert!(crate::records::documents::is_full(&error), "{error}");
        let advice = error.advice().expect("advice");
        let mount = mount(dir.path());
        assert!(
            mount.is_absolute() && dir.path().starts_with(&mount),
            "{mount:?}"
        );
        let disk = format!("of {} are free", mount.display());
        assert!(advice.contains(&disk), "{advice}");
        assert!(advice.starts_with(|c: char| c.is_ascii_digit()), "{advice}");
    }

    #[test]
    fn a_size_that_is_set_counts_alone() {
        let dir = tempfile::TempDir::new().expect("a directory");
        let file = dir.path().join("tok.db");
        let set = FreeSpace::of(dir.path(), &file, 5);
        assert_eq!((set.max_bytes, set.reserve), (5, None));
        std::fs::write(&file, [0; 4096]).expect("written");
        let usual = FreeSpace::of(dir.path(), &file, 0);
        assert!(
            usual.max_bytes >= 4096 && usual.reserve.is_some(),
            "{usual:?}"
        );
    }
}
