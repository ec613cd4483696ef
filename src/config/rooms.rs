//! `[rooms]`: where rooms live.

use super::Config;
use super::mistake::{Checked, needs};
use super::section::{choice, section};
use crate::model::BackendName;

section! {
    [rooms]
    /// Where rooms live.
    pub struct RoomsSection {
        /// where rooms live unless a request says otherwise
        backend: BackendName = "'local'",
        /// how media goes in local rooms: "auto" through this server from the third person on, "mesh"
        /// always from browser to browser, "relayed" always through this server
        media: RoomMedia = "'auto'",
    }
}

choice! {
    /// How media goes in local rooms.
    pub enum RoomMedia {
        /// Through this server from the third person on.
        Auto = "auto",
        /// From browser to browser.
        Mesh = "mesh",
        /// Through this server.
        Relayed = "relayed",
    }
}

/// The usual vendor must be available.
pub(super) fn check(config: &Config) -> Checked {
    let backend = config.rooms.backend;
    needs("rooms.backend", backend.as_str(), missing(config, backend))
}

/// Points out sections that were begun and not finished: that vendor is not available.
pub(super) fn warnings(config: &Config) -> Vec<String> {
    let begun = [
        (BackendName::HundredMs, config.hundred_ms.is_begun()),
        (BackendName::Opentok, config.opentok.is_begun()),
        (BackendName::Bandwidth, config.bandwidth.is_begun()),
    ];
    let begun = begun.into_iter().filter(|(_, begun)| *begun);
    begun
        .filter_map(|(backend, _)| {
            let missing = missing(config, backend)?;
            Some(format!("{backend} is not available: {missing} is not set"))
        })
        .collect()
}

/// What a vendor's section needs and has not.
fn missing(config: &Config, backend: BackendName) -> Option<&'static str> {
    match backend {
        BackendName::Local => None,
        BackendName::Daily => config.daily.missing(),
        BackendName::HundredMs => config.hundred_ms.missing(),
        BackendName::Opentok => config.opentok.missing(),
        BackendName::Bandwidth => config.bandwidth.missing(),
    }
}
