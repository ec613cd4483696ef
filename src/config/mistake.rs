//! What is wrong in a configuration, and where that was set.

use std::error::Error as StdError;
use std::fmt;
use std::path::PathBuf;

use super::origin::Origin;
use super::schema::variable;
use crate::error::Error;

/// A mistake in the configuration. It stands among the causes of the error that tells of it, so that
/// a door can say where to put it right.
#[derive(Debug)]
pub enum Mistake {
    /// Settings that cannot be as they are, or not together.
    Settings(Vec<Faulty>),
    /// There is no setting of this name.
    NoSuchSetting(Faulty),
    /// The file that is named here does not exist.
    NoSuchFile(Faulty),
    /// The file cannot be read, or not as what it must be.
    File(PathBuf),
}

/// A setting that is at fault.
#[derive(Debug)]
pub struct Faulty {
    /// Its name.
    pub setting: String,
    /// What set it.
    pub origin: Origin,
}

impl Faulty {
    /// The environment variable that sets it.
    pub fn variable(&self) -> String {
        variable(&self.setting)
    }
}

impl Mistake {
    /// One setting that cannot be as it is.
    pub(super) fn setting(setting: &str, origin: &Origin) -> Self {
        Self::Settings(vec![Faulty {
            setting: setting.to_owned(),
            origin: origin.clone(),
        }])
    }

    /// The mistake that an error tells of, if it is about the configuration as it is written.
    pub fn of(error: &Error) -> Option<&Self> {
        error.source()?.downcast_ref()
    }

    /// The error that tells of it.
    pub(super) fn saying(self, what: impl Into<String>) -> Error {
        Error::config(what).because(self)
    }
}

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.setting, self.origin)
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(settings) => {
                let settings: Vec<_> = settings.iter().map(Faulty::to_string).collect();
                f.write_str(&settings.join(", "))
            }
            Self::NoSuchSetting(faulty) | Self::NoSuchFile(faulty) => faulty.fmt(f),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

impl StdError for Mistake {}

/// What a section's check says.
pub(super) type Checked = Result<(), Wrong>;

/// Settings that no key by itself can find fault with, and what is wrong with them.
pub(super) struct Wrong {
    pub(super) settings: Vec<&'static str>,
    pub(super) what: String,
}

impl Wrong {
    /// That these settings are wrong, with one sentence that names them.
    pub(super) fn new(settings: &[&'static str], what: impl Into<String>) -> Self {
        Self {
            settings: settings.to_vec(),
            what: what.into(),
        }
    }
}

/// Insists that nothing is missing that a setting needs when it has this value.
pub(super) fn needs(setting: &'static str, value: &str, missing: Option<&'static str>) -> Checked {
    match missing {
        Some(missing) => Err(Wrong::new(
            &[setting, missing],
            format!("{setting} is {value}, but {missing} is not set"),
        )),
        None => Ok(()),
    }
}

/// The first of these settings that is not set.
pub(super) fn first_unset(settings: &[(&'static str, bool)]) -> Option<&'static str> {
    let unset = settings.iter().find(|(_, set)| !set);
    unset.map(|(setting, _)| *setting)
}
