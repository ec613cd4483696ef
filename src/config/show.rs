//! What `config show` and `config init` present.

use std::path::Path;

use serde::Serialize;
use toml::Value;
use url::Url;
use utoipa::ToSchema;

use super::keys;
use super::merged::Merged;
use super::origin::Origin;
use super::schema::{Key, Type};
use crate::model::file_name;

/// One setting as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Setting {
    /// `section.key`
    pub key: String,
    /// Its value; `(hidden)` for a secret, `(not set)` without one.
    pub value: String,
    /// Where the value came from.
    pub origin: String,
    /// What it means.
    pub meaning: String,
}

/// All settings.
pub(super) fn settings(merged: &Merged) -> Vec<Setting> {
    keys::all()
        .map(|key| {
            let (value, origin) = match merged.values.get(key.path) {
                Some((_, origin)) if key.is_secret() => ("(hidden)".to_owned(), origin.clone()),
                Some((value, origin)) => (presented(key, value), origin.clone()),
                None => ("(not set)".to_owned(), Origin::Default),
            };
            Setting {
                key: key.path.to_owned(),
                value,
                origin: origin.to_string(),
                meaning: key.meaning.to_owned(),
            }
        })
        .collect()
}

/// A value that may be shown: neither the password in an address nor what stands where the name of
/// a file belongs.
fn presented(key: &Key, value: &Value) -> String {
    if key.kind == Type::Tables {
        return without_secrets(value.clone()).to_string();
    }
    let text = plain(value);
    match key.kind {
        Type::Path => file_name::shown(Path::new(&text), Path::new(&text)),
        Type::Url => without_password(text),
        _ => text,
    }
}

/// The same tables, of secrets only that there are some.
fn without_secrets(mut tables: Value) -> Value {
    let all = tables.as_array_mut().into_iter().flatten();
    for table in all.filter_map(Value::as_table_mut) {
        if let Some(secret) = table.get_mut("secret") {
            *secret = Value::from("(hidden)");
        }
    }
    tables
}

fn without_password(text: String) -> String {
    let Some(mut url) = Url::parse(&text)
        .ok()
        .filter(|url| url.password().is_some())
    else {
        return text;
    };
    match url.set_password(Some("hidden")) {
        Ok(()) => url.into(),
        Err(()) => "(hidden)".to_owned(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A commented `tok.toml` with every setting at its default.
pub fn template() -> String {
    let mut lines = vec![
        "# tok.toml: the configuration of tok.".to_owned(),
        "# Every setting is at its default; remove the # in front of a line to change it."
            .to_owned(),
        "# Each one is also an environment variable: server.bind is TOK_SERVER__BIND.".to_owned(),
        "# A secret can stand in a file of its own: daily.api_key_file = \"daily.key\".".to_owned(),
    ];
    let mut section = "";
    for key in keys::all() {
        let (of, name) = key.path.split_once('.').unwrap_or(("", key.path));
        if of != section {
            section = of;
            lines.push(format!("\n[{section}]"));
        }
        let default = match key.default {
            "" => "''",
            default => default,
        };
        lines.push(format!("# {}", key.meaning));
        lines.push(format!("# {name} = {}", default.replace('\'', "\"")));
    }
    lines.join("\n") + "\n"
}
