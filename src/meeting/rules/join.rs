//! Coming in.

use super::names::held_name;
use super::{ChangeAnswer, Rules, WAITING_ROOM, check_key, hash};
use crate::error::{Error, Reason, Result};
use crate::meeting::state::Stored;
use crate::model::happening::Happening;
use crate::model::meeting::{
    Admission, Departure, JoinGrant, MediaState, Newcomer, Person, Place, forbidden,
};
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
        if returning.is_none() {
            self.check_network(newcomer)?;
        }
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
        let before = returning
            .or_else(|| self.came_already(id, seat))
            .or_else(|| self.holder(newcomer, id).cloned());
        let was = before.as_ref().map(|stored| &stored.person);
        let was_inside = was.is_some_and(Person::is_inside);
        self.check_lock(newcomer, before.as_ref(), id)?;
        let person = self.arrival(newcomer, before.as_ref(), id);
        if !was_inside {
            self.check_space()?;
        }
        if person.place == Place::Waiting {
            self.check_queue()?;
        }
        self.give_way(newcomer, &person);
        let stored = self.seated(newcomer, before.as_ref(), &person, (&key, seat));
        self.remember(&person.id);
        self.meeting.people.insert(person.id.clone(), stored);
        self.change(&person.id, |_| {});
        self.displace(newcomer, &person.id);
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
            Place::Waiting | Place::Gone => {
                self.emit(Happening::Waiting { person });
                if self.hosts() == 0 {
                    self.tell_waiting(false);
                }
            }
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

    /// Whoever is there by the newcomer's token, which is for one person at a time: they came from
    /// elsewhere, and are the same participant.
    pub(super) fn holder(&self, newcomer: &Newcomer, id: &str) -> Option<&Stored> {
        let token = newcomer.grant.as_ref().filter(|grant| !grant.shared)?;
        let token = token.id.as_ref()?;
        let mut people = self.meeting.people.values();
        people.find(|of| {
            let there = of.person.place != Place::Gone && of.person.id != id;
            there && of.token.as_ref() == Some(token)
        })
    }

    /// Whoever else is there by the token of somebody who proved to be another participant is out.
    fn displace(&mut self, newcomer: &Newcomer, id: &str) {
        let other = self.holder(newcomer, id).map(|of| of.person.id.clone());
        if let Some(other) = other {
            self.send_out(&other, Departure::Displaced);
        }
    }

    /// What is kept of whoever comes in.
    fn seated(
        &self,
        newcomer: &Newcomer,
        before: Option<&Stored>,
        person: &Person,
        (key, seat): (&str, &str),
    ) -> Stored {
        let grant = newcomer.grant.clone();
        let grant = grant.or_else(|| before.and_then(|stored| stored.grant.clone()));
        let shown = newcomer.grant.as_ref().and_then(|of| of.id.clone());
        let signed_in = match newcomer.user_id {
            Some(_) => newcomer.signed_in.clone(),
            None => before.and_then(|stored| stored.signed_in.clone()),
        };
        let of_grant = grant.as_ref().and_then(|grant| grant.user.clone());
        Stored {
            room: self.meeting.room.name.clone(),
            person: person.clone(),
            key_hash: hash(key),
            seat: Some(seat.to_owned()),
            node: Some(self.node.to_owned()),
            token: shown.or_else(|| before.and_then(|stored| stored.token.clone())),
            network: self.network_of(newcomer),
            wrote: before.is_some_and(|stored| stored.wrote),
            sent: before.map_or_else(Vec::new, |stored| stored.sent.clone()),
            by_key: grant.as_ref().and_then(|grant| grant.key.clone()),
            for_user: of_grant.or_else(|| signed_in.as_ref().map(|of| of.user.clone())),
            signed_in,
            appointed: person.is_host() && is_appointed(newcomer, before),
            grant,
        }
    }

    /// Whoever comes in, as the others will see them.
    fn arrival(&self, newcomer: &Newcomer, before: Option<&Stored>, id: &str) -> Person {
        let was = before.map(|stored| &stored.person);
        let was_inside = was.is_some_and(Person::is_inside);
        let role = self.role(newcomer, before);
        let waits = self.meeting.room.has(WAITING_ROOM) && !was_inside;
        let place = match role {
            Role::Viewer | Role::Participant if waits => Place::Waiting,
            _ => Place::Inside,
        };
        let id = was.map_or(id, |was| &was.id);
        let user_id = newcomer.user_id.clone();
        let user_id = user_id.or_else(|| was.and_then(|was| was.user_id.clone()));
        let grant = newcomer.grant.as_ref();
        let grant = grant.or_else(|| before.and_then(grant_of));
        let given = held_name(grant, user_id.as_deref());
        let name_given = given.is_some();
        let name = given.or_else(|| newcomer.name.clone());
        let name = name.or_else(|| was.map(|was| was.name.clone()));
        let name = name.unwrap_or_else(|| id.to_owned());
        Person {
            id: id.to_owned(),
            name: self.free_name(&name, id, user_id.as_ref(), newcomer.grant.as_ref()),
            user_id,
            name_given,
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
        self.lock_is_new(&person.id);
        self.stay_began(&person);
        if person.is_host() && self.hosts() == 1 {
            self.tell_waiting(true);
        }
        self.emit(Happening::Joined { person });
    }

    fn check_ban(&self, newcomer: &Newcomer) -> Result<()> {
        let claimed = newcomer.returning.as_ref().map(|of| of.id.as_str());
        let before = claimed.and_then(|id| self.meeting.people.get(id));
        let grant = newcomer.grant.as_ref();
        let token = grant.and_then(|grant| grant.id.as_ref());
        // What a host did does not bind whom an operator made one.
        let runs = grant.is_some_and(|grant| grant.role == Role::Host);
        let mut bans = self.meeting.head.banned.iter();
        let hit = bans.any(|ban| {
            let holds = ban.by_operator || !runs;
            let theirs = claimed == Some(ban.participant.as_str())
                || ban.hits(newcomer.user_id.as_ref(), token)
                || before.is_some_and(|of| ban.hits(of.person.user_id.as_ref(), of.token.as_ref()));
            holds && theirs
        });
        if hit { Err(banned()) } else { Ok(()) }
    }

    /// Whoever was sent out for good and is nobody but the next stranger of the same network must not
    /// just come back.
    fn check_network(&self, newcomer: &Newcomer) -> Result<()> {
        let Some(network) = self.network_of(newcomer) else {
            return Ok(());
        };
        let mut bans = self.meeting.head.banned.iter();
        let hit = bans.any(|ban| ban.network.as_ref() == Some(&network));
        if hit { Err(banned()) } else { Ok(()) }
    }

    /// What is kept of where a stranger comes from. The room's id goes in, so that it tells nothing
    /// elsewhere.
    fn network_of(&self, newcomer: &Newcomer) -> Option<String> {
        let is_stranger = newcomer.user_id.is_none() && newcomer.grant.is_none();
        let network = newcomer.network.as_ref().filter(|_| is_stranger)?;
        Some(hash(&format!("{} {network}", self.meeting.room.id)))
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
        let over = stored.grant.as_ref().filter(|of| of.is_over(self.now));
        if newcomer.grant.is_none() && over.is_some() {
            return Err(forbidden(
                Reason::TokenRefused,
                "the join token that you came in with has ended; a new one opens the room",
            ));
        }
        if newcomer.user_id.is_none() && stored.signed_in.is_some() {
            return Err(forbidden(
                Reason::TokenRefused,
                "you came in as somebody who is signed in; sign in again",
            ));
        }
        Ok(Some(stored.clone()))
    }

    /// A token says it; without one, whoever is there first runs a public room.
    fn role(&self, newcomer: &Newcomer, before: Option<&Stored>) -> Role {
        if let Some(grant) = &newcomer.grant {
            return grant.role;
        }
        let was = before.map(|stored| &stored.person);
        if let Some(was) = was.filter(|was| was.is_inside()) {
            return was.role;
        }
        if let Some(grant) = before.and_then(grant_of) {
            return grant.role;
        }
        let only_looks = newcomer.signed_in.as_ref().is_some_and(|of| of.only_looks);
        if only_looks || was.is_some_and(|was| was.role == Role::Viewer) {
            return Role::Viewer;
        }
        if self.names_hosts() || self.inside().any(|stored| stored.person.is_host()) {
            Role::Participant
        } else {
            Role::Host
        }
    }

    /// Whether hosts of this room are named by tokens and operators: then nobody becomes one for being
    /// there first, or longest.
    pub(super) fn names_hosts(&self) -> bool {
        let room = &self.meeting.room;
        room.privacy == Privacy::Private || room.has_hosts
    }
}

fn grant_of(stored: &Stored) -> Option<&JoinGrant> {
    stored.grant.as_ref()
}

/// Whether somebody who comes in as a host is one by more than being first.
pub(super) fn is_appointed(newcomer: &Newcomer, before: Option<&Stored>) -> bool {
    match (&newcomer.grant, before) {
        (Some(grant), _) => grant.role == Role::Host,
        (None, Some(before)) if before.person.is_inside() => before.appointed,
        (None, Some(before)) => grant_of(before).is_some_and(|of| of.role == Role::Host),
        (None, None) => false,
    }
}

fn banned() -> Error {
    let what = "a host sent you out of this room for good";
    forbidden(Reason::Banned, what)
}
