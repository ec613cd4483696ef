//! A copy of the store at one moment, while all others go on writing.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::backup::{Backup as Copy, StepResult};
use rusqlite::{Connection, ffi};

use super::directory;
use super::fault::fault;
use super::partial_file::Partial;
use super::schema;
use crate::backends::documents::{Backup, CopyProgress, is_full};
use crate::error::{Error, Kind, Result};

/// Pages copied at a time.
const STEP: i32 = 256;
/// The delay after each step, in which others write: so many times as long as the step took.
const DELAY_PER_STEP: u32 = 8;
/// And at least so long.
const SHORTEST_DELAY: Duration = Duration::from_millis(4);
/// What SQLite says when a file takes no more, but not because the disk is full: for a quota, a limit
/// on the length of files, or a disk that fails.
const UNWRITTEN: [i32; 3] = [
    ffi::SQLITE_IOERR_WRITE,
    ffi::SQLITE_IOERR_FSYNC,
    ffi::SQLITE_IOERR_TRUNCATE,
];
/// The delay when the store is locked.
const LOCKED_DELAY: Duration = Duration::from_millis(50);

/// Copies the store behind `source` to the file `to`, which appears when it is whole and checked.
///
/// A read transaction is kept open meanwhile: without it every write of another process would make
/// the copy begin again, and the file would hold no single moment.
pub(super) fn copy(source: &Connection, to: &Path, mut progress: CopyProgress) -> Result<Backup> {
    // A link goes on leading to where it led.
    let to = std::fs::canonicalize(to).unwrap_or_else(|_| to.to_owned());
    check_target(&to)?;
    let partial = Partial::begin(&to, |error| no_file(&to, &error))?;
    source.execute_batch("BEGIN").map_err(fault)?;
    let done = copy_pages(source, partial.path(), &mut progress);
    // It only read; ending it cannot lose anything.
    drop(source.execute_batch("ROLLBACK"));
    let backup = done?;
    partial.publish().map_err(|error| no_file(&to, &error))?;
    Ok(backup)
}

/// Refuses to replace what is no backup, above all a store, whosever it is.
fn check_target(to: &Path) -> Result<()> {
    let Ok(found) = std::fs::metadata(to) else {
        return Ok(());
    };
    if found.is_dir() {
        let message = format!("{} is a directory; name a file in it", to.display());
        return Err(Error::invalid(message));
    }
    if !found.is_file() {
        let message = format!("{} is no file; a backup to - goes to stdout", to.display());
        return Err(Error::invalid(message));
    }
    if directory::is_store(to) || !schema::is_backup(to) {
        return Err(Error::conflict(format!(
            "{} is no backup and would be replaced; name another file",
            to.display()
        )));
    }
    Ok(())
}

fn copy_pages(source: &Connection, partial: &Path, progress: &mut CopyProgress) -> Result<Backup> {
    let (version, lineage) = source
        .query_row("SELECT version, lineage FROM clock", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .map_err(fault)?;
    let mut target = Connection::open(partial).map_err(|error| no_copy(partial, error))?;
    // It is of no use before it is whole, so nothing needs to survive until then.
    target
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        .map_err(|error| no_copy(partial, error))?;
    steps(source, &mut target, progress).map_err(|error| match error {
        CopyStopped::By(error) => no_copy(partial, error),
        CopyStopped::Asked => Error::new(Kind::Interrupted, "stopped; no backup was written"),
    })?;
    // The store keeps its changes in a file beside it; a backup is one file.
    let checked = target
        .query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
        .and_then(|()| schema::quick_check(&target))
        .map_err(|error| no_copy(partial, error))?;
    if checked != "ok" {
        let what = format!("the store is damaged, and so would be its backup: {checked}");
        return Err(Error::internal(what).advise("see what is wrong: `tok store check`"));
    }
    let documents = schema::count(&target)?;
    drop(target);
    let bytes = std::fs::metadata(partial).map_or(0, |found| found.len());
    Ok(Backup {
        bytes,
        documents,
        version,
        lineage,
    })
}

/// Why the copy is not whole.
enum CopyStopped {
    By(rusqlite::Error),
    Asked,
}

fn steps(
    source: &Connection,
    target: &mut Connection,
    progress: &mut CopyProgress,
) -> std::result::Result<(), CopyStopped> {
    let copy = Copy::new(source, target).map_err(CopyStopped::By)?;
    loop {
        let began = Instant::now();
        let delay = match copy.step(STEP).map_err(CopyStopped::By)? {
            StepResult::Done => return Ok(()),
            StepResult::Busy | StepResult::Locked => LOCKED_DELAY,
            _ => SHORTEST_DELAY.max(began.elapsed() * DELAY_PER_STEP),
        };
        let pages = copy.progress();
        let whole = u64::try_from(pages.pagecount).unwrap_or(0);
        let left = u64::try_from(pages.remaining).unwrap_or(0);
        if !progress(whole.saturating_sub(left), whole) {
            return Err(CopyStopped::Asked);
        }
        std::thread::sleep(delay);
    }
}

fn no_file(to: &Path, error: &std::io::Error) -> Error {
    let message = format!("the backup {} cannot be written: {error}", to.display());
    let kind = if directory::is_full(error) {
        Kind::Unavailable
    } else {
        Kind::InvalidInput
    };
    Error::new(kind, message)
}

fn no_copy(partial: &Path, error: rusqlite::Error) -> Error {
    // The store is only read: what cannot be written is the copy.
    let unwritten = error
        .sqlite_error()
        .is_some_and(|error| UNWRITTEN.contains(&error.extended_code));
    let ours = fault(error);
    if unwritten || is_full(&ours) {
        let dir = partial.parent().unwrap_or(partial);
        let message = format!(
            "the disk takes no more of the backup in {}; no backup was written",
            dir.display()
        );
        return Error::new(Kind::Unavailable, message).because(ours);
    }
    ours
}
