//! The disk that the store is on.

use std::path::{Path, PathBuf};

use bytesize::ByteSize;

/// With less than this nothing can be opened, as files beside the store have to be made.
const NOTHING: u64 = 128 * 1024;

/// What to do about the disk of a file, if that is full.
pub(super) fn full_disk(file: &Path) -> Option<String> {
    let left = free(file.parent()?).filter(|left| *left < NOTHING)?;
    let disk = mount(file.parent()?);
    Some(format!(
        "{} of {} are free: make room there, or move the data directory",
        ByteSize(left),
        disk.display()
    ))
}

/// Bytes of the disk that this user may still write.
#[cfg(unix)]
pub(super) fn free(dir: &Path) -> Option<u64> {
    // How wide the numbers are is up to the system.
    let disk = nix::sys::statvfs::statvfs(dir).ok()?;
    let bytes = u128::from(disk.blocks_available()) * u128::from(disk.fragment_size());
    Some(u64::try_from(bytes).unwrap_or(u64::MAX))
}

/// Where the disk begins that a directory is on.
#[cfg(unix)]
pub(super) fn mount(dir: &Path) -> PathBuf {
    use std::os::unix::fs::MetadataExt;
    let disk = |path: &Path| std::fs::metadata(path).map(|facts| facts.dev()).ok();
    let whole = std::fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
    let own = disk(&whole);
    let same = whole.ancestors().take_while(|above| disk(above) == own);
    same.last().unwrap_or(&whole).to_owned()
}

#[cfg(not(unix))]
pub(super) fn mount(dir: &Path) -> PathBuf {
    dir.to_owned()
}

#[cfg(not(unix))]
pub(super) fn free(_dir: &Path) -> Option<u64> {
    None
}
