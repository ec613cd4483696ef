//! 100ms' objects, named as 100ms names them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::parse;
use crate::error::Result;
use crate::model::session::{Session, Stay};
use crate::model::{BackendName, Privacy, Room, RoomName};

/// The vendor's pages have at least and at most so many items.
pub(super) const SMALLEST_PAGE: usize = 10;
pub(super) const LARGEST_PAGE: usize = 100;

/// A page of anything.
#[derive(Deserialize)]
pub(super) struct HundredMsList<T> {
    #[serde(default = "none")]
    pub(super) data: Option<Vec<T>>,
    #[serde(default)]
    last: Option<String>,
    /// How many were asked for.
    #[serde(skip)]
    pub(super) asked: usize,
}

fn none<T>() -> Option<Vec<T>> {
    None
}

impl<T> HundredMsList<T> {
    /// The cursor of the next page; a short page is the last one.
    pub(super) fn next(&self) -> Option<String> {
        let full = self
            .data
            .as_ref()
            .is_some_and(|data| data.len() >= self.asked);
        self.last.clone().filter(|last| full && !last.is_empty())
    }
}

/// A room as far as we read it.
#[derive(Deserialize)]
pub(super) struct HundredMsRoom {
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default = "yes")]
    pub(super) enabled: bool,
    created_at: Timestamp,
    #[serde(default)]
    size: Option<u32>,
    #[serde(skip)]
    pub(super) whole: Value,
}

fn yes() -> bool {
    true
}

/// What is shown among a room's own settings.
const SETTINGS: [&str; 6] = [
    "description",
    "template_id",
    "region",
    "large_room",
    "max_duration_seconds",
    "recording_info",
];

impl HundredMsRoom {
    pub(super) fn read(whole: Value) -> Result<Self> {
        let mut room: Self = parse(whole.clone())?;
        room.whole = whole;
        Ok(room)
    }

    /// What we call it: its name, or its id if we cannot use the name.
    pub(super) fn our_name(&self) -> Result<RoomName> {
        self.name.parse().or_else(|_| self.id.parse())
    }

    pub(super) fn ours(self) -> Result<Room> {
        let kept = |name: &&str| {
            let value = self.whole.get(name)?;
            (!value.is_null()).then(|| ((*name).to_owned(), value.clone()))
        };
        let properties: Map<String, Value> = SETTINGS.iter().filter_map(kept).collect();
        Ok(Room {
            name: self.our_name()?,
            backend: BackendName::HundredMs,
            id: self.id,
            url: String::new(),
            // Nobody gets in without a token.
            privacy: Privacy::Private,
            created_at: self.created_at,
            not_before: None,
            expires_at: None,
            max_participants: self.size.filter(|size| *size > 0),
            last_joined_at: None,
            last_used_at: None,
            has_hosts: false,
            locked: false,
            properties,
            vendor: Some(self.whole),
        })
    }
}

/// `GET /active-rooms/:id/peers`.
#[derive(Deserialize)]
pub(super) struct Peers {
    #[serde(default)]
    pub(super) peers: Option<BTreeMap<String, HundredMsPeer>>,
}

/// Somebody in a room, now or in the past.
#[derive(Deserialize)]
pub(super) struct HundredMsPeer {
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) user_id: Option<String>,
    pub(super) joined_at: Timestamp,
    #[serde(default)]
    left_at: Option<Timestamp>,
}

/// A session as far as we read it. Its peers are read in the order they come.
#[derive(Deserialize)]
pub(super) struct HundredMsSession {
    pub(super) id: String,
    pub(super) room_id: String,
    #[serde(default)]
    pub(super) active: bool,
    #[serde(default)]
    peers: Option<Map<String, Value>>,
    pub(super) created_at: Timestamp,
    #[serde(default)]
    updated_at: Option<Timestamp>,
}

impl HundredMsSession {
    /// When somebody was in it last, if it is over.
    pub(super) fn ended_at(&self) -> Option<Timestamp> {
        self.updated_at.filter(|_| !self.active)
    }

    pub(super) fn ours(whole: Value) -> Result<Session> {
        let session: Self = parse(whole.clone())?;
        let ended_at = session.ended_at();
        let peers = session.peers.unwrap_or_default();
        let stays = peers.into_iter().map(|(_, peer)| {
            let peer: HundredMsPeer = parse(peer)?;
            Ok(Stay {
                participant_id: peer.id,
                user_id: peer.user_id.filter(|id| !id.is_empty()),
                user_name: peer.name.filter(|name| !name.is_empty()),
                joined_at: peer.joined_at,
                left_at: peer.left_at,
                node: None,
                why: None,
            })
        });
        Ok(Session {
            legs: stays.collect::<Result<_>>()?,
            locks: Vec::new(),
            id: session.id,
            room: session.room_id,
            backend: BackendName::HundredMs,
            started_at: session.created_at,
            ended_at,
            vendor: Some(whole),
        })
    }
}
