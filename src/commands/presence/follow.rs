//! Keeps the user documents true to the source, for as long as it is told to.
//!
//! Whoever comes is noted at once; whoever leaves only after a while, as connections break and
//! come back. The whole state, which every reconnection brings, is compared and not replayed.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::apply::{Applied, PresenceNews, apply};
use super::list::everybody;
use super::people::{People, is_untrue};
pub use super::sync::Report;
use super::sync::{STREAMS, write_all};
use crate::backends::presence::{PresenceEvent, PresenceStream};
use crate::commands::lease::{Lease, LeaseName};
use crate::commands::queue::{Bounds, DRAIN, Queue, QueuePlace};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Backoff;
use crate::model::presence::{Presence, PresenceState};
use crate::model::told_causes::kind_of;
use crate::records::USERS;
use crate::records::documents::{Event, EventStream};

/// What is heard is kept in any case, and the queue holds everybody once at most.
const BOUNDS: Bounds = Bounds {
    at_once: STREAMS,
    most: usize::MAX,
};
/// How often connections that gave no sign of life are removed.
const SWEEP_EVERY: Duration = Duration::from_secs(10);
/// The delays after a write that failed.
const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_mins(1));
/// The shortest time between two writes of one document, as Firestore wants it:
/// <https://firebase.google.com/docs/firestore/best-practices>. Whoever comes and goes faster is
/// noted as they are at its end.
const QUIET: Duration = Duration::from_secs(1);
/// So many may always turn out to have left while nobody looked.
const FEW: u64 = 100;

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
            (place, applied) = follower.queue.next(|id, (), _| {
                follower.written.insert(id.clone(), Instant::now());
                let told = follower.now.get(&id).copied();
                let heard = follower.heard.remove(&id);
                write(context.clone(), PresenceNews { told, heard }, id)
            }) => follower.land(place, applied)?,
            told = follower.told.next() => follower.hear(told)?,
            event = follower.users.next() => follower.hear_users(event)?,
            _ = sweeps.tick() => {
                follower.written.retain(|_, at| at.elapsed() < QUIET);
                follower.left.retain(|_, at| at.elapsed() < context.offline_grace.0);
                context.presences.expire().await?;
            }
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
/// As [`run`]; nothing is guarded with [`Trust::Full`]. [`Kind::Partial`] when some could not be written.
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
    for (id, told) in everybody(context).await? {
        let told = told.believed(context.clock.now());
        report.people += 1;
        recognised |= people.get(&id).is_some();
        online.remove(&id);
        match people.get(&id) {
            None => report.nobody += 1,
            Some(noted) if is_untrue(noted, Some(told), context.clock.now()) => {
                different.push((id, Some(told)));
            }
            Some(_) => report.unchanged += 1,
        }
    }
    if trust == Trust::Guarded && !context.presences.is_own() {
        guard(online.len() as u64, noted, recognised)?;
    }
    different.extend(online.into_iter().map(|id| (id, None)));
    write_all(context, different, &mut report).await?;
    // The source can be read: a loop that rests because it could not looks again.
    Lease::tell(context, &LeaseName::presence_read()).await;
    Ok(report)
}

/// Waits until somebody else compared the documents with the source; tells `listening` from when on.
pub async fn read_by_another(context: &Context, listening: &Notify) {
    Lease::taken(context, &LeaseName::presence_read(), listening).await;
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
            "the source knows nothing of {vanished} of the {online} users who are noted as online; nothing was written; check realtime_database.url and path"
        ),
    )
    .advise(
        "look with `tok presence audit`; if it is true: `tok presence sync --trust-source`",
    ))
}

async fn write(context: Context, news: PresenceNews, user: String) -> Written {
    (news, apply(&context, &user, news).await)
}

/// What was to be noted, and how that ended.
type Written = (PresenceNews, Result<Applied>);

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
    /// Those of whom something was heard that is not noted yet.
    heard: HashSet<String>,
    /// Those who were heard leaving, and when: their own clocks do not say it.
    left: HashMap<String, Instant>,
    /// Whose document to write.
    queue: Queue<(), Written>,
    /// Whose document was written a moment ago, and when.
    written: HashMap<String, Instant>,
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
            heard: HashSet::new(),
            left: HashMap::new(),
            queue: Queue::new("presence", BOUNDS),
            written: HashMap::new(),
        }
    }

    fn is_current(&self) -> bool {
        self.current == (true, true)
    }

    fn hear(&mut self, told: Option<Result<PresenceEvent>>) -> Result<()> {
        match told.ok_or_else(|| Error::internal("the watch of presence ended"))?? {
            PresenceEvent::Person(id, presence) => {
                let there = |now: Presence| now.state == PresenceState::Online;
                let before = match presence {
                    Some(presence) => {
                        let presence = presence.believed(self.context.clock.now());
                        self.now.insert(id.clone(), presence)
                    }
                    None => self.now.remove(&id),
                };
                if presence.is_some_and(there) {
                    self.left.remove(&id);
                } else if before.is_some_and(there) && self.is_current() {
                    self.left.insert(id.clone(), Instant::now());
                }
                if self.is_current() {
                    self.heard.insert(id.clone());
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
        let moment = self.context.clock.now();
        let different: Vec<String> = self
            .now
            .iter()
            .filter(|(id, now)| {
                let noted = self.people.get(id);
                noted.is_some_and(|noted| is_untrue(noted, Some(**now), moment))
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
            self.heard.remove(&id);
            return;
        };
        let news = PresenceNews {
            told: self.now.get(&id).copied(),
            heard: self.heard.contains(&id),
        };
        // Of what was written a moment ago the watch may not have told yet: the document itself knows.
        let unsure = news.heard && self.written.contains_key(&id);
        if !unsure && !news.is_news(noted, self.context.clock.now()) {
            self.queue.cancel(&id);
            self.heard.remove(&id);
            return;
        }
        let now = news.told;
        let delay = match now {
            Some(now) if now.state == PresenceState::Online => Duration::ZERO,
            now => self.rest_of_grace(&id, now),
        };
        let due = Instant::now() + delay;
        let due = self.written.get(&id).map_or(due, |at| due.max(*at + QUIET));
        self.queue.put_at(id, due, ());
    }

    /// How much of the grace is left for somebody who is not there: since they were heard leaving,
    /// or, if that was before anybody listened, since they say that they left.
    fn rest_of_grace(&self, id: &str, now: Option<Presence>) -> Duration {
        let grace = self.context.offline_grace.0;
        let said = now.map(|now| now.last_changed).filter(|at| *at > 0);
        let ago = match (self.left.get(id), said) {
            (Some(left), _) => left.elapsed(),
            (None, Some(said)) => {
                let ago = self.context.clock.now().as_millisecond() - said;
                Duration::from_millis(u64::try_from(ago).unwrap_or(0))
            }
            (None, None) => Duration::ZERO,
        };
        grace.saturating_sub(ago)
    }

    fn land(&mut self, place: QueuePlace, (news, applied): Written) -> Result<()> {
        match applied {
            // What came meanwhile may be what was written.
            Ok(_) if place.again => self.look(place.key),
            Ok(_) => {}
            Err(error) if error.kind() == Kind::Refused => return Err(error),
            // One person must not keep the others from being noted.
            Err(error) => {
                if news.heard {
                    self.heard.insert(place.key.clone());
                }
                let delay = BACKOFF.delay(place.failures + 1, error.wait());
                let cause = format!("presence: {}", kind_of(error.message(), &place.key));
                if self.context.told.is_news(&cause) {
                    tracing::warn!(user = place.key, %error, ?delay, "presence could not be written");
                } else {
                    tracing::debug!(user = place.key, %error, ?delay, "nor could somebody else's");
                }
                self.queue.retry(place, delay, ());
            }
        }
        Ok(())
    }

    async fn finish(mut self) -> Result<()> {
        for (place, applied) in self.queue.drain(DRAIN).await {
            self.land(place, applied)?;
        }
        Ok(())
    }
}
