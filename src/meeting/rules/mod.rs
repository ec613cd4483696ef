//! What people may do, and what comes of it: changes of a meeting in memory, noted in a draft of
//! the commit that makes them last. A change that is refused changes nothing.

mod hosts;
mod join;
mod lock;
mod messages;
mod names;
mod profile;
mod stays;
mod succession;

use indexmap::{IndexMap, IndexSet};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::MeetingSettings;
use super::state::{Meeting, Stored};
use crate::error::{Error, Reason, Result};
use crate::model::chat::{Message, OPERATOR};
use crate::model::happening::Happening;
use crate::model::meeting::{
    Actor, Admission, Change, Credential, Departure, Ending, MediaState, Place, forbidden,
    no_participant, not_host, not_inside, wrong_key,
};
use crate::model::session::Session;
use crate::model::{Random, Role, Room};
use crate::records::documents::Write;

/// People who are gone that are still told of.
const REMEMBERED: usize = 300;
/// The setting of a room that lets people wait for a host's nod.
pub(super) const WAITING_ROOM: &str = "waiting_room";
/// The setting of a room that is gone when its host leaves or nobody uses it.
const TEMPORARY: &str = "temporary";

/// What a commit will do.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) happenings: Vec<Happening>,
    /// People who are changed or gone.
    pub(super) people: IndexSet<String>,
    /// How they were before; `None` for those who were not there.
    pub(super) before: IndexMap<String, Option<Stored>>,
    /// Messages as they will be; `None` for those that will be gone.
    pub(super) messages: IndexMap<String, Option<Message>>,
    /// Messages as they were read for the changes of this commit, or why they cannot be.
    pub(super) read: IndexMap<String, Result<Option<Message>>>,
    /// Whether the stay of people that goes on changed.
    pub(super) session: bool,
    /// Stays that are over by it.
    pub(super) over: Vec<Session>,
    /// Whether the room is locked or unlocked by it.
    pub(super) locks: bool,
    /// Whether the room goes with this commit.
    pub(super) deletes_room: bool,
    /// Whether anything is to be written at all.
    pub(super) dirty: bool,
    /// What must be so elsewhere, or nothing of it happens.
    pub(super) insists: Option<Write>,
}

/// What one change is answered with.
#[derive(Debug, Clone)]
pub(super) enum ChangeAnswer {
    Done,
    Message(Message),
    Admission(Admission),
    /// How many were sent out.
    Count(u64),
}

/// A meeting, what it is decided by, and the draft.
pub(super) struct Rules<'a> {
    pub(super) meeting: &'a mut Meeting,
    pub(super) session: &'a mut Option<Session>,
    pub(super) draft: &'a mut Draft,
    pub(super) settings: &'a MeetingSettings,
    pub(super) random: &'a dyn Random,
    pub(super) now: Timestamp,
    pub(super) node: &'a str,
}

/// Who acts, as far as the rules go.
pub(super) enum By {
    Person(String),
    Operator,
}

impl By {
    pub(super) fn is_person(&self) -> bool {
        matches!(self, Self::Person(_))
    }

    pub(super) fn id(&self) -> &str {
        match self {
            Self::Person(id) => id,
            Self::Operator => OPERATOR,
        }
    }
}

impl Rules<'_> {
    /// Carries one change out in memory, or says why `actor` may not.
    pub(super) fn act(&mut self, actor: &Actor, change: &Change) -> Result<ChangeAnswer> {
        if let (Change::Leave, Actor::Seated { id, seat }) = (change, actor) {
            // A connection that was replaced by another one of the same person leaves nothing.
            if self.sits(id, seat) {
                self.depart(id, Departure::Left);
            }
            return Ok(ChangeAnswer::Done);
        }
        let by = self.actor(actor)?;
        if by.is_person() && self.meeting.room.is_expired(self.now) {
            let name = &self.meeting.room.name;
            let message = format!("the room `{name}` has expired");
            return Err(Error::not_found(message).reason(Reason::RoomExpired));
        }
        match change {
            Change::Leave => self.leave(&by),
            Change::Media(media) => self.media(&by, *media),
            Change::Rename(name) => self.rename(&by, name),
            Change::Send {
                to,
                content,
                client_id,
            } => self.send(&by, to, content, client_id.as_deref()),
            Change::Edit { message, content } => self.edit(&by, message, content),
            Change::Delete { message } => self.delete(&by, message),
            Change::React {
                message,
                kind,
                remove,
            } => self.react(&by, message, *kind, *remove),
            Change::Kick { target, ban } => self.kick(&by, target, *ban),
            Change::Unban { target } => self.unban(&by, target),
            Change::Withdraw(what) => self.withdraw(&by, what),
            Change::AskMute { target, lift } => self.ask_mute(&by, target, *lift),
            Change::Admit { target, accept } => self.admit(&by, target, *accept),
            Change::HandOver { target } => self.hand_over(&by, target),
            Change::Lock { lift } => self.lock(&by, !lift),
            Change::End(why) => self.end(&by, *why),
        }
    }

    fn actor(&self, actor: &Actor) -> Result<By> {
        let (Actor::Keyed(Credential { id, .. }) | Actor::Seated { id, .. }) = actor else {
            return Ok(By::Operator);
        };
        let stored = self.meeting.people.get(id).ok_or_else(no_participant)?;
        check_inside(stored, actor)?;
        Ok(By::Person(id.clone()))
    }

    fn sits(&self, id: &str, seat: &str) -> bool {
        let stored = self.meeting.people.get(id);
        stored.is_some_and(|stored| stored.seat.as_deref() == Some(seat))
    }

    pub(super) fn inside(&self) -> impl Iterator<Item = &Stored> {
        let people = self.meeting.people.values();
        people.filter(|stored| stored.person.is_inside())
    }

    pub(super) fn must_be_host(&self, by: &By) -> Result<()> {
        match by {
            By::Operator => Ok(()),
            By::Person(id) => match self.meeting.people.get(id) {
                Some(stored) if stored.person.is_host() && stored.person.is_inside() => Ok(()),
                _ => Err(not_host()),
            },
        }
    }

    /// Insists on a participant who does more than look on.
    pub(super) fn must_take_part(&self, by: &By) -> Result<()> {
        let By::Person(id) = by else { return Ok(()) };
        match self.meeting.people.get(id) {
            Some(stored) if stored.person.role == Role::Viewer => Err(forbidden(
                Reason::OnlyLooksOn,
                "viewers may only look and listen",
            )),
            _ => Ok(()),
        }
    }

    /// Remembers somebody as they are before this draft changes them.
    fn remember(&mut self, id: &str) {
        if !self.draft.before.contains_key(id) {
            let before = self.meeting.people.get(id).cloned();
            self.draft.before.insert(id.to_owned(), before);
        }
    }

    /// Changes somebody, and notes it.
    pub(super) fn change(&mut self, id: &str, what: impl FnOnce(&mut Stored)) {
        self.remember(id);
        if let Some(stored) = self.meeting.people.get_mut(id) {
            what(stored);
            self.draft.people.insert(id.to_owned());
            self.draft.dirty = true;
        }
    }

    pub(super) fn emit(&mut self, happening: Happening) {
        self.draft.happenings.push(happening);
        self.draft.dirty = true;
    }

    fn leave(&mut self, by: &By) -> Result<ChangeAnswer> {
        let By::Person(id) = by else {
            return Err(Error::invalid("an operator is in no room"));
        };
        self.depart(&id.clone(), Departure::Left);
        Ok(ChangeAnswer::Done)
    }

    /// Somebody is not there any more, whether they were inside or waited.
    pub(super) fn depart(&mut self, id: &str, why: Departure) {
        let Some(place) = self.meeting.people.get(id).map(|of| of.person.place) else {
            return;
        };
        match place {
            Place::Gone => return,
            Place::Waiting => {
                self.remember(id);
                self.meeting.people.shift_remove(id);
                self.draft.people.insert(id.to_owned());
                let (id, refused) = (id.to_owned(), why.is_by_host());
                let why = why.is_by_token().then_some(why);
                self.emit(Happening::Rejected { id, refused, why });
                return;
            }
            Place::Inside => {}
        }
        self.go(id, Some(why));
        let was_host = self
            .meeting
            .people
            .get(id)
            .is_some_and(|of| of.person.is_host());
        let id = id.to_owned();
        self.emit(Happening::Left {
            id: id.clone(),
            why,
        });
        self.lock_ends();
        if was_host {
            self.change(&id, |stored| {
                stored.person.role = Role::Participant;
                stored.appointed = false;
            });
            self.host_left();
        }
        if self.is_temporary() && !self.draft.deletes_room && self.inside().next().is_none() {
            self.everybody_out(Ending::Unused);
            self.draft.deletes_room = true;
        }
        self.drop_oldest_gone();
    }

    /// Everybody whom a dead node served is gone with it. Returns how many there were.
    pub(super) fn evict(&mut self, node: &str) -> u64 {
        let theirs = self.meeting.people.values();
        let theirs = theirs.filter(|stored| stored.node.as_deref() == Some(node));
        let mut theirs: Vec<_> = theirs
            .map(|stored| (stored.person.is_host(), stored.person.id.clone()))
            .collect();
        // Hosts last: whoever runs the room after them must be alive.
        theirs.sort_by_key(|(host, _)| *host);
        for (_, id) in &theirs {
            self.depart(id, Departure::Left);
        }
        theirs.len() as u64
    }

    /// Somebody stands outside from now on.
    fn go(&mut self, id: &str, why: Option<Departure>) {
        self.stay_ended(id, why);
        let now = self.now;
        self.change(id, |stored| {
            stored.person.place = Place::Gone;
            stored.person.left_at = Some(now);
            stored.person.media = MediaState::default();
            stored.seat = None;
            stored.node = None;
            stored.by_key = None;
            stored.for_user = None;
        });
    }

    /// The room must not be without anybody who runs it.
    fn host_left(&mut self) {
        if self.inside().any(|stored| stored.person.is_host()) {
            return;
        }
        if self.is_temporary() {
            self.everybody_out(Ending::HostLeft);
            self.draft.deletes_room = true;
            return;
        }
        if self.names_hosts() {
            self.tell_waiting(false);
            return;
        }
        self.hand_down();
    }

    pub(super) fn is_temporary(&self) -> bool {
        is_temporary(&self.meeting.room)
    }

    pub(super) fn set_role(&mut self, id: &str, role: Role) {
        self.change(id, |stored| {
            stored.person.role = role;
            stored.appointed &= role == Role::Host;
        });
        if role == Role::Host && self.hosts() == 1 {
            self.tell_waiting(true);
        }
        let id = id.to_owned();
        self.emit(Happening::Role { id, role });
    }

    /// Forgets those who went long ago and left nothing behind.
    fn drop_oldest_gone(&mut self) {
        let gone = |stored: &&Stored| stored.person.place == Place::Gone;
        let mut gone: Vec<_> = self.meeting.people.values().filter(gone).collect();
        if gone.len() <= REMEMBERED {
            return;
        }
        // Those who wrote something are kept longest; their names stand in what they wrote.
        gone.sort_by_key(|stored| (stored.wrote, stored.person.left_at));
        let over = gone.len() - REMEMBERED;
        let old: Vec<_> = gone[..over].iter().map(|of| of.person.id.clone()).collect();
        for id in old {
            self.remember(&id);
            self.meeting.people.shift_remove(&id);
            self.draft.people.insert(id);
        }
    }

    pub(super) fn everybody_out(&mut self, why: Ending) -> u64 {
        let there = self.meeting.people.values();
        let there = there.filter(|stored| stored.person.place != Place::Gone);
        let there: Vec<String> = there.map(|stored| stored.person.id.clone()).collect();
        for id in &there {
            self.go(id, None);
        }
        self.emit(Happening::Ended { why });
        self.lock_ends();
        there.len() as u64
    }
}

/// Whether a room goes when its host leaves or nobody uses it.
pub(crate) fn is_temporary(room: &Room) -> bool {
    room.has(TEMPORARY)
}

/// Whether `actor` is this person, and may see what happens in the room.
pub(super) fn check_inside(stored: &Stored, actor: &Actor) -> Result<()> {
    match actor {
        Actor::Operator => return Ok(()),
        Actor::Keyed(credential) => check_key(stored, &credential.key)?,
        Actor::Seated { seat, .. } if stored.seat.as_deref() == Some(seat) => {}
        Actor::Seated { .. } => {
            let message = "this connection is not in the room any more; join it again";
            return Err(Error::conflict(message).reason(Reason::Replaced));
        }
    }
    match stored.person.place {
        Place::Inside => Ok(()),
        Place::Waiting => Err(forbidden(Reason::Waiting, "you wait to be let in")),
        Place::Gone => Err(not_inside()),
    }
}

/// Whether `key` is this person's; who was sent out has none.
pub(super) fn check_key(stored: &Stored, key: &str) -> Result<()> {
    let same: bool = stored
        .key_hash
        .as_bytes()
        .ct_eq(hash(key).as_bytes())
        .into();
    if same {
        return Ok(());
    }
    Err(wrong_key())
}

pub(super) fn hash(key: &str) -> String {
    hex::encode(Sha256::digest(key))
}
