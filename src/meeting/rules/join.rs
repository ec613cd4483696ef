//! Coming in.

use super::{ChangeAnswer, Rules, WAITING_ROOM, check_key, hash};
use crate::error::{Error, Reason, Result};
use crate::meeting::state::Stored;
use crate::model::happening::Happening;
use crate::model::meeting::{Admission, MediaState, Newcomer, Person, Place, forbidden};
use crate::model::{Privacy, Role, random};

/// The most people who may wait to be let in at the same time.
const WAITING: usize = 100;

impl Rules<'_> {
    /// Somebody comes in, or waits to be let in; as `id`, unless they prove an earlier one.
    pub(in crate::meeting) fn join(
        &mut self,
        newcomer: &Newcomer,
        id: &str,
        seat: &str,
    ) -> Result<ChangeAnswer> {
        self.check_ban(newcomer)?;
        let returning = self.returning(newcomer)?;
        if newcomer.must_return && returning.is_none() {
            let name = &self.meeting.room.name;
            return Err(forbidden(
                Reason::RoomPrivate,
                format!("the room `{name}` is private; a join token opens it"),
            ));
        }
        // Who returns keeps the key that was just shown.
        let shown = newcomer.returning.as_ref().filter(|_| returning.is_some());
        let key = match shown {
            Some(credential) => credential.key.clone(),
            None => hex::encode(random::bytes::<16>(self.random)),
        };
        let before = returning.or_else(|| self.came_already(id, seat));
        let was = before.as_ref().map(|stored| &stored.person);
        let was_inside = was.is_some_and(Person::is_inside);
        let person = self.arrival(newcomer, was, id);
        if !was_inside {
            self.check_space()?;
        }
        if person.place == Place::Waiting {
            self.check_queue()?;
        }
        let stored = Stored {
            room: self.meeting.room.name.clone(),
            person: person.clone(),
            key_hash: hash(&key),
            seat: Some(seat.to_owned()),
            node: Some(self.node.to_owned()),
            token: newcomer
                .token
                .clone()
                .or_else(|| before.as_ref().and_then(|stored| stored.token.clone())),
            wrote: before.as_ref().is_some_and(|stored| stored.wrote),
        };
        self.remember(&person.id);
        self.meeting.people.insert(person.id.clone(), stored);
        self.change(&person.id, |_| {});
        let admission = Admission {
            id: person.id.clone(),
            key,
            role: person.role,
            place: person.place,
            resumed: was_inside,
        };
        match person.place {
            Place::Inside if was_inside => self.emit_changes(was, &person),
            Place::Inside => self.enter(person),
            Place::Waiting | Place::Gone => self.emit(Happening::Waiting { person }),
        }
        Ok(ChangeAnswer::Admission(admission))
    }

    /// A commit of which the store did not say whether it was made may have let them in.
    fn came_already(&self, id: &str, seat: &str) -> Option<Stored> {
        let stored = self.meeting.people.get(id);
        stored
            .filter(|stored| stored.seat.as_deref() == Some(seat))
            .cloned()
    }

    /// Whoever comes in, as the others will see them.
    fn arrival(&self, newcomer: &Newcomer, was: Option<&Person>, id: &str) -> Person {
        let was_inside = was.is_some_and(Person::is_inside);
        let role = self.role(newcomer, was);
        let waits = self.meeting.room.has(WAITING_ROOM) && !was_inside;
        let place = match role {
            Role::Viewer | Role::Participant if waits => Place::Waiting,
            _ => Place::Inside,
        };
        let id = was.map_or(id, |was| &was.id);
        let (name, user_id) = (newcomer.name.clone(), newcomer.user_id.clone());
        Person {
            id: id.to_owned(),
            name: name
                .or_else(|| was.map(|was| was.name.clone()))
                .unwrap_or_else(|| id.to_owned()),
            user_id: user_id.or_else(|| was.and_then(|was| was.user_id.clone())),
            role,
            media: was
                .filter(|_| was_inside)
                .map_or_else(MediaState::default, |was| was.media),
            place,
            joined_at: was.map_or(self.now, |was| was.joined_at),
            left_at: None,
        }
    }

    /// What the others must hear of somebody who comes back before they were gone.
    fn emit_changes(&mut self, was: Option<&Person>, is: &Person) {
        if was.is_some_and(|was| was.name != is.name) {
            let (id, name) = (is.id.clone(), is.name.clone());
            self.emit(Happening::Renamed { id, name });
        }
        if was.is_some_and(|was| was.role != is.role) {
            let (id, role) = (is.id.clone(), is.role);
            self.emit(Happening::Role { id, role });
        }
    }

    pub(super) fn enter(&mut self, person: Person) {
        self.meeting.head.unused_since = None;
        self.stay_began(&person);
        self.emit(Happening::Joined { person });
    }

    fn check_ban(&self, newcomer: &Newcomer) -> Result<()> {
        let claimed = newcomer.returning.as_ref().map(|of| of.id.as_str());
        let before = claimed.and_then(|id| self.meeting.people.get(id));
        let hit = self.meeting.head.banned.iter().any(|ban| {
            claimed == Some(ban.participant.as_str())
                || ban.hits(newcomer.user_id.as_ref(), newcomer.token.as_ref())
                || before.is_some_and(|of| ban.hits(of.person.user_id.as_ref(), of.token.as_ref()))
        });
        if hit {
            let what = "a host sent you out of this room for good";
            return Err(forbidden(Reason::Banned, what));
        }
        Ok(())
    }

    /// Insists on a free place inside.
    pub(super) fn check_space(&self) -> Result<()> {
        let most = self.settings.room_size;
        let own = self.meeting.room.max_participants;
        let own = own.and_then(|most| usize::try_from(most).ok());
        let most = own.map_or(most, |own| own.min(most));
        if self.inside().count() >= most {
            let name = &self.meeting.room.name;
            let message = format!("the room `{name}` is full");
            return Err(Error::conflict(message).reason(Reason::RoomFull));
        }
        Ok(())
    }

    /// Insists that not too many wait already.
    fn check_queue(&self) -> Result<()> {
        let people = self.meeting.people.values();
        let waiting = people.filter(|stored| stored.person.place == Place::Waiting);
        if waiting.count() >= WAITING {
            let name = &self.meeting.room.name;
            let message =
                format!("too many people wait to be let into the room `{name}`; try again later");
            return Err(Error::conflict(message).reason(Reason::WaitingRoomFull));
        }
        Ok(())
    }

    /// Who they were, if they can prove it. An id of an earlier room of this name is nobody's.
    fn returning(&self, newcomer: &Newcomer) -> Result<Option<Stored>> {
        let Some(credential) = &newcomer.returning else {
            return Ok(None);
        };
        let Some(stored) = self.meeting.people.get(&credential.id) else {
            return Ok(None);
        };
        check_key(stored, &credential.key)?;
        Ok(Some(stored.clone()))
    }

    /// A token says it; without one, whoever is there first runs a public room.
    fn role(&self, newcomer: &Newcomer, was: Option<&Person>) -> Role {
        if let Some(role) = newcomer.role {
            return role;
        }
        if let Some(was) = was.filter(|was| was.is_inside()) {
            return was.role;
        }
        if was.is_some_and(|was| was.role == Role::Viewer) {
            return Role::Viewer;
        }
        let private = self.meeting.room.privacy == Privacy::Private;
        if private || self.inside().any(|stored| stored.person.is_host()) {
            Role::Participant
        } else {
            Role::Host
        }
    }
}
