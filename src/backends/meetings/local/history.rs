//! Stays of people, as `tok session list` tells them: from the first who comes to the last who goes.

use super::rules::Rules;
use crate::model::meeting::Person;
use crate::model::session::{Leg, Session};
use crate::model::{BackendName, ambient};

/// Stays in one document; what comes after it is told as another session.
const LEGS: usize = 1000;

/// Somebody came in.
pub(super) fn joined(rules: &mut Rules<'_>, person: &Person) {
    let now = rules.now;
    if rules
        .session
        .as_ref()
        .is_some_and(|of| of.legs.len() >= LEGS)
    {
        end(rules);
        let rest: Vec<Leg> = rules
            .inside()
            .map(|stored| leg(&stored.person, now))
            .collect();
        let session = begin(rules);
        session.legs = rest;
        return;
    }
    let stay = leg(person, now);
    if rules.session.is_none() {
        begin(rules);
    }
    if let Some(session) = rules.session {
        session.legs.push(stay);
        rules.draft.session = true;
    }
}

/// Somebody is about to go.
pub(super) fn left(rules: &mut Rules<'_>, id: &str) {
    let now = rules.now;
    let Some(session) = rules.session else { return };
    let open = |leg: &&mut Leg| leg.participant_id == id && leg.left_at.is_none();
    if let Some(leg) = session.legs.iter_mut().rev().find(open) {
        leg.left_at = Some(now);
        rules.draft.session = true;
    }
    if session.legs.iter().all(|leg| leg.left_at.is_some()) {
        end(rules);
    }
}

fn leg(person: &Person, now: jiff::Timestamp) -> Leg {
    Leg {
        participant_id: person.id.clone(),
        user_id: person.user_id.clone(),
        user_name: Some(person.name.clone()),
        joined_at: now,
        left_at: None,
    }
}

fn begin<'a>(rules: &'a mut Rules<'_>) -> &'a mut Session {
    let id = ambient::uuid(rules.random);
    rules.meeting.head.session = Some(id.clone());
    rules.draft.session = true;
    rules.session.insert(Session {
        id,
        room: rules.meeting.room.name.to_string(),
        backend: BackendName::Local,
        started_at: rules.now,
        ended_at: None,
        legs: Vec::new(),
        vendor: None,
    })
}

fn end(rules: &mut Rules<'_>) {
    if let Some(session) = rules.session.take() {
        rules.meeting.head.session = None;
        rules.draft.over.push(Session {
            ended_at: Some(rules.now),
            ..session
        });
    }
}
