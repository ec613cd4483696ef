//! The ports for rooms: what they are ([`Rooms`]), who is in them ([`Occupancy`]), who may come in
//! ([`Tokens`]). One conformance suite runs over every implementation.

pub mod daily;
pub mod local;
pub mod registered;

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Probe;
use crate::error::Result;
use crate::model::report::{Cost, DeletedRoom};
use crate::model::{
    BackendName, Grant, JoinToken, Page, PageRequest, Participant, Room, RoomName, RoomPatch,
    RoomSpec, TokenFacts,
};

pub use daily::{DailyBackend, DailySettings};
pub use local::LocalRooms;
pub use registered::RegisteredRooms;

/// What a backend can do. What it cannot do returns [`Kind::Unsupported`](crate::Kind::Unsupported).
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
    /// [`Kind::Conflict`](crate::Kind::Conflict) when the name is taken.
    async fn create(&self, spec: &RoomSpec) -> Result<Room>;

    /// One room.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound).
    async fn get(&self, name: &RoomName) -> Result<Room>;

    /// A page of rooms in the vendor's own order, each exactly once while none is made or removed.
    async fn list(&self, page: &PageRequest) -> Result<Page<Room>>;

    /// Changes a room's settings.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound).
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
    /// [`Kind::NotFound`](crate::Kind::NotFound) when there is no such room.
    async fn participants(&self, room: &RoomName) -> Result<Vec<Participant>>;

    /// Sends everyone out; the room stays. Returns how many there were.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) when there is no such room.
    async fn end(&self, room: &RoomName) -> Result<u64>;

    /// Every room that somebody is in now, with how many.
    async fn occupied(&self) -> Result<HashMap<String, u64>>;

    /// Every room that was in use after `since`, with the last moment that is known.
    async fn used_since(&self, since: Timestamp) -> Result<HashMap<String, Timestamp>>;
}

/// Tickets into the rooms of one vendor.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// Makes a ticket.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) when the vendor knows that there is no such room.
    async fn mint(&self, grant: &Grant) -> Result<JoinToken>;

    /// Reads a ticket and says whether it opens anything now.
    async fn inspect(&self, token: &str) -> Result<TokenFacts>;
}

/// One vendor, ready to use.
#[derive(Clone)]
pub struct RoomBackend {
    /// Which one.
    pub name: BackendName,
    /// Its rooms.
    pub rooms: Arc<dyn Rooms>,
    /// Who is in them.
    pub occupancy: Arc<dyn Occupancy>,
    /// Who may come in.
    pub tokens: Arc<dyn Tokens>,
    /// Whether it works.
    pub probe: Arc<dyn Probe>,
}
