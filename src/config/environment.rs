//! The only place that reads the process environment.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::mistake::Mistake;
use crate::error::Result;

/// The longest `.env`, in bytes.
const LONGEST: u64 = 1024 * 1024;
/// The most that its lines may add to one another, in bytes.
const MOST_REPEATED: usize = 4 * 1024 * 1024;

/// A snapshot of the environment, taken once at the start.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    home: Option<PathBuf>,
    /// The directory that relative paths and `./tok.toml` are looked up in.
    pub(super) directory: PathBuf,
}

impl Environment {
    /// The environment of this process.
    pub fn capture() -> Self {
        let text = |text: OsString| text.to_string_lossy().into_owned();
        Self {
            variables: std::env::vars_os()
                .map(|(name, value)| (text(name), text(value)))
                .collect(),
            home: etcetera::home_dir().ok(),
            directory: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
        }
    }

    /// A made-up environment in `directory`, for tests.
    pub fn of(directory: PathBuf, variables: &[(&str, &str)]) -> Self {
        Self {
            variables: variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            home: Some(directory.clone()),
            directory,
        }
    }

    /// A variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// A variable by the name that other tools have for it, or by the one that they had before.
    pub(super) fn legacy<'a>(&'a self, name: &'a str) -> Option<(&'a str, &'a str)> {
        let older = (name == "GOOGLE_CLOUD_PROJECT").then_some("GCLOUD_PROJECT");
        let mut names = std::iter::once(name).chain(older);
        names.find_map(|name| Some((name, self.get(name)?)))
    }

    /// All variables.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// `NAME=value` lines of `./.env`; they count less than the real environment.
    pub(super) fn dot_env(&self) -> Result<Self> {
        let path = self.dot_env_file();
        let wrong = |what| {
            Mistake::File(path.clone()).saying(format!("{} cannot be read: {what}", path.display()))
        };
        let mut out = Self {
            directory: self.directory.clone(),
            ..Self::default()
        };
        if path.is_file() {
            let text = read(&path).map_err(|error| wrong(error.to_string()))?;
            out.variables = pairs(&text).map_err(wrong)?;
        }
        Ok(out)
    }

    /// Where `.env` is looked for.
    pub(super) fn dot_env_file(&self) -> PathBuf {
        self.directory.join(".env")
    }

    /// Where the user's data goes without `--data-dir`.
    pub(super) fn default_data_dir(&self) -> Option<PathBuf> {
        match self.get("XDG_DATA_HOME") {
            Some(dir) => Some(PathBuf::from(dir).join("tok")),
            None => Some(self.home.as_ref()?.join(".local/share/tok")),
        }
    }

    /// Where `gcloud` keeps the login of this user for applications.
    pub(super) fn google_login(&self) -> Option<PathBuf> {
        let dir = match self.get("CLOUDSDK_CONFIG") {
            Some(dir) => PathBuf::from(dir),
            None => self.home.as_ref()?.join(".config/gcloud"),
        };
        Some(dir.join("application_default_credentials.json"))
    }

    /// Where `tok.toml` is looked for, nearest first.
    pub(super) fn config_candidates(&self) -> Vec<PathBuf> {
        let user = match self.get("XDG_CONFIG_HOME") {
            Some(dir) => Some(PathBuf::from(dir)),
            None => self.home.as_ref().map(|home| home.join(".config")),
        };
        let mut out = vec![self.directory.join("tok.toml")];
        out.extend(user.map(|dir| dir.join("tok/tok.toml")));
        out.push(PathBuf::from("/etc/tok/tok.toml"));
        out
    }

    /// Whether colour was declined (<https://no-color.org>).
    pub fn no_color(&self) -> bool {
        self.get("NO_COLOR").is_some()
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let file = File::open(path)?;
    file.take(LONGEST + 1).read_to_end(&mut text)?;
    if text.len() as u64 > LONGEST {
        return Err(std::io::Error::other("it has more than 1 MiB"));
    }
    Ok(text)
}

/// The `NAME=value` lines of a text; or what is wrong, without the line, which may hold a secret.
fn pairs(text: &[u8]) -> Result<BTreeMap<String, String>, String> {
    let wrong = |error| match error {
        dotenvy::Error::Io(error) => error.to_string(),
        _ => "a line is not NAME=value; quote values with spaces".to_owned(),
    };
    // A value may name those before it, and a later one that again.
    let named = memchr::memchr_iter(b'$', text).count();
    let mut out = BTreeMap::new();
    for pair in dotenvy::from_read_iter(text) {
        let (name, value) = pair.map_err(wrong)?;
        if value.len().saturating_mul(named) > MOST_REPEATED {
            let what = "its values repeat one another too often; write $ in single quotes";
            return Err(what.to_owned());
        }
        out.insert(name, value);
    }
    Ok(out)
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::hostile::{hostile, sentence};

    /// What the machine's own environment may add.
    const OWN: usize = 256 * 1024;

    fn lines(bytes: &[u8]) {
        match pairs(bytes) {
            Ok(pairs) => {
                let longest = bytes.len() + MOST_REPEATED + OWN;
                for (name, value) in pairs {
                    assert!(value.len() <= longest, "{name} has {} bytes", value.len());
                    let named = |byte: u8| byte.is_ascii_alphanumeric() || b"_.".contains(&byte);
                    assert!(!name.is_empty() && name.bytes().all(named), "{name:?}");
                }
            }
            Err(what) => sentence(&what),
        }
    }

    /// A file of lines is read, in no more memory than it has a use for, or refused.
    #[test]
    fn dot_env_is_read_or_refused() {
        hostile!("dot_env", lines);
    }

    /// Ten lines that each repeat the one before.
    #[test]
    fn lines_that_repeat_one_another_without_end_are_refused() {
        let line = |line: usize| match line {
            0 => "A0=0123456789".to_owned(),
            line => format!("A{line}={}", format!("$A{}", line - 1).repeat(10)),
        };
        let text = (0..=10).map(line).collect::<Vec<_>>().join("\n");
        let refused = pairs(text.as_bytes()).expect_err("is refused");
        assert!(refused.contains("repeat one another"), "{refused}");
    }
}
