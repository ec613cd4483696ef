//! Who is there, as the source has it.

use std::time::Duration;

use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};

use crate::backends::presence::PresenceEvent;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::presence::{Presence, PresenceState, UserPresence};

/// How long the whole state may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// After so long without a word the source is asked what keeps it, and has so long to say it: more than
/// it takes to find out that nobody is there.
const SILENCE: Duration = Duration::from_secs(4);
const EXPLANATION: Duration = Duration::from_secs(6);

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
/// any more; what keeps the source from telling anything.
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
        read = tokio::time::timeout(PATIENCE, reading) => read.unwrap_or_else(|_| Err(late())),
        error = why_silent(context) => Err(error),
    }
}

fn late() -> Error {
    let message = "the source of presence did not tell its state in time";
    Error::new(Kind::Timeout, message).advise("see what is wrong with it: `tok doctor`")
}

/// What keeps the source silent; never, if it can be reached and has only much to tell.
async fn why_silent(context: &Context) -> Error {
    tokio::time::sleep(SILENCE).await;
    let explanation = context.presences.explain_silence();
    match tokio::time::timeout(EXPLANATION, explanation).await {
        Ok(Ok(())) => std::future::pending().await,
        Ok(Err(error)) => error,
        Err(_) => late(),
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
