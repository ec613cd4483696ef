//! Who is there, as the source has it.

use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};

use super::user_id;
use crate::backends::presence::Told;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::presence::{PresenceState, UserPresence};

/// Everybody that anything is known of, by id; with `online` only those who are there.
///
/// # Errors
/// Those of the source.
pub async fn run(context: &Context, online: bool) -> Result<Vec<UserPresence>> {
    let mut told = context.presences.watch();
    let mut people = Vec::new();
    while let Some(Told::Person(id, presence)) = told.try_next().await? {
        people.extend(presence.map(|presence| UserPresence::new(id, presence)));
    }
    people.retain(|person| !online || person.state == PresenceState::Online);
    people.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(people)
}

/// One person.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when nothing is known of them.
pub async fn show(context: &Context, user: &str) -> Result<UserPresence> {
    let user = user_id(user)?;
    match context.presences.get(user.as_str()).await? {
        Some(presence) => Ok(UserPresence::new(user.into(), presence)),
        None => Err(Error::not_found(format!(
            "nothing is known of the presence of `{user}`"
        ))),
    }
}

/// What a watcher is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Somebody is now so.
    Person(UserPresence),
    /// Everybody was told; what follows are changes.
    Current,
}

/// Everybody, then every change; somebody of whom nothing is known any more is offline.
pub fn watch(context: &Context) -> BoxStream<'static, Result<Change>> {
    let clock = context.clock.clone();
    let change = move |told| match told {
        Told::Current => Change::Current,
        Told::Person(id, Some(presence)) => Change::Person(UserPresence::new(id, presence)),
        Told::Person(id, None) => Change::Person(UserPresence {
            id,
            state: PresenceState::Offline,
            last_changed: Some(clock.now()),
        }),
    };
    context.presences.watch().map_ok(change).boxed()
}
