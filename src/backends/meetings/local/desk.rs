//! The desk of a room: everything that is done there on this node goes over it, in one order.
//!
//! What waits is decided together and made durable in one commit, which insists that no other node
//! committed meanwhile. If one did, the desk hears what it missed, tells that first, and decides
//! anew. Only then are people answered and the others told.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};

use super::rules::{Answer, Draft, Rules};
use super::seats::Seats;
use super::store::{Entry, Meeting};
use super::{Shared, archive};
use crate::backends::documents::{Precondition, Write, is_full};
use crate::backends::meetings::Seat;
use crate::backends::rooms::{REGISTRY, SESSIONS, registry_document, session_document};
use crate::error::{Error, Kind, Result};
use crate::model::meeting::{
    Actor, Change, Ending, Happening, NO_RECEIVER, Newcomer, Place, Welcome,
};
use crate::model::session::Session;
use crate::model::{BackendName, Room, RoomName, ambient};

/// Things that are done in one commit.
const BATCH: usize = 256;
/// How often a commit is tried while other nodes commit.
const TRIES: u32 = 64;
/// How much longer a desk gives way at each try, and how long at most.
const STEP: Duration = Duration::from_millis(2);
const LONGEST_REST: Duration = Duration::from_millis(40);
/// A desk that nobody needs is put away after so long.
const IDLE: Duration = Duration::from_secs(30);
/// The messages in a welcome.
const PAGE: usize = 100;

pub(super) type Reply = oneshot::Sender<Result<Answer>>;

/// Something that is to be done at the desk.
pub(super) enum Job {
    /// Somebody wants in.
    Join {
        room: Room,
        newcomer: Newcomer,
        seat: Arc<dyn Seat>,
        reply: Reply,
    },
    /// Somebody does something.
    Act {
        actor: Actor,
        change: Change,
        reply: Option<Reply>,
    },
    /// A connection broke.
    Lost { participant: String, seat: String },
    /// A client has something for another.
    Signal {
        from: String,
        seat: String,
        to: String,
        data: Box<RawValue>,
        reply: oneshot::Sender<Result<()>>,
    },
    /// Another node has something for a participant here.
    Deliver {
        from: String,
        to: String,
        data: Box<RawValue>,
    },
    /// The head of the meeting stands so in the store; `None` if it is gone.
    Seen(Option<(u64, u64)>),
}

/// A change that waits for the next commit.
struct Waiting {
    what: What,
    reply: Option<Reply>,
}

enum What {
    Join {
        room: Box<Room>,
        newcomer: Newcomer,
        seat: Arc<dyn Seat>,
    },
    Act {
        actor: Actor,
        change: Change,
    },
}

/// What became of one change, before anybody is told.
struct Decided {
    answer: Result<Answer>,
    /// Where its happenings end in the draft.
    until: usize,
    /// Whoever is inside by it, with what they find.
    welcome: Option<Welcome>,
}

pub(super) struct Desk {
    shared: Arc<Shared>,
    name: RoomName,
    queue: mpsc::Receiver<Job>,
    meeting: Option<Meeting>,
    session: Option<Session>,
    seats: Seats,
    /// Commits that the seats know of.
    told: u64,
}

impl Desk {
    pub(super) fn new(shared: Arc<Shared>, name: RoomName, queue: mpsc::Receiver<Job>) -> Self {
        Self {
            shared,
            name,
            queue,
            meeting: None,
            session: None,
            seats: Seats::default(),
            told: 0,
        }
    }

    pub(super) async fn run(mut self) {
        let mut jobs = Vec::with_capacity(8);
        loop {
            let wait = self.next_look();
            let received = self.queue.recv_many(&mut jobs, BATCH);
            match tokio::time::timeout(wait, received).await {
                Ok(0) => return,
                Ok(_) => self.work(&mut jobs).await,
                Err(_) if self.expire().await => {}
                Err(_) if self.seats.is_empty() && self.shared.put_away(&self.name, &self.queue) => {
                    return;
                }
                Err(_) => {}
            }
        }
    }

    /// When something is to be done that nobody asks for.
    fn next_look(&self) -> Duration {
        let closes = self.meeting.as_ref().and_then(|of| of.room.expires_at);
        let closes = closes.filter(|_| !self.seats.is_empty());
        closes.map_or(IDLE, |at| {
            let left = at.duration_since(self.shared.clock.now());
            Duration::try_from(left).unwrap_or_default().min(IDLE)
        })
    }

    /// Sends everybody out of a room whose time has run out. Says whether it has.
    async fn expire(&mut self) -> bool {
        let now = self.shared.clock.now();
        let over = self.meeting.as_ref().is_some_and(|of| of.room.is_expired(now));
        if !over || self.seats.is_empty() {
            return false;
        }
        let what = What::Act {
            actor: Actor::Operator,
            change: Change::End(Ending::Expired),
        };
        self.commit(vec![Waiting { what, reply: None }]).await;
        true
    }

    async fn work(&mut self, jobs: &mut Vec<Job>) {
        let mut waiting = Vec::new();
        for job in jobs.drain(..) {
            let what = match job {
                Job::Join {
                    room,
                    newcomer,
                    seat,
                    reply,
                } => Some(Waiting {
                    what: What::Join {
                        room: Box::new(room),
                        newcomer,
                        seat,
                    },
                    reply: Some(reply),
                }),
                Job::Act {
                    actor,
                    change,
                    reply,
                } => Some(Waiting {
                    what: What::Act { actor, change },
                    reply,
                }),
                other => {
                    // What was done before is told before.
                    self.commit(std::mem::take(&mut waiting)).await;
                    waiting.extend(self.attend(other).await);
                    None
                }
            };
            waiting.extend(what);
        }
        self.commit(waiting).await;
    }

    /// What needs no commit, or becomes a change by itself.
    async fn attend(&mut self, job: Job) -> Option<Waiting> {
        match job {
            Job::Lost { participant, seat } => return self.lost(participant, seat).await,
            Job::Signal {
                from,
                seat,
                to,
                data,
                reply,
            } => {
                let passed = self.signal(&from, &seat, &to, data);
                // Nobody may wait for it any more.
                let _ = reply.send(passed);
            }
            Job::Deliver { from, to, data } => {
                if let (Some(wire), Some(seat)) =
                    (self.shared.wire.get(), self.seats.inside(&to, None))
                {
                    seat.tell(&wire.signal(&from, &data));
                }
            }
            Job::Seen(head) => self.seen(head).await,
            Job::Join { .. } | Job::Act { .. } => {}
        }
        None
    }

    async fn lost(&mut self, participant: String, seat: String) -> Option<Waiting> {
        self.seats.give_up(&participant, &seat);
        if let Err(error) = self.load(None).await {
            tracing::debug!(room = %self.name, %error, "a connection of an unknown room broke");
        }
        let meeting = self.meeting.as_ref();
        let temporary = meeting.is_some_and(|meeting| super::rules::is_temporary(&meeting.room));
        let actor = Actor::Seated {
            id: participant,
            seat,
        };
        let change = Change::Leave;
        if temporary || self.shared.settings.grace.is_zero() {
            let what = What::Act { actor, change };
            return Some(Waiting { what, reply: None });
        }
        let (shared, name) = (self.shared.clone(), self.name.clone());
        tokio::spawn(async move {
            tokio::time::sleep(shared.settings.grace).await;
            let job = Job::Act {
                actor,
                change,
                reply: None,
            };
            if let Err(error) = shared.send(&name, job) {
                tracing::warn!(room = %name, %error, "a lost connection leaves late");
            }
        });
        None
    }

    fn signal(&self, from: &str, seat: &str, to: &str, data: Box<RawValue>) -> Result<()> {
        if self.seats.inside(from, Some(seat)).is_none() {
            return Err(Error::conflict("you are not in the room"));
        }
        let Some(wire) = self.shared.wire.get() else {
            return Ok(());
        };
        if let Some(receiver) = self.seats.inside(to, None) {
            receiver.tell(&wire.signal(from, &data));
            return Ok(());
        }
        let there = self.meeting.as_ref().and_then(|meeting| meeting.people.get(to));
        if !there.is_some_and(|stored| stored.person.is_inside()) {
            return Err(Error::not_found(NO_RECEIVER));
        }
        self.shared.pass_on(&self.name, from, to, data)
    }

    /// The store tells how the meeting stands.
    async fn seen(&mut self, head: Option<(u64, u64)>) {
        let Some(meeting) = &self.meeting else { return };
        let known = (meeting.head.commits, meeting.head.settings);
        match head {
            Some(head) if head == known || head.0 < known.0 => {}
            Some(_) => {
                self.meeting = None;
                if let Err(error) = self.load(None).await {
                    tracing::warn!(room = %self.name, %error, "a room could not be looked at again");
                }
            }
            None => {
                self.meeting = None;
                match self.load(None).await {
                    Err(error) if error.kind() == Kind::NotFound => self.gone(),
                    Err(error) => {
                        tracing::warn!(room = %self.name, %error, "a room could not be looked at again");
                    }
                    // It was made again meanwhile: another room, in which nobody is yet.
                    Ok(_) => {}
                }
            }
        }
    }

    /// The room was deleted.
    fn gone(&mut self) {
        if let Some(wire) = self.shared.wire.get() {
            let why = Ending::Deleted;
            self.seats.tell(wire.as_ref(), &Happening::Ended { why });
        }
    }

    /// Reads the meeting if it is not known, and tells the people here what they missed.
    async fn load(&mut self, room: Option<&Room>) -> Result<()> {
        let known = self.meeting.as_mut();
        if let (Some(meeting), Some(room)) = (known, room) {
            if meeting.room.id == room.id {
                meeting.room = room.clone();
                return Ok(());
            }
            self.meeting = None;
        }
        if self.meeting.is_some() {
            return Ok(());
        }
        let documents = self.shared.documents.as_ref();
        let room = match room {
            Some(room) => room.clone(),
            None => self.shared.room(&self.name).await?,
        };
        let meeting = Meeting::load(documents, room).await?;
        self.session = match &meeting.head.session {
            Some(id) => {
                let id = session_document(BackendName::Local, id);
                let found = documents.get(SESSIONS, &id).await?;
                found.map(|document| document.decode()).transpose()?
            }
            None => None,
        };
        if !self.seats.is_empty() {
            self.tell_missed(&meeting).await?;
        }
        self.told = meeting.head.commits;
        self.meeting = Some(meeting);
        Ok(())
    }

    async fn tell_missed(&mut self, meeting: &Meeting) -> Result<()> {
        let documents = self.shared.documents.as_ref();
        let Some(wire) = self.shared.wire.get().cloned() else {
            return Ok(());
        };
        let Some(entries) = meeting.entries_after(documents, self.told).await? else {
            return self.welcome_everybody(meeting).await;
        };
        for (_, entry) in entries {
            for happening in &entry.happenings {
                self.seats.tell(wire.as_ref(), happening);
                if let Happening::Admitted { id } = happening
                    && let Some(welcome) = self.welcome(meeting, id)
                {
                    let welcome = self.filled(meeting, welcome).await?;
                    self.seats.welcome(wire.as_ref(), &welcome);
                }
            }
        }
        self.seats.check(wire.as_ref(), meeting);
        self.seats.level();
        Ok(())
    }

    /// Too much happened to be told one by one.
    async fn welcome_everybody(&mut self, meeting: &Meeting) -> Result<()> {
        let Some(wire) = self.shared.wire.get().cloned() else {
            return Ok(());
        };
        self.seats.check(wire.as_ref(), meeting);
        for id in self.seats.ids() {
            if let Some(welcome) = self.welcome(meeting, &id) {
                let welcome = self.filled(meeting, welcome).await?;
                self.seats.welcome(wire.as_ref(), &welcome);
            }
        }
        self.seats.level();
        Ok(())
    }

    /// What somebody who is inside finds, but for the messages.
    fn welcome(&self, meeting: &Meeting, id: &str) -> Option<Welcome> {
        let me = meeting.people.get(id)?;
        if me.person.place != Place::Inside || self.shared.wire.get().is_none() {
            return None;
        }
        let title = meeting.room.properties.get("title").and_then(|title| title.as_str());
        let visible = meeting.people.values();
        let visible = visible.filter(|stored| stored.person.place != Place::Waiting);
        Some(Welcome {
            room: meeting.room.name.clone(),
            title: title.unwrap_or(meeting.room.name.as_str()).to_owned(),
            me: id.to_owned(),
            key: None,
            people: visible.map(|stored| stored.person.clone()).collect(),
            messages: Vec::new(),
            more: false,
            until: meeting.head.messages,
        })
    }

    async fn filled(&self, meeting: &Meeting, mut welcome: Welcome) -> Result<Welcome> {
        let documents = self.shared.documents.as_ref();
        let until = welcome.until + 1;
        let part =
            archive::before(documents, &meeting.room.id, Some(&welcome.me), until, PAGE).await?;
        welcome.messages = part.messages;
        welcome.more = part.more;
        Ok(welcome)
    }

    /// Makes changes durable and tells of them.
    async fn commit(&mut self, waiting: Vec<Waiting>) {
        if waiting.is_empty() {
            return;
        }
        for attempt in 0..TRIES {
            match self.try_commit(&waiting).await {
                Ok((decided, draft)) => {
                    self.announce(waiting, decided, &draft.happenings).await;
                    if let Some(meeting) = self.meeting.take_if(|_| draft.vanish) {
                        self.shared.clean(meeting.room.id);
                    }
                    return;
                }
                Err(error) => {
                    // Whatever was decided is not so.
                    self.meeting = None;
                    if error.kind() == Kind::NotFound {
                        self.gone();
                    }
                    if error.kind() == Kind::Conflict {
                        self.give_way(attempt).await;
                        continue;
                    }
                    if is_full(&error) && waiting.len() > 1 {
                        // Leaving needs no space; it must not fail because writing does.
                        for one in waiting {
                            Box::pin(self.commit(vec![one])).await;
                        }
                        return;
                    }
                    return refuse(waiting, &error);
                }
            }
        }
        let what = format!("the room `{}` is being changed by others; try again", self.name);
        refuse(waiting, &Error::conflict(what));
    }

    /// Lets another node go first for a moment of chance, longer each time.
    async fn give_way(&self, attempt: u32) {
        let [chance] = ambient::bytes::<1>(self.shared.random.as_ref());
        let most = LONGEST_REST.min(STEP * (attempt + 1));
        tokio::time::sleep(most.mul_f64(f64::from(chance) / 255.0)).await;
    }

    async fn try_commit(&mut self, waiting: &[Waiting]) -> Result<(Vec<Decided>, Draft)> {
        let fresh = waiting.iter().rev().find_map(|one| match &one.what {
            What::Join { room, .. } => Some(room.as_ref()),
            What::Act { .. } => None,
        });
        self.load(fresh).await?;
        let mut draft = Draft::default();
        self.read_messages(waiting, &mut draft).await?;
        let now = self.shared.clock.now();
        let decided = self.decide(waiting, &mut draft, now);
        if draft.dirty {
            self.write(&draft).await?;
        }
        Ok((decided, draft))
    }

    /// The messages that changes are about.
    async fn read_messages(&self, waiting: &[Waiting], draft: &mut Draft) -> Result<()> {
        let Some(meeting) = &self.meeting else {
            return Ok(());
        };
        for one in waiting {
            let What::Act { change, .. } = &one.what else {
                continue;
            };
            let (Change::Edit { message, .. }
            | Change::Delete { message }
            | Change::React { message, .. }) = change
            else {
                continue;
            };
            if draft.read.contains_key(message) {
                continue;
            }
            let found = meeting.message(self.shared.documents.as_ref(), message).await?;
            draft.read.insert(message.clone(), found);
        }
        Ok(())
    }

    fn decide(&mut self, waiting: &[Waiting], draft: &mut Draft, now: Timestamp) -> Vec<Decided> {
        let mut decided = Vec::with_capacity(waiting.len());
        for one in waiting {
            let Some(meeting) = self.meeting.as_mut().filter(|_| !draft.vanish) else {
                decided.push(Decided {
                    answer: Err(Error::not_found(format!("there is no room `{}`", self.name))),
                    until: draft.happenings.len(),
                    welcome: None,
                });
                continue;
            };
            let mut rules = Rules {
                meeting,
                session: &mut self.session,
                draft,
                settings: &self.shared.settings,
                random: self.shared.random.as_ref(),
                now,
                node: &self.shared.node,
            };
            let (answer, inside) = match &one.what {
                What::Join { newcomer, seat, .. } => {
                    let answer = rules.join(newcomer, seat.id());
                    let id = match &answer {
                        Ok(Answer::Admission(admission)) => Some(admission.id.clone()),
                        _ => None,
                    };
                    (answer, id)
                }
                What::Act { actor, change } => {
                    let inside = match change {
                        Change::Admit { target, accept } if *accept => Some(target.clone()),
                        _ => None,
                    };
                    let answer = rules.act(actor, change);
                    let inside = inside.filter(|_| answer.is_ok());
                    (answer, inside)
                }
            };
            let meeting = self.meeting.as_ref();
            let mut welcome = inside
                .and_then(|id| meeting.and_then(|meeting| self.welcome(meeting, &id)));
            if let (Some(welcome), Ok(Answer::Admission(admission))) = (&mut welcome, &answer) {
                welcome.key = Some(admission.key.clone());
            }
            decided.push(Decided {
                answer,
                until: draft.happenings.len(),
                welcome,
            });
        }
        decided
    }

    async fn write(&mut self, draft: &Draft) -> Result<()> {
        let Some(meeting) = self.meeting.as_mut() else {
            return Ok(());
        };
        meeting.head.commits += 1;
        let mut writes = Vec::with_capacity(4 + draft.people.len() + draft.messages.len());
        if draft.vanish {
            let [head, leftover] = super::store::vanish(&meeting.room.name, &meeting.room.id);
            writes.push(head.only_if(meeting.unchanged));
            writes.push(leftover);
            let room = registry_document(BackendName::Local, meeting.room.name.as_str());
            writes.push(Write::delete(REGISTRY, &room));
        } else {
            writes.push(meeting.head.write(meeting.unchanged)?);
            let entry = Entry {
                happenings: draft.happenings.clone(),
            };
            writes.extend(meeting.entry_writes(&entry)?);
            for id in &draft.people {
                writes.push(meeting.person_write(id)?);
            }
            for (id, message) in &draft.messages {
                writes.push(meeting.message_write(id, message.as_ref())?);
            }
        }
        let sessions = draft.over.iter();
        for session in sessions.chain(self.session.iter().filter(|_| draft.session)) {
            let id = session_document(BackendName::Local, &session.id);
            writes.push(Write::put(SESSIONS, &id, session)?);
        }
        let versions = self.shared.documents.commit(writes).await?;
        let Some(head) = versions.first() else {
            return Ok(());
        };
        meeting.unchanged = Precondition::Version(*head);
        self.told = meeting.head.commits;
        Ok(())
    }

    /// Everything is durable: whoever waits is answered, and the others are told.
    async fn announce(
        &mut self,
        waiting: Vec<Waiting>,
        decided: Vec<Decided>,
        happenings: &[Happening],
    ) {
        let mut from = 0;
        for (one, decided) in waiting.into_iter().zip(decided) {
            if let (What::Join { seat, .. }, Ok(Answer::Admission(admission))) =
                (one.what, &decided.answer)
                && let Some(person) = self.person(&admission.id)
            {
                let wire = self.shared.wire.get().map(AsRef::as_ref);
                self.seats.take(wire, &person, seat);
            }
            let part = &happenings[from..decided.until];
            from = decided.until;
            if let Some(wire) = self.shared.wire.get().cloned() {
                self.welcome_one(decided.welcome).await;
                for happening in part {
                    self.seats.tell(wire.as_ref(), happening);
                }
                self.seats.level();
            }
            if let Some(reply) = one.reply {
                // Who does not wait any more need not know.
                let _ = reply.send(decided.answer);
            }
        }
        if !happenings.is_empty() {
            let settings = self.meeting.as_ref().map_or(0, |of| of.head.settings);
            self.shared.published(&self.name, self.told, settings);
        }
    }

    fn person(&self, id: &str) -> Option<crate::model::meeting::Person> {
        let meeting = self.meeting.as_ref()?;
        meeting.people.get(id).map(|stored| stored.person.clone())
    }

    async fn welcome_one(&mut self, welcome: Option<Welcome>) {
        let (Some(welcome), Some(meeting)) = (welcome, &self.meeting) else {
            return;
        };
        let filled = self.filled(meeting, welcome.clone()).await;
        // Without the messages is better than not at all: they can be asked for.
        let welcome = filled.unwrap_or_else(|error| {
            tracing::warn!(room = %self.name, %error, "messages could not be read");
            Welcome {
                more: welcome.until > 0,
                ..welcome
            }
        });
        if let Some(wire) = self.shared.wire.get().cloned() {
            self.seats.welcome(wire.as_ref(), &welcome);
        }
    }

}

/// One failure answers everybody who was to be in the same commit.
fn same(error: &Error) -> Error {
    Error::new(error.kind(), error.message()).retry_after(error.wait())
}

fn refuse(waiting: Vec<Waiting>, error: &Error) {
    for one in waiting {
        match one.reply {
            // Who does not wait any more need not know.
            Some(reply) => drop(reply.send(Err(same(error)))),
            None => tracing::warn!(%error, "a change of a room was not made"),
        }
    }
}
