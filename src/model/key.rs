//! API keys: who may use the HTTP doors, and for what.

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::token::{Minter, Role};
use crate::error::Error;

/// Something an API key may do.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
pub enum Scope {
    /// See rooms and who is in them.
    #[serde(rename = "rooms:read")]
    RoomsRead,
    /// Create, change, end, delete and prune rooms.
    #[serde(rename = "rooms:write")]
    RoomsWrite,
    /// Mint and inspect join tokens.
    #[serde(rename = "tokens")]
    Tokens,
    /// Say in join tokens who somebody is: whoever holds one hears what waits for that user, and answers
    /// their calls.
    #[serde(rename = "identity")]
    Identity,
    /// See users.
    #[serde(rename = "users:read")]
    UsersRead,
    /// Create, change and delete users.
    #[serde(rename = "users:write")]
    UsersWrite,
    /// See the queue of notifications and what became of them.
    #[serde(rename = "notifications:read")]
    NotificationsRead,
    /// Send, retry and discard notifications.
    #[serde(rename = "notifications:write")]
    NotificationsWrite,
    /// Search, and see how true the indexes are.
    #[serde(rename = "search:read")]
    SearchRead,
    /// Make indexes true, change their settings and make search keys.
    #[serde(rename = "search:write")]
    SearchWrite,
    /// See who is there.
    #[serde(rename = "presence:read")]
    PresenceRead,
    /// Say who is there.
    #[serde(rename = "presence:write")]
    PresenceWrite,
    /// See what took place in rooms and who was there.
    #[serde(rename = "sessions:read")]
    SessionsRead,
    /// See recordings and fetch their files.
    #[serde(rename = "recordings:read")]
    RecordingsRead,
    /// Start, stop and delete recordings.
    #[serde(rename = "recordings:write")]
    RecordingsWrite,
    /// Read what people in local rooms write.
    #[serde(rename = "chat:read")]
    ChatRead,
    /// Write, change and remove messages in local rooms.
    #[serde(rename = "chat:write")]
    ChatWrite,
    /// See calls.
    #[serde(rename = "calls:read")]
    CallsRead,
    /// Call, answer, decline and hang up.
    #[serde(rename = "calls:write")]
    CallsWrite,
    /// See devices.
    #[serde(rename = "devices:read")]
    DevicesRead,
    /// Register and delete devices.
    #[serde(rename = "devices:write")]
    DevicesWrite,
    /// See what vendors told.
    #[serde(rename = "webhooks:read")]
    WebhooksRead,
    /// Note once more what vendors told.
    #[serde(rename = "webhooks:write")]
    WebhooksWrite,
    /// See what the worker has done and has to do.
    #[serde(rename = "status")]
    Status,
    /// Use the compat surfaces.
    #[serde(rename = "compat")]
    Compat,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 25] = [
        Self::RoomsRead,
        Self::RoomsWrite,
        Self::Tokens,
        Self::Identity,
        Self::UsersRead,
        Self::UsersWrite,
        Self::NotificationsRead,
        Self::NotificationsWrite,
        Self::SearchRead,
        Self::SearchWrite,
        Self::PresenceRead,
        Self::PresenceWrite,
        Self::SessionsRead,
        Self::RecordingsRead,
        Self::RecordingsWrite,
        Self::ChatRead,
        Self::ChatWrite,
        Self::CallsRead,
        Self::CallsWrite,
        Self::DevicesRead,
        Self::DevicesWrite,
        Self::WebhooksRead,
        Self::WebhooksWrite,
        Self::Status,
        Self::Compat,
    ];

    /// The name in flags and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RoomsRead => "rooms:read",
            Self::RoomsWrite => "rooms:write",
            Self::Tokens => "tokens",
            Self::Identity => "identity",
            Self::UsersRead => "users:read",
            Self::UsersWrite => "users:write",
            Self::NotificationsRead => "notifications:read",
            Self::NotificationsWrite => "notifications:write",
            Self::SearchRead => "search:read",
            Self::SearchWrite => "search:write",
            Self::PresenceRead => "presence:read",
            Self::PresenceWrite => "presence:write",
            Self::SessionsRead => "sessions:read",
            Self::RecordingsRead => "recordings:read",
            Self::RecordingsWrite => "recordings:write",
            Self::ChatRead => "chat:read",
            Self::ChatWrite => "chat:write",
            Self::CallsRead => "calls:read",
            Self::CallsWrite => "calls:write",
            Self::DevicesRead => "devices:read",
            Self::DevicesWrite => "devices:write",
            Self::WebhooksRead => "webhooks:read",
            Self::WebhooksWrite => "webhooks:write",
            Self::Status => "status",
            Self::Compat => "compat",
        }
    }
}

impl FromStr for Scope {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.as_str() == text)
            .ok_or_else(|| {
                let all: Vec<_> = Self::ALL.iter().map(|scope| scope.as_str()).collect();
                Error::invalid(format!(
                    "`{text}` is not a scope; use one or more of {}",
                    all.join(", ")
                ))
            })
    }
}

/// An API key as it is stored and listed: everything but the secret, of which only a hash is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiKey {
    /// The public half of the key, also the document id.
    pub id: String,
    /// What the operator calls it.
    pub name: String,
    /// What it may do.
    pub scopes: BTreeSet<Scope>,
    /// The strongest role of join tokens it may mint.
    pub max_role: Role,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// No good from this moment on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

impl ApiKey {
    /// Whether its tokens say who somebody is: by the scope for it, or because it may do itself whatever
    /// such a token gives.
    pub fn vouches(&self) -> bool {
        const SAME: [Scope; 4] = [
            Scope::NotificationsRead,
            Scope::NotificationsWrite,
            Scope::PresenceWrite,
            Scope::CallsWrite,
        ];
        let has = |scope: &Scope| self.scopes.contains(scope);
        has(&Scope::Identity) || SAME.iter().all(has)
    }

    /// Whether it is no good any more at `now`.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// What its tokens stand on.
    pub fn minter(&self) -> Minter {
        Minter {
            key: Some(self.id.clone()),
            until: self.expires_at,
            strongest: self.max_role,
            vouches: self.vouches(),
        }
    }

    /// What is told of a key of which nothing but its id can be read.
    pub fn unreadable(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: "(cannot be read)".to_owned(),
            scopes: BTreeSet::new(),
            max_role: Role::Viewer,
            created_at: Timestamp::UNIX_EPOCH,
            expires_at: None,
        }
    }
}

/// What the store keeps of a key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredKey {
    /// What is shown of it.
    pub key: ApiKey,
    /// SHA-256 of the secret half, in hex.
    pub hash: String,
}
