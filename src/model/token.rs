//! Join tokens: what lets a person into one room.

use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::backend::BackendName;
use super::room::RoomName;
use crate::error::Error;

/// By how much the clocks of two machines may differ.
pub const LEEWAY: SignedDuration = SignedDuration::from_secs(60);

/// What the holder may do in the room; each role may do all that the ones before it may.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees and hears.
    Viewer,
    /// Takes part.
    #[default]
    Participant,
    /// Runs the room: may send people out, end it, record it.
    Host,
}

impl Role {
    /// All of them, weakest first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Participant, Self::Host];

    /// The name in flags and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Participant => "participant",
            Self::Host => "host",
        }
    }
}

impl FromStr for Role {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| {
                Error::invalid(format!(
                    "`{text}` is not a role; use viewer, participant or host"
                ))
            })
    }
}

/// Who stands behind a token: it gives no more than they could do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minter {
    /// The API key; operators need none.
    pub key: Option<String>,
    /// When that key ends: what it minted opens nothing from then on.
    pub until: Option<Timestamp>,
    /// The strongest role of the tokens they may mint.
    pub strongest: Role,
    /// Whether they may say who somebody is: whoever holds such a token hears what waits for that user,
    /// and answers their calls.
    pub vouches: bool,
}

impl Minter {
    /// Whoever runs the server.
    pub const OPERATOR: Self = Self {
        key: None,
        until: None,
        strongest: Role::Host,
        vouches: true,
    };

    /// When a token ends that was to last until `end`: no later than the key that mints it.
    pub fn bounds(&self, end: Timestamp) -> Timestamp {
        self.until.map_or(end, |until| until.min(end))
    }
}

/// Who says nothing may do least.
impl Default for Minter {
    fn default() -> Self {
        Self {
            key: None,
            until: None,
            strongest: Role::Viewer,
            vouches: false,
        }
    }
}

/// What a token is to allow, checked. A token never lacks its room nor its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// The only room it opens.
    pub room: RoomName,
    /// The vendor's id of that room, where whoever asks has just found it.
    pub room_id: Option<String>,
    /// What the holder may do.
    pub role: Role,
    /// The app's id of the person.
    pub user_id: Option<String>,
    /// The name shown in the call.
    pub user_name: Option<String>,
    /// When it was asked for. The token says this moment, so that it lives exactly as long as was
    /// asked for, however long the way to the vendor takes.
    pub issued_at: Timestamp,
    /// Good from this moment on.
    pub not_before: Option<Timestamp>,
    /// No good from this moment on.
    pub expires_at: Timestamp,
    /// Who stands behind it.
    pub minter: Minter,
    /// Whether it lets many in, not one person at a time.
    pub shared: bool,
    /// Further options, by the backend's own names.
    pub properties: Map<String, Value>,
}

impl Grant {
    /// The signed token with what it was made for.
    pub fn signed(&self, token: String, backend: BackendName) -> JoinToken {
        JoinToken {
            token,
            room: self.room.clone(),
            backend,
            role: self.role,
            user_id: self.user_id.clone(),
            user_name: self.user_name.clone(),
            participant_id: None,
            expires_at: self.expires_at,
            url: None,
        }
    }

    /// Takes a further option that must be a text, if it is there.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when it is something else.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Error> {
        match self.properties.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Error::invalid(format!(
                "`{name}` of a token must be a text"
            ))),
        }
    }

    /// Refuses options that this backend does not know.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput), naming the first.
    pub fn only(&self, known: &[&str]) -> Result<(), Error> {
        let strange = self
            .properties
            .keys()
            .find(|key| !known.contains(&key.as_str()));
        match (strange, known) {
            (None, _) => Ok(()),
            (Some(key), []) => Err(Error::invalid(format!(
                "tokens of this backend take no property `{key}`"
            ))),
            (Some(key), known) => Err(Error::invalid(format!(
                "tokens of this backend take no property `{key}`; use {}",
                known.join(", ")
            ))),
        }
    }
}

/// A token and where to use it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JoinToken {
    /// The token itself. Whoever holds it may come in: treat it as a secret.
    pub token: String,
    /// The room it opens.
    pub room: RoomName,
    /// Where the room lives.
    pub backend: BackendName,
    /// What the holder may do.
    pub role: Role,
    /// The app's id of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The name shown in the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// The vendor's participant, where making a token makes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_id: Option<String>,
    /// No good from this moment on.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// The invitation: the page of the room with the token in it. Absent where the backend has no page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl std::fmt::Debug for JoinToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JoinToken")
            .field("room", &self.room)
            .field("backend", &self.backend)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

/// What a token says, and whether it opens anything now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TokenFacts {
    /// Whether it would be let in at this moment.
    pub valid: bool,
    /// Why not, when it is not valid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The backend that was asked.
    pub backend: BackendName,
    /// The room it opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// What the holder may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The app's id of the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The name shown in the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// No good from this moment on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// The claims as they stand in the token.
    #[schema(value_type = Object)]
    pub claims: Map<String, Value>,
}
