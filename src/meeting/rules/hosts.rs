//! What hosts do, and operators: sending out, letting in, handing over, ending.

use super::{By, ChangeAnswer, Rules};
use crate::error::{Error, Kind, Result};
use crate::model::Role;
use crate::model::happening::Happening;
use crate::model::meeting::{Departure, Ending, Place, no_participant};
use crate::records::Ban;

/// Bans of one room; the oldest goes when there are more.
const BANS: usize = 500;

impl Rules<'_> {
    pub(super) fn kick(&mut self, by: &By, target: &str, ban: bool) -> Result<ChangeAnswer> {
        self.must_be_host(by)?;
        let stored = self.meeting.people.get(target).ok_or_else(no_participant)?;
        if stored.person.place == Place::Gone && !ban {
            return Err(no_participant());
        }
        if by.is_person() && stored.person.is_host() {
            return Err(Error::new(Kind::Forbidden, "a host cannot be sent out"));
        }
        if !ban {
            self.send_out(target, Departure::Kicked);
            return Ok(ChangeAnswer::Done);
        }
        let ban = Ban {
            participant: target.to_owned(),
            user_id: stored.person.user_id.clone(),
            token: stored.token.clone(),
        };
        // Whoever they are as well.
        let people = self.meeting.people.values();
        let same = people.filter(|of| {
            let protected = by.is_person() && of.person.is_host();
            !protected && ban.hits(of.person.user_id.as_ref(), of.token.as_ref())
        });
        let also: Vec<String> = same.map(|of| of.person.id.clone()).collect();
        let banned = &mut self.meeting.head.banned;
        banned.push(ban);
        let over = banned.len().saturating_sub(BANS);
        banned.drain(..over);
        self.draft.dirty = true;
        self.send_out(target, Departure::Banned);
        for id in also {
            self.send_out(&id, Departure::Banned);
        }
        Ok(ChangeAnswer::Done)
    }

    /// Somebody is out, and their key opens nothing, whether or not they were there.
    fn send_out(&mut self, id: &str, why: Departure) {
        self.change(id, |stored| stored.key_hash.clear());
        self.depart(id, why);
    }

    pub(super) fn ask_mute(&mut self, by: &By, target: &str) -> Result<ChangeAnswer> {
        self.must_be_host(by)?;
        self.insider(target)?;
        let (id, by) = (target.to_owned(), by.id().to_owned());
        self.emit(Happening::MuteAsked { id, by });
        Ok(ChangeAnswer::Done)
    }

    fn insider(&self, target: &str) -> Result<()> {
        match self.meeting.people.get(target) {
            Some(stored) if stored.person.is_inside() => Ok(()),
            _ => Err(no_participant()),
        }
    }

    pub(super) fn admit(&mut self, by: &By, target: &str, accept: bool) -> Result<ChangeAnswer> {
        self.must_be_host(by)?;
        let stored = self.meeting.people.get(target);
        if !stored.is_some_and(|stored| stored.person.place == Place::Waiting) {
            return Err(Error::not_found("nobody with this id waits to be let in"));
        }
        if !accept {
            self.depart(target, Departure::Kicked);
            return Ok(ChangeAnswer::Done);
        }
        self.check_space()?;
        self.change(target, |stored| stored.person.place = Place::Inside);
        let person = self.meeting.people[target].person.clone();
        self.enter(person);
        let id = target.to_owned();
        self.emit(Happening::Admitted { id });
        Ok(ChangeAnswer::Done)
    }

    pub(super) fn hand_over(&mut self, by: &By, target: &str) -> Result<ChangeAnswer> {
        self.must_be_host(by)?;
        self.insider(target)?;
        if by.id() == target {
            return Ok(ChangeAnswer::Done);
        }
        self.set_role(target, Role::Host);
        if by.is_person() {
            self.set_role(by.id(), Role::Participant);
        }
        Ok(ChangeAnswer::Done)
    }

    pub(super) fn end(&mut self, by: &By, why: Ending) -> Result<ChangeAnswer> {
        self.must_be_host(by)?;
        // Somebody came in after all.
        if why == Ending::Unused && self.meeting.head.unused_since.is_none() {
            return Ok(ChangeAnswer::Count(0));
        }
        let there = self.everybody_out(why);
        if self.is_temporary() {
            self.draft.deletes_room = true;
        }
        Ok(ChangeAnswer::Count(there))
    }
}
