//! Keeps the user documents true to the source, for as long as it is told to.
//!
//! Whoever comes is noted at once; whoever leaves only after a while, as connections break and
//! come back. The whole state, which every reconnection brings, is compared and not replayed.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use serde::Serialize;
use tokio::time::Instant;
use utoipa::ToSchema;

use super::apply::{Applied, apply};
use super::list::everybody;
use super::people::People;
use crate::backends::presence::{PresenceEvent, PresenceStream};
use crate::commands::queue::{Bounds, DRAIN, Queue, Ticket};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Backoff;
use crate::model::presence::{Presence, PresenceState};
use crate::records::USERS;
use crate::records::documents::{Event, EventStream};

/// Documents written at the same time.
const STREAMS: usize = 32;
/// What is heard is kept in any case, and the queue holds everybody once at most.
const BOUNDS: Bounds = Bounds {
    at_once: STREAMS,
    most: usize::MAX,
};
/// How often connections that gave no sign of life are removed.
const SWEEP_EVERY: Duration = Duration::from_secs(10);
/// The rests after a write that failed.
const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_mins(1));
/// So many may always turn out to have left while nobody looked.
const FEW: u64 = 100;

/// What a reconciliation did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PresenceSyncReport)]
pub struct Report {
    /// People the source tells of.
    pub people: u64,
    /// Documents written.
    pub written: u64,
    /// Documents that said so already.
    pub unchanged: u64,
    /// People without a user document; none is made for them.
    pub nobody: u64,
}

/// Follows until `context.stop`, then finishes what is in hand.
///
/// # Errors
/// [`Kind::Guard`] when most of those who are there would be gone at once; those of the source
/// and the store. Whoever begins again begins with the whole state.
pub async fn run(context: &Context) -> Result<()> {
    let mut follower = PresenceFollower::start(context);
    let mut sweeps = tokio::time::interval(SWEEP_EVERY);
    loop {
        tokio::select! {
            biased;
            () = context.stop.cancelled() => return follower.finish().await,
            (ticket, applied) = follower.queue.next(|id, (), _| {
                write(context.clone(), follower.now.get(&id).copied(), id)
            }) => follower.land(ticket, applied)?,
            told = follower.told.next() => follower.hear(told)?,
            event = follower.users.next() => follower.hear_users(event)?,
            _ = sweeps.tick() => drop(context.presences.expire().await?),
        }
    }
}

/// How far the source is believed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Trust {
    /// Not when most people, or all of them, would be gone at once.
    #[default]
    Guarded,
    /// Whatever it says.
    Full,
}

impl Trust {
    /// Full if somebody says so.
    pub fn full_if(said: bool) -> Self {
        if said { Self::Full } else { Self::Guarded }
    }
}

/// Compares once and writes what differs, without waiting for anybody to come back.
///
/// # Errors
/// As [`run`]; nothing is guarded with [`Trust::Full`].
pub async fn run_once(context: &Context, trust: Trust) -> Result<Report> {
    context.presences.expire().await?;
    let mut people = People::default();
    let mut report = Report::default();
    let mut online = HashSet::new();
    let mut users = context.documents.scan(USERS.all());
    while let Some(document) = users.try_next().await? {
        people.put(&document);
        let noted = people.get(&document.id).and_then(|noted| noted.state);
        if noted == Some(PresenceState::Online) {
            online.insert(document.id);
        }
    }
    let noted = people.online();
    let mut different = Vec::new();
    let mut recognised = false;
    for (id, now) in everybody(context).await? {
        report.people += 1;
        recognised |= people.get(&id).is_some();
        online.remove(&id);
        match people.get(&id) {
            None => report.nobody += 1,
            Some(noted) if noted.differs(now) => different.push((id, Some(now))),
            Some(_) => report.unchanged += 1,
        }
    }
    if trust == Trust::Guarded && !context.presences.is_own() {
        guard(online.len() as u64, noted, recognised)?;
    }
    different.extend(online.into_iter().map(|id| (id, None)));
    let working = context.working("Writing presence", different.len());
    let mut writing = futures_util::stream::iter(different)
        .map(|(id, presence)| async move { apply(context, &id, presence).await })
        .buffer_unordered(STREAMS);
    while let Some(applied) = writing.try_next().await? {
        working.advance(1);
        match applied {
            Applied::Written => report.written += 1,
            Applied::Known => report.unchanged += 1,
            Applied::Nobody => report.nobody += 1,
        }
        if context.stop.is_cancelled() {
            let message = "interrupted; running it again goes on";
            return Err(Error::new(Kind::Interrupted, message));
        }
    }
    Ok(report)
}

/// Insists that it is not most of them who vanished, and not even one if the source knows nobody
/// who has a document: then it is rather the wrong source.
fn guard(vanished: u64, online: u64, recognised: bool) -> Result<()> {
    let most = if recognised { FEW.max(online / 2) } else { 0 };
    if vanished <= most {
        return Ok(());
    }
    Err(Error::new(
        Kind::Guard,
        format!(
            "the source knows nothing of {vanished} of the {online} users who are noted as online; nothing was written; check realtime_database.url and path, and if it is true, run tok presence sync --trust-source"
        ),
    ))
}

async fn write(context: Context, now: Option<Presence>, user: String) -> Result<Applied> {
    apply(&context, &user, now).await
}

struct PresenceFollower<'a> {
    context: &'a Context,
    told: PresenceStream,
    users: EventStream,
    /// What the source says.
    now: HashMap<String, Presence>,
    /// What the documents say.
    people: People,
    /// The source, and the documents, were told whole.
    current: (bool, bool),
    /// Users noted as online whom the source was not heard of yet.
    online: HashSet<String>,
    /// Whose document to write.
    queue: Queue<(), Result<Applied>>,
}

impl<'a> PresenceFollower<'a> {
    fn start(context: &'a Context) -> Self {
        Self {
            context,
            told: context.presences.watch(),
            users: context.documents.watch(USERS.name(), None),
            now: HashMap::new(),
            people: People::default(),
            current: (false, false),
            online: HashSet::new(),
            queue: Queue::new("presence", BOUNDS),
        }
    }

    fn is_current(&self) -> bool {
        self.current == (true, true)
    }

    fn hear(&mut self, told: Option<Result<PresenceEvent>>) -> Result<()> {
        match told.ok_or_else(|| Error::internal("the watch of presence ended"))?? {
            PresenceEvent::Person(id, presence) => {
                match presence {
                    Some(presence) => drop(self.now.insert(id.clone(), presence)),
                    None => drop(self.now.remove(&id)),
                }
                if self.is_current() {
                    self.look(id);
                }
            }
            PresenceEvent::Current => {
                self.current.0 = true;
                self.compare()?;
            }
        }
        Ok(())
    }

    fn hear_users(&mut self, event: Option<Result<Event>>) -> Result<()> {
        match event.ok_or_else(|| Error::internal("the watch of users ended"))?? {
            Event::Put(document) => {
                let known = self.people.get(&document.id);
                self.people.put(&document);
                if !self.current.1 {
                    let state = self.people.get(&document.id).and_then(|noted| noted.state);
                    if state == Some(PresenceState::Online) {
                        self.online.insert(document.id);
                    }
                } else if self.is_current() && self.people.get(&document.id) != known {
                    // Somebody new, or somebody else wrote.
                    self.look(document.id);
                }
            }
            Event::Removed(id) => self.people.remove(&id),
            Event::Reset => {
                self.people.clear();
                self.online.clear();
                self.current.1 = false;
            }
            Event::Current(_) => {
                if !std::mem::replace(&mut self.current.1, true) {
                    self.compare()?;
                }
            }
        }
        Ok(())
    }

    /// Once both sides are known whole: looks at everybody who differs.
    fn compare(&mut self) -> Result<()> {
        if !self.is_current() {
            return Ok(());
        }
        let online = std::mem::take(&mut self.online);
        let vanished: Vec<String> = online
            .into_iter()
            .filter(|id| !self.now.contains_key(id))
            .collect();
        if !self.context.presences.is_own() {
            let recognised = self.now.keys().any(|id| self.people.get(id).is_some());
            guard(vanished.len() as u64, self.people.online(), recognised)?;
        }
        let different: Vec<String> = self
            .now
            .iter()
            .filter(|(id, now)| {
                self.people
                    .get(id)
                    .is_some_and(|noted| noted.differs(**now))
            })
            .map(|(id, _)| id.clone())
            .collect();
        for id in different.into_iter().chain(vanished) {
            self.look(id);
        }
        Ok(())
    }

    /// Looks at somebody, at once if they came, later if they left.
    fn look(&mut self, id: String) {
        let Some(noted) = self.people.get(&id) else {
            return;
        };
        let now = self.now.get(&id).copied();
        let differs = match now {
            Some(now) => noted.differs(now),
            None => noted.state == Some(PresenceState::Online),
        };
        if !differs {
            self.queue.cancel(&id);
            return;
        }
        let rest = match now {
            Some(now) if now.state == PresenceState::Online => Duration::ZERO,
            Some(now) if now.last_changed > 0 => self.rest_of_grace(now.last_changed),
            _ => self.context.offline_grace.0,
        };
        self.queue.put_at(id, Instant::now() + rest, ());
    }

    /// How much of the grace is left for somebody who left at this time.
    fn rest_of_grace(&self, left: i64) -> Duration {
        let grace = self.context.offline_grace.0;
        let ago = self.context.clock.now().as_millisecond() - left;
        // A clock that is ahead of ours makes it no longer than the grace.
        let ago = Duration::from_millis(u64::try_from(ago).unwrap_or(0));
        grace.saturating_sub(ago)
    }

    fn land(&mut self, ticket: Ticket, applied: Result<Applied>) -> Result<()> {
        match applied {
            // What came meanwhile may be what was written.
            Ok(_) if ticket.again => self.look(ticket.key),
            Ok(_) => {}
            Err(error) if error.kind() == Kind::Refused => return Err(error),
            // One person must not keep the others from being noted.
            Err(error) => {
                let rest = BACKOFF.delay(ticket.failures + 1, error.wait());
                tracing::warn!(user = ticket.key, %error, ?rest, "presence could not be written");
                self.queue.retry(ticket, rest, ());
            }
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<()> {
        for (ticket, applied) in self.queue.drain(DRAIN).await {
            self.land(ticket, applied)?;
        }
        Ok(())
    }
}
