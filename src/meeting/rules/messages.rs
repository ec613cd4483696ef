//! What people write, and how others react.

use super::{By, ChangeAnswer, Rules};
use crate::error::{Error, Result};
use crate::meeting::state::Stored;
use crate::model::chat::{EVERYONE, Message, Reaction, check_content, no_message, not_author};
use crate::model::happening::{Happening, MessageChange};
use crate::model::meeting::no_receiver;
use crate::records::NamedMessage;

/// Reactions to one message.
const MOST_REACTIONS: usize = 1000;

/// So many of a sender's messages are known by the names they gave them: whoever did not hear that a
/// message arrived sends it again long before so many others.
const NAMED: usize = 32;

impl Stored {
    /// The message that they sent by this name, if it is among their last.
    pub(in crate::meeting) fn message_named(&self, client_id: &str) -> Option<&str> {
        let mut sent = self.sent.iter();
        let found = sent.find(|named| named.client_id == client_id);
        found.map(|named| named.message.as_str())
    }

    fn name_message(&mut self, client_id: Option<&str>, message: &str) {
        let Some(client_id) = client_id else { return };
        let over = (self.sent.len() + 1).saturating_sub(NAMED);
        self.sent.drain(..over);
        self.sent.push(NamedMessage {
            client_id: client_id.to_owned(),
            message: message.to_owned(),
        });
    }
}

impl Rules<'_> {
    pub(super) fn send(
        &mut self,
        by: &By,
        to: &str,
        content: &str,
        client_id: Option<&str>,
    ) -> Result<ChangeAnswer> {
        self.must_take_part(by)?;
        let sender = self.meeting.people.get(by.id());
        if let Some(sent) = client_id.and_then(|name| sender?.message_named(name)) {
            let sent = sent.to_owned();
            return self.message(&sent).map(ChangeAnswer::Message);
        }
        check_content(content, self.settings.longest_message)?;
        let receiver = self.meeting.people.get(to);
        if to != EVERYONE && !receiver.is_some_and(|stored| stored.person.is_inside()) {
            return Err(no_receiver());
        }
        self.meeting.head.messages += 1;
        self.forget_oldest();
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
        if client_id.is_some() || author.is_some_and(|stored| !stored.wrote) {
            self.change(by.id(), |stored| {
                stored.wrote = true;
                stored.name_message(client_id, &message.id);
            });
        }
        Ok(self.changed(by, MessageChange::New, message))
    }

    /// What a room keeps has an end: one message goes for each that comes.
    fn forget_oldest(&mut self) {
        let kept = self.settings.kept_messages;
        let oldest = self.meeting.head.messages.checked_sub(kept);
        if let Some(oldest) = oldest.filter(|number| kept > 0 && *number > 0) {
            self.draft.messages.insert(Message::id_of(oldest), None);
        }
    }

    pub(super) fn edit(&mut self, by: &By, id: &str, content: &str) -> Result<ChangeAnswer> {
        let mut message = self.own(by, id)?;
        check_content(content, self.settings.longest_message)?;
        content.clone_into(&mut message.content);
        message.edited_at = Some(self.now);
        Ok(self.changed(by, MessageChange::Edit, message))
    }

    pub(super) fn delete(&mut self, by: &By, id: &str) -> Result<ChangeAnswer> {
        let message = match self.own(by, id) {
            // Who may delete whatever it says need not know what it says.
            Err(error) if error.is_unreadable() && !by.is_person() => {
                Message::unreadable(id, self.now)
            }
            message => message?,
        };
        Ok(self.changed(by, MessageChange::Delete, message))
    }

    pub(super) fn react(
        &mut self,
        by: &By,
        id: &str,
        kind: u8,
        remove: bool,
    ) -> Result<ChangeAnswer> {
        self.must_take_part(by)?;
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
            return Ok(ChangeAnswer::Message(message));
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

    fn changed(&mut self, by: &By, change: MessageChange, message: Message) -> ChangeAnswer {
        let kept = (change != MessageChange::Delete).then(|| message.clone());
        self.draft.messages.insert(message.id.clone(), kept);
        self.emit(Happening::Message {
            change,
            by: by.id().to_owned(),
            message: message.clone(),
        });
        ChangeAnswer::Message(message)
    }
}
