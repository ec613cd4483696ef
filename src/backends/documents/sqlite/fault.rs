//! SQLite's result codes in our terms.

use std::path::Path;

use bytesize::ByteSize;
use rusqlite::ErrorCode;

use super::{disk, lock_holders};
use crate::backends::documents::FULL;
use crate::backends::file_owner;
use crate::error::{Error, Kind, Reason, Result};

/// Turns an error of a running database into ours.
pub(super) fn fault(error: rusqlite::Error) -> Error {
    let (kind, message) = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => (Kind::Unavailable, FULL),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            Kind::Unavailable,
            "the store is busy with another process; try again",
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            (Kind::Config, "the data directory is not writable")
        }
        Some(ErrorCode::SystemIoFailure) if file_limit().is_some() => (
            Kind::Unavailable,
            "the store cannot grow: this process may make no larger files",
        ),
        Some(ErrorCode::SystemIoFailure) => (
            Kind::Unavailable,
            "the disk under the data directory is full, or failed to read or write",
        ),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
            Kind::Internal,
            "the database file is damaged; restore it from a backup",
        ),
        _ => (Kind::Internal, "the store failed"),
    };
    let ours = Error::new(kind, message);
    let ours = match ours.kind() {
        Kind::Config => ours.advise(MEND),
        _ => ours,
    };
    let ours = match (error.sqlite_error_code(), file_limit()) {
        (Some(ErrorCode::DiskFull), _) => ours.reason(Reason::StoreFull),
        (Some(ErrorCode::SystemIoFailure), None) => ours.advise(
            "look whether it has room (df), and at the system's log (dmesg) for what is wrong with it",
        ),
        (Some(ErrorCode::SystemIoFailure), Some(limit)) => ours.advise(format!(
            "raise the limit on the size of files, which is {} (ulimit -f, or LimitFSIZE= of the unit)",
            ByteSize(limit)
        )),
        _ => ours,
    };
    ours.because(error)
}

/// What to do where this user may not write.
pub(super) const MEND: &str = "mend the permissions of the data directory, or set data_dir to another place, --data-dir for one run";

/// How large a file this process may make, if that is limited.
#[cfg(unix)]
fn file_limit() -> Option<u64> {
    use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit};
    let (now, _) = getrlimit(Resource::RLIMIT_FSIZE).ok()?;
    (now != RLIM_INFINITY).then_some(now)
}

#[cfg(not(unix))]
fn file_limit() -> Option<u64> {
    None
}

/// Whether another connection is in the way.
pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

/// Who is in the way, and what to do about it.
fn in_the_way(path: &Path) -> (String, String) {
    let shown = path.display();
    match lock_holders::of_database(path) {
        Some(holder) => (
            format!("the store is busy: {holder} holds {shown}"),
            format!(
                "wait until it ends, or see what it is: ps -fp {}",
                holder.pid
            ),
        ),
        None => (
            format!("the store is busy: another process holds {shown}"),
            format!("wait until it ends, or see which one it is: fuser {shown}"),
        ),
    }
}

/// Turns an error of beginning to write to `path` into ours.
pub(super) fn begin_fault(path: &Path, error: rusqlite::Error) -> Error {
    let busy = is_busy(&error);
    let ours = fault(error);
    if !busy {
        return ours;
    }
    let (message, advice) = in_the_way(path);
    ours.saying(message).advise(advice)
}

/// Turns an error of opening `path` into ours, naming the file.
pub(super) fn open_fault(path: &Path, error: rusqlite::Error) -> Error {
    let is_busy = is_busy(&error);
    let ours = fault(error);
    let shown = path.display();
    let (message, advice) = match ours.kind() {
        Kind::Config if path.is_dir() => (
            format!("{shown} is a directory where the file of the store should be"),
            "move it away, or set data_dir to another place, --data-dir for one run".to_owned(),
        ),
        Kind::Config => (
            format!("{shown} cannot be written{}", file_owner::told(path)),
            MEND.to_owned(),
        ),
        Kind::Internal => (
            format!("{shown} is not a database of tok, or is damaged"),
            "move it away and restore the last backup: tok store restore FILE; or set data_dir to another place, --data-dir for one run".to_owned(),
        ),
        _ if is_busy => in_the_way(path),
        _ => match disk::full_disk(path) {
            // Also where files beside it could not be made.
            Some(advice) => (format!("{shown} cannot be opened: the disk is full"), advice),
            None => (
                format!("{shown}: {}", ours.message()),
                ours.advice()
                    .unwrap_or("look at the system's log (dmesg) for what is wrong with the disk")
                    .to_owned(),
            ),
        },
    };
    let kind = match ours.kind() {
        Kind::Internal => Kind::Config,
        other => other,
    };
    let mut out = Error::new(kind, message).advise(advice);
    if let Some(why) = ours.why() {
        out = out.reason(why);
    }
    if let Some(cause) = ours.causes().into_iter().next() {
        out = out.because(cause);
    }
    out
}

/// The message for a precondition that does not hold.
pub(super) fn conflict<T>(id: &str, what: &str) -> Result<T> {
    Err(Error::conflict(format!("`{id}` {what}")).reason(Reason::Changed))
}
