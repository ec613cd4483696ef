//! A connection, as the engine of meetings knows it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::socket::Connection;
use crate::meeting::{Packet, Seat};

/// A connection as the seat of somebody in a room.
pub(super) struct SocketSeat {
    connection: Arc<Connection>,
    dismissed: AtomicBool,
}

impl SocketSeat {
    pub(super) fn new(connection: Arc<Connection>) -> Self {
        Self {
            connection,
            dismissed: AtomicBool::new(false),
        }
    }

    /// Whether its holder was taken out of the room.
    pub(super) fn is_dismissed(&self) -> bool {
        self.dismissed.load(Ordering::Relaxed)
    }
}

impl Seat for SocketSeat {
    fn id(&self) -> &str {
        self.connection.id()
    }

    fn emit(&self, packet: &Packet) {
        self.connection.send(packet);
    }

    fn takes_signals(&self) -> bool {
        self.connection.takes_signals()
    }

    fn dismiss(&self, barred: bool) {
        self.connection
            .dismiss(barred, || self.dismissed.store(true, Ordering::Relaxed));
    }
}
