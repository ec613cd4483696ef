//! The ports for rooms: what they are ([`Rooms`]), who is in them ([`Occupancy`]), who may come in
//! ([`Tokens`]). One conformance suite runs over every implementation.

pub mod bandwidth;
mod callbacks;
pub mod daily;
pub mod hundred_ms;
mod nameless;
pub mod one_by_one;
pub mod opentok;
pub mod registered;
mod registry;
mod signed_moment;
mod stored_sessions;

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::{Error, Kind, Result};
use crate::model::callback::{Callback, RawCallback};
use crate::model::health::Probe;
use crate::model::recording::{Recording, RecordingFilter, RecordingLink, RecordingSpec};
use crate::model::report::{Cost, DeletedRoom};
use crate::model::session::{Session, SessionFilter};
use crate::model::{
    BackendName, Grant, JoinToken, Page, PageRequest, Participant, Room, RoomName, RoomPatch,
    RoomSpec, TokenFacts,
};

pub use bandwidth::{BandwidthBackend, BandwidthSettings};
pub use callbacks::{BandwidthCallbacks, DailyCallbacks, HundredMsCallbacks, OpentokCallbacks};
pub use daily::{DailyBackend, DailySettings};
pub use hundred_ms::{HundredMsBackend, HundredMsSettings};
pub use opentok::{OpentokBackend, OpentokSettings};
pub use registered::{RegisteredRooms, registry_page};
pub(crate) use registry::taken;
pub use stored_sessions::StoredSessions;

/// What a backend can do. What it cannot do returns [`Kind::Unsupported`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent abilities, shown as such"
)]
pub struct Capabilities {
    /// Can enumerate its rooms by itself.
    pub list: bool,
    /// Can change a room's settings.
    pub update: bool,
    /// Removes rooms for good, rather than disabling or forgetting them.
    pub delete: bool,
    /// Closes rooms by itself at a given time.
    pub expiry: bool,
    /// Knows who is in a room.
    pub participants: bool,
    /// Knows when rooms were used.
    pub history: bool,
    /// How many rooms it is asked to delete at a time.
    pub delete_batch: usize,
}

/// Rooms at one vendor.
#[async_trait]
pub trait Rooms: Send + Sync {
    /// What this vendor can do.
    fn capabilities(&self) -> Capabilities;

    /// Makes a room. Safe to repeat after an unknown outcome: if the lost attempt made it, that
    /// room is returned.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when the name is taken.
    async fn create(&self, spec: &RoomSpec) -> Result<Room>;

    /// One room.
    ///
    /// # Errors
    /// [`Kind::NotFound`].
    async fn get(&self, name: &RoomName) -> Result<Room>;

    /// A page of rooms in the vendor's own order, each exactly once while none is made or removed.
    async fn list(&self, page: &PageRequest) -> Result<Page<Room>>;

    /// Changes a room's settings.
    ///
    /// # Errors
    /// [`Kind::NotFound`].
    async fn update(&self, name: &RoomName, patch: &RoomPatch) -> Result<Room>;

    /// Removes rooms, sending everyone out, and says truthfully what became of each. An item that
    /// fails does not stop the others; an error means that nothing is known of any.
    async fn delete(&self, names: &[RoomName]) -> Result<Vec<DeletedRoom>>;

    /// What deleting `names` rooms will cost when `existing` rooms exist in all.
    fn delete_cost(&self, names: u64, existing: u64) -> Cost;
}

/// Who is and was in the rooms of one vendor.
#[async_trait]
pub trait Occupancy: Send + Sync {
    /// Who is in a room now.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such room.
    async fn participants(&self, room: &RoomName) -> Result<Vec<Participant>>;

    /// Sends everyone out; the room stays. Returns how many there were.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such room.
    async fn end(&self, room: &RoomName) -> Result<u64>;

    /// Every room that somebody is in now, with how many.
    async fn occupied(&self) -> Result<HashMap<String, u64>>;

    /// Every room that was in use after `since`, with the last moment that is known.
    async fn used_since(&self, since: Timestamp) -> Result<HashMap<String, Timestamp>>;
}

/// Join tokens for the rooms of one vendor. Each names its room and its end.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// What clients call the account that join tokens are made for; empty where they need not know.
    fn issuer(&self) -> &str;

    /// Whether making a token finds out by itself whether there is such a room.
    fn looks_rooms_up(&self) -> bool {
        true
    }

    /// Whether a token can be for one person at a time, as whoever lets people in knows who is there.
    fn knows_people(&self) -> bool {
        false
    }

    /// Makes a join token.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when the vendor knows that there is no such room.
    async fn mint(&self, grant: &Grant) -> Result<JoinToken>;

    /// Reads a join token and says whether it opens anything now.
    async fn inspect(&self, token: &str) -> Result<TokenFacts>;
}

/// What took place in the rooms of one vendor.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// A page of sessions, the newest first; it may be larger than asked for where the vendor's
    /// smallest page is.
    async fn list(&self, filter: &SessionFilter, page: &PageRequest) -> Result<Page<Session>>;

    /// One session.
    ///
    /// # Errors
    /// [`Kind::NotFound`].
    async fn get(&self, id: &str) -> Result<Session>;
}

/// Recordings of the rooms of one vendor.
#[async_trait]
pub trait Recordings: Send + Sync {
    /// Begins to record.
    ///
    /// # Errors
    /// [`Kind::Conflict`] when it is recorded already.
    async fn start(&self, spec: &RecordingSpec) -> Result<Recording>;

    /// Ends a recording; the file comes later.
    ///
    /// # Errors
    /// [`Kind::NotFound`], [`Kind::Conflict`] when it
    /// is over already.
    async fn stop(&self, id: &str) -> Result<Recording>;

    /// One recording.
    ///
    /// # Errors
    /// [`Kind::NotFound`].
    async fn get(&self, id: &str) -> Result<Recording>;

    /// A page of recordings, the newest first; it may be larger than asked for where the vendor's
    /// smallest page is.
    async fn list(&self, filter: &RecordingFilter, page: &PageRequest) -> Result<Page<Recording>>;

    /// A link to the file, made now.
    ///
    /// # Errors
    /// [`Kind::Conflict`] while there is no file.
    async fn link(&self, id: &str) -> Result<RecordingLink>;

    /// Removes a recording for good.
    ///
    /// # Errors
    /// [`Kind::NotFound`].
    async fn delete(&self, id: &str) -> Result<()>;
}

/// For vendors whose sessions are told by the names of rooms.
fn by_name_only(filter: &SessionFilter) -> Result<()> {
    match filter.room_id {
        Some(_) => Err(Error::unsupported(
            "sessions of this backend are found by the name of their room",
        )),
        None => Ok(()),
    }
}

/// Our sentence for a vendor's 404 about a recording.
fn no_recording(id: &str, error: Error) -> Error {
    match error.kind() {
        Kind::NotFound => error.saying(format!("there is no recording `{id}`")),
        _ => error,
    }
}

/// People's ways into a call where the vendor makes each of them.
#[async_trait]
pub trait VendorParticipants: Send + Sync {
    /// Makes a join token with a participant of its own, who is not in the room yet, so that it can
    /// be noted before the next step; returns the participant's id beside it.
    async fn open(&self, grant: &Grant) -> Result<(JoinToken, String)>;

    /// Lets a participant into the room.
    async fn join(&self, room: &RoomName, participant: &str) -> Result<()>;

    /// Takes back what making a token made. Nothing happens if it is gone.
    async fn close(&self, room: &RoomName, participant: &str) -> Result<()>;
}

/// What a vendor tells by itself.
pub trait Callbacks: Send + Sync {
    /// Whether the vendor sent this.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`] when it did not, or nobody can tell.
    fn check(&self, raw: &RawCallback<'_>, now: Timestamp) -> Result<()>;

    /// Understands what it says.
    ///
    /// # Errors
    /// [`Kind::BadGateway`] when it is not as documented.
    fn read(&self, body: &Value) -> Result<Callback>;
}

/// One vendor, ready to use.
#[derive(Clone)]
pub struct RoomBackend {
    /// The name that configuration, paths and the registry use.
    pub name: BackendName,
    /// What makes, lists and deletes its rooms.
    pub rooms: Arc<dyn Rooms>,
    /// Who is in them.
    pub occupancy: Arc<dyn Occupancy>,
    /// Who may come in.
    pub tokens: Arc<dyn Tokens>,
    /// What took place, where that is known.
    pub history: Option<Arc<dyn Sessions>>,
    /// Recordings, where there are any.
    pub recorder: Option<Arc<dyn Recordings>>,
    /// What join tokens leave behind, where they do.
    pub participants: Option<Arc<dyn VendorParticipants>>,
    /// What the vendor tells by itself, where it is listened to.
    pub callbacks: Option<Arc<dyn Callbacks>>,
    /// What `tok doctor` and `/readyz` ask of it.
    pub probe: Arc<dyn Probe>,
}

impl RoomBackend {
    /// What took place in its rooms.
    ///
    /// # Errors
    /// [`Kind::Unsupported`] where nobody knows.
    pub fn sessions(&self) -> Result<&dyn Sessions> {
        self.history.as_deref().ok_or_else(|| {
            let name = self.name;
            Error::unsupported(format!(
                "{name} has no history of sessions by itself; let it call /webhooks/{name} and set {name}.webhook_secret"
            ))
        })
    }

    /// Its recordings.
    ///
    /// # Errors
    /// [`Kind::Unsupported`] where there are none.
    pub fn recordings(&self) -> Result<&dyn Recordings> {
        self.recorder.as_deref().ok_or_else(|| {
            Error::unsupported(match self.name {
                BackendName::Local => "local rooms record nothing".to_owned(),
                vendor => format!("{} records nothing", vendor.vendor()),
            })
        })
    }
}
