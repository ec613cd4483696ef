//! What a configuration key is: its type, its checks, its names.

use std::net::SocketAddr;
use std::str::FromStr;

use bytesize::ByteSize;
use toml::Value;
use url::Url;

use crate::model::{Rate, Span};

use Type::{Address, Integer, List, OneOf, Path, Secret, SecretFile, Size, Tables, Text};

/// The longest text that is repeated when it is wrong; secrets are longer.
const LONGEST_SHOWN: usize = 24;

/// What a value must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    /// Never shown; also readable from `<key>_file`.
    Secret,
    /// Never shown; the setting is the name of the file that holds it, and there is no other way.
    SecretFile,
    Path,
    Url,
    Address,
    Integer,
    Span,
    Size,
    /// A [`Rate`], or `off`.
    Rate,
    /// A number from 0 to 1.
    Ratio,
    List,
    Tables,
    OneOf(&'static [&'static str]),
}

/// One key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    /// `section.key`
    pub(super) path: &'static str,
    pub(super) kind: Type,
    /// TOML text of the default; empty for none.
    pub(super) default: &'static str,
    /// What it means, for users.
    pub(super) meaning: &'static str,
    /// The environment variable that operators of the original backend know; empty for none.
    pub(super) legacy: &'static str,
}

/// The name among `known` that looks most like `name`, if any is close.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 2.max(candidate.len() / 3))
        .min()
        .map(|(_, candidate)| candidate)
}

impl Key {
    /// The default as a value.
    pub(super) fn default_value(&self) -> Option<Value> {
        self.default.parse::<Value>().ok()
    }

    /// Whether the value must not be shown.
    pub(super) fn is_secret(&self) -> bool {
        matches!(self.kind, Secret | SecretFile)
    }

    /// Whether the value is in a file that the setting names.
    pub(super) fn is_file(&self) -> bool {
        self.kind == SecretFile
    }

    /// The environment variable of the key.
    pub(super) fn variable(&self) -> String {
        variable(self.path)
    }

    /// Text from the environment or a flag as a value.
    pub(super) fn parse(&self, text: &str) -> Result<Value, String> {
        // What stands in the place of bytes that are no text.
        if text.contains(char::REPLACEMENT_CHARACTER) {
            return Err("it is not UTF-8".to_owned());
        }
        let is_list = self.kind == List && text.trim_start().starts_with('[');
        if !self.is_secret() && !is_list && is_content(text) {
            return Err(self.expected(&Value::from(text)));
        }
        let value = match self.kind {
            Integer => text
                .trim()
                .parse()
                .map(Value::Integer)
                .map_err(|_| format!("expected a whole number, found {}", found(text)))?,
            List if text.trim_start().starts_with('[') => text.parse().map_err(|_| {
                format!(
                    "expected a list like a,b or [\"a\", \"b\"], found {}",
                    found(text)
                )
            })?,
            List => Value::Array(
                text.split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .map(Value::from)
                    .collect(),
            ),
            Type::Ratio => text
                .trim()
                .parse()
                .map(Value::Float)
                .map_err(|_| format!("expected a number from 0 to 1, found {}", found(text)))?,
            Tables => return Err("it can only be set in a file".to_owned()),
            _ => Value::from(text),
        };
        self.check(&value)?;
        Ok(value)
    }

    /// Whether a value has the right type and form; the message says what is expected.
    pub(super) fn check(&self, value: &Value) -> Result<(), String> {
        if !self.is_secret() && texts_of(value).any(is_content) {
            return Err(self.expected(value));
        }
        match (self.kind, value) {
            (Integer, Value::Integer(number)) => between(*number),
            (List, Value::Array(items)) if items.iter().all(Value::is_str) => Ok(()),
            (Tables, Value::Array(items)) if items.iter().all(Value::is_table) => Ok(()),
            (Type::Ratio, Value::Float(part)) if (0.0..=1.0).contains(part) => Ok(()),
            (Type::Ratio, Value::Integer(0 | 1)) => Ok(()),
            (Integer | List | Tables | Type::Ratio, _) => Err(self.expected(value)),
            (_, Value::String(text)) => self.check_text(text),
            _ => Err(self.expected(value)),
        }
    }

    fn check_text(&self, text: &str) -> Result<(), String> {
        let fine = match self.kind {
            Type::Url => {
                Url::parse(text).is_ok_and(|url| url.has_host() && url.scheme().starts_with("http"))
            }
            Address => SocketAddr::from_str(text).is_ok() || is_host_and_port(text),
            Type::Span => Span::from_str(text).is_ok_and(|span| !span.0.is_zero()),
            Size => ByteSize::from_str(text).is_ok(),
            Type::Rate => text == "off" || Rate::from_str(text).is_ok(),
            OneOf(names) => names.contains(&text),
            Secret if text.contains(is_unusable) => {
                return Err("it holds control characters".to_owned());
            }
            Text | Secret | SecretFile | Path => !text.is_empty(),
            Integer | List | Tables | Type::Ratio => false,
        };
        if fine {
            Ok(())
        } else if self.is_secret() {
            Err("expected a value, found an empty text".to_owned())
        } else {
            Err(self.expected(&Value::from(text)))
        }
    }

    fn expected(&self, found: &Value) -> String {
        let what = match self.kind {
            Text | Secret => "a text".to_owned(),
            SecretFile => "the name of a file".to_owned(),
            Path => "a path".to_owned(),
            Type::Url => "a URL like https://example.com".to_owned(),
            Address => "an address like 127.0.0.1:8080".to_owned(),
            Integer => "a whole number".to_owned(),
            Type::Span => "a length of time like 500ms, 4s, 10m, 24h or 30d".to_owned(),
            Size => "a size like 64KiB".to_owned(),
            Type::Rate => "a rate like 100/5s, or off".to_owned(),
            Type::Ratio => "a number from 0 to 1".to_owned(),
            List => "a list of texts".to_owned(),
            Tables => "a list of tables".to_owned(),
            OneOf(names) => format!("one of {}", names.join(", ")),
        };
        if self.is_secret() {
            return format!("expected {what}, found {}", found.type_str());
        }
        if let Some(text) = texts_of(found).find(|text| is_content(text)) {
            return format!("expected {what}, found {}", self::found(text));
        }
        match found.as_str() {
            Some(text) => format!("expected {what}, found {}", self::found(text)),
            None => format!("expected {what}, found {found}"),
        }
    }
}

/// What stands in no secret: whoever pasted it did not see it.
fn is_unusable(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// `localhost:8080`; whether there is such a host is seen when its address is looked up.
fn is_host_and_port(text: &str) -> bool {
    let named = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    text.rsplit_once(':').is_some_and(|(host, port)| {
        !host.is_empty() && host.chars().all(named) && port.parse::<u16>().is_ok()
    })
}

/// The environment variable of the setting called `path`.
pub(super) fn variable(path: &str) -> String {
    format!("TOK_{}", path.replace('.', "__").to_uppercase())
}

/// The texts of a value, but for those in tables.
fn texts_of(value: &Value) -> impl Iterator<Item = &str> {
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    items.iter().chain([value]).filter_map(Value::as_str)
}

/// Whether this is what a file holds, a key among others, in the place of a short text.
fn is_content(text: &str) -> bool {
    let opens = text.trim_start().starts_with(['{', '<']) || text.contains("-----");
    opens || text.contains("PRIVATE KEY") || text.contains(char::is_control)
}

/// A text that is wrong, for a message: a secret may stand in the place of something else.
pub(super) fn found(text: &str) -> String {
    match text.chars().count() {
        long if long > LONGEST_SHOWN || is_content(text) => format!("a text of {long} characters"),
        _ => format!("`{text}`"),
    }
}

fn between(number: i64) -> Result<(), String> {
    if (1..=1_000_000_000).contains(&number) {
        Ok(())
    } else {
        Err(format!(
            "expected a number from 1 to 1000000000, found {number}"
        ))
    }
}
