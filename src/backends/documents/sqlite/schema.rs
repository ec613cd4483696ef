//! Opening the database file: its shape, its version, its settings.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::fault::{fault, is_busy, open_fault};
use super::index;
use crate::error::{Error, Result};

/// The shape this binary writes; kept in `PRAGMA user_version`.
pub const SCHEMA_VERSION: i64 = 5;

/// Marks the file as ours (`PRAGMA application_id`): "tok1".
const APPLICATION_ID: i64 = 0x746f_6b31;

/// How long a connection waits for another process's transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How often it is tried again what SQLite does not wait for by itself.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// How much of the log of changes stays on the disk once it is folded into the file, in bytes.
const LONGEST_LOG: i64 = 16 * 1024 * 1024;

/// The log is folded into the file when it has so many pages, which is about [`LONGEST_LOG`]: pages that
/// change again and again meanwhile are folded once.
const FOLD_AFTER: i64 = 4000;

/// A document's version doubles as its place in the change log, so the log of living documents is
/// the index `documents_by_version`; only deletions need rows of their own.
const SCHEMA: &str = "
CREATE TABLE documents (
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    json TEXT NOT NULL,
    written INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (collection, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX documents_by_version ON documents (collection, version);
CREATE TABLE tombstones (
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (collection, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX tombstones_by_version ON tombstones (collection, version);
CREATE INDEX tombstones_by_age ON tombstones (version);
CREATE TABLE clock (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    version INTEGER NOT NULL,
    forgotten INTEGER NOT NULL,
    lineage TEXT NOT NULL DEFAULT ''
);
INSERT INTO clock VALUES (1, 0, 0, lower(hex(randomblob(16))));
";

/// From version 1, which did not know when a document was written.
const ADD_WRITTEN: &str = "ALTER TABLE documents ADD COLUMN written INTEGER NOT NULL DEFAULT 0;";
/// From version 2, whose stores could not be told from each other.
const ADD_LINEAGE: &str = "
ALTER TABLE clock ADD COLUMN lineage TEXT NOT NULL DEFAULT '';
UPDATE clock SET lineage = lower(hex(randomblob(16)));
";

/// Opens the database for writing and brings it to the current shape.
pub(super) fn open_writer(path: &Path, max_bytes: u64) -> Result<Connection> {
    let mut connection = Connection::open(path).map_err(|error| open_fault(path, error))?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(fault)?;
    // Of a new file only; an older one shrinks when it is restored from a backup.
    connection
        .pragma_update(None, "auto_vacuum", "INCREMENTAL")
        .map_err(|error| open_fault(path, error))?;
    prepare(&connection, path)?;
    migrate(&mut connection, path)?;
    // FULL: an acknowledged commit survives power loss; concurrent writers share the cost.
    connection
        .pragma_update(None, "synchronous", "FULL")
        .and_then(|()| connection.pragma_update(None, "journal_size_limit", LONGEST_LOG))
        .map_err(|error| open_fault(path, error))?;
    if max_bytes > 0 {
        let page: u64 = connection
            .query_row("PRAGMA page_size", [], |row| row.get(0))
            .map_err(fault)?;
        connection
            .query_row(
                &format!("PRAGMA max_page_count = {}", hard_limit(max_bytes) / page),
                [],
                |_| Ok(()),
            )
            .map_err(fault)?;
    }
    Ok(connection)
}

/// Folds the log of changes into the file before it has so many bytes, if that is sooner than usual.
pub(super) fn fold_after(connection: &Connection, bytes: u64) -> Result<()> {
    let page: u64 = connection
        .query_row("PRAGMA page_size", [], |row| row.get(0))
        .map_err(fault)?;
    let pages = i64::try_from(bytes / page).unwrap_or(i64::MAX);
    connection
        .pragma_update(None, "wal_autocheckpoint", pages.clamp(1, FOLD_AFTER))
        .map_err(fault)
}

/// Opens a further connection for reading; the writer has made the file.
pub(super) fn open_reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| open_fault(path, error))?;
    prepare(&connection, path)?;
    connection
        .pragma_update(None, "query_only", true)
        .map_err(fault)?;
    Ok(connection)
}

/// Beyond the limit that new data meets there is room for deleting, which writes as well.
fn hard_limit(max_bytes: u64) -> u64 {
    max_bytes + (max_bytes / 10).max(1024 * 1024)
}

fn prepare(connection: &Connection, path: &Path) -> Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT).map_err(fault)?;
    patiently(|| connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())))
        .map_err(|error| open_fault(path, error))
}

/// Waits for the transactions of others where SQLite does not: of several who make a file at once, all
/// change its mode, and all but the first would be refused.
fn patiently(mut act: impl FnMut() -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    let until = Instant::now() + BUSY_TIMEOUT;
    loop {
        match act() {
            Err(error) if is_busy(&error) && Instant::now() < until => {
                std::thread::sleep(LOOK_AGAIN);
            }
            ended => return ended,
        }
    }
}

/// Brings the file to the current shape, in one step.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    if check_version(connection, path)? == SCHEMA_VERSION {
        return Ok(());
    }
    // Two processes may create the file at once: look again once the write lock is held.
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| open_fault(path, error))?;
    let steps = match version(&transaction).map_err(fault)? {
        0 => Some(SCHEMA.to_owned()),
        1 => Some([ADD_WRITTEN, ADD_LINEAGE].concat()),
        2 => Some(ADD_LINEAGE.to_owned()),
        // Version 3 lacked an index or two; those that are there stay.
        3 => Some(String::new()),
        _ => None,
    };
    if let Some(steps) = steps {
        transaction
            .execute_batch(&(steps + &index::create()))
            .and_then(|()| transaction.pragma_update(None, "application_id", APPLICATION_ID))
            .and_then(|()| transaction.pragma_update(None, "user_version", SCHEMA_VERSION))
            .map_err(|error| open_fault(path, error))?;
    }
    transaction
        .commit()
        .map_err(|error| open_fault(path, error))
}

/// Insists that this release knows the shape of the file; returns which it has.
pub(super) fn check_version(connection: &Connection, path: &Path) -> Result<i64> {
    let found = version(connection).map_err(|error| open_fault(path, error))?;
    if found > SCHEMA_VERSION {
        return Err(Error::config(format!(
            "the data in {} was written by a newer version of tok (its schema is {found}, this one \
             knows {SCHEMA_VERSION})",
            path.display()
        ))
        .advise("install that version, or restore the backup made before it; or set data_dir to another store, --data-dir for one run"));
    }
    Ok(found)
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// What the first 100 bytes of a SQLite file say (`https://www.sqlite.org/fileformat.html`, 1.3).
fn header(path: &Path) -> Option<[u8; 100]> {
    let mut header = [0; 100];
    File::open(path).ok()?.read_exact(&mut header).ok()?;
    header.starts_with(b"SQLite format 3\0").then_some(header)
}

fn number(header: &[u8; 100], at: usize) -> u32 {
    header[at..at + 4]
        .iter()
        .fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

/// Whether what is open is a store of ours, its log included.
pub(super) fn holds_ours(connection: &Connection) -> rusqlite::Result<bool> {
    let found: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    Ok(found == APPLICATION_ID)
}

/// Whether the file is a store of ours.
pub(super) fn is_ours(path: &Path) -> bool {
    header(path).is_some_and(|header| i64::from(number(&header, 68)) == APPLICATION_ID)
}

/// Whether whoever has the file open keeps its changes beside it, as a store does and a backup does
/// not.
pub(super) fn has_a_log(path: &Path) -> bool {
    header(path).is_some_and(|header| header[18] == 2)
}

/// Whether the file is a backup of a store of ours.
pub(super) fn is_backup(path: &Path) -> bool {
    is_ours(path) && !has_a_log(path)
}

/// How long the file should be, in bytes.
pub(super) fn length_by_header(path: &Path) -> Option<u64> {
    let header = header(path)?;
    let page = match u64::from(header[16]) << 8 | u64::from(header[17]) {
        1 => 65_536,
        size => size,
    };
    Some(page * u64::from(number(&header, 28)))
}

/// Reads every page; the first thing that is wrong, or `ok`.
pub(super) fn quick_check(connection: &Connection) -> rusqlite::Result<String> {
    connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
}

/// How many documents there are.
pub(super) fn count(connection: &Connection) -> Result<u64> {
    connection
        .query_row("SELECT count(*) FROM documents", [], |row| row.get(0))
        .map_err(fault)
}

/// Lets the file of an older store give back what is free in it.
pub(super) fn let_it_shrink(connection: &Connection) -> Result<()> {
    let mode: i64 = connection
        .query_row("PRAGMA auto_vacuum", [], |row| row.get(0))
        .map_err(fault)?;
    if mode == 0 {
        connection
            .execute_batch("PRAGMA auto_vacuum = INCREMENTAL; VACUUM")
            .map_err(fault)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn who_makes_the_file_at_the_same_time_is_waited_for() {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("tok.db");
        let first = Connection::open(&path).expect("opens");
        first
            .execute_batch("CREATE TABLE x (y); BEGIN IMMEDIATE")
            .expect("begins");
        let (told, ended) = mpsc::channel();
        let second = std::thread::spawn(move || {
            let connection = Connection::open(&path).expect("opens");
            told.send(prepare(&connection, &path)).expect("heard");
        });
        // Not refused as long as the other one is at it.
        let early = ended.recv_timeout(Duration::from_millis(300));
        assert!(early.is_err(), "{early:?}");
        first.execute_batch("COMMIT").expect("commits");
        ended.recv().expect("told").expect("opens");
        second.join().expect("no panic");
    }
}
