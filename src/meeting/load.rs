//! What a desk knows of its meeting, and what the people at it are told to know it as well.

use super::archive::{self, Most};
use super::desk::Desk;
use super::state::{Meeting, entries};
use crate::error::Result;
use crate::model::happening::Happening;
use crate::model::meeting::{Ending, Place, Welcome};
use crate::model::session::Session;
use crate::model::{BackendName, Room};
use crate::records::{Head, MeetingEntry, SESSIONS, SessionKey};

/// The messages in a welcome.
const PAGE: usize = 100;
/// What people missed is told one by one up to so many happenings; a client's queue must hold them.
const ONE_BY_ONE: usize = 200;

impl Desk {
    /// Reads the meeting if it is not known, and tells the people here what they missed.
    pub(super) async fn load(&mut self, room: Option<&Room>) -> Result<()> {
        // What a newcomer saw of the room may be old, or of an earlier room of this name.
        let outdated = |known: &Meeting| room.is_some_and(|room| !same_settings(&known.room, room));
        self.meeting.take_if(|known| outdated(known));
        if self.meeting.is_some() {
            return Ok(());
        }
        let documents = self.shared.documents.as_ref();
        let room = self.shared.room(&self.name).await?;
        let meeting = Meeting::load(documents, room).await?;
        self.session = self.stored_session(&meeting.head).await?;
        self.session_is_old = false;
        if self
            .room_id
            .as_ref()
            .is_some_and(|id| *id != meeting.room.id)
        {
            self.gone();
        }
        if !self.seats.is_empty() {
            let documents = self.shared.documents.as_ref();
            let (room, until) = (&meeting.room.id, meeting.head.commits);
            let missed = entries(documents, room, self.emitted, until).await?;
            self.emit_missed(&meeting, missed).await;
        }
        self.room_id = Some(meeting.room.id.clone());
        self.emitted = meeting.head.commits;
        self.meeting = Some(meeting);
        Ok(())
    }

    /// The stay of people that goes on. A history that cannot be read keeps nobody from meeting;
    /// another one begins.
    pub(super) async fn stored_session(&self, head: &Head) -> Result<Option<Session>> {
        let Some(id) = &head.session else {
            return Ok(None);
        };
        let key = SessionKey::new(BackendName::Local, id);
        let documents = self.shared.documents.as_ref();
        let found = documents.get(SESSIONS.name(), key.id()).await?;
        Ok(found.and_then(|document| SESSIONS.readable(&document)))
    }

    /// Tells the people here what they missed; all there is, if it is not known what that was. It cannot
    /// fail halfway: what some heard is not told again, so the others would never hear it.
    pub(super) async fn emit_missed(
        &mut self,
        meeting: &Meeting,
        missed: Option<Vec<(u64, MeetingEntry)>>,
    ) {
        let Some(wire) = self.shared.wire.get().cloned() else {
            return;
        };
        let Some(entries) = missed else {
            return self.welcome_everybody(meeting).await;
        };
        let missed: usize = entries
            .iter()
            .map(|(_, entry)| entry.happenings.len())
            .sum();
        if missed > ONE_BY_ONE {
            return self.welcome_everybody(meeting).await;
        }
        for (number, entry) in entries {
            self.emitted = number;
            for happening in &entry.happenings {
                if let Happening::Admitted { id } = happening
                    && let Some(welcome) = self.welcome(meeting, id)
                {
                    let welcome = self.filled(meeting, welcome).await;
                    self.seats.welcome(wire.as_ref(), &welcome);
                }
                self.seats.emit_lost(wire.as_ref(), happening);
                wire.happened(&self.name, happening);
                self.seats.emit(wire.as_ref(), happening);
                if let Happening::Role { id, .. } = happening {
                    self.emit_waiting(meeting, id);
                }
            }
        }
        self.seats.check(wire.as_ref(), meeting);
        self.seats.level();
    }

    /// Too much happened to be told one by one.
    async fn welcome_everybody(&mut self, meeting: &Meeting) {
        let Some(wire) = self.shared.wire.get().cloned() else {
            return;
        };
        self.seats.check(wire.as_ref(), meeting);
        for id in self.seats.ids() {
            if let Some(welcome) = self.welcome(meeting, &id) {
                let welcome = self.filled(meeting, welcome).await;
                self.seats.welcome(wire.as_ref(), &welcome);
                self.emit_waiting(meeting, &id);
            }
        }
        self.seats.level();
    }

    /// The room was deleted.
    pub(super) fn gone(&mut self) {
        if let Some(wire) = self.shared.wire.get() {
            let why = Ending::Deleted;
            let ended = Happening::Ended { why };
            wire.happened(&self.name, &ended);
            self.seats.emit(wire.as_ref(), &ended);
        }
    }

    /// A host who comes learns who waits to be let in.
    pub(super) fn emit_waiting(&self, meeting: &Meeting, id: &str) {
        let Some(wire) = self.shared.wire.get() else {
            return;
        };
        let host = meeting
            .people
            .get(id)
            .is_some_and(|stored| stored.person.is_host());
        let Some(seat) = self.seats.inside(id, None).filter(|_| host) else {
            return;
        };
        for stored in meeting.people.values() {
            if stored.person.place == Place::Waiting {
                let person = stored.person.clone();
                for packet in wire.packets(&Happening::Waiting { person }) {
                    seat.emit(&packet);
                }
            }
        }
    }

    /// What somebody who is inside finds, but for the messages.
    pub(super) fn welcome(&self, meeting: &Meeting, id: &str) -> Option<Welcome> {
        let me = meeting.people.get(id)?;
        if me.person.place != Place::Inside || self.shared.wire.get().is_none() {
            return None;
        }
        let visible = meeting.people.values();
        let visible = visible.filter(|stored| stored.person.place != Place::Waiting);
        Some(Welcome {
            room: meeting.room.name.clone(),
            title: meeting.room.title().to_owned(),
            locked: meeting.head.locked,
            me: id.to_owned(),
            key: None,
            people: visible.map(|stored| stored.person.clone()).collect(),
            messages: Vec::new(),
            more: false,
            until: meeting.head.messages,
        })
    }

    /// The same with the messages, if they can be read.
    pub(super) async fn filled(&self, meeting: &Meeting, welcome: Welcome) -> Welcome {
        let documents = self.shared.documents.as_ref();
        let until = welcome.until + 1;
        let most = Most {
            messages: PAGE,
            bytes: self.shared.settings.page_size,
        };
        let (room, me) = (&meeting.room.id, Some(welcome.me.as_str()));
        let part = archive::before(documents, room, me, until, most).await;
        match part {
            Ok(part) => Welcome {
                messages: part.messages,
                more: part.next.is_some(),
                ..welcome
            },
            // Without the messages is better than not at all: they can be asked for.
            Err(error) => {
                tracing::warn!(room = %self.name, %error, "messages could not be read");
                Welcome {
                    more: welcome.until > 0,
                    ..welcome
                }
            }
        }
    }
}

/// Whether two states of a room are the same for whoever is in it.
fn same_settings(a: &Room, b: &Room) -> bool {
    a.id == b.id
        && a.privacy == b.privacy
        && a.not_before == b.not_before
        && a.expires_at == b.expires_at
        && a.max_participants == b.max_participants
        && a.has_hosts == b.has_hosts
        && a.properties == b.properties
}
