//! The data directory: whose it is, and who is at work on it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::{FILE_NAME, lock_holders};
use crate::backends::file_owner;
use crate::error::{Error, Result};
use crate::model::private_file::private;

/// Held by everybody who has the store open, and alone by who replaces it. The file says nothing.
const LOCK_NAME: &str = "tok.lock";

/// Makes the directory if there is none, for this user only: it holds keys.
pub(super) fn prepare(dir: &Path) -> Result<()> {
    make_private(dir).map_err(|error| {
        let what = match error.kind() {
            std::io::ErrorKind::AlreadyExists | std::io::ErrorKind::NotADirectory => {
                "there is a file in its place".to_owned()
            }
            _ => format!("{error}{}", file_owner::told(dir)),
        };
        Error::config(format!(
            "the data directory {} cannot be made: {what}",
            dir.display()
        ))
        .advise(
            "let this user make it there, or set data_dir to another place, --data-dir for one run",
        )
        .because(error)
    })?;
    check_owner(dir)
}

fn make_private(dir: &Path) -> std::io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(dir)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Insists that the store is this user's. The file counts, if there is one: a volume may be somebody
/// else's and open to all.
pub(super) fn check_owner(dir: &Path) -> Result<()> {
    file_owner::check(&[&dir.join(FILE_NAME), dir])
}

/// Says that this process has the store open, for as long as the file is kept.
pub(super) fn share(dir: &Path) -> Result<File> {
    let file = open(dir)?;
    match file.try_lock_shared() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::new(
            crate::Kind::Unavailable,
            format!("a backup is being restored into {}", dir.display()),
        )
        .advise("try again when that is done")),
        Err(TryLockError::Error(error)) => Err(unusable(dir, error)),
    }
}

/// Insists that no other process has the store open, and keeps it so.
pub(super) fn take(dir: &Path) -> Result<File> {
    let file = open(dir)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(in_use(dir)),
        Err(TryLockError::Error(error)) => Err(unusable(dir, error)),
    }
}

/// What is said when somebody works on the store.
pub(super) fn in_use(dir: &Path) -> Error {
    let files = [LOCK_NAME, FILE_NAME].map(|name| dir.join(name));
    let by = lock_holders::of_any(&files.each_ref().map(PathBuf::as_path));
    let by: Vec<_> = by.iter().map(ToString::to_string).collect();
    let by = match by.as_slice() {
        [] => String::new(),
        by => format!(" by {}", by.join(", ")),
    };
    Error::conflict(format!(
        "the data directory {} is in use{by}",
        dir.display()
    ))
    .advise("stop every tok serve, tok work and other command on it first")
}

/// Whether a file is the store of a data directory.
pub(super) fn is_store(path: &Path) -> bool {
    let is_named_so = path.file_name().is_some_and(|name| name == FILE_NAME);
    is_named_so && path.with_file_name(LOCK_NAME).exists()
}

fn open(dir: &Path) -> Result<File> {
    private()
        .append(true)
        .create(true)
        .open(dir.join(LOCK_NAME))
        .map_err(|error| unusable(dir, error))
}

fn unusable(dir: &Path, error: std::io::Error) -> Error {
    Error::config(format!(
        "{} cannot be written: {error}{}",
        dir.join(LOCK_NAME).display(),
        file_owner::told(&dir.join(LOCK_NAME))
    ))
    .advise(super::fault::MEND)
    .because(error)
}

/// Whether there is no room for what was to be written.
pub(super) fn is_full(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), FileTooLarge | QuotaExceeded | StorageFull)
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes renames in the directory last.
pub(super) fn sync(dir: &Path) -> std::io::Result<()> {
    if cfg!(unix) {
        File::open(dir)?.sync_all()
    } else {
        Ok(())
    }
}
