//! Who is there, as the source has it.

use std::time::Duration;

use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};

use crate::backends::presence::PresenceEvent;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::presence::{Presence, PresenceState, UserPresence};

/// How long the whole state may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Whom to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Input {
    /// Only those who are there.
    pub online: bool,
}

/// Everybody that anything is known of, by id.
///
/// # Errors
/// Those of the source.
pub async fn run(context: &Context, input: Input) -> Result<Vec<UserPresence>> {
    let everybody = everybody(context).await?;
    let now = context.clock.now();
    let mut people: Vec<UserPresence> = everybody
        .into_iter()
        .map(|(id, presence)| UserPresence::new(id, presence, now))
        .collect();
    people.retain(|person| !input.online || person.state == PresenceState::Online);
    people.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(people)
}

/// The whole state of the source.
///
/// # Errors
/// [`Kind::Timeout`] when it is not told in time, [`Kind::Interrupted`] when nobody waits for it
/// any more.
pub(super) async fn everybody(context: &Context) -> Result<Vec<(String, Presence)>> {
    let mut told = context.presences.watch();
    let reading = async {
        let mut people = Vec::new();
        while let Some(PresenceEvent::Person(id, presence)) = told.try_next().await? {
            people.extend(presence.map(|presence| (id, presence)));
        }
        Ok(people)
    };
    tokio::select! {
        () = context.stop.cancelled() => Err(Error::new(Kind::Interrupted, "interrupted")),
        read = tokio::time::timeout(PATIENCE, reading) => read.unwrap_or_else(|_| {
            let message = "the source of presence did not tell its state in time; see tok doctor";
            Err(Error::new(Kind::Timeout, message))
        }),
    }
}

/// What a watcher is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PresenceChange {
    /// Somebody is now so.
    Person(UserPresence),
    /// Everybody was told; what follows are changes.
    Current,
}

/// Everybody, then every change; somebody of whom nothing is known any more is offline.
pub fn watch(context: &Context) -> BoxStream<'static, Result<PresenceChange>> {
    let clock = context.clock.clone();
    let change = move |told| match told {
        PresenceEvent::Current => PresenceChange::Current,
        PresenceEvent::Person(id, Some(presence)) => {
            PresenceChange::Person(UserPresence::new(id, presence, clock.now()))
        }
        PresenceEvent::Person(id, None) => PresenceChange::Person(UserPresence {
            id,
            state: PresenceState::Offline,
            last_changed: Some(clock.now()),
        }),
    };
    context.presences.watch().map_ok(change).boxed()
}
