//! People who sign in elsewhere, and what the tokens say that they bring from there.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::key::Scope;
use super::token::Role;
use super::user::UserId;

/// A person whose token was found to be good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The id by which they are known here.
    pub user: UserId,
    /// The issuer of their token, by its short name.
    pub issuer: Arc<str>,
    /// The name that the token says.
    pub name: Option<String>,
    /// The strongest role of the join tokens that they may get.
    pub role: Role,
    /// What they may do, with what is their own.
    pub scopes: Arc<BTreeSet<Scope>>,
    /// The token is no good from then on.
    pub expires_at: Timestamp,
    /// Whether a user of ours is made of them when they first come; else the app makes its users.
    pub makes_user: bool,
}

/// What a person who signs in can be allowed: each of these is narrowed to what is their own.
pub const PERSONAL: [Scope; 11] = [
    Scope::Tokens,
    Scope::CallsRead,
    Scope::CallsWrite,
    Scope::DevicesRead,
    Scope::DevicesWrite,
    Scope::NotificationsRead,
    Scope::NotificationsWrite,
    Scope::PresenceRead,
    Scope::PresenceWrite,
    Scope::RoomsWrite,
    Scope::Compat,
];

/// What was seen of one claim of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClaimFact {
    /// The claim, or the part of the token.
    pub claim: String,
    /// What it says, as JSON; absent if it is not there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// Whether it is as it must be.
    pub good: bool,
    /// What was looked at, or what is wrong.
    pub says: String,
}

/// A sign-in token, explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SignInFacts {
    /// Whether it would be taken at this moment.
    pub valid: bool,
    /// Why not, when it would not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The issuer, by its short name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// The id by which the person is known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The strongest role of the join tokens that they may get.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// What they may do, with what is their own.
    pub scopes: BTreeSet<Scope>,
    /// No good from this moment on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
    /// Each claim that was looked at.
    pub claims: Vec<ClaimFact>,
}
