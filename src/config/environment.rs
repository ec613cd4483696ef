//! The only place that reads the process environment.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::dot_env;
use super::mistake::Mistake;
use crate::error::Result;
use crate::model::plain_text;

/// The longest `.env`, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// A snapshot of the environment, taken once at the start.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    home: Option<PathBuf>,
    /// Where in `.env` each variable is, and whether its value begins with a quote that encloses
    /// nothing.
    places: BTreeMap<String, (usize, bool)>,
    /// Lines of `.env` that name a variable and assign nothing to it.
    strays: Vec<(usize, String)>,
    /// The directory that relative paths and `./tok.toml` are looked up in.
    pub(super) directory: PathBuf,
}

impl Environment {
    /// The environment of this process.
    pub fn capture() -> Self {
        let text = |text: OsString| text.to_string_lossy().into_owned();
        Self {
            variables: std::env::vars_os()
                .map(|(name, given)| (text(name), value(&text(given))))
                .collect(),
            home: etcetera::home_dir().ok(),
            places: BTreeMap::new(),
            strays: Vec::new(),
            directory: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
        }
    }

    /// A made-up environment in `directory`, for tests.
    pub fn of(directory: PathBuf, variables: &[(&str, &str)]) -> Self {
        Self {
            variables: variables
                .iter()
                .map(|(name, given)| ((*name).to_owned(), value(given)))
                .collect(),
            home: Some(directory.clone()),
            places: BTreeMap::new(),
            strays: Vec::new(),
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
        let mut out = Self {
            directory: self.directory.clone(),
            home: self.home.clone(),
            ..Self::default()
        };
        if !path.is_file() {
            return Ok(out);
        }
        let bytes = read(&path).map_err(|error| {
            let what = format!("{} cannot be read: {error}", path.display());
            Mistake::File(path.clone()).saying(what)
        })?;
        // A line of another encoding is no business of tok's unless a setting is in it.
        let text = plain_text::decoded(&bytes);
        let text = text.unwrap_or_else(|| String::from_utf8_lossy(&bytes).into_owned());
        out.strays = dot_env::strays(&text);
        for one in dot_env::assignments(&text) {
            out.places.insert(one.name.clone(), (one.line, one.is_open));
            out.variables.insert(one.name, value(&one.value));
        }
        Ok(out)
    }

    /// Lines of `.env` that name a variable and assign nothing to it, with its name.
    pub(super) fn strays(&self) -> &[(usize, String)] {
        &self.strays
    }

    /// The line of `.env` that sets a variable.
    pub(super) fn line_of(&self, name: &str) -> usize {
        self.places.get(name).map_or(0, |(line, _)| *line)
    }

    /// Whether the value of a variable of `.env` begins with a quote that encloses nothing.
    pub(super) fn has_open_quote(&self, name: &str) -> bool {
        self.places.get(name).is_some_and(|(_, open)| *open)
    }

    /// A path with the home directory in the place of `~`, which no shell has put there.
    ///
    /// # Errors
    /// What is wrong with a `~` that stands for nothing.
    pub fn at_home(&self, path: &str) -> std::result::Result<PathBuf, &'static str> {
        let Some(rest) = path.strip_prefix('~') else {
            return Ok(PathBuf::from(path));
        };
        let Some(rest) = rest.strip_prefix('/').or(rest.is_empty().then_some("")) else {
            return Err(
                "only ~/ stands for a home directory, that of this user; write the path out",
            );
        };
        match &self.home {
            Some(home) if rest.is_empty() => Ok(home.clone()),
            Some(home) => Ok(home.join(rest)),
            None => Err("there is no home directory for ~; write the path out"),
        }
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
        let mut out = vec![self.directory.join("tok.toml")];
        out.extend(self.user_file("tok.toml"));
        out.push(PathBuf::from("/etc/tok/tok.toml"));
        out
    }

    /// Where the user's names of servers are kept.
    pub fn contexts_file(&self) -> Option<PathBuf> {
        self.user_file("contexts.toml")
    }

    /// A file in the user's directory for configuration.
    fn user_file(&self, name: &str) -> Option<PathBuf> {
        let dir = match self.get("XDG_CONFIG_HOME") {
            Some(dir) => PathBuf::from(dir),
            None => self.home.as_ref()?.join(".config"),
        };
        Some(dir.join("tok").join(name))
    }

    /// What is wrong with the file of certificates that is named for all programs, if something is.
    pub fn wrong_certificates(&self) -> Option<String> {
        let file = self.get("SSL_CERT_FILE")?;
        let wrong = File::open(file).err()?;
        Some(format!(
            "SSL_CERT_FILE names {file}, which cannot be read ({wrong}): nothing in it is trusted"
        ))
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

/// The value of a variable as it is meant.
fn value(text: &str) -> String {
    plain_text::bare(text).to_owned()
}
