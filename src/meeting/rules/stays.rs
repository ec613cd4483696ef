//! Stays of people, as `tok session list` tells them: from the first who comes to the last who goes.

use super::Rules;
use crate::model::meeting::{Departure, Person};
use crate::model::session::{Session, Stay};
use crate::model::{BackendName, random};

/// Stays in one document; what comes after it is told as another session.
const MOST_STAYS: usize = 1000;

impl Rules<'_> {
    /// Somebody came in: their stay begins, and with the first one a session.
    pub(super) fn stay_began(&mut self, person: &Person) {
        let now = self.now;
        if self
            .session
            .as_ref()
            .is_some_and(|of| of.legs.len() >= MOST_STAYS)
        {
            self.end_session();
            let open: Vec<Stay> = self
                .inside()
                .map(|stored| stay_of(&stored.person, stored.node.as_deref(), now))
                .collect();
            let session = self.begin();
            session.legs = open;
            return;
        }
        let node = self.node;
        let stay = stay_of(person, Some(node), now);
        if self.session.is_none() {
            self.begin();
        }
        if let Some(session) = self.session {
            session.legs.push(stay);
            self.draft.session = true;
        }
    }

    /// Somebody is about to go.
    pub(super) fn stay_ended(&mut self, id: &str, why: Option<Departure>) {
        let now = self.now;
        let Some(session) = self.session else { return };
        let open = |stay: &&mut Stay| stay.participant_id == id && stay.left_at.is_none();
        if let Some(stay) = session.legs.iter_mut().rev().find(open) {
            stay.left_at = Some(now);
            stay.why = why;
            self.draft.session = true;
        }
        if session.legs.iter().all(|stay| stay.left_at.is_some()) {
            self.end_session();
        }
    }

    fn begin(&mut self) -> &mut Session {
        let id = random::uuid(self.random);
        self.meeting.head.session = Some(id.clone());
        self.draft.session = true;
        self.session.insert(Session {
            id,
            room: self.meeting.room.name.to_string(),
            backend: BackendName::Local,
            started_at: self.now,
            ended_at: None,
            legs: Vec::new(),
            locks: Vec::new(),
            vendor: None,
        })
    }

    fn end_session(&mut self) {
        if let Some(mut session) = self.session.take() {
            self.meeting.head.session = None;
            session.ended_at = Some(self.now);
            // Whoever stays on is told of in the next one, from now.
            for stay in &mut session.legs {
                stay.left_at.get_or_insert(self.now);
            }
            self.draft.over.push(session);
        }
    }
}

fn stay_of(person: &Person, node: Option<&str>, now: jiff::Timestamp) -> Stay {
    Stay {
        participant_id: person.id.clone(),
        user_id: person.user_id.clone(),
        user_name: Some(person.name.clone()),
        joined_at: now,
        left_at: None,
        node: node.map(str::to_owned),
        why: None,
    }
}
