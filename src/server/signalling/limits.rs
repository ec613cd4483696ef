//! How much people may do over sockets.

use std::sync::Arc;

use governor::Quota;

use crate::config::SignallingSection;
use crate::error::{Error, Result};
use crate::model::RoomName;
use crate::server::rate_limit::{ByteRate, Keyed, quota};

/// So many seconds' worth of signals may come at once.
const SIGNAL_STOCK: u32 = 4;

/// The limits of everybody.
pub(super) struct SocketLimits {
    /// Events of one connection.
    pub(super) events: Option<Quota>,
    rooms: Arc<Keyed<RoomName>>,
    signals: ByteRate<String>,
    longest_signal: u64,
}

impl SocketLimits {
    /// `rooms` counts what participants do over HTTP as well.
    pub(super) fn new(signalling: &SignallingSection, rooms: Arc<Keyed<RoomName>>) -> Self {
        Self {
            events: signalling.event_rate.0.and_then(quota),
            rooms,
            signals: ByteRate::new(signalling.signal_bytes, SIGNAL_STOCK, "of signals"),
            longest_signal: signalling.longest_signal.as_u64(),
        }
    }

    /// Whether somebody may send a signal of this length to somebody else.
    pub(super) fn check_signal(&self, sender: &str, bytes: usize) -> Result<()> {
        if bytes as u64 > self.longest_signal {
            return Err(Error::invalid(format!(
                "a signal has at most {} bytes",
                self.longest_signal
            )));
        }
        self.signals.check(&sender.to_owned(), bytes)
    }

    pub(super) fn check_room(&self, room: &RoomName) -> Result<()> {
        self.rooms.check(room)
    }
}
