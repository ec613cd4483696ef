//! Servers with a name, in a file of the user.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::io_error;
use crate::config::Environment;
use crate::error::{Error, Kind, Result};
use crate::model::private_file::{private, write_private};

/// How long somebody else is waited for who changes the file, and how often it is looked.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(20);
/// The longest name, in characters.
const LONGEST_NAME: usize = 64;

/// All that are known, and which is in use.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedContexts {
    /// The one that commands go to unless they say otherwise.
    #[serde(rename = "use", default, skip_serializing_if = "Option::is_none")]
    pub(super) in_use: Option<String>,
    /// All of them by name.
    #[serde(rename = "context", default)]
    pub(super) all: BTreeMap<String, SavedContext>,
}

/// A server, and where the key for it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedContext {
    /// Its address.
    pub(super) server: String,
    /// The file with the key; the key itself stays there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) key_file: Option<String>,
    /// Whether the key is in the keyring of the system.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) keyring: bool,
}

impl SavedContexts {
    /// Reads the file; without one there are none.
    ///
    /// # Errors
    /// [`Kind::Config`], naming the file, when it cannot be read.
    pub(super) fn load(environment: &Environment) -> Result<Self> {
        let Some(path) = environment.contexts_file() else {
            return Ok(Self::default());
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => {
                let what = format!("the contexts in {} cannot be read: {error}", path.display());
                return Err(
                    Error::config(what).advise("let this user read that file, or remove it")
                );
            }
        };
        toml::from_str(&text).map_err(|error| {
            Error::config(format!("{} holds no contexts", path.display()))
                .advise("mend that file, or remove it and add them anew: `tok context add`")
                .because(error)
        })
    }

    /// Changes what the file says now. Whoever else changes it waits until that is done, so that neither undoes
    /// what the other did.
    ///
    /// # Errors
    /// Those of `change`, which leave the file as it is, [`Kind::Locked`] when somebody else changes it for
    /// long, and [`Kind::Config`] when it cannot be read.
    pub(super) fn change(
        environment: &Environment,
        change: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let path = place(environment)?;
        let _alone = alone(&path)?;
        let mut saved = Self::load(environment)?;
        change(&mut saved)?;
        saved.save(&path)
    }

    /// Writes the file in one step, so that whoever reads it sees all of it.
    fn save(&self, path: &Path) -> Result<()> {
        let text = toml::to_string(self)
            .map_err(|error| Error::internal("the contexts cannot be written").because(error))?;
        let new = path.with_extension("toml.new");
        let written = write_private(&new, &text).and_then(|()| std::fs::rename(&new, path));
        written.map_err(|error| io_error(path.display(), error))
    }

    /// The context of this name.
    pub(super) fn get(&self, name: &str) -> Result<&SavedContext> {
        self.all.get(name).ok_or_else(|| {
            Error::not_found(format!("there is no context `{name}`"))
                .advise("see what there is: `tok context list`")
        })
    }
}

/// Waits until nobody else changes the file, and keeps it so for as long as the result is kept.
fn alone(path: &Path) -> Result<File> {
    let lock = lock_file(path).map_err(|error| io_error(path.display(), error))?;
    let end = Instant::now() + PATIENCE;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) if Instant::now() < end => std::thread::sleep(PAUSE),
            // It may be asking somebody to unlock their keyring.
            Err(TryLockError::WouldBlock) => {
                let what = format!("another tok changes {}; try again", path.display());
                return Err(Error::new(Kind::Locked, what));
            }
            Err(TryLockError::Error(error)) => {
                tracing::debug!(%error, "where files cannot be locked nobody waits");
                return Ok(lock);
            }
        }
    }
}

/// What is locked lies beside the file, which is replaced; it says nothing, and it stays.
fn lock_file(path: &Path) -> io::Result<File> {
    path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
    let mut options = private();
    options.append(true).create(true);
    options.open(path.with_extension("toml.lock"))
}

/// Where the contexts are kept.
fn place(environment: &Environment) -> Result<PathBuf> {
    environment.contexts_file().ok_or_else(|| {
        Error::config("there is no home directory for contexts; set XDG_CONFIG_HOME")
    })
}

/// Insists that something can be the name of a context.
pub(super) fn check_name(name: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let good = !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(plain);
    if good && !name.starts_with('-') {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "{name:?} cannot be the name of a context; use 1 to {LONGEST_NAME} of A-Z, a-z, 0-9 and . _ -, the first no -"
    )))
}
