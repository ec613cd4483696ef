//! Laying the layers over each other: defaults, file, profile, `.env`, environment, flags.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::environment::Environment;
use super::keys;
use super::mistake::{Faulty, Mistake};
use super::origin::Origin;
use super::schema::{self, Key};
use super::secrets;
use crate::error::{Error, Result};

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
    for key in keys::all() {
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
        let profile = profile(environment, overrides);
        let Some(path) = file else {
            return match profile {
                None => Ok(()),
                Some((name, from)) => Err(Mistake::setting("the profile", &from).saying(format!(
                    "there is no configuration file, so no profile `{name}`"
                ))),
            };
        };
        let mut table = read(path)?;
        let profiles = match table.remove("profile") {
            None => Table::new(),
            Some(Value::Table(profiles)) => profiles,
            Some(_) => {
                return Err(Mistake::File(path.to_owned()).saying(format!(
                    "{}: `profile` must be tables named [profile.NAME.SECTION]",
                    path.display()
                )));
            }
        };
        self.table(&table, path, &Origin::File(path.to_owned()))?;
        let of = |name: &str| Origin::Profile(name.to_owned(), path.to_owned());
        // A mistake in a profile must not wait for the day it is used.
        for (name, overlay) in &profiles {
            if let Value::Table(overlay) = overlay {
                let origin = of(name);
                each_value(overlay, &origin, |key, value| {
                    recognise(key, value, &origin).map(|_| ())
                })?;
            }
        }
        let Some((name, from)) = profile else {
            return Ok(());
        };
        match profiles.get(&name) {
            Some(Value::Table(overlay)) => self.table(overlay, path, &of(&name)),
            _ => Err(Mistake::setting("the profile", &from).saying(format!(
                "{}: there is no profile `{name}`{}",
                path.display(),
                suggestion(schema::nearest(&name, profiles.keys().map(String::as_str)))
            ))),
        }
    }

    fn table(&mut self, table: &Table, file: &Path, origin: &Origin) -> Result<()> {
        each_value(table, origin, |path, value| {
            self.value(path, value, file, origin)
        })
    }

    fn value(&mut self, path: &str, value: &Value, file: &Path, origin: &Origin) -> Result<()> {
        match recognise(path, value, origin)? {
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
        for key in keys::all().filter(|key| !key.legacy.is_empty()) {
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
                let known: Vec<_> = keys::all().map(Key::variable).collect();
                let near = schema::nearest(name, known.iter().map(String::as_str));
                let what = format!("{from}: there is no such setting{}", suggestion(near));
                return Err(no_such_setting(name, &from).saying(what));
            }
        }
        Ok(())
    }

    fn text(&mut self, key: &'static Key, text: &str, origin: Origin) -> Result<()> {
        let value = key
            .parse(text)
            .map_err(|what| wrong(&origin, key.path, &what))?;
        self.values.insert(key.path, (value, origin));
        Ok(())
    }

    fn port(&mut self, text: &str, origin: Origin) -> Result<()> {
        let port: u16 = text.parse().map_err(|_| {
            let what = format!("expected a port number, found {}", schema::found(text));
            wrong(&origin, "server.bind", &what)
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
        let setting = format!("{}_file", key.path);
        let (text, warning) = secrets::read(base, name, key.path)
            .map_err(|what| Mistake::setting(&setting, &origin).saying(what))?;
        self.warnings.extend(warning);
        self.text(key, &text, origin)
    }

    /// That these settings cannot be as they are, each with where it comes from.
    pub(super) fn mistake(&self, settings: &[&'static str]) -> Mistake {
        let faulty = settings.iter().map(|setting| Faulty {
            setting: (*setting).to_owned(),
            origin: match self.values.get(setting) {
                Some((_, origin)) => origin.clone(),
                None => Origin::Default,
            },
        });
        Mistake::Settings(faulty.collect())
    }
}

/// The profile that is asked for, and by what.
fn profile(environment: &Environment, overrides: &Overrides) -> Option<(String, Origin)> {
    let flag = overrides.profile.clone();
    let flag = flag.map(|name| (name, Origin::Flag("--profile")));
    flag.or_else(|| {
        let name = environment.get("TOK_PROFILE")?.to_owned();
        Some((name, Origin::Environment("TOK_PROFILE".to_owned())))
    })
}

/// What a name in a file stands for, its value checked.
enum Known<'a> {
    Plain(&'static Key),
    /// The file that holds a secret.
    File(&'static Key, &'a str),
}

fn recognise<'a>(path: &str, value: &'a Value, origin: &Origin) -> Result<Known<'a>> {
    if let Some(key) = keys::find(path) {
        key.check(value)
            .map_err(|what| wrong(origin, path, &what))?;
        return Ok(Known::Plain(key));
    }
    let secret = path.strip_suffix("_file").and_then(keys::find);
    match (secret.filter(|key| key.is_secret()), value.as_str()) {
        (Some(key), Some(name)) => Ok(Known::File(key, name)),
        _ => Err(unknown(origin, path)),
    }
}

/// Walks over the `section.key` values of a file.
fn each_value(
    table: &Table,
    origin: &Origin,
    mut take: impl FnMut(&str, &Value) -> Result<()>,
) -> Result<()> {
    for (section, keys) in table {
        let Value::Table(keys) = keys else {
            if keys::find(section).is_some() {
                take(section, keys)?;
                continue;
            }
            return Err(unknown(origin, section));
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
    let meant = keys::all()
        .map(Key::variable)
        .find(|known| known != variable && known.replace("__", "_") == variable);
    match meant {
        Some(meant) => {
            Err(no_such_setting(variable, from).saying(format!("{from}: did you mean `{meant}`?")))
        }
        None => Ok(()),
    }
}

fn read(path: &Path) -> Result<Table> {
    let shown = path.display();
    let wrong = |what: String| Mistake::File(path.to_owned()).saying(what);
    let text = std::fs::read_to_string(path)
        .map_err(|error| wrong(format!("{shown} cannot be read: {error}")))?;
    text.parse().map_err(|error: toml::de::Error| {
        let line = error
            .span()
            .map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        wrong(format!("{shown}, line {line}: {}", error.message()))
    })
}

fn unknown(origin: &Origin, path: &str) -> Error {
    let sections = keys::all().filter_map(|key| key.path.split('.').next());
    let near = if path.contains('.') {
        schema::nearest(path, keys::all().map(|key| key.path))
    } else {
        schema::nearest(path, sections)
    };
    let near = suggestion(near);
    no_such_setting(path, origin).saying(format!("{origin}: there is no setting `{path}`{near}"))
}

fn no_such_setting(name: &str, origin: &Origin) -> Mistake {
    Mistake::NoSuchSetting(Faulty {
        setting: name.to_owned(),
        origin: origin.clone(),
    })
}

fn suggestion(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

fn wrong(origin: &Origin, path: &str, what: &str) -> Error {
    Mistake::setting(path, origin).saying(format!("{origin}: {path}: {what}"))
}
