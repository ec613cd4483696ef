//! Clients that are told everything and say nothing.

use serde_json::value::RawValue;
use tok::meeting::{Packet, Seat, Wire};
use tok::model::RoomName;
use tok::model::happening::Happening;
use tok::model::meeting::Welcome;

/// The seat of somebody who takes whatever is told, by its id.
pub(super) struct Chair(pub(super) String);

impl Seat for Chair {
    fn id(&self) -> &str {
        &self.0
    }

    fn emit(&self, _: &Packet) {}

    fn takes_signals(&self) -> bool {
        true
    }

    fn dismiss(&self, _: bool) {}
}

/// A wire on which nothing can be heard.
pub(super) struct Silent;

fn silence() -> Packet {
    Packet {
        name: "silence",
        arguments: Vec::new(),
    }
}

impl Wire for Silent {
    fn happened(&self, _: &RoomName, _: &Happening) {}

    fn packets(&self, _: &Happening) -> Vec<Packet> {
        Vec::new()
    }

    fn farewell(&self, _: &Happening) -> Vec<Packet> {
        Vec::new()
    }

    fn replaced(&self) -> Packet {
        silence()
    }

    fn lost(&self) -> Packet {
        silence()
    }

    fn welcome(&self, _: &Welcome) -> Packet {
        silence()
    }

    fn signal(&self, _: &str, _: &RawValue) -> Packet {
        silence()
    }
}
