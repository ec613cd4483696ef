//! What is said of mistakes, with the place where each was made.

use super::environment::Environment;
use super::keys;
use super::mistake::{Faulty, Mistake};
use super::origin::Origin;
use super::schema::{self, Key};
use super::toml_file;
use crate::error::{Error, Result};

/// Warnings of lines in `./.env` that name a setting of ours and set nothing.
pub(super) fn stray_lines(dot_env: &Environment) -> impl Iterator<Item = String> {
    let is_ours =
        |name: &str| name.starts_with("TOK_") || keys::all().any(|key| key.legacy == name);
    let strays = dot_env
        .strays()
        .iter()
        .filter(move |(_, name)| is_ours(name));
    strays.map(|(line, name)| {
        format!(".env, line {line}, sets nothing: write it as {name}=value, without a word before")
    })
}

/// `TOK_SERVER_BIND` is meant to be `TOK_SERVER__BIND`; other names may be somebody else's.
pub(super) fn single_underscore(variable: &str, from: &Origin) -> Result<()> {
    let meant = keys::all()
        .map(Key::variable)
        .find(|known| known != variable && known.replace("__", "_") == variable);
    match meant {
        Some(meant) => {
            let place = place(from, variable);
            let what = format!("{place}: did you mean `{meant}`?");
            Err(no_such_setting(variable, from).saying(what))
        }
        None => Ok(()),
    }
}

/// There is no such setting in a file.
pub(super) fn unknown(origin: &Origin, path: &str) -> Error {
    let sections = keys::all().filter_map(|key| key.path.split('.').next());
    let near = if path.contains('.') {
        schema::nearest(path, keys::all().map(|key| key.path))
    } else {
        schema::nearest(path, sections)
    };
    let near = suggestion(near);
    let place = place(origin, path);
    no_such_setting(path, origin).saying(format!("{place}: there is no setting `{path}`{near}"))
}

/// That there is no setting of this name.
pub(super) fn no_such_setting(name: &str, origin: &Origin) -> Mistake {
    Mistake::NoSuchSetting(Faulty {
        setting: name.to_owned(),
        origin: origin.clone(),
    })
}

/// What may have been meant.
pub(super) fn suggestion(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// A setting cannot be as it is.
pub(super) fn wrong(origin: &Origin, path: &str, what: &str) -> Error {
    let place = place(origin, path);
    Mistake::setting(path, origin).saying(format!("{place}: {path}: {what}"))
}

/// Where a setting was set, to the line where that is in a file.
pub(super) fn place(origin: &Origin, path: &str) -> String {
    let line = match origin {
        Origin::File(file) => toml_file::line_of(file, path),
        Origin::Profile(name, file) => toml_file::line_of(file, &format!("profile.{name}.{path}")),
        Origin::DotEnv(_, line) => Some(*line),
        Origin::Default | Origin::Environment(_) | Origin::Flag(_) => None,
    };
    line.map_or_else(
        || origin.to_string(),
        |line| format!("{origin}, line {line}"),
    )
}

/// Insists that what begins like a quoted value is one: half of a secret would be another one.
pub(super) fn no_open_quote(
    environment: &Environment,
    name: &str,
    (path, from): (&str, &Origin),
) -> Result<()> {
    if environment.has_open_quote(name) {
        let what = "the value begins with a quote that does not end it; close it, or enclose all of it in others";
        return Err(wrong(from, path, what));
    }
    Ok(())
}
