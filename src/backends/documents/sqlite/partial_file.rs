//! A file while it is made: beside its place, closed to others, and gone if it does not get whole.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::{beside, directory};
use crate::error::{Error, Kind, Result};
use crate::model::private_file::private;

/// A file while it is made. Nobody else makes one for the same place meanwhile.
pub(super) struct Partial {
    path: PathBuf,
    to: PathBuf,
    file: File,
}

impl Partial {
    /// Begins one for the place `to`. What an earlier attempt left there goes.
    ///
    /// # Errors
    /// [`Kind::Locked`] while another process makes it, otherwise what `failed` says.
    pub(super) fn begin(to: &Path, failed: impl Fn(io::Error) -> Error) -> Result<Self> {
        let path = beside(to, ".partial");
        loop {
            let mut open = private();
            let open = open.read(true).write(true).create(true);
            let file = open.open(&path).map_err(&failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let message = format!("another run is writing {}", to.display());
                    return Err(Error::new(Kind::Locked, message));
                }
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
            // Whoever held it until now may have moved it to its place.
            if is_at(&file, &path).map_err(&failed)? {
                file.set_len(0).map_err(&failed)?;
                let to = to.to_owned();
                return Ok(Self { path, to, file });
            }
        }
    }

    /// Where the bytes go until the file is published.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Moves what is whole to its place.
    pub(super) fn publish(self) -> io::Result<()> {
        self.file.sync_all()?;
        std::fs::rename(&self.path, &self.to)?;
        let dir = self.to.parent().filter(|dir| !dir.as_os_str().is_empty());
        directory::sync(dir.unwrap_or_else(|| Path::new(".")))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Once it is published nothing of ours is under this name.
        if is_at(&self.file, &self.path).unwrap_or(false) {
            drop(std::fs::remove_file(&self.path));
        }
    }
}

/// Whether this very file is under this name.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let own = file.metadata()?;
    match std::fs::metadata(path) {
        Ok(there) => Ok((there.dev(), there.ino()) == (own.dev(), own.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> io::Result<bool> {
    Ok(path.exists())
}
