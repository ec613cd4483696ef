//! People: the app's own `users` documents, of which `tok` knows a few fields.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error::Error;

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 256;

/// An id of a user. The app may have written its document, by whatever id its store takes: 1 to 1500
/// bytes, not `.` or `..` ([Firestore](https://firebase.google.com/docs/firestore/quotas)). What is made
/// here has a plainer one, see [`UserId::plain`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, min_length = 1, max_length = 1500)]
pub struct UserId(String);

impl UserId {
    /// The longest id, in bytes.
    pub const MAX: usize = 1500;
    /// The longest id that is made here, in characters.
    pub const PLAIN_MAX: usize = 128;

    /// An id for somebody new: 1 to 128 of `A-Z a-z 0-9 . _ : @ + -`, as every store takes it and as
    /// nobody needs to quote.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when it is none.
    pub fn plain(text: &str) -> Result<Self, Error> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._:@+-".contains(c);
        if text.is_empty() || text.len() > Self::PLAIN_MAX || !text.chars().all(allowed) {
            return Err(Error::invalid(format!(
                "{text:?} cannot be a new user's id; use 1 to {} of A-Z, a-z, 0-9 and . _ : @ + -",
                Self::PLAIN_MAX
            )));
        }
        // Firestore keeps these names for itself.
        if text.starts_with("__") && text.ends_with("__") {
            return Err(Error::invalid(format!(
                "`{text}` cannot be a new user's id; stores keep it for themselves"
            )));
        }
        text.parse()
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UserId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.is_empty() || text.len() > Self::MAX || text == "." || text == ".." {
            return Err(Error::invalid(format!(
                "{text:?} is not a user id; one has 1 to {} bytes",
                Self::MAX
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct User {
    /// The document's id.
    pub id: String,
    /// What others see.
    #[serde(flatten)]
    pub profile: Profile,
}

/// What is known of a person, by the app's own field names in the store.
///
/// The documents are the app's: a field that holds something else than a text is one that says
/// nothing, never a reason not to read the others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(from = "Map<String, Value>")]
pub struct Profile {
    /// The name others see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo_url: Option<String>,
    /// The given name, where the app keeps it apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The family name, where the app keeps it apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The device that calls to this person go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// `online` or `offline`, as last known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

impl From<Map<String, Value>> for Profile {
    fn from(mut fields: Map<String, Value>) -> Self {
        let mut text = |names: &[&str]| {
            let mut found = names.iter().filter_map(|name| fields.remove(*name));
            found.find_map(|value| match value {
                Value::String(text) => Some(text),
                _ => None,
            })
        };
        Self {
            name: text(&["name"]),
            photo_url: text(&["photoURL", "photo_url"]),
            first_name: text(&["firstName", "first_name"]),
            last_name: text(&["lastName", "last_name"]),
            client_id: text(&["clientId", "client_id"]),
            state: text(&["state"]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn whatever_stands_in_a_document_of_the_app_a_profile_can_be_read() {
        let odd = json!({
            "name": 7, "photoURL": { "a": 1 }, "photo_url": "p", "firstName": ["x"], "lastName": "L",
            "state": null, "clientId": true, "until": "9999-12-31T23:59:59Z",
        });
        let read: Profile = serde_json::from_value(odd).expect("reads");
        let expected = Profile {
            photo_url: Some("p".to_owned()),
            last_name: Some("L".to_owned()),
            ..Profile::default()
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn ids_are_checked() {
        for good in ["7", "ada@example.com", "a.b_c:d+e-f", "_x_"] {
            assert!(UserId::plain(good).is_ok(), "{good}");
        }
        let long = "x".repeat(129);
        for odd in ["a/b", "a b", "ä", "ゆき", "50%", "a%2Fb", "__x__", &long] {
            assert!(UserId::plain(odd).is_err(), "{odd}");
            assert!(odd.parse::<UserId>().is_ok(), "{odd}");
        }
        for bad in ["", ".", "..", &"x".repeat(1501)] {
            assert!(UserId::plain(bad).is_err(), "{bad}");
            assert!(bad.parse::<UserId>().is_err(), "{bad}");
        }
    }
}
