//! Bringing a backup back: a kill at any point leaves the former store or the new one.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::fault::{fault, open_fault};
use super::{FILE_NAME, beside, directory, schema};
use crate::backends::documents::Restored;
use crate::error::{Error, Kind, Result};
use crate::model::private_file::private;
use crate::records::LEASES;

/// The new store while it is made.
const NEW: &str = "tok.db.restoring";
/// The former store, until the next restore.
const FORMER: &str = "tok.db.before";
/// The name of what comes in by itself.
const STDIN: &str = "-";
const NO_STORE: &str = "it is no store of tok";
/// How compressed files begin (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// What is derived from the store and made again from it.
const DERIVED: &str = "search";

/// Replaces the store in `dir` by the backup `from`; `-` is stdin.
///
/// # Errors
/// [`Kind::Conflict`] when somebody works on the directory, [`Kind::InvalidInput`] when the file is no
/// whole backup, [`Kind::Config`] when a newer release wrote it.
pub fn restore(dir: &Path, from: &Path) -> Result<Restored> {
    let from_stdin = from.as_os_str() == STDIN;
    if !from_stdin {
        check_source(dir, from)?;
    }
    directory::prepare(dir)?;
    let _alone = directory::take(dir)?;
    let (own, new) = (dir.join(FILE_NAME), dir.join(NEW));
    remove_with_sides(&new).map_err(|error| unwritable(dir, error))?;
    let done = copy_private(from, &new)
        .map_err(|error| unwritable(dir, error))
        .and_then(|()| check_whole(&new, from))
        .and_then(|()| make(from, &new))
        .and_then(|documents| {
            close_former(dir, &own)?;
            let kept = swap(dir, &new, &own).map_err(|error| unwritable(dir, error))?;
            Ok(Restored { documents, kept })
        });
    match done {
        Ok(_) => purge_derived(dir),
        Err(_) => drop(remove_with_sides(&new)),
    }
    done
}

/// Says what [`restore`] would do, and looks at the whole backup for it.
///
/// # Errors
/// As [`restore`].
pub fn plan(dir: &Path, from: &Path) -> Result<Restored> {
    if from.as_os_str() == STDIN {
        return Err(Error::invalid(
            "what comes from stdin can be read only once; name the file to look first",
        ));
    }
    check_source(dir, from)?;
    let own = dir.join(FILE_NAME);
    if own.exists() {
        directory::check_owner(dir)?;
        directory::take(dir)?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(from, flags).map_err(|error| open_fault(from, error))?;
    check_pages(&connection, from)?;
    schema::check_version(&connection, from)?;
    Ok(Restored {
        documents: schema::count(&connection)?,
        kept: own.exists().then(|| dir.join(FORMER)),
    })
}

/// Removes what a restore that was cut left behind. Whoever calls this has a share of the directory,
/// so that none is at work.
pub(super) fn purge_cut_restore(dir: &Path) {
    let new = dir.join(NEW);
    if new.exists()
        && let Err(error) = remove_with_sides(&new)
    {
        tracing::warn!(%error, path = %new.display(), "a restore that was cut left this behind");
    }
}

/// Looks at the file before anything is written.
fn check_source(dir: &Path, from: &Path) -> Result<()> {
    let found = std::fs::metadata(from)
        .map_err(|error| Error::invalid(format!("{}: {error}", from.display())).because(error))?;
    if !found.is_file() {
        return Err(no_backup(from, "it is no file"));
    }
    // A store that is not there is not this file.
    let own = std::fs::canonicalize(dir.join(FILE_NAME)).ok();
    if own.is_some() && own == std::fs::canonicalize(from).ok() {
        let message = format!("{} is the store itself", from.display());
        return Err(Error::invalid(message));
    }
    check_whole(from, from)
}

/// Looks at the first and the last of a file, which is called `from`.
fn check_whole(path: &Path, from: &Path) -> Result<()> {
    // Of a copy with its log beside it, the log says what it is.
    if schema::has_a_log(path) && beside(path, "-wal").exists() {
        return Ok(());
    }
    if !schema::is_ours(path) {
        let mut begins = [0; 2];
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut begins));
        return Err(if read.is_ok() && begins == GZIP {
            let advice = "hand it over as it was: `gunzip -c FILE | tok store restore -`";
            no_backup(from, "it is compressed").advise(advice)
        } else {
            no_backup(from, NO_STORE)
        });
    }
    let length = std::fs::metadata(path).map_or(0, |found| found.len());
    if schema::length_by_header(path).is_some_and(|whole| length < whole) {
        return Err(no_backup(from, "its end is missing"));
    }
    Ok(())
}

/// Reads every page: a backup that was cut short must not take the place of the store.
fn check_pages(connection: &Connection, from: &Path) -> Result<()> {
    let checked = schema::quick_check(connection).map_err(|error| broken(from, error))?;
    if checked == "ok" {
        Ok(())
    } else {
        Err(no_backup(from, &checked))
    }
}

fn broken(from: &Path, error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            no_backup(from, "it is damaged")
        }
        _ => fault(error),
    }
}

/// Makes the new store of the backup; says how many documents it holds.
fn make(from: &Path, new: &Path) -> Result<u64> {
    let mut connection = Connection::open(new).map_err(|error| open_fault(new, error))?;
    // Until it is in its place a crash only means to begin again.
    connection
        .query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
        .and_then(|()| connection.execute_batch("PRAGMA synchronous = OFF"))
        .map_err(|error| broken(from, error))?;
    if !schema::holds_ours(&connection).map_err(|error| broken(from, error))? {
        return Err(no_backup(from, NO_STORE));
    }
    check_pages(&connection, from)?;
    schema::migrate(&mut connection, from)?;
    begin_anew(&connection)?;
    schema::let_it_shrink(&connection)?;
    let documents = schema::count(&connection)?;
    connection.close().map_err(|(_, error)| fault(error))?;
    File::open(new)
        .and_then(|file| file.sync_all())
        .map_err(|error| unwritable(new, error))?;
    Ok(documents)
}

/// What was known of the store from which this is a copy says nothing of it any more: it gets a
/// lineage of its own. Nobody holds a lease of it.
fn begin_anew(connection: &Connection) -> Result<()> {
    connection
        .execute_batch("UPDATE clock SET lineage = lower(hex(randomblob(16)));")
        .and_then(|()| {
            let leases = "DELETE FROM documents WHERE collection = ?1";
            connection.execute(leases, [LEASES.name()])
        })
        .map(drop)
        .map_err(fault)
}

/// Folds what is beside the former store into it, which nobody can do while another process has it
/// open, of whatever release. One that is damaged loses what was beside it; one for which the disk has
/// no room must not.
fn close_former(dir: &Path, own: &Path) -> Result<()> {
    if !own.exists() {
        return remove_sides(own).map_err(|error| unwritable(dir, error));
    }
    let folded = Connection::open(own).and_then(|connection| {
        connection.query_row("PRAGMA journal_mode = DELETE", [], |row| {
            row.get::<_, String>(0)
        })
    });
    match folded {
        Ok(mode) if mode == "delete" => Ok(()),
        Ok(_) => Err(directory::in_use(dir)),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Err(directory::in_use(dir))
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                remove_sides(own).map_err(|error| unwritable(dir, error))
            }
            _ => Err(fault(error)),
        },
    }
}

/// Puts the new store in its place; the former one is kept under another name.
fn swap(dir: &Path, new: &Path, own: &Path) -> io::Result<Option<PathBuf>> {
    let former = dir.join(FORMER);
    let kept = own.exists();
    if kept {
        remove_with_sides(&former)?;
        std::fs::hard_link(own, &former)?;
    }
    std::fs::rename(new, own)?;
    directory::sync(dir)?;
    Ok(kept.then_some(former))
}

/// Removes what was made from the former store. It would be noticed to be of another one, so that
/// what stays does no harm.
fn purge_derived(dir: &Path) {
    let derived = dir.join(DERIVED);
    match std::fs::remove_dir_all(&derived) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            let path = derived.display();
            tracing::warn!(%error, %path, "the index of the former store cannot be removed");
        }
        _ => {}
    }
}

/// Copies the backup, and the log of one that was copied while it was in use.
fn copy_private(from: &Path, to: &Path) -> io::Result<()> {
    if from.as_os_str() == STDIN {
        return io::copy(&mut io::stdin().lock(), &mut create(to)?).map(drop);
    }
    io::copy(&mut File::open(from)?, &mut create(to)?)?;
    let (log, new_log) = (beside(from, "-wal"), beside(to, "-wal"));
    match File::open(log) {
        Ok(mut log) if schema::has_a_log(from) => {
            io::copy(&mut log, &mut create(&new_log)?).map(drop)
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn create(path: &Path) -> io::Result<File> {
    private().write(true).create_new(true).open(path)
}

fn remove_with_sides(path: &Path) -> io::Result<()> {
    directory::remove(path)?;
    remove_sides(path)
}

/// Removes the files that SQLite keeps beside one.
fn remove_sides(path: &Path) -> io::Result<()> {
    for suffix in ["-wal", "-shm", "-journal"] {
        directory::remove(&beside(path, suffix))?;
    }
    Ok(())
}

fn no_backup(from: &Path, why: &str) -> Error {
    Error::invalid(format!(
        "{} cannot be restored: {why}; nothing was changed",
        from.display()
    ))
}

fn unwritable(dir: &Path, error: io::Error) -> Error {
    let dir_name = dir.display();
    if directory::is_full(&error) {
        let message = format!("the disk has no room for another store in {dir_name}");
        return Error::new(Kind::Unavailable, message).because(error);
    }
    let message = format!("the store in {dir_name} cannot be replaced: {error}");
    Error::config(message).because(error)
}
