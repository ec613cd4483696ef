//! What documents are addressed by, where that is made of several parts: a type for each, so that no
//! other text can take its place.

use crate::model::BackendName;
use crate::model::notification::Target;

/// What a document of a collection is addressed by.
pub trait DocumentKey: 'static {
    /// The document's id in its collection.
    fn id(&self) -> &str;
}

impl DocumentKey for str {
    fn id(&self) -> &str {
        self
    }
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl DocumentKey for $name {
            fn id(&self) -> &str {
                &self.0
            }
        }

        impl $name {
            /// The document's id in its collection.
            pub fn id(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(key: $name) -> Self {
                key.0
            }
        }
    )*};
}

keys! {
    /// A room in the registry: its backend and its name.
    RoomKey
    /// A session: its backend and the backend's id.
    SessionKey
    /// A notification that waits: for whom, and its id.
    InboxKey
    /// A call that is over: who was in it, and its id.
    PersonsCallKey
    /// A connection: whose, and which.
    ConnectionKey
    /// A document that cannot be searched as it is: the index and its id.
    ParkedRecordKey
    /// A document that cannot be read: its collection and its id.
    UnreadableKey
    /// Something that belongs to a meeting: the room's id and its own.
    MeetingKey
}

macro_rules! of_backend {
    ($($name:ident)*) => {$(
        impl $name {
            /// The one of this backend.
            pub fn new(backend: BackendName, id: &str) -> Self {
                Self(Self::all_of(backend) + id)
            }

            /// The beginning of all of a backend's.
            pub fn all_of(backend: BackendName) -> String {
                format!("{backend}:")
            }
        }
    )*};
}

of_backend! { RoomKey SessionKey }

impl InboxKey {
    /// What waits for `to`.
    pub fn new(to: &Target, notification: &str) -> Self {
        Self(Self::all_of(to) + notification)
    }

    /// The beginning of everything that waits for `to`.
    pub fn all_of(to: &Target) -> String {
        let (kind, name) = match to {
            Target::Token(name) => ("token", name),
            Target::User(name) => ("user", name),
            Target::Device(name) => ("device", name),
            Target::Topic(name) => ("topic", name),
        };
        format!("{kind}:{name}:")
    }
}

impl ConnectionKey {
    /// One connection of a user.
    pub fn new(user: &str, connection: &str) -> Self {
        Self(Self::all_of(user) + connection)
    }

    /// The beginning of all of a user's. A user's name may begin with another one's and a colon:
    /// whose a connection is says its record.
    pub fn all_of(user: &str) -> String {
        format!("{user}:")
    }
}

impl PersonsCallKey {
    /// A call that somebody was in.
    pub fn new(person: &str, call: &str) -> Self {
        Self(Self::all_of(person) + call)
    }

    /// The beginning of all of somebody's. As with connections the record says whose it is.
    pub fn all_of(person: &str) -> String {
        format!("{person}:")
    }
}

impl ParkedRecordKey {
    /// A document of an index.
    pub fn new(index: &str, id: &str) -> Self {
        Self(Self::all_of(index) + id)
    }

    /// The beginning of all of an index.
    pub fn all_of(index: &str) -> String {
        format!("{index}:")
    }
}

impl UnreadableKey {
    /// A document of a collection.
    pub fn new(collection: &str, id: &str) -> Self {
        Self(format!("{collection}:{id}"))
    }
}

impl MeetingKey {
    /// Something of a room.
    pub fn new(room_id: &str, id: &str) -> Self {
        Self(Self::all_of(room_id) + id)
    }

    /// The beginning of all of a room's.
    pub fn all_of(room_id: &str) -> String {
        format!("{room_id}/")
    }
}
