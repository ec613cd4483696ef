//! Laying the sources of the configuration over each other: defaults, file, profile, `.env`, environment, flags.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::complaints::{
    no_open_quote, no_such_setting, place, single_underscore, stray_lines, suggestion, unknown,
    wrong,
};
use super::environment::Environment;
use super::keys;
use super::mistake::{Faulty, Mistake};
use super::origin::Origin;
use super::schema::{self, Key};
use super::secrets::{self, UnreadSecret};
use super::{stands_for, toml_file};
use crate::error::{Error, Result};
use crate::model::plain_text;

/// The setting whose tables may each name a file that holds a secret.
const SECRETS_IN_TABLES: &str = "auth.issuers";

/// All values, each with its origin, and what is worth a warning.
#[derive(Default)]
pub(super) struct Merged {
    pub(super) values: BTreeMap<&'static str, (Value, Origin)>,
    pub(super) warnings: Vec<String>,
    /// What is worth a look now and then, and no reason to speak at every run.
    pub(super) notices: Vec<String>,
    /// Secrets that cannot be read here.
    pub(super) unread: Vec<UnreadSecret>,
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
    /// The sections that are needed beside the store: a secret of another one need not be readable.
    /// Without it all are needed.
    pub needed: Option<&'static [&'static str]>,
}

/// Lays all sources over each other; later wins.
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
    let in_dot_env = |name: String| {
        let line = dot_env.line_of(&name);
        Origin::DotEnv(name, line)
    };
    merged.variables(&dot_env, &in_dot_env)?;
    merged.notices.extend(secrets::open_in(&dot_env, path_of));
    merged.warnings.extend(stray_lines(&dot_env));
    merged.variables(environment, &Origin::Environment)?;
    for (path, text, flag) in &overrides.values {
        let key = keys::find(path).ok_or_else(|| Error::internal(format!("no key {path}")))?;
        merged.text(
            environment,
            (key, plain_text::bare(text)),
            Origin::Flag(flag),
        )?;
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
        let mut table = toml_file::read(path)?;
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
        self.table(environment, &table, path, &Origin::File(path.to_owned()))?;
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
            Some(Value::Table(overlay)) => self.table(environment, overlay, path, &of(&name)),
            _ => Err(Mistake::setting("the profile", &from).saying(format!(
                "{}: there is no profile `{name}`{}",
                path.display(),
                suggestion(schema::nearest(&name, profiles.keys().map(String::as_str)))
            ))),
        }
    }

    fn table(
        &mut self,
        environment: &Environment,
        table: &Table,
        file: &Path,
        origin: &Origin,
    ) -> Result<()> {
        each_value(table, origin, |path, value| {
            self.value(environment, (path, value), file, origin)
        })
    }

    fn value(
        &mut self,
        environment: &Environment,
        (path, value): (&str, &Value),
        file: &Path,
        origin: &Origin,
    ) -> Result<()> {
        match recognise(path, value, origin)? {
            Known::Plain(key) => {
                if key.is_secret() {
                    self.notices.extend(secrets::exposure(file, path));
                }
                let mut value = stands_for::resolve(environment, key, value.clone())
                    .map_err(|what| wrong(origin, path, &what))?;
                if key.path == SECRETS_IN_TABLES {
                    let unread = self.unread.len();
                    self.secrets_of_tables(environment, key, (&mut value, file), origin)?;
                    if self.unread.len() > unread {
                        return Ok(());
                    }
                }
                self.values.insert(key.path, (value, origin.clone()));
                Ok(())
            }
            Known::File(key, name) => {
                let base = file.parent().unwrap_or(Path::new("."));
                self.secret_file(environment, key, base, name, origin.clone())
            }
        }
    }

    /// Puts into each of these tables the secret that its `secret_file` holds.
    fn secrets_of_tables(
        &mut self,
        environment: &Environment,
        key: &Key,
        (tables, file): (&mut Value, &Path),
        origin: &Origin,
    ) -> Result<()> {
        let base = file.parent().unwrap_or(Path::new("."));
        let tables = tables.as_array_mut().into_iter().flatten();
        for table in tables.filter_map(Value::as_table_mut) {
            if table.contains_key("secret") {
                let what = "`secret` belongs into a file of its own; name that with secret_file";
                return Err(wrong(origin, key.path, what));
            }
            let Some(name) = table.remove("secret_file") else {
                continue;
            };
            let Some(name) = name.as_str() else {
                return Err(wrong(
                    origin,
                    key.path,
                    "`secret_file` must be the name of a file",
                ));
            };
            let setting = format!("{}.secret", key.path);
            let file = secrets::file_of(environment, base, name)
                .map_err(|what| wrong(origin, key.path, what))?;
            let text = match secrets::read(&file, name, &setting) {
                Ok(text) => text,
                Err(what) => {
                    self.could_not_read(key.path, Mistake::setting(key.path, origin).saying(what));
                    continue;
                }
            };
            if !secrets::is_handed_over(environment, &file) {
                self.notices.extend(secrets::exposure(&file, &setting));
            }
            table.insert("secret".to_owned(), Value::from(text));
        }
        Ok(())
    }

    /// Takes the variables of one environment: the originals' names first, ours over them.
    fn variables(
        &mut self,
        environment: &Environment,
        origin: &dyn Fn(String) -> Origin,
    ) -> Result<()> {
        for key in keys::all().filter(|key| !key.legacy.is_empty()) {
            if let Some((name, text)) = environment.legacy(key.legacy) {
                let from = origin(name.to_owned());
                no_open_quote(environment, name, (key.path, &from))?;
                match name {
                    "PORT" => self.port(text, from)?,
                    "FIRESTORE_EMULATOR_HOST" | "FIREBASE_DATABASE_EMULATOR_HOST"
                        if !text.contains("://") =>
                    {
                        self.text(environment, (key, &format!("http://{text}")), from)?;
                    }
                    _ => self.text(environment, (key, text), from)?,
                }
            }
        }
        for (name, text) in environment.all() {
            let from = origin(name.to_owned());
            let Some(path) = path_of(name) else {
                single_underscore(name, &from)?;
                continue;
            };
            let own = keys::find(&path);
            no_open_quote(environment, name, (&path, &from))?;
            if let Some(key) = own.filter(|key| !key.is_file()) {
                self.text(environment, (key, text), from)?;
            } else if let Some(key) = own.or_else(|| filed(&path)) {
                self.secret_file(environment, key, &environment.directory, text, from)?;
            } else {
                let known: Vec<_> = keys::all().map(Key::variable).collect();
                // What is only ever in a file is meant by the name without that, too.
                let filed = known.iter().find(|known| **known == format!("{name}_FILE"));
                let near = schema::nearest(name, known.iter().map(String::as_str));
                let near = filed.map(String::as_str).or(near);
                let place = place(&from, &path);
                let what = format!("{place}: there is no such setting{}", suggestion(near));
                return Err(no_such_setting(name, &from).saying(what));
            }
        }
        Ok(())
    }

    fn text(
        &mut self,
        environment: &Environment,
        (key, text): (&'static Key, &str),
        origin: Origin,
    ) -> Result<()> {
        let value = key
            .parse(text)
            .and_then(|value| stands_for::resolve(environment, key, value))
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
        environment: &Environment,
        key: &'static Key,
        base: &Path,
        name: &str,
        origin: Origin,
    ) -> Result<()> {
        let secret = key.path.strip_suffix("_file").filter(|_| key.is_file());
        let secret = secret.unwrap_or(key.path);
        let setting = format!("{secret}_file");
        let file = secrets::file_of(environment, base, name)
            .map_err(|what| wrong(&origin, &setting, what))?;
        let text = match secrets::read(&file, name, secret) {
            Ok(text) => text,
            Err(what) => {
                self.could_not_read(key.path, Mistake::setting(&setting, &origin).saying(what));
                return Ok(());
            }
        };
        if !secrets::is_handed_over(environment, &file) {
            self.notices.extend(secrets::exposure(&file, secret));
        }
        self.text(environment, (key, &text), origin)
    }

    /// Whether that stops the command is known once all sources are there.
    fn could_not_read(&mut self, setting: &'static str, error: Error) {
        self.unread.push(UnreadSecret { setting, error });
    }

    /// From where a path in a setting is meant: the folder of its file, or where the command is run.
    pub(super) fn folder_of(&self, setting: &str, environment: &Environment) -> PathBuf {
        let here = &environment.directory;
        match self.values.get(setting) {
            Some((_, Origin::File(file) | Origin::Profile(_, file))) => {
                here.join(file.parent().unwrap_or(Path::new("")))
            }
            _ => here.clone(),
        }
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

/// The setting whose value is in the file that `path` names.
fn filed(path: &str) -> Option<&'static Key> {
    let key = path.strip_suffix("_file").and_then(keys::find);
    key.filter(|key| !key.is_file())
}

fn recognise<'a>(path: &str, value: &'a Value, origin: &Origin) -> Result<Known<'a>> {
    if let Some(key) = keys::find(path) {
        key.check(value)
            .map_err(|what| wrong(origin, path, &what))?;
        return Ok(match value.as_str() {
            Some(name) if key.is_file() => Known::File(key, name),
            _ => Known::Plain(key),
        });
    }
    let secret = filed(path).filter(|key| key.is_secret());
    match (secret, value.as_str()) {
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
