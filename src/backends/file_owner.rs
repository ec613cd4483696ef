//! Whose the data is. Files that another user leaves behind, above all root, are closed to the service
//! that has to work with them.

use std::path::Path;

use crate::error::Result;

/// Insists that what is there belongs to whoever runs this: the first of `paths` that exists counts.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) with the user to run it as.
#[cfg(unix)]
pub(super) fn check(paths: &[&Path]) -> Result<()> {
    use std::os::unix::fs::MetadataExt;
    let found = paths
        .iter()
        .find_map(|path| Some((path, std::fs::metadata(path).ok()?)));
    let own = nix::unistd::geteuid();
    match found {
        Some((path, found)) if found.uid() != own.as_raw() => Err(of_another(path, found.uid())),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
pub(super) fn check(_paths: &[&Path]) -> Result<()> {
    Ok(())
}

#[cfg(unix)]
fn of_another(path: &Path, owner: u32) -> crate::Error {
    let name = user_name(owner);
    crate::Error::config(format!(
        "{} belongs to the user {name}; run this as that user",
        path.display()
    ))
    .advise(format!(
        "sudo -u {name} tok …; or set data_dir to another place, --data-dir for one run"
    ))
}

/// The name of a user, or else the number.
#[cfg(unix)]
fn user_name(uid: u32) -> String {
    // Whatever keeps the system from telling the name, the number is known.
    let known = nix::unistd::User::from_uid(uid.into()).ok().flatten();
    known.map_or_else(|| format!("#{uid}"), |user| user.name)
}

/// Who owns a file, with which mode, and as whom this runs; of one that is not there what is nearest above
/// it counts.
#[cfg(unix)]
pub(super) fn told(path: &Path) -> String {
    use std::os::unix::fs::MetadataExt;
    let found = path
        .ancestors()
        .find_map(|path| Some((std::fs::metadata(path).ok()?, path)));
    let Some((found, looked_at)) = found else {
        return String::new();
    };
    let mode = found.mode() & 0o7777;
    let (owner, own) = (
        user_name(found.uid()),
        user_name(nix::unistd::geteuid().as_raw()),
    );
    let of = if looked_at == path {
        "it".to_owned()
    } else {
        looked_at.display().to_string()
    };
    format!(": {of} belongs to {owner} (mode {mode:04o}), and tok runs as {own}")
}

#[cfg(not(unix))]
pub(super) fn told(_path: &Path) -> String {
    String::new()
}
