//! What people do once they are inside.

use super::rules::{Answer, By, Rules};
use crate::error::{Error, Kind, Result};
use crate::model::Role;
use crate::model::chat::{EVERYONE, Message, Reaction, check_content, no_message, not_author};
use crate::model::meeting::{
    Departure, Ending, Happening, MediaState, MessageChange, NO_RECEIVER, Place, no_participant,
};
use crate::records::Ban;

/// Bans of one room; the oldest goes when there are more.
const BANS: usize = 500;
/// Reactions to one message.
const MOST_REACTIONS: usize = 1000;

impl Rules<'_> {
    pub(super) fn media(&mut self, by: &By, news: MediaState) -> Result<Answer> {
        self.takes_part(by)?;
        let Some(stored) = self.meeting.people.get(by.id()) else {
            return Ok(Answer::Done);
        };
        let media = stored.person.media.with(news);
        if media != stored.person.media {
            self.change(by.id(), |stored| stored.person.media = media);
            let id = by.id().to_owned();
            self.tell(Happening::Media { id, media });
        }
        Ok(Answer::Done)
    }

    pub(super) fn rename(&mut self, by: &By, name: &str) -> Answer {
        let Some(stored) = self.meeting.people.get(by.id()) else {
            return Answer::Done;
        };
        if stored.person.name != name {
            self.change(by.id(), |stored| name.clone_into(&mut stored.person.name));
            let (id, name) = (by.id().to_owned(), name.to_owned());
            self.tell(Happening::Renamed { id, name });
        }
        Answer::Done
    }

    pub(super) fn send(&mut self, by: &By, to: &str, content: &str) -> Result<Answer> {
        self.takes_part(by)?;
        check_content(content, self.settings.longest_message)?;
        let receiver = self.meeting.people.get(to);
        if to != EVERYONE && !receiver.is_some_and(|stored| stored.person.is_inside()) {
            return Err(Error::not_found(NO_RECEIVER));
        }
        self.meeting.head.messages += 1;
        let author = self.meeting.people.get(by.id());
        let message = Message {
            id: Message::id_of(self.meeting.head.messages),
            from: by.id().to_owned(),
            from_name: author
                .map_or_else(|| by.id(), |of| &of.person.name)
                .to_owned(),
            to: to.to_owned(),
            content: content.to_owned(),
            reactions: Vec::new(),
            created_at: self.now,
            edited_at: None,
        };
        if author.is_some_and(|stored| !stored.wrote) {
            self.change(by.id(), |stored| stored.wrote = true);
        }
        Ok(self.changed(by, MessageChange::New, message))
    }

    pub(super) fn edit(&mut self, by: &By, id: &str, content: &str) -> Result<Answer> {
        let mut message = self.own(by, id)?;
        check_content(content, self.settings.longest_message)?;
        content.clone_into(&mut message.content);
        message.edited_at = Some(self.now);
        Ok(self.changed(by, MessageChange::Edit, message))
    }

    pub(super) fn delete(&mut self, by: &By, id: &str) -> Result<Answer> {
        let message = match self.own(by, id) {
            // Who may delete whatever it says need not know what it says.
            Err(error) if error.is_unreadable() && !by.is_person() => {
                Message::unreadable(id, self.now)
            }
            message => message?,
        };
        Ok(self.changed(by, MessageChange::Delete, message))
    }

    pub(super) fn react(&mut self, by: &By, id: &str, kind: u8, remove: bool) -> Result<Answer> {
        self.takes_part(by)?;
        let mut message = self.message(id)?;
        if by.is_person() && !message.concerns(by.id()) {
            return Err(no_message());
        }
        let theirs = Reaction {
            kind,
            participant_id: by.id().to_owned(),
        };
        let had = message.reactions.contains(&theirs);
        if had != remove {
            return Ok(Answer::Message(message));
        }
        if !remove && message.reactions.len() >= MOST_REACTIONS {
            return Err(Error::conflict("the message has too many reactions"));
        }
        if remove {
            message.reactions.retain(|reaction| *reaction != theirs);
        } else {
            message.reactions.push(theirs);
        }
        Ok(self.changed(by, MessageChange::Edit, message))
    }

    /// A message as it is, with what was changed before in the same commit.
    fn message(&self, id: &str) -> Result<Message> {
        let now = match (self.draft.messages.get(id), self.draft.read.get(id)) {
            (Some(changed), _) => changed.clone(),
            (None, Some(Ok(read))) => read.clone(),
            (None, Some(Err(error))) => return Err(error.again()),
            (None, None) => None,
        };
        now.ok_or_else(no_message)
    }

    /// A message that `by` may change.
    fn own(&self, by: &By, id: &str) -> Result<Message> {
        let message = self.message(id)?;
        if by.is_person() && message.from != by.id() {
            return Err(not_author());
        }
        Ok(message)
    }

    fn changed(&mut self, by: &By, change: MessageChange, message: Message) -> Answer {
        let kept = (change != MessageChange::Delete).then(|| message.clone());
        self.draft.messages.insert(message.id.clone(), kept);
        self.tell(Happening::Message {
            change,
            by: by.id().to_owned(),
            message: message.clone(),
        });
        Answer::Message(message)
    }

    pub(super) fn kick(&mut self, by: &By, target: &str, ban: bool) -> Result<Answer> {
        self.is_host(by)?;
        let stored = self.meeting.people.get(target).ok_or_else(no_participant)?;
        if stored.person.place == Place::Gone && !ban {
            return Err(no_participant());
        }
        if by.is_person() && stored.person.is_host() {
            return Err(Error::new(Kind::Forbidden, "a host cannot be sent out"));
        }
        if !ban {
            self.send_out(target, Departure::Kicked);
            return Ok(Answer::Done);
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
        Ok(Answer::Done)
    }

    /// Somebody is out, and their key opens nothing, whether or not they were there.
    fn send_out(&mut self, id: &str, why: Departure) {
        self.change(id, |stored| stored.key_hash.clear());
        self.depart(id, why);
    }

    pub(super) fn ask_mute(&mut self, by: &By, target: &str) -> Result<Answer> {
        self.is_host(by)?;
        self.insider(target)?;
        let (id, by) = (target.to_owned(), by.id().to_owned());
        self.tell(Happening::MuteAsked { id, by });
        Ok(Answer::Done)
    }

    fn insider(&self, target: &str) -> Result<()> {
        match self.meeting.people.get(target) {
            Some(stored) if stored.person.is_inside() => Ok(()),
            _ => Err(no_participant()),
        }
    }

    pub(super) fn admit(&mut self, by: &By, target: &str, accept: bool) -> Result<Answer> {
        self.is_host(by)?;
        let stored = self.meeting.people.get(target);
        if !stored.is_some_and(|stored| stored.person.place == Place::Waiting) {
            return Err(Error::not_found("nobody with this id waits to be let in"));
        }
        if !accept {
            self.depart(target, Departure::Kicked);
            return Ok(Answer::Done);
        }
        self.check_space()?;
        self.change(target, |stored| stored.person.place = Place::Inside);
        let person = self.meeting.people[target].person.clone();
        self.enter(person);
        let id = target.to_owned();
        self.tell(Happening::Admitted { id });
        Ok(Answer::Done)
    }

    pub(super) fn hand_over(&mut self, by: &By, target: &str) -> Result<Answer> {
        self.is_host(by)?;
        self.insider(target)?;
        if by.id() == target {
            return Ok(Answer::Done);
        }
        self.set_role(target, Role::Host);
        if by.is_person() {
            self.set_role(by.id(), Role::Participant);
        }
        Ok(Answer::Done)
    }

    pub(super) fn end(&mut self, by: &By, why: Ending) -> Result<Answer> {
        self.is_host(by)?;
        // Somebody came in after all.
        if why == Ending::Unused && self.meeting.head.unused_since.is_none() {
            return Ok(Answer::Count(0));
        }
        let there = self.everybody_out(why);
        if self.is_temporary() {
            self.draft.vanish = true;
        }
        Ok(Answer::Count(there))
    }
}
