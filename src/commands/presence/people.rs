//! What the user documents say of presence.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::model::digest::digest;
use crate::model::presence::{Presence, PresenceState, milliseconds};
use crate::records::documents::Document;
use crate::records::fields_of;

/// What a user's document says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Noted {
    /// Its state; none if it says none.
    pub(super) state: Option<PresenceState>,
    /// Since when, in Unix milliseconds; 0 if it does not say.
    pub(super) last_changed: i64,
}

impl Noted {
    /// Reads a user's fields.
    pub(super) fn of(fields: &Map<String, Value>) -> Self {
        let state = match fields.get("state").and_then(Value::as_str) {
            Some("online") => Some(PresenceState::Online),
            Some("offline") => Some(PresenceState::Offline),
            _ => None,
        };
        let last_changed = fields.get("last_changed").and_then(milliseconds);
        Self {
            state,
            last_changed: last_changed.unwrap_or(0),
        }
    }

    /// Whether `now` is news to the document. The newest wins: what is older says nothing, and
    /// what has no time counts as new.
    pub(super) fn differs(self, now: Presence) -> bool {
        if now.last_changed == 0 || (now.by_connection && self.state != Some(now.state)) {
            return self.state != Some(now.state);
        }
        let older = now.last_changed < self.last_changed;
        let same = self.state == Some(now.state) && now.last_changed == self.last_changed;
        !older && !same
    }
}

/// What all user documents say; by digests of the ids, to be small.
#[derive(Default)]
pub(super) struct People(HashMap<u64, Noted>);

impl People {
    pub(super) fn put(&mut self, document: &Document) {
        let noted = Noted::of(&fields_of(document));
        self.0.insert(digest(&document.id), noted);
    }

    pub(super) fn remove(&mut self, id: &str) {
        self.0.remove(&digest(id));
    }

    /// Nothing if there is no such user.
    pub(super) fn get(&self, id: &str) -> Option<Noted> {
        self.0.get(&digest(id)).copied()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// How many are noted as being there.
    pub(super) fn online(&self) -> u64 {
        let online = |noted: &&Noted| noted.state == Some(PresenceState::Online);
        self.0.values().filter(online).count() as u64
    }
}
