//! Notes what a connection says of itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::check_connection;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::Span;
use crate::model::presence::{PresenceState, UserPresence};
use crate::model::user::UserId;

/// Who says what of themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The person.
    pub user: UserId,
    /// The connection, by the name that the app gives it.
    pub connection: String,
    /// What it says.
    pub says: Announcement,
    /// Through whom: `key ID`, `user ID`, `socket`, …
    pub said_by: String,
}

/// What a connection says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AnnouncePresence)]
pub struct Announcement {
    /// Whether the person is there.
    pub state: PresenceState,
    /// How long this counts unless it is said again; for ever if absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "60s")]
    pub ttl: Option<Span>,
}

/// Whether it can be noted as it is.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) for names that cannot be.
pub fn check(input: &Input) -> Result<()> {
    check_connection(&input.connection)?;
    if input.says.ttl.is_some_and(|ttl| ttl.0.is_zero()) {
        return Err(Error::invalid("ttl must be longer than nothing"));
    }
    Ok(())
}

/// Notes it and tells how the person is now, all connections together.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) for names that cannot be;
/// [`Kind::Unsupported`](crate::Kind::Unsupported) where apps write by themselves.
pub async fn run(context: &Context, input: Input) -> Result<UserPresence> {
    check(&input)?;
    let Input {
        user,
        connection,
        says,
        said_by,
    } = input;
    let life = says.ttl.map(|ttl| ttl.0.as_millis());
    let life = life.map(|life| i64::try_from(life).unwrap_or(i64::MAX));
    let presences = &context.presences;
    presences
        .announce(user.as_str(), &connection, (says.state, life), &said_by)
        .await?;
    let known = presences.get(user.as_str()).await?;
    let now = context.clock.now();
    Ok(match known {
        Some((presence, _)) => UserPresence::new(user.into(), presence, now),
        // Its time is over already.
        None => UserPresence {
            id: user.into(),
            state: PresenceState::Offline,
            last_changed: Some(now),
        },
    })
}
