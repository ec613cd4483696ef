//! What is noted in a room's own document of what happens there: when it was used, and whether it is
//! locked.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::LocalRooms;
use crate::meeting::state::Meeting;
use crate::model::Room;
use crate::records::ROOMS;
use crate::records::documents::{Precondition, Write};

/// How closely the last use of a room is known.
const USE_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// How a room is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Somebody is in it.
    Inside,
    /// Nobody is, but something was done for whoever will be.
    Prepared,
}

impl Use {
    /// Whether that is noted already.
    pub(super) fn is_noted(self, room: &Room, now: Timestamp) -> bool {
        let lately = now.saturating_sub(USE_EVERY).unwrap_or(now);
        let noted = match self {
            Self::Inside => room.last_joined_at,
            Self::Prepared => room.last_used_at,
        };
        noted.is_some_and(|at| at > lately)
    }

    /// The write that notes it; a conflict when the room was deleted meanwhile.
    pub(super) fn write(self, room: &Room, now: Timestamp) -> Write {
        write(room, Map::from_iter([self.field(now)]))
    }

    fn field(self, now: Timestamp) -> (String, Value) {
        let field = match self {
            Self::Inside => "last_joined_at",
            Self::Prepared => "last_used_at",
        };
        (field.to_owned(), json!(now))
    }
}

/// The write that notes what a commit did, if there is anything to note: that the room is used, at most
/// once a minute, and with the first commit, which must not happen in a room that was deleted meanwhile;
/// and that it was locked or unlocked, if it `locks`.
pub(in crate::meeting) fn note(
    meeting: &mut Meeting,
    locks: bool,
    now: Timestamp,
) -> Option<Write> {
    let mut fields = Map::new();
    if let Some(way) = use_of(meeting, now) {
        fields.extend([way.field(now)]);
        let room = &mut meeting.room;
        match way {
            Use::Inside => room.last_joined_at = Some(now),
            Use::Prepared => room.last_used_at = Some(now),
        }
    }
    if locks {
        fields.insert("locked".to_owned(), meeting.head.locked.into());
    }
    (!fields.is_empty()).then(|| write(&meeting.room, fields))
}

/// How the room is used, if that is to be noted.
fn use_of(meeting: &Meeting, now: Timestamp) -> Option<Use> {
    let mut people = meeting.people.values();
    let way = if people.any(|stored| stored.person.is_inside()) {
        Use::Inside
    } else {
        Use::Prepared
    };
    let first = meeting.unchanged == Precondition::Missing;
    let known = way.is_noted(&meeting.room, now);
    (first || (!known && way == Use::Inside)).then_some(way)
}

fn write(room: &Room, fields: Map<String, Value>) -> Write {
    // Whoever leaves must be able to, also when the store is full.
    let write = ROOMS.merge(&LocalRooms::key(&room.name), fields);
    write.bookkeeping().only_if(Precondition::Exists)
}
