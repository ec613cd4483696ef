//! A file that is not whole yet, with the version that it is of noted beside it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::backends::files::{FileVersion, Resume};
use crate::error::{Error, Kind, Result};

/// The longest note of a version, in bytes.
const LONGEST_NOTE: u64 = 4096;

/// What there is of a file.
pub(super) struct PartialDownload {
    path: PathBuf,
    file: File,
    length: u64,
}

impl PartialDownload {
    /// Begins, or goes on with, the part of `path`. It is named after the recording too: the
    /// beginning of one must not be continued with another.
    pub(super) fn open(path: &Path, id: &str) -> Result<Self> {
        let path = beside(path, &format!(".{id}.part"));
        let failed = |error: io::Error| {
            Error::invalid(format!("{}: {error}", path.display())).because(error)
        };
        let mut options = OpenOptions::new();
        let file = options.create(true).read(true).append(true).open(&path);
        let file = file.map_err(failed)?;
        if file.try_lock().is_err() {
            let path = path.display();
            let message = format!("another run is fetching {path}");
            return Err(Error::new(Kind::Locked, message));
        }
        let length = file.metadata().map_err(failed)?.len();
        Ok(Self { path, file, length })
    }

    /// How long it is.
    pub(super) const fn length(&self) -> u64 {
        self.length
    }

    /// Where to go on.
    pub(super) fn resume(&self) -> Resume {
        let mut note = String::new();
        let read = File::open(self.note()).and_then(|file| {
            let mut file = file.take(LONGEST_NOTE);
            file.read_to_string(&mut note)
        });
        let noted = read.is_ok() && !note.trim().is_empty();
        Resume {
            at: self.length,
            version: (noted && self.length > 0).then(|| FileVersion::noted(&note)),
        }
    }

    /// Keeps the first `length` bytes, of this version.
    pub(super) fn keep(&mut self, length: u64, version: Option<&FileVersion>) -> Result<()> {
        if length < self.length {
            self.file
                .set_len(length)
                .map_err(|error| unwritable(&self.path, error))?;
            self.length = length;
        }
        match version {
            Some(version) => std::fs::write(self.note(), version.as_str())
                .map_err(|error| unwritable(&self.path, error)),
            None if length == 0 => remove(&self.note()),
            None => Ok(()),
        }
    }

    /// Puts more at its end.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file
            .write_all(bytes)
            .map_err(|error| unwritable(&self.path, error))?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Insists that nobody else wrote to it.
    pub(super) fn insist_on_length(&self) -> Result<()> {
        let found = self
            .file
            .metadata()
            .map_err(|error| unwritable(&self.path, error))?
            .len();
        if found == self.length {
            Ok(())
        } else {
            Err(Error::internal("the file changed while it was fetched"))
        }
    }

    /// The hash of all of it.
    pub(super) async fn sha256(&self) -> Result<[u8; 32]> {
        let mut file = self.file.try_clone().map_err(unreadable)?;
        let hashed = tokio::task::spawn_blocking(move || {
            file.seek(SeekFrom::Start(0))?;
            let mut hash = Sha256::new();
            io::copy(&mut file, &mut hash)?;
            Ok(hash.finalize().into())
        });
        let broke = |error| Error::internal("the file could not be checked").because(error);
        hashed.await.map_err(broke)?.map_err(unreadable)
    }

    /// It is whole: it takes its name.
    pub(super) fn finish(self, path: &Path) -> Result<()> {
        self.file
            .sync_all()
            .map_err(|error| unwritable(&self.path, error))?;
        std::fs::rename(&self.path, path).map_err(|error| unwritable(&self.path, error))?;
        remove(&self.note())
    }

    /// It is wrong: nobody is to go on with it.
    pub(super) fn discard(self) -> Result<()> {
        remove(&self.note())?;
        remove(&self.path)
    }

    fn note(&self) -> PathBuf {
        beside(&self.path, ".version")
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritable(path, error)),
        _ => Ok(()),
    }
}

/// A disk that is full or gone: nothing is wrong with the request.
fn unwritable(path: &Path, error: io::Error) -> Error {
    let what = format!("{} cannot be written: {error}", path.display());
    Error::unavailable(what).because(error)
}

fn unreadable(error: io::Error) -> Error {
    Error::internal("the file cannot be read").because(error)
}
