//! SQLite's result codes in our terms.

use std::path::Path;

use bytesize::ByteSize;
use rusqlite::ErrorCode;

use super::permissions;
use crate::backends::documents::FULL;
use crate::error::{Error, Kind, Reason, Result};

/// Turns an error of a running database into ours.
pub(super) fn fault(error: rusqlite::Error) -> Error {
    let (kind, message) = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => (Kind::Unavailable, FULL),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            Kind::Unavailable,
            "the store is busy with another process; try again",
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => (
            Kind::Config,
            "the data directory is not writable; mend its permissions or choose another with --data-dir",
        ),
        Some(ErrorCode::SystemIoFailure) if file_limit().is_some() => (
            Kind::Unavailable,
            "the store cannot grow: this process may make no larger files",
        ),
        Some(ErrorCode::SystemIoFailure) => (
            Kind::Unavailable,
            "the disk under the data directory failed to read or write",
        ),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
            Kind::Internal,
            "the database file is damaged; restore it from a backup",
        ),
        _ => (Kind::Internal, "the store failed"),
    };
    let ours = Error::new(kind, message);
    let ours = match (error.sqlite_error_code(), file_limit()) {
        (Some(ErrorCode::DiskFull), _) => ours.reason(Reason::StoreFull),
        (Some(ErrorCode::SystemIoFailure), Some(limit)) => ours.advise(format!(
            "raise the limit on the size of files, which is {} (ulimit -f, or LimitFSIZE= of the unit)",
            ByteSize(limit)
        )),
        _ => ours,
    };
    ours.because(error)
}

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

/// Turns an error of opening `path` into ours, naming the file.
pub(super) fn open_fault(path: &Path, error: rusqlite::Error) -> Error {
    let ours = fault(error);
    let (shown, is_busy) = (path.display(), ours.kind() == Kind::Unavailable);
    let (message, advice) = match ours.kind() {
        Kind::Config => (
            format!("{shown} cannot be written{}", permissions::told(path)),
            "mend the permissions of the data directory, or choose another with --data-dir",
        ),
        Kind::Internal => (
            format!("{shown} is not a database of tok, or is damaged"),
            "restore it from a backup, or choose another data directory with --data-dir",
        ),
        _ => (ours.message().to_owned(), ""),
    };
    let message = match permissions::holder(path).filter(|_| is_busy) {
        Some(pid) => format!("{message} (process {pid} holds {shown})"),
        None => message,
    };
    let kind = match ours.kind() {
        Kind::Internal => Kind::Config,
        other => other,
    };
    let mut out = Error::new(kind, message);
    if !advice.is_empty() {
        out = out.advise(advice);
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
