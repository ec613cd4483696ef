//! The port for knowing who is there.
//!
//! * A watch tells the whole state first, then every change, whatever becomes of connections on
//!   the way; a state that did not change is not told again.
//! * Somebody with several connections is there while one of them is.

mod local;
mod realtime_database;

use async_trait::async_trait;
use futures_util::stream::BoxStream;

use crate::error::Result;
use crate::model::presence::{ConnectionSign, Presence, PresenceState};

pub use local::LocalPresences;
pub use realtime_database::{RealtimeDatabase, RealtimeDatabaseSettings};

/// What a watch tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PresenceEvent {
    /// Somebody is now so; nothing if nothing is known of them any more.
    Person(String, Option<Presence>),
    /// The whole state was told; what follows are changes.
    Current,
}

/// What a watch tells; it only ends with an error.
pub type PresenceStream = BoxStream<'static, Result<PresenceEvent>>;

/// Where presence comes from. The module documentation is the contract.
#[async_trait]
pub trait Presences: Send + Sync {
    /// Whether `tok` alone writes there, so that an empty state is to be believed. Of others'
    /// databases it rather says that the address or path is wrong.
    fn is_own(&self) -> bool;

    /// Everybody, then every change.
    ///
    /// # Errors
    /// [`Kind::Guard`](crate::Kind::Guard) in the stream when a whole state that cannot be right
    /// would mean that everybody left.
    fn watch(&self) -> PresenceStream;

    /// Says why nothing is told, if it can be found out; [`watch`](Self::watch) tries again and again.
    ///
    /// # Errors
    /// Those of the source.
    async fn explain_silence(&self) -> Result<()> {
        Ok(())
    }

    /// One person, and each of their connections; nothing if nothing is known.
    async fn get(&self, user: &str) -> Result<Option<(Presence, Vec<ConnectionSign>)>>;

    /// Notes what a connection says of itself, and who said it; it counts as gone after `life_ms` if
    /// that is given and it says nothing more.
    ///
    /// # Errors
    /// [`Kind::Unsupported`](crate::Kind::Unsupported) where apps write by themselves.
    async fn announce(
        &self,
        user: &str,
        connection: &str,
        (state, life_ms): (PresenceState, Option<i64>),
        said_by: &str,
    ) -> Result<()>;

    /// How many connections there are whose time is over.
    async fn expired(&self) -> Result<u64> {
        Ok(0)
    }

    /// Removes connections whose time is over; returns how many there were.
    async fn expire(&self) -> Result<u64>;
}
