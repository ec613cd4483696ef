//! What lasts: one declaration per collection, and the one policy for what cannot be read.
//!
//! Nothing outside of this module names a collection or reads a stored document. Whoever adds a
//! field gives it a default, or raises [`Record::VERSION`] and says in [`Record::upcast`] how older
//! documents become newer ones; `tests/it/stored` holds documents of every release.

mod calls;
mod collection;
mod contend;
mod declaration;
mod devices;
mod document_key;
pub mod documents;
mod idempotency;
mod inbox;
mod keys;
mod leases;
mod meetings;
mod notifications;
mod presence;
mod rooms;
mod runs;
mod seal;
pub mod sealed;
mod search;
mod secrets;
mod sessions;
pub mod unreadable;
mod unreadable_seen;
mod users;
mod webhooks;

pub use calls::{
    BUSY, BusyMark, CALLS_OF_PEOPLE, CallOfPerson, LIVE_CALLS, PAST_CALLS, StoredCall,
};
pub use collection::{Collection, Paged, Record, Stored};
pub use contend::contend;
pub use declaration::{After, Declaration, Expiry, Sealing};
pub use devices::DEVICES;
pub use document_key::{
    ConnectionKey, DocumentKey, InboxKey, MeetingKey, ParkedRecordKey, PersonsCallKey, RoomKey,
    SessionKey, UnreadableKey,
};
pub use idempotency::{IDEMPOTENCY, KeptAnswer, StoredRequest};
pub use inbox::{INBOX, StoredArrival};
pub use keys::KEYS;
pub use leases::{LEASES, LOOPS, StoredLease, StoredLoop};
pub use meetings::{
    Ban, HAPPENINGS, HEADS, Head, LEFTOVERS, MESSAGES, MeetingEntry, NODES, NamedMessage, NodeSign,
    PEOPLE, StoredPerson, entry_number,
};
pub use notifications::{
    NOTIFICATIONS, OUTCOMES, PARKED_NOTIFICATIONS, ParkedNotification, StoredOutcome,
};
pub use presence::{CONNECTIONS, StoredConnection};
pub use rooms::{APP_ROOMS, ROOM_END, ROOMS};
pub use runs::{
    DELETIONS, DeletionRun, EARLIER_RUNS, EPOCHS, Epoch, REINDEXES, ReindexMode, ReindexRun,
};
pub use seal::{Seal, SealState};
pub use sealed::SealedCollection;
pub use search::{PARKED_RECORDS, ParkedRecord};
pub use secrets::{SECRETS, StoredSecret};
pub use sessions::SESSIONS;
pub use users::{USER_CALL, USERS, user_calls};
pub use webhooks::{WEBHOOKS, delivery_id};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::documents::Document;

/// A document of the app's own, of which `tok` knows some fields.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(pub Map<String, Value>);

impl Record for Fields {
    const VERSION: u32 = 0;
}

/// A document of which nothing but its being there matters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {}

impl Record for Marker {}

/// Every collection that has a name of its own.
pub const ALL: [Declaration; 32] = [
    APP_ROOMS.declaration(),
    BUSY.declaration(),
    CALLS_OF_PEOPLE.declaration(),
    CONNECTIONS.declaration(),
    DELETIONS.declaration(),
    DEVICES.declaration(),
    EARLIER_RUNS.declaration(),
    EPOCHS.declaration(),
    HAPPENINGS.declaration(),
    HEADS.declaration(),
    IDEMPOTENCY.declaration(),
    INBOX.declaration(),
    KEYS.declaration(),
    LEASES.declaration(),
    LEFTOVERS.declaration(),
    LIVE_CALLS.declaration(),
    LOOPS.declaration(),
    MESSAGES.declaration(),
    NODES.declaration(),
    NOTIFICATIONS.declaration(),
    OUTCOMES.declaration(),
    PARKED_NOTIFICATIONS.declaration(),
    PARKED_RECORDS.declaration(),
    PAST_CALLS.declaration(),
    PEOPLE.declaration(),
    REINDEXES.declaration(),
    ROOMS.declaration(),
    SECRETS.declaration(),
    SESSIONS.declaration(),
    unreadable::UNREADABLE.declaration(),
    USERS.declaration(),
    WEBHOOKS.declaration(),
];

/// The collection called `name`.
pub fn declared(name: &str) -> Option<&'static Declaration> {
    static DECLARED: [Declaration; ALL.len()] = ALL;
    DECLARED.iter().find(|declared| declared.name == name)
}

/// What a document says as a map of its fields, whatever it is; empty if it is none.
pub fn fields_of(document: &Document) -> Map<String, Value> {
    serde_json::from_str(&document.json).unwrap_or_default()
}
