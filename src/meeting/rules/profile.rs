//! What people say of themselves.

use super::names::held_name;
use super::{By, ChangeAnswer, Rules};
use crate::error::{Reason, Result};
use crate::model::happening::Happening;
use crate::model::meeting::{MediaState, forbidden};

impl Rules<'_> {
    pub(super) fn media(&mut self, by: &By, news: MediaState) -> Result<ChangeAnswer> {
        self.must_take_part(by)?;
        let Some(stored) = self.meeting.people.get(by.id()) else {
            return Ok(ChangeAnswer::Done);
        };
        let media = stored.person.media.with(news);
        if media != stored.person.media {
            self.change(by.id(), |stored| stored.person.media = media);
            let id = by.id().to_owned();
            self.emit(Happening::Media { id, media });
        }
        Ok(ChangeAnswer::Done)
    }

    pub(super) fn rename(&mut self, by: &By, name: &str) -> Result<ChangeAnswer> {
        let Some(stored) = self.meeting.people.get(by.id()) else {
            return Ok(ChangeAnswer::Done);
        };
        if held_name(stored.grant.as_ref(), stored.person.user_id.as_deref()).is_some() {
            return Err(forbidden(
                Reason::NameGiven,
                "your join token says what you are called",
            ));
        }
        let user_id = stored.person.user_id.as_ref();
        let wanted = self.free_name(name, by.id(), user_id, None);
        let name = wanted.as_str();
        if stored.person.name != name {
            self.change(by.id(), |stored| name.clone_into(&mut stored.person.name));
            let (id, name) = (by.id().to_owned(), name.to_owned());
            self.emit(Happening::Renamed { id, name });
        }
        Ok(ChangeAnswer::Done)
    }
}
