//! What hosts do, and operators: sending out, letting in, handing over, ending.

use super::{By, ChangeAnswer, Rules};
use crate::error::{Error, Kind, Reason, Result};
use crate::meeting::state::Stored;
use crate::model::Role;
use crate::model::happening::Happening;
use crate::model::meeting::{
    Departure, Ending, JoinGrant, Place, SeatSignIn, Standing, forbidden, no_participant, not_host,
};
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
        let appointed = self.is_appointed_host(by);
        let protected =
            |of: &Stored| by.is_person() && of.person.is_host() && (of.appointed || !appointed);
        if protected(stored) {
            return Err(Error::new(Kind::Forbidden, "a host cannot be sent out"));
        }
        if !ban {
            self.send_out(target, Departure::Kicked);
            return Ok(ChangeAnswer::Done);
        }
        if !appointed {
            return Err(only_appointed(
                "send somebody out for good; you may remove them",
            ));
        }
        let ban = Ban {
            participant: target.to_owned(),
            user_id: stored.person.user_id.clone(),
            token: stored.token.clone(),
            network: stored.network.clone(),
            name: Some(stored.person.name.clone()),
            at: Some(self.now),
            by_operator: !by.is_person(),
        };
        // Whoever they are as well.
        let people = self.meeting.people.values();
        let same = people
            .filter(|of| !protected(of) && ban.hits(of.person.user_id.as_ref(), of.token.as_ref()));
        let also: Vec<String> = same.map(|of| of.person.id.clone()).collect();
        let banned = &mut self.meeting.head.banned;
        // One for each person: lifting it lets them in.
        let same = |of: &Ban| {
            of.participant == ban.participant || of.hits(ban.user_id.as_ref(), ban.token.as_ref())
        };
        let by_operator = ban.by_operator || banned.iter().any(|of| of.by_operator && same(of));
        banned.retain(|of| !same(of));
        banned.push(Ban { by_operator, ..ban });
        let over = banned.len().saturating_sub(BANS);
        banned.drain(..over);
        self.draft.dirty = true;
        self.send_out(target, Departure::Banned);
        for id in also {
            self.send_out(&id, Departure::Banned);
        }
        Ok(ChangeAnswer::Done)
    }

    /// Lets somebody in again who was sent out for good, as whomever else they were sent out.
    pub(super) fn unban(&mut self, by: &By, target: &str) -> Result<ChangeAnswer> {
        self.must_be_host(by)?;
        if !self.is_appointed_host(by) {
            return Err(only_appointed("let somebody in again"));
        }
        let banned = &mut self.meeting.head.banned;
        let Some(lifted) = banned.iter().find(|ban| ban.participant == target) else {
            let what = "nobody with this id was sent out for good";
            return Err(Error::not_found(what).reason(Reason::NoParticipant));
        };
        if lifted.by_operator && by.is_person() {
            let what = "an operator sent them out; only an operator lets them in again";
            return Err(Error::new(Kind::Forbidden, what));
        }
        let lifted = lifted.clone();
        banned.retain(|ban| {
            let same = ban.participant == lifted.participant
                || ban.hits(lifted.user_id.as_ref(), lifted.token.as_ref());
            !same || (ban.by_operator && by.is_person())
        });
        self.draft.dirty = true;
        Ok(ChangeAnswer::Done)
    }

    /// Whether this is an operator, or a host by more than being there first.
    pub(super) fn is_appointed_host(&self, by: &By) -> bool {
        match by {
            By::Operator => true,
            By::Person(id) => {
                let stored = self.meeting.people.get(id);
                stored.is_some_and(|of| of.person.is_host() && of.appointed)
            }
        }
    }

    /// Sends everybody out whose grant or sign-in stands on something that is gone.
    pub(super) fn withdraw(&mut self, by: &By, what: &Standing) -> Result<ChangeAnswer> {
        if by.is_person() {
            return Err(not_host());
        }
        let now = self.now;
        let fell = |of: &JoinGrant| match what {
            Standing::Time => of.is_over(now),
            Standing::Key(key) => of.key.as_ref() == Some(key),
            Standing::User(user) => of.user.as_ref() == Some(user),
        };
        let ended = |of: &SeatSignIn| match what {
            Standing::Time => of.ends() <= now,
            Standing::Key(_) => false,
            Standing::User(user) => of.user == *user,
        };
        let people = self.meeting.people.values();
        let there = people.filter(|of| of.person.place != Place::Gone);
        let fallen = there.filter(|of| {
            of.grant.as_ref().is_some_and(fell) || of.signed_in.as_ref().is_some_and(ended)
        });
        // Hosts last: whoever runs the room after them must stay.
        let mut fallen: Vec<_> = fallen
            .map(|of| (of.person.is_host(), of.person.id.clone()))
            .collect();
        fallen.sort_by_key(|(host, _)| *host);
        let why = match what {
            Standing::Time => Departure::Expired,
            Standing::Key(_) | Standing::User(_) => Departure::Withdrawn,
        };
        for (_, id) in &fallen {
            self.send_out(id, why);
        }
        Ok(ChangeAnswer::Count(fallen.len() as u64))
    }

    /// Somebody is out, and their key opens nothing, whether or not they were there.
    pub(super) fn send_out(&mut self, id: &str, why: Departure) {
        self.change(id, |stored| stored.key_hash.clear());
        self.depart(id, why);
    }

    pub(super) fn ask_mute(&mut self, by: &By, target: &str, lifted: bool) -> Result<ChangeAnswer> {
        self.must_be_host(by)?;
        self.insider(target)?;
        let (id, by) = (target.to_owned(), by.id().to_owned());
        self.emit(Happening::MuteAsked { id, by, lifted });
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
            return Err(Error::not_found("nobody with this id waits to be let in")
                .reason(Reason::NoParticipant));
        }
        if !accept {
            self.depart(target, Departure::Kicked);
            return Ok(ChangeAnswer::Done);
        }
        self.check_space()?;
        self.let_in(target);
        Ok(ChangeAnswer::Done)
    }

    /// Somebody who waited is inside.
    pub(super) fn let_in(&mut self, id: &str) {
        self.change(id, |stored| stored.person.place = Place::Inside);
        let person = self.meeting.people[id].person.clone();
        self.enter(person);
        let id = id.to_owned();
        self.emit(Happening::Admitted { id });
    }

    pub(super) fn hand_over(&mut self, by: &By, target: &str) -> Result<ChangeAnswer> {
        self.must_be_host(by)?;
        self.insider(target)?;
        if by.id() == target {
            return Ok(ChangeAnswer::Done);
        }
        // Who was there first hands on no more than that.
        let appointed = self.is_appointed_host(by);
        self.set_role(target, Role::Host);
        self.change(target, |stored| stored.appointed |= appointed);
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

/// What is said to a host who is one only for being there first.
fn only_appointed(what: &str) -> Error {
    let message = format!("only a host by a join token may {what}");
    forbidden(Reason::OnlyHosts, message)
}
