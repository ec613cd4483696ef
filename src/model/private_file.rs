//! Files that are for their owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// How to open a file that, if it is made, only its owner can read. One that is there keeps the rights
/// that it has.
#[must_use]
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes a file that only its owner may read, also if it was there. Where there is no room for all of it,
/// what was there stays, and of a new one nothing is left: half a file would be taken for a whole one.
///
/// # Errors
/// Those of the file system.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    // A link stays one: what it leads to is written.
    let found = fs::canonicalize(path);
    let at = found.as_deref().unwrap_or(path);
    if at.is_file() {
        match replace(at, text) {
            Err(error) if can_only_be_overwritten(&error) => {}
            done => return done,
        }
    }
    let mut file = private().write(true).create(true).truncate(true).open(at)?;
    let written = fill(&mut file, text);
    if written.is_err() && found.is_err() {
        // It was made where a link led, if this is one.
        drop(fs::canonicalize(at).and_then(fs::remove_file));
    }
    written
}

/// Puts a new file in the place of one, when all of it is written.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".writing");
    let beside = PathBuf::from(beside);
    // A run that was killed may have left it. What others put there instead is not written into.
    drop(fs::remove_file(&beside));
    let mut file = private().write(true).create_new(true).open(&beside)?;
    let written = keep_owner(&file, path)
        .and_then(|()| fill(&mut file, text))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        drop(fs::remove_file(&beside));
    }
    written
}

/// Whether the file itself may be written all the same: in a directory of somebody else's, as of root's, or
/// where a container has it from outside, nothing can take its place.
fn can_only_be_overwritten(error: &io::Error) -> bool {
    use ErrorKind::{PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    matches!(
        error.kind(),
        PermissionDenied | ReadOnlyFilesystem | ResourceBusy
    )
}

fn fill(file: &mut File, text: &str) -> io::Result<()> {
    #[cfg(unix)]
    if file.metadata()?.is_file() {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    file.write_all(text.as_bytes())
}

/// Gives a new file to whom the one belongs whose place it takes: root may write what a service reads.
#[cfg(unix)]
fn keep_owner(new: &File, of: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let (own, former) = (new.metadata()?, fs::metadata(of)?);
    let (user, group) = (former.uid(), former.gid());
    if (own.uid(), own.gid()) == (user, group) {
        return Ok(());
    }
    fchown(new, Some(user), Some(group))
}

#[cfg(not(unix))]
fn keep_owner(_new: &File, _of: &Path) -> io::Result<()> {
    Ok(())
}
