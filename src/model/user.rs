//! People: the app's own `users` documents, of which `tok` knows a few fields.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Error;

/// A checked id of a user: 1 to 128 of `A-Z a-z 0-9 . _ : @ + -`, as every store takes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[A-Za-z0-9._:@+-]{1,128}$")]
pub struct UserId(String);

impl UserId {
    /// The longest id, in characters.
    pub const MAX: usize = 128;

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UserId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._:@+-".contains(c);
        if text.is_empty() || text.len() > Self::MAX || !text.chars().all(allowed) {
            return Err(Error::invalid(format!(
                "{text:?} is not a user id; use 1 to {} of A-Z, a-z, 0-9 and . _ : @ + -",
                Self::MAX
            )));
        }
        // Firestore keeps these names for itself.
        let reserved = text.starts_with("__") && text.ends_with("__");
        if text == "." || text == ".." || reserved {
            return Err(Error::invalid(format!(
                "`{text}` cannot be a user id; stores keep it for themselves"
            )));
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for UserId {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<UserId> for String {
    fn from(id: UserId) -> Self {
        id.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A person as shown. Fields of the document that are not known here, and push tokens, stay
/// inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct User {
    /// The document's id.
    pub id: String,
    /// What others see.
    #[serde(flatten)]
    pub profile: Profile,
}

/// What is known of a person, by the app's own field names in the store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Profile {
    /// The name others see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A picture.
    #[serde(default, alias = "photoURL", skip_serializing_if = "Option::is_none")]
    pub photo_url: Option<String>,
    /// The given name, where the app keeps it apart.
    #[serde(default, alias = "firstName", skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The family name, where the app keeps it apart.
    #[serde(default, alias = "lastName", skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The device that calls to this person go to.
    #[serde(default, alias = "clientId", skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// `online` or `offline`, as last known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_checked() {
        for good in ["7", "ada@example.com", "a.b_c:d+e-f", "_x_"] {
            assert!(good.parse::<UserId>().is_ok(), "{good}");
        }
        let long = "x".repeat(129);
        for bad in ["", "a/b", "a b", "ä", ".", "..", "__x__", &long] {
            assert!(bad.parse::<UserId>().is_err(), "{bad}");
        }
    }
}
