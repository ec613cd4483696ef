//! Why people are not in a room any more, and why meetings are over.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why somebody is not in the room any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Departure {
    /// They went, or their connection ended.
    Left,
    /// A host sent them out.
    Kicked,
    /// A host sent them out for good.
    Banned,
    /// The join token that they came in with has ended.
    Expired,
    /// The API key that minted their token was revoked, or the user it was for is deleted.
    Withdrawn,
    /// Somebody came in with their token who is somebody else in the room.
    Displaced,
}

impl Departure {
    /// The name in tables, JSON and the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Kicked => "kicked",
            Self::Banned => "banned",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Displaced => "displaced",
        }
    }

    /// Whether a host or an operator sent them out.
    pub fn is_by_host(self) -> bool {
        matches!(self, Self::Kicked | Self::Banned)
    }

    /// Whether their token opens nothing any more.
    pub fn is_by_token(self) -> bool {
        matches!(self, Self::Expired | Self::Withdrawn | Self::Displaced)
    }
}

/// Why a meeting is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Everybody was sent out.
    Ended,
    /// The last host of a room that ends with its host went.
    HostLeft,
    /// The room's time ran out.
    Expired,
    /// Nobody used a room that goes when nobody does.
    Unused,
    /// The room was deleted.
    Deleted,
}

impl Ending {
    /// The name in events.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::HostLeft => "host_left",
            Self::Expired => "expired",
            Self::Unused => "unused",
            Self::Deleted => "deleted",
        }
    }
}
