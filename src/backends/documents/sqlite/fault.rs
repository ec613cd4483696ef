//! SQLite's result codes in our terms.

use std::path::Path;

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
    let ours = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => ours.reason(Reason::StoreFull),
        _ => ours,
    };
    ours.because(error)
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
