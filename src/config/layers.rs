//! Laying the layers over each other: defaults, file, profile, `.env`, environment, flags.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::environment::Environment;
use super::keys::{self, KEYS};
use super::schema::{self, Key};
use super::secrets;
use crate::error::{Error, Result};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// A configuration file.
    File(PathBuf),
    /// A profile in a configuration file.
    Profile(String, PathBuf),
    /// A variable in `./.env`.
    DotEnv(String),
    /// An environment variable.
    Environment(String),
    /// A command-line flag.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Profile(name, path) => write!(f, "{} (profile {name})", path.display()),
            Self::DotEnv(name) => write!(f, ".env {name}"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// All values, each with its origin, and what is worth a warning.
#[derive(Default)]
pub(super) struct Merged {
    pub(super) values: BTreeMap<&'static str, (Value, Origin)>,
    pub(super) warnings: Vec<String>,
}

/// What the command line says about the configuration.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--config`
    pub config: Option<PathBuf>,
    /// `--profile`
    pub profile: Option<String>,
    /// Keys set by flags: path, text, flag.
    pub values: Vec<(&'static str, String, &'static str)>,
}

/// Lays all layers over each other; later wins.
pub(super) fn merge(
    environment: &Environment,
    overrides: &Overrides,
    file: Option<&Path>,
) -> Result<Merged> {
    let mut merged = Merged::default();
    for key in KEYS {
        if let Some(value) = key.default_value() {
            merged.values.insert(key.path, (value, Origin::Default));
        }
    }
    merged.file(environment, overrides, file)?;
    let dot_env = environment.dot_env()?;
    merged.variables(&dot_env, &Origin::DotEnv)?;
    merged.variables(environment, &Origin::Environment)?;
    for (path, text, flag) in &overrides.values {
        let key = keys::find(path).ok_or_else(|| Error::internal(format!("no key {path}")))?;
        merged.text(key, text, Origin::Flag(flag))?;
    }
    Ok(merged)
}

impl Merged {
    fn file(
        &mut self,
        environment: &Environment,
        overrides: &Overrides,
        file: Option<&Path>,
    ) -> Result<()> {
        let profile = overrides
            .profile
            .as_deref()
            .or_else(|| environment.get("TOK_PROFILE"));
        let Some(path) = file else {
            return match profile {
                None => Ok(()),
                Some(name) => Err(Error::config(format!(
                    "there is no configuration file, so no profile `{name}`"
                ))),
            };
        };
        let mut table = read(path)?;
        let profiles = match table.remove("profile") {
            None => Table::new(),
            Some(Value::Table(profiles)) => profiles,
            Some(_) => {
                return Err(Error::config(format!(
                    "{}: `profile` must be tables named [profile.NAME.SECTION]",
                    path.display()
                )));
            }
        };
        self.table(&table, path, &Origin::File(path.to_owned()))?;
        // A mistake in a profile must not wait for the day it is used.
        for overlay in profiles.values() {
            if let Value::Table(overlay) = overlay {
                each_value(overlay, path, |key, value| {
                    recognise(key, value, path).map(|_| ())
                })?;
            }
        }
        let Some(name) = profile else { return Ok(()) };
        match profiles.get(name) {
            Some(Value::Table(overlay)) => self.table(
                overlay,
                path,
                &Origin::Profile(name.to_owned(), path.to_owned()),
            ),
            _ => Err(Error::config(format!(
                "{}: there is no profile `{name}`{}",
                path.display(),
                suggestion(schema::nearest(name, profiles.keys().map(String::as_str)))
            ))),
        }
    }

    fn table(&mut self, table: &Table, file: &Path, origin: &Origin) -> Result<()> {
        each_value(table, file, |path, value| {
            self.value(path, value, file, origin)
        })
    }

    fn value(&mut self, path: &str, value: &Value, file: &Path, origin: &Origin) -> Result<()> {
        match recognise(path, value, file)? {
            Known::Plain(key) => {
                if key.is_secret() {
                    self.warnings.extend(secrets::exposure(file, path));
                }
                self.values
                    .insert(key.path, (value.clone(), origin.clone()));
                Ok(())
            }
            Known::File(key, name) => {
                let base = file.parent().unwrap_or(Path::new("."));
                self.secret_file(key, base, name, origin.clone())
            }
        }
    }

    /// Takes the variables of one environment: the originals' names first, ours over them.
    fn variables(
        &mut self,
        environment: &Environment,
        origin: &dyn Fn(String) -> Origin,
    ) -> Result<()> {
        for key in KEYS.iter().filter(|key| !key.legacy.is_empty()) {
            if let Some(text) = environment.get(key.legacy) {
                let from = origin(key.legacy.to_owned());
                match key.legacy {
                    "PORT" => self.port(text, from)?,
                    "FIRESTORE_EMULATOR_HOST" | "FIREBASE_DATABASE_EMULATOR_HOST" => {
                        self.text(key, &format!("http://{text}"), from)?;
                    }
                    _ => self.text(key, text, from)?,
                }
            }
        }
        for (name, text) in environment.all() {
            let from = origin(name.to_owned());
            let Some(path) = path_of(name) else {
                single_underscore(name, &from)?;
                continue;
            };
            if let Some(key) = keys::find(&path) {
                self.text(key, text, from)?;
            } else if let Some(key) = path.strip_suffix("_file").and_then(keys::find) {
                self.secret_file(key, &environment.directory, text, from)?;
            } else {
                let known: Vec<_> = KEYS.iter().map(Key::variable).collect();
                let near = schema::nearest(name, known.iter().map(String::as_str));
                return Err(Error::config(format!(
                    "{from}: there is no such setting{}",
                    suggestion(near)
                )));
            }
        }
        Ok(())
    }

    fn text(&mut self, key: &'static Key, text: &str, origin: Origin) -> Result<()> {
        let value = key
            .parse(text)
            .map_err(|what| wrong(&origin.to_string(), key.path, &what))?;
        self.values.insert(key.path, (value, origin));
        Ok(())
    }

    fn port(&mut self, text: &str, origin: Origin) -> Result<()> {
        let port: u16 = text.parse().map_err(|_| {
            wrong(
                &origin.to_string(),
                "server.bind",
                &format!("expected a port number, found {}", schema::found(text)),
            )
        })?;
        let bound = self
            .values
            .get("server.bind")
            .and_then(|(value, _)| value.as_str()?.parse::<SocketAddr>().ok());
        if let Some(mut address) = bound {
            address.set_port(port);
            self.values
                .insert("server.bind", (Value::from(address.to_string()), origin));
        }
        Ok(())
    }

    fn secret_file(
        &mut self,
        key: &'static Key,
        base: &Path,
        name: &str,
        origin: Origin,
    ) -> Result<()> {
        let (text, warning) = secrets::read(base, name, key.path)?;
        self.warnings.extend(warning);
        self.text(key, &text, origin)
    }
}

/// What a name in a file stands for, its value checked.
enum Known<'a> {
    Plain(&'static Key),
    /// The file that holds a secret.
    File(&'static Key, &'a str),
}

fn recognise<'a>(path: &str, value: &'a Value, file: &Path) -> Result<Known<'a>> {
    let at = file.display().to_string();
    if let Some(key) = keys::find(path) {
        key.check(value).map_err(|what| wrong(&at, path, &what))?;
        return Ok(Known::Plain(key));
    }
    let secret = path.strip_suffix("_file").and_then(keys::find);
    match (secret.filter(|key| key.is_secret()), value.as_str()) {
        (Some(key), Some(name)) => Ok(Known::File(key, name)),
        _ => Err(unknown(&at, path)),
    }
}

/// Walks over the `section.key` values of a file.
fn each_value(
    table: &Table,
    file: &Path,
    mut take: impl FnMut(&str, &Value) -> Result<()>,
) -> Result<()> {
    for (section, keys) in table {
        let Value::Table(keys) = keys else {
            if keys::find(section).is_some() {
                take(section, keys)?;
                continue;
            }
            return Err(unknown(&file.display().to_string(), section));
        };
        for (name, value) in keys {
            take(&format!("{section}.{name}"), value)?;
        }
    }
    Ok(())
}

/// `TOK_DAILY__API_KEY` names `daily.api_key`; without the double underscore it is not a setting.
fn path_of(variable: &str) -> Option<String> {
    let rest = variable.strip_prefix("TOK_")?;
    let (section, key) = rest.split_once("__")?;
    Some(format!("{section}.{key}").to_lowercase())
}

/// `TOK_SERVER_BIND` is meant to be `TOK_SERVER__BIND`; other names may be somebody else's.
fn single_underscore(variable: &str, from: &Origin) -> Result<()> {
    let meant = KEYS
        .iter()
        .map(Key::variable)
        .find(|known| known != variable && known.replace("__", "_") == variable);
    match meant {
        Some(meant) => Err(Error::config(format!("{from}: did you mean `{meant}`?"))),
        None => Ok(()),
    }
}

fn read(path: &Path) -> Result<Table> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::config(format!("{} cannot be read: {error}", path.display())).because(error)
    })?;
    text.parse().map_err(|error: toml::de::Error| {
        let line = error
            .span()
            .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        Error::config(format!(
            "{}, line {line}: {}",
            path.display(),
            error.message()
        ))
    })
}

fn unknown(file: &str, path: &str) -> Error {
    let sections = KEYS.iter().filter_map(|key| key.path.split('.').next());
    let near = if path.contains('.') {
        schema::nearest(path, KEYS.iter().map(|key| key.path))
    } else {
        schema::nearest(path, sections)
    };
    Error::config(format!(
        "{file}: there is no setting `{path}`{}",
        suggestion(near)
    ))
}

fn suggestion(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

fn wrong(at: &str, path: &str, what: &str) -> Error {
    Error::config(format!("{at}: {path}: {what}"))
}
