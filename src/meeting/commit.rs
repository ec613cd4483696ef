//! Deciding what waits at a desk, making it durable, and telling of it.

use std::time::Duration;

use jiff::Timestamp;

use super::desk::Desk;
use super::mailbox::{MeetingVersion, Waiting, What};
use super::rooms::note;
use super::rules::{ChangeAnswer, Draft, Rules};
use super::state::{Meeting, delete_writes, head_write};
use crate::error::{Error, Kind, Reason, Result};
use crate::model::happening::Happening;
use crate::model::meeting::{Actor, Change, Person, Welcome};
use crate::model::{BackendName, random};
use crate::records::documents::{Precondition, is_full};
use crate::records::{ROOMS, RoomKey, SESSIONS, SessionKey};

/// How often a commit is tried while other nodes commit.
const TRIES: u32 = 64;
/// How much longer a desk gives way at each try, and how long at most.
const STEP: Duration = Duration::from_millis(2);
const LONGEST_DELAY: Duration = Duration::from_millis(40);

/// Why a commit was not made.
struct CommitFailure {
    error: Error,
    /// Whether it was made perhaps: the store did not say.
    uncertain: bool,
}

impl From<Error> for CommitFailure {
    fn from(error: Error) -> Self {
        Self {
            error,
            uncertain: false,
        }
    }
}

/// What became of one change, before anybody is told.
struct Decided {
    answer: Result<ChangeAnswer>,
    /// Where its happenings end in the draft.
    until: usize,
    /// Whoever is inside by it, with what they find.
    welcome: Option<Welcome>,
}

/// The message that a change is about, if there is one: also one that is sent again.
fn message_of<'a>(meeting: &'a Meeting, actor: &Actor, change: &'a Change) -> Option<&'a str> {
    match change {
        Change::Edit { message, .. }
        | Change::Delete { message }
        | Change::React { message, .. } => Some(message),
        Change::Send {
            client_id: Some(client_id),
            ..
        } => {
            let sender = meeting.people.get(actor.participant()?)?;
            sender.message_named(client_id)
        }
        _ => None,
    }
}

/// Whoever waited and is inside by what happened: a host let them in, or left the room to them.
fn admitted(happenings: &[Happening]) -> Option<String> {
    happenings.iter().rev().find_map(|of| match of {
        Happening::Admitted { id } => Some(id.clone()),
        _ => None,
    })
}

impl Desk {
    /// Makes changes durable and tells of them.
    pub(super) async fn commit(&mut self, waiting: Vec<Waiting>) {
        if waiting.is_empty() {
            return;
        }
        for attempt in 0..TRIES {
            match self.try_commit(&waiting).await {
                Ok((decided, draft)) => {
                    self.announce(waiting, decided, &draft.happenings).await;
                    if let Some(meeting) = self.meeting.take_if(|_| draft.deletes_room) {
                        self.shared.purge(meeting.room.id);
                    }
                    return;
                }
                Err(CommitFailure { error, .. }) if error.why() == Some(Reason::Changed) => {
                    self.catch_up().await;
                    self.give_way(attempt).await;
                }
                Err(CommitFailure { error, uncertain }) => {
                    // Whatever was decided is not so.
                    self.meeting = None;
                    if error.kind() == Kind::NotFound {
                        self.gone();
                    }
                    let alone = is_full(&error) || error.kind() == Kind::InvalidInput;
                    if alone && waiting.len() > 1 {
                        // Leaving needs no space, and one that is too large must not stop others.
                        for one in waiting {
                            Box::pin(self.commit(vec![one])).await;
                        }
                        return;
                    }
                    return self.refuse(waiting, &error, uncertain);
                }
            }
        }
        let what = format!(
            "the room `{}` is being changed by others; try again",
            self.name
        );
        self.refuse(waiting, &Error::conflict(what), false);
    }

    /// Nothing of this was done, as far as anybody knows. Whoever is gone must be out of the room all
    /// the same, and so must those who were told that they did not come in.
    fn refuse(&mut self, waiting: Vec<Waiting>, error: &Error, uncertain: bool) {
        for one in waiting {
            match one.what {
                What::Join {
                    newcomer, id, seat, ..
                } if uncertain => {
                    let returning = newcomer.returning.map(|of| of.id);
                    let ids = returning.into_iter().chain([id]);
                    self.uncertain
                        .extend(ids.map(|id| (id, seat.id().to_owned())));
                }
                What::Act {
                    actor: Actor::Seated { id, seat },
                    change: Change::Leave,
                } if one.reply.is_none() && error.kind() != Kind::NotFound => {
                    tracing::warn!(room = %self.name, %error, "somebody who went is still in the room");
                    self.uncertain.push((id, seat));
                }
                _ if one.reply.is_none() => {
                    tracing::warn!(room = %self.name, %error, "a change was not made");
                }
                _ => {}
            }
            if let Some(reply) = one.reply {
                // Who does not wait any more need not know.
                let _ = reply.send(Err(error.again()));
            }
        }
    }

    /// Lets another node go first for a moment of chance, longer each time.
    async fn give_way(&self, attempt: u32) {
        let [chance] = random::bytes::<1>(self.shared.random.as_ref());
        let most = LONGEST_DELAY.min(STEP * (attempt + 1));
        tokio::time::sleep(most.mul_f64(f64::from(chance) / 255.0)).await;
    }

    async fn try_commit(
        &mut self,
        waiting: &[Waiting],
    ) -> std::result::Result<(Vec<Decided>, Draft), CommitFailure> {
        let mut draft = Draft::default();
        for one in waiting {
            if let What::Evict(dead) = &one.what {
                dead.check(&self.shared).await?;
                draft.insists = Some(dead.silence());
            }
        }
        let fresh = waiting.iter().rev().find_map(|one| match &one.what {
            What::Join { room, .. } => Some(room.as_ref()),
            What::Act { .. } | What::Evict(_) => None,
        });
        self.load(fresh).await?;
        self.read_messages(waiting, &mut draft).await?;
        let now = self.shared.clock.now();
        let known = self.meeting.as_ref();
        let known = known.map(|of| {
            let room = &of.room;
            (of.head.clone(), [room.last_joined_at, room.last_used_at])
        });
        let decided = self.decide(waiting, &mut draft, now);
        if draft.dirty
            && let Err(error) = self.write(&draft, now).await
        {
            if let (Some(Reason::Changed), Some((head, used))) = (error.why(), known) {
                self.take_back(draft, head, used);
            }
            let uncertain = !matches!(error.kind(), Kind::Conflict | Kind::InvalidInput);
            return Err(CommitFailure { error, uncertain });
        }
        Ok((decided, draft))
    }

    /// The messages that changes are about.
    async fn read_messages(&self, waiting: &[Waiting], draft: &mut Draft) -> Result<()> {
        let Some(meeting) = &self.meeting else {
            return Ok(());
        };
        for one in waiting {
            let What::Act { actor, change } = &one.what else {
                continue;
            };
            let Some(message) = message_of(meeting, actor, change) else {
                continue;
            };
            if draft.read.contains_key(message) {
                continue;
            }
            let found = meeting.message(self.shared.documents.as_ref(), message);
            let found = match found.await {
                // It concerns whoever asked for this message, and nobody else.
                Err(error) if !error.is_unreadable() => return Err(error),
                found => found,
            };
            draft.read.insert(message.to_owned(), found);
        }
        Ok(())
    }

    fn decide(&mut self, waiting: &[Waiting], draft: &mut Draft, now: Timestamp) -> Vec<Decided> {
        let mut decided = Vec::with_capacity(waiting.len());
        for one in waiting {
            let from = draft.happenings.len();
            let Some(meeting) = self.meeting.as_mut().filter(|_| !draft.deletes_room) else {
                decided.push(Decided {
                    answer: Err(Error::not_found(format!(
                        "there is no room `{}`",
                        self.name
                    ))),
                    until: from,
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
                node: self.shared.node(),
            };
            let (answer, inside) = match &one.what {
                What::Join {
                    newcomer, id, seat, ..
                } => {
                    let answer = rules.join(newcomer, id, seat.id());
                    let id = match &answer {
                        Ok(ChangeAnswer::Admission(admission)) => Some(admission.id.clone()),
                        _ => None,
                    };
                    (answer, id)
                }
                What::Act { actor, change } => (rules.act(actor, change), None),
                What::Evict(dead) => (Ok(ChangeAnswer::Count(rules.evict(&dead.node))), None),
            };
            let inside = inside.or_else(|| admitted(&draft.happenings[from..]));
            let meeting = self.meeting.as_ref();
            let mut welcome =
                inside.and_then(|id| meeting.and_then(|meeting| self.welcome(meeting, &id)));
            if let (Some(welcome), Ok(ChangeAnswer::Admission(admission))) = (&mut welcome, &answer)
            {
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

    async fn write(&mut self, draft: &Draft, now: Timestamp) -> Result<()> {
        let Some(meeting) = self.meeting.as_mut() else {
            return Ok(());
        };
        meeting.head.commits += 1;
        let mut writes = Vec::with_capacity(4 + draft.people.len() + draft.messages.len());
        if draft.deletes_room {
            let [head, leftover] = delete_writes(&meeting.room.name, &meeting.room.id);
            writes.push(head.only_if(meeting.unchanged));
            writes.push(leftover);
            let room = RoomKey::new(BackendName::Local, meeting.room.name.as_str());
            writes.push(ROOMS.delete(&room));
        } else {
            writes.push(head_write(&meeting.head, meeting.unchanged)?);
            writes.extend(note(meeting, draft.locks, now));
            writes.extend(meeting.entry_writes(&draft.happenings, &draft.people)?);
            for id in &draft.people {
                writes.push(meeting.person_write(id)?);
            }
            for (id, message) in &draft.messages {
                writes.push(meeting.message_write(id, message.as_ref())?);
            }
        }
        writes.extend(draft.insists.clone());
        let sessions = draft.over.iter();
        for session in sessions.chain(self.session.iter().filter(|_| draft.session)) {
            let key = SessionKey::new(BackendName::Local, &session.id);
            writes.push(SESSIONS.put(&key, session)?);
        }
        let versions = self.shared.documents.commit(writes).await?;
        let Some(head) = versions.first() else {
            return Ok(());
        };
        meeting.unchanged = Precondition::Version(*head);
        self.emitted = meeting.head.commits;
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
            if let (What::Join { seat, .. }, Ok(ChangeAnswer::Admission(admission))) =
                (one.what, &decided.answer)
                && let Some(person) = self.person(&admission.id)
            {
                let wire = self.shared.wire.get().map(AsRef::as_ref);
                self.seats.take(wire, &person, seat);
            }
            let part = &happenings[from..decided.until];
            from = decided.until;
            for happening in part {
                self.tell(happening, one.request.as_ref());
            }
            if let Some(wire) = self.shared.wire.get().cloned() {
                let came = decided.welcome.as_ref().map(|welcome| welcome.me.clone());
                self.welcome_one(decided.welcome).await;
                for happening in part {
                    wire.happened(&self.name, happening);
                    self.seats.emit(wire.as_ref(), happening);
                    if let (Happening::Role { id, .. }, Some(meeting)) = (happening, &self.meeting)
                    {
                        self.emit_waiting(meeting, id);
                    }
                }
                if let (Some(id), Some(meeting)) = (came, &self.meeting) {
                    self.emit_waiting(meeting, &id);
                }
                self.seats.level();
            }
            if let Some(reply) = one.reply {
                // Who does not wait any more need not know.
                let _ = reply.send(decided.answer);
            }
        }
        if !happenings.is_empty()
            && let Some(meeting) = &self.meeting
        {
            let stand = MeetingVersion {
                room_id: meeting.head.room_id.clone(),
                commits: meeting.head.commits,
                settings: meeting.head.settings,
            };
            self.shared.published(&self.name, stand);
        }
    }

    fn person(&self, id: &str) -> Option<Person> {
        let meeting = self.meeting.as_ref()?;
        meeting.people.get(id).map(|stored| stored.person.clone())
    }

    async fn welcome_one(&mut self, welcome: Option<Welcome>) {
        let (Some(welcome), Some(meeting)) = (welcome, &self.meeting) else {
            return;
        };
        let welcome = self.filled(meeting, welcome).await;
        if let Some(wire) = self.shared.wire.get().cloned() {
            self.seats.welcome(wire.as_ref(), &welcome);
        }
    }
}
