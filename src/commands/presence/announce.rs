//! Notes what a connection says of itself.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{connection, user_id};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::Span;
use crate::model::presence::{PresenceState, UserPresence};

/// What a connection says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AnnouncePresence)]
pub struct Input {
    /// Whether the person is there.
    pub state: PresenceState,
    /// How long this counts unless it is said again; for ever if absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "60s")]
    pub ttl: Option<Span>,
}

/// Notes it and tells how the person is now, all connections together.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) for names that cannot be;
/// [`Kind::Unsupported`](crate::Kind::Unsupported) where apps write by themselves.
pub async fn run(
    context: &Context,
    user: &str,
    connection_name: &str,
    input: Input,
) -> Result<UserPresence> {
    let user = user_id(user)?;
    let connection = connection(connection_name)?;
    if input.ttl.is_some_and(|ttl| ttl.0.is_zero()) {
        return Err(Error::invalid("ttl must be longer than nothing"));
    }
    let life = input.ttl.map(|ttl| ttl.0.as_millis());
    let life = life.map(|life| i64::try_from(life).unwrap_or(i64::MAX));
    let presences = &context.presences;
    presences
        .announce(user.as_str(), connection, input.state, life)
        .await?;
    super::list::show(context, user.as_str()).await
}
