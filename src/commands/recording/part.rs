//! A file that is not whole yet, with the version that it is of noted beside it.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::destination::Destination;
use crate::backends::files::{FileVersion, Resume};
use crate::error::{Error, Kind, Result};
use crate::model::private_file::{private, write_private};

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
        let failed = |error: io::Error| match failed(&path)(error) {
            full if full.kind() == Kind::Unavailable => full,
            other => Error::invalid(other.message()).because(other),
        };
        let mut options = private();
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

    /// The hash of all of it.
    pub(super) async fn sha256(&self) -> Result<[u8; 32]> {
        let unreadable = failed(&self.path);
        let mut file = self.file.try_clone().map_err(&unreadable)?;
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
        self.file.sync_all().map_err(failed(&self.path))?;
        std::fs::rename(&self.path, path).map_err(failed(path))?;
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

impl Destination for PartialDownload {
    fn length(&self) -> u64 {
        self.length
    }

    fn resume(&self) -> Resume {
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

    fn keep(&mut self, length: u64, version: Option<&FileVersion>) -> Result<()> {
        if length < self.length {
            self.file.set_len(length).map_err(failed(&self.path))?;
            self.length = length;
        }
        let note = self.note();
        match version {
            Some(version) => write_private(&note, version.as_str()).map_err(failed(&note)),
            None if length == 0 => remove(&note),
            None => Ok(()),
        }
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(failed(&self.path))?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Insists that nobody else wrote to it.
    fn check(&self) -> Result<()> {
        let found = self.file.metadata().map_err(failed(&self.path))?.len();
        if found == self.length {
            Ok(())
        } else {
            Err(Error::internal("the file changed while it was fetched"))
        }
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path)(error)),
        _ => Ok(()),
    }
}

/// What went wrong with a file, and with which. A disk that is full is as good as new when somebody
/// has made room on it.
fn failed(path: &Path) -> impl Fn(io::Error) -> Error {
    move |error| {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        let full = matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge);
        let kind = if full {
            Kind::Unavailable
        } else {
            Kind::Internal
        };
        Error::new(kind, format!("{}: {error}", path.display())).because(error)
    }
}
