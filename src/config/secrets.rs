//! Secrets in files.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::keys;
use crate::error::Error;
use crate::model::{file_name, plain_text};

/// Where systemd puts what a unit's `LoadCredential=` lines hand over.
const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";
/// The same, as a name of a file begins with it.
const IN_CREDENTIALS: &str = "${CREDENTIALS_DIRECTORY}/";

/// A secret that is set, and cannot be read here.
pub(super) struct UnreadSecret {
    /// The setting it belongs to.
    pub(super) setting: &'static str,
    /// Why not, and where that was set.
    pub(super) error: Error,
}

/// The file of a secret that is called so in a configuration in `base`. A service reads what it was
/// handed over, by `${CREDENTIALS_DIRECTORY}/NAME` or only `NAME`; whoever runs a command beside it has no
/// such directory and reads the file in `base`.
pub(super) fn file_of(
    environment: &Environment,
    base: &Path,
    name: &str,
) -> Result<PathBuf, &'static str> {
    let (is_asked_for, name) = match name.strip_prefix(IN_CREDENTIALS) {
        Some(rest) => (true, rest),
        None => (false, name),
    };
    let handed_over = environment
        .get(CREDENTIALS)
        .map(|dir| Path::new(dir).join(name));
    let plain = Path::new(name).components().count() == 1;
    match handed_over {
        Some(file) if is_asked_for || (plain && file.is_file()) => Ok(file),
        _ => environment.at_home(name).map(|file| base.join(file)),
    }
}

/// Whether systemd handed a file over: it alone decides who reads that.
pub(super) fn is_handed_over(environment: &Environment, file: &Path) -> bool {
    let dir = environment.get(CREDENTIALS);
    dir.is_some_and(|dir| file.starts_with(dir))
}

/// Larger than any credential.
const MAX_SECRET: u64 = 64 * 1024;

/// Reads a secret from a file, which the configuration calls `name`, without the space around it.
/// What is wrong with it is one sentence.
pub(super) fn read(file: &Path, name: &str, setting: &str) -> Result<String, String> {
    let name = Path::new(name);
    let shown = file_name::shown(name, file);
    let wrong = |what: String| format!("{setting}_file: {shown}: {what}");
    if let Err(error) = std::fs::metadata(file) {
        return Err(wrong(format!("{error}; {}", file_name::advice(name))));
    }
    read_file(file).map_err(wrong)
}

fn unreadable(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => format!(
            "{error}: this user may not read it; let its group do so, or hand it to the unit with LoadCredential="
        ),
        _ => error.to_string(),
    }
}

/// Reads a secret from a file, without the space around it; what is wrong with it is told without the
/// file's name.
pub(super) fn read_file(file: &Path) -> Result<String, String> {
    let facts = std::fs::metadata(file).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    // A device or a pipe does not tell how much there is.
    let read = File::open(file).and_then(|file| file.take(MAX_SECRET + 1).read_to_end(&mut bytes));
    if facts.len() > MAX_SECRET || bytes.len() as u64 > MAX_SECRET {
        return Err("the file is too large for a secret".to_owned());
    }
    read.map_err(|error| unreadable(&error))?;
    let text = plain_text::decoded(&bytes).ok_or("the file is not UTF-8")?;
    match plain_text::bare(&text) {
        "" => Err("the file is empty".to_owned()),
        secret => Ok(secret.to_owned()),
    }
}

/// A warning if a file that holds a secret can be read by other users.
#[cfg(unix)]
pub(crate) fn exposure(file: &Path, setting: &str) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let facts = std::fs::metadata(file).ok()?;
    is_exposed(facts.mode(), facts.uid()).then(|| {
        // Root's file is often there for a service, which must go on reading it.
        let mend = if facts.uid() == 0 {
            "chmod 640 on it, after chgrp tok if the user tok reads it"
        } else {
            "chmod 600 on it"
        };
        format!(
            "{} holds {setting} and can be read by others; run {mend}",
            file.display()
        )
    })
}

/// Root may hand a file to one group to read: that of the user as whom a service runs.
#[cfg(unix)]
fn is_exposed(mode: u32, owner: u32) -> bool {
    let allowed = if owner == 0 { 0o740 } else { 0o700 };
    mode & 0o777 & !allowed != 0
}

/// Other systems have no such permission bits.
#[cfg(not(unix))]
pub(crate) fn exposure(_file: &Path, _setting: &str) -> Option<String> {
    None
}

/// Warnings of secrets in `./.env`, if others can read it; `path_of` is the setting that a variable stands for.
pub(super) fn open_in(dot_env: &Environment, path_of: fn(&str) -> Option<String>) -> Vec<String> {
    let file = dot_env.dot_env_file();
    let named = dot_env.all().filter_map(|(name, _)| {
        let path = path_of(name);
        let own = path.as_deref().and_then(keys::find);
        own.or_else(|| keys::all().find(|key| key.legacy == name))
    });
    named
        .filter(|key| key.is_secret() && !key.is_file())
        .filter_map(|key| exposure(&file, key.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_secret_is_for_its_owner_and_for_a_group_that_root_chose() {
        for (mode, owner, exposed) in [
            (0o100_600, 0, false),
            (0o100_640, 0, false),
            (0o100_640, 1000, true),
            (0o100_660, 0, true),
            (0o100_644, 0, true),
            (0o100_604, 0, true),
            (0o100_400, 1000, false),
        ] {
            assert_eq!(is_exposed(mode, owner), exposed, "{mode:o} of {owner}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_without_end_is_no_secret() {
        let refused = read(Path::new("/dev/zero"), "zero", "auth.secret").expect_err("is refused");
        assert!(refused.contains("too large"), "{refused}");
    }
}
