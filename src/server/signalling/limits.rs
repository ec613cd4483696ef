//! How much people may do over sockets.

use std::net::IpAddr;
use std::sync::Arc;

use governor::Quota;

use crate::config::SignallingSection;
use crate::error::Result;
use crate::model::RoomName;
use crate::server::rate_limit::{Keyed, network, quota};

/// The limits of everybody.
pub(super) struct SocketLimits {
    /// Events of one connection.
    pub(super) events: Option<Quota>,
    messages: Arc<Keyed<String>>,
    rooms: Arc<Keyed<RoomName>>,
    creations: Keyed<IpAddr>,
}

impl SocketLimits {
    /// `messages` and `rooms` count what participants do over HTTP as well.
    pub(super) fn new(
        signalling: &SignallingSection,
        messages: Arc<Keyed<String>>,
        rooms: Arc<Keyed<RoomName>>,
    ) -> Self {
        Self {
            events: signalling.event_rate.0.and_then(quota),
            messages,
            rooms,
            creations: Keyed::new(signalling.create_rate.0, "too many rooms"),
        }
    }

    pub(super) fn check_message(&self, sender: &str) -> Result<()> {
        self.messages.check(&sender.to_owned())
    }

    pub(super) fn check_room(&self, room: &RoomName) -> Result<()> {
        self.rooms.check(room)
    }

    pub(super) fn check_creation(&self, address: Option<IpAddr>) -> Result<()> {
        match address {
            Some(address) => self.creations.check(&network(address)),
            None => Ok(()),
        }
    }
}
