//! Files that nobody but their owner can read, whoever made the directory that they are in.

use std::path::Path;

/// What a group and everybody may do.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// Files and directories that this process makes from now on are its user's alone. For those that a
/// library makes, which does not ask.
pub(super) fn make_new_ones_private() {
    #[cfg(unix)]
    {
        use nix::sys::stat::{Mode, umask};
        umask(Mode::S_IRWXG | Mode::S_IRWXO);
    }
}

/// Closes a directory, and what is in it, to everybody else. An earlier release may have left it open.
#[cfg(unix)]
pub(super) fn close(dir: &Path) -> std::io::Result<()> {
    take_from_others(dir)?;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        let path = entry.path();
        let closed = if kind.is_dir() {
            close(&path)
        } else if kind.is_file() {
            take_from_others(&path)
        } else {
            Ok(())
        };
        match closed {
            // Files of an index come and go.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            closed => closed?,
        }
    }
    Ok(())
}

#[cfg(unix)]
fn take_from_others(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path)?.permissions().mode();
    if mode & OTHERS == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o700))
}

#[cfg(not(unix))]
pub(super) fn close(_dir: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Whether others may read or write a file; of one that is not there nobody can say.
#[cfg(unix)]
pub(super) fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let facts = std::fs::metadata(path);
    facts.is_ok_and(|facts| facts.permissions().mode() & OTHERS != 0)
}

#[cfg(not(unix))]
pub(super) fn is_open_to_others(_path: &Path) -> bool {
    false
}
