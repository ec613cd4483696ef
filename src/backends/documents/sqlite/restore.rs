//! Bringing a backup back: a kill at any point leaves the former store or the new one.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode};

use super::fault::{fault, open_fault};
use super::{FILE_NAME, directory, schema};
use crate::backends::documents::Restored;
use crate::error::{Error, Kind, Result};
use crate::records::LEASES;

/// The new store while it is made.
const NEW: &str = "tok.db.restoring";
/// The former store, until the next restore.
const FORMER: &str = "tok.db.before";
/// What is derived from the store and made again from it.
const DERIVED: &str = "search";

/// Replaces the store in `dir` by the backup `from`.
///
/// # Errors
/// [`Kind::Conflict`] when somebody works on the directory, [`Kind::InvalidInput`] when the file is no
/// whole backup, [`Kind::Config`] when a newer release wrote it.
pub fn restore(dir: &Path, from: &Path) -> Result<Restored> {
    directory::prepare(dir)?;
    let _alone = directory::take(dir)?;
    let own = dir.join(FILE_NAME);
    check_source(&own, from)?;
    let new = dir.join(NEW);
    remove_with_sides(&new).map_err(|error| unwritable(dir, error))?;
    let done = make(from, &new);
    let documents = match done {
        Ok(documents) => documents,
        Err(error) => {
            drop(remove_with_sides(&new));
            return Err(error);
        }
    };
    close_former(dir, &own)?;
    let kept = swap(dir, &new, &own).map_err(|error| unwritable(dir, error))?;
    Ok(Restored { documents, kept })
}

/// Looks at the file before anything is written.
fn check_source(own: &Path, from: &Path) -> Result<()> {
    let length = std::fs::metadata(from)
        .map_err(|error| Error::invalid(format!("{}: {error}", from.display())).because(error))?
        .len();
    if std::fs::canonicalize(own).is_ok_and(|own| Some(own) == std::fs::canonicalize(from).ok()) {
        let message = format!("{} is the store itself", from.display());
        return Err(Error::invalid(message));
    }
    if !schema::is_ours(from) {
        return Err(no_backup(from, "it is no store of tok"));
    }
    if schema::length_by_header(from).is_some_and(|whole| length < whole) {
        return Err(no_backup(from, "its end is missing"));
    }
    Ok(())
}

/// Makes the new store of the backup; says how many documents it holds.
fn make(from: &Path, new: &Path) -> Result<u64> {
    copy_private(from, new).map_err(|error| {
        let dir = new.parent().unwrap_or(new);
        unwritable(dir, error)
    })?;
    let mut connection = Connection::open(new).map_err(|error| open_fault(new, error))?;
    let broken = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            no_backup(from, "it is damaged")
        }
        _ => fault(error),
    };
    // Until it is in its place a crash only means to begin again.
    connection
        .query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
        .and_then(|()| connection.execute_batch("PRAGMA synchronous = OFF"))
        .map_err(broken)?;
    let checked: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(broken)?;
    if checked != "ok" {
        return Err(no_backup(from, &checked));
    }
    schema::migrate(&mut connection, from)?;
    begin_anew(&connection)?;
    schema::let_it_shrink(&connection)?;
    let documents = connection
        .query_row("SELECT count(*) FROM documents", [], |row| row.get(0))
        .map_err(fault)?;
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
/// open, of whatever release. One that is damaged loses what was beside it.
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
            _ => remove_sides(own).map_err(|error| unwritable(dir, error)),
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
    directory::settle(dir)?;
    match std::fs::remove_dir_all(dir.join(DERIVED)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    Ok(kept.then_some(former))
}

fn copy_private(from: &Path, to: &Path) -> io::Result<()> {
    let mut new = directory::private();
    let mut new = new.write(true).create_new(true).open(to)?;
    io::copy(&mut File::open(from)?, &mut new).map(drop)
}

fn remove_with_sides(path: &Path) -> io::Result<()> {
    directory::remove(path)?;
    remove_sides(path)
}

/// Removes the files that SQLite keeps beside one.
fn remove_sides(path: &Path) -> io::Result<()> {
    for side in ["-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(side);
        directory::remove(Path::new(&name))?;
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
    let kind = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Kind::Unavailable,
        _ => Kind::Config,
    };
    let message = format!("the store in {} cannot be replaced: {error}", dir.display());
    Error::new(kind, message).because(error)
}
