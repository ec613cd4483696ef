//! Rooms: what people meet in.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::backend::BackendName;
use crate::error::Error;

/// A checked room name: 1 to 128 of `A-Z a-z 0-9 - _`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{1,128}$")]
pub struct RoomName(String);

impl RoomName {
    /// The public address of a room of this name: its MD5 in lower case hexadecimal digits. It hides
    /// nothing and opens nothing.
    pub fn address(&self) -> String {
        use md5::{Digest, Md5};
        hex::encode(Md5::digest(&self.0))
    }

    /// The longest name, in characters.
    pub const MAX: usize = 128;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RoomName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(Error::invalid(
                "a room name is missing; use 1 to 128 of A-Z, a-z, 0-9, - and _",
            ));
        }
        if text.chars().count() > Self::MAX {
            return Err(Error::invalid(format!(
                "the room name is {} characters long; the most is {}",
                text.chars().count(),
                Self::MAX
            )));
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        match text.chars().find(|c| !allowed(*c)) {
            None => Ok(Self(text.to_owned())),
            Some(bad) => Err(Error::invalid(format!(
                "the room name {text:?} has the character {bad:?}; use only A-Z, a-z, 0-9, - and _"
            ))),
        }
    }
}

impl TryFrom<String> for RoomName {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<RoomName> for String {
    fn from(name: RoomName) -> Self {
        name.0
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who may come in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Privacy {
    /// Anybody who has the link.
    #[default]
    Public,
    /// Only holders of a join token.
    Private,
}

impl Privacy {
    /// The name in flags and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
        }
    }
}

impl FromStr for Privacy {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "public" => Ok(Self::Public),
            "private" => Ok(Self::Private),
            _ => Err(Error::invalid(format!(
                "`{text}` is not a privacy; use public or private"
            ))),
        }
    }
}

/// Whether a room opens before it closes.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when it does not.
pub fn check_times(
    not_before: Option<Timestamp>,
    expires_at: Option<Timestamp>,
) -> Result<(), Error> {
    match (not_before, expires_at) {
        (Some(from), Some(until)) if until <= from => Err(Error::invalid(format!(
            "the room would expire at {until}, before it opens at {from}"
        ))),
        _ => Ok(()),
    }
}

/// A room as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Room {
    /// Its name, unique at its backend.
    pub name: RoomName,
    /// Where it lives.
    pub backend: BackendName,
    /// The backend's own id of it.
    pub id: String,
    /// The link that people open; empty where the backend has no page of its own.
    pub url: String,
    /// Who may come in.
    pub privacy: Privacy,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Nobody may come in before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub not_before: Option<Timestamp>,
    /// Nobody may come in from this moment on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// How many people fit in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_participants: Option<u32>,
    /// When somebody last was in it, as far as is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_joined_at: Option<Timestamp>,
    /// When it was last made use of without anybody in it: a join token was made, or an operator wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Timestamp>,
    /// Whether somebody was given a token to run it: then nobody does for being there first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_hosts: bool,
    /// Whether nobody new comes in for as long as somebody is there; of local rooms.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub locked: bool,
    /// Further settings, by the backend's own names.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub properties: Map<String, Value>,
    /// The vendor's object as it came; absent for local rooms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub vendor: Option<Value>,
}

impl Room {
    /// Whether nobody may come in any more at `now`.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// Whether a further setting is switched on.
    pub fn has(&self, property: &str) -> bool {
        self.properties.get(property) == Some(&Value::Bool(true))
    }

    /// What people call it: its further setting `title`, or its name.
    pub fn title(&self) -> &str {
        let title = self.properties.get("title").and_then(Value::as_str);
        title.unwrap_or(self.name.as_str())
    }

    /// The settings that a [`RoomSpec`] asks for, to compare the two.
    pub fn matches(&self, spec: &RoomSpec) -> bool {
        spec.privacy.is_none_or(|asked| asked == self.privacy)
            && self.not_before == spec.not_before
            && self.expires_at == spec.expires_at
            && (spec.max_participants.is_none() || self.max_participants == spec.max_participants)
            && spec
                .properties
                .iter()
                .all(|(key, value)| self.properties.get(key) == Some(value))
    }
}

/// A room that is wanted, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct RoomSpec {
    /// Its name.
    pub name: RoomName,
    /// Who may come in; what is usual at the backend if nobody says.
    pub privacy: Option<Privacy>,
    /// Nobody may come in before; whole seconds.
    pub not_before: Option<Timestamp>,
    /// Nobody may come in from then on; whole seconds.
    pub expires_at: Option<Timestamp>,
    /// How many people fit in.
    pub max_participants: Option<u32>,
    /// Further settings, by the backend's own names.
    pub properties: Map<String, Value>,
}

/// Changes to a room. The outer `None` keeps, the inner one goes back to the default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RoomPatch {
    /// Who may come in.
    pub privacy: Option<Privacy>,
    /// Nobody may come in before.
    pub not_before: Option<Option<Timestamp>>,
    /// Nobody may come in from then on.
    pub expires_at: Option<Option<Timestamp>>,
    /// How many people fit in.
    pub max_participants: Option<Option<u32>>,
    /// Further settings by the backend's own names; null removes one.
    pub properties: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bad_names_get_one_clear_sentence() {
        for (name, part) in [
            ("", "is missing"),
            ("..%2Fx", "has the character '.'"),
            ("größe", "has the character 'ö'"),
            ("a b", "has the character ' '"),
        ] {
            let error = name.parse::<RoomName>().expect_err(name);
            assert!(error.message().contains(part), "{name}: {error}");
        }
        let long = "x".repeat(129);
        let error = long.parse::<RoomName>().expect_err("too long");
        assert!(error.message().contains("129 characters long"));
    }

    proptest! {
        #[test]
        fn accepted_names_need_no_escaping(name in ".{0,140}") {
            if let Ok(parsed) = name.parse::<RoomName>() {
                prop_assert_eq!(parsed.as_str(), &name);
                prop_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
                prop_assert!((1..=128).contains(&name.len()));
            }
        }
    }
}
