//! What the user documents say of presence.

use std::collections::HashMap;

use jiff::Timestamp;
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

/// How far a phone's clock may be behind for its word to count yet, in milliseconds: time zones are
/// set wrongly more often than years.
const SLOW: i64 = 24 * 3600 * 1000;

/// Whether a document that says `noted` has to be written because the source says `told`, or knows
/// nothing any more. Whoever compares both sides does it by this.
pub(super) fn is_untrue(noted: Noted, told: Option<Presence>, now: Timestamp) -> bool {
    match told {
        Some(told) => noted.differs(told, now),
        None => noted.state == Some(PresenceState::Online),
    }
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

    /// Whether `told` is news to the document. Of another state it is, unless the document knows that
    /// since clearly later; of the same one, if it is later.
    fn differs(self, told: Presence, now: Timestamp) -> bool {
        if self.state == Some(told.state) {
            return told.last_changed > self.last_changed;
        }
        let said = told.last_changed != 0 && !told.by_connection;
        let noted = self.last_changed.min(now.as_millisecond());
        !said || told.last_changed.saturating_add(SLOW) >= noted
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_state_is_news_unless_it_is_clearly_older_and_the_same_one_if_it_is_newer() {
        use PresenceState::{Offline, Online};
        let noted = Noted {
            state: Some(Online),
            last_changed: 10,
        };
        let now = Timestamp::from_millisecond(10 + 3 * SLOW).expect("a moment");
        let told = |state, last_changed, by_connection| Presence {
            state,
            last_changed,
            by_connection,
        };
        let news = |state, at, by_connection| noted.differs(told(state, at, by_connection), now);
        let later = |last_changed| Noted {
            state: Some(Online),
            last_changed,
        };
        let old = told(Offline, 10, false);
        assert!(later(10 + SLOW).differs(old, now));
        assert!(!later(11 + SLOW).differs(old, now));
        // A document that is ahead says so since now.
        assert!(later(i64::MAX).differs(told(Offline, 10 + 2 * SLOW, false), now));
        assert!(!later(i64::MAX).differs(told(Online, 10 + 2 * SLOW, false), now));
        for (state, at, by_connection, differs) in [
            (Offline, 9, false, true),
            (Online, 9, false, false),
            (Offline, 10, false, true),
            (Online, 10, false, false),
            (Online, 11, false, true),
            (Offline, 0, false, true),
            (Online, 0, false, false),
            // What is known of connections counts, however old they are.
            (Offline, 9, true, true),
            (Online, 9, true, false),
            (Online, 11, true, true),
        ] {
            let told = news(state, at, by_connection);
            assert_eq!(told, differs, "{state:?} since {at}, {by_connection}");
        }
    }
}
