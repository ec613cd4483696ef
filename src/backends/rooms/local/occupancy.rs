//! Who is in the local rooms: one document per presence, written by whoever lets people in.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use futures_util::TryStreamExt;
use jiff::Timestamp;

use super::LocalRooms;
use crate::backends::documents::{Scan, Write};
use crate::backends::rooms::registered::{self, document_id};
use crate::backends::rooms::{Occupancy, Rooms};
use crate::error::Result;
use crate::model::{BackendName, Participant, Room, RoomName};

/// Presences, id `room/participant`; a room name has no slash.
pub(super) const COLLECTION: &str = "tok_participants";

impl LocalRooms {
    /// The document ids of everybody in the given rooms.
    pub(super) async fn participants_of(&self, rooms: &[RoomName]) -> Result<Vec<String>> {
        let rooms: HashSet<&str> = rooms.iter().map(RoomName::as_str).collect();
        self.documents
            .scan(Scan::all(COLLECTION))
            .try_filter_map(|document| {
                let inside = rooms.contains(room_of(&document.id));
                std::future::ready(Ok(inside.then_some(document.id)))
            })
            .try_collect()
            .await
    }
}

fn room_of(id: &str) -> &str {
    id.split_once('/').map_or(id, |(room, _)| room)
}

#[async_trait]
impl Occupancy for LocalRooms {
    async fn participants(&self, room: &RoomName) -> Result<Vec<Participant>> {
        self.get(room).await?;
        self.documents
            .scan(Scan::all(COLLECTION).prefix(format!("{room}/")))
            .and_then(|document| std::future::ready(document.decode()))
            .try_collect()
            .await
    }

    async fn end(&self, room: &RoomName) -> Result<u64> {
        self.get(room).await?;
        let scan = Scan::all(COLLECTION).prefix(format!("{room}/"));
        let writes: Vec<Write> = self
            .documents
            .scan(scan)
            .map_ok(|document| Write::delete(COLLECTION, &document.id))
            .try_collect()
            .await?;
        let ended = writes.len() as u64;
        self.documents.commit(writes).await?;
        Ok(ended)
    }

    async fn occupied(&self) -> Result<HashMap<String, u64>> {
        self.documents
            .scan(Scan::all(COLLECTION))
            .try_fold(HashMap::new(), |mut rooms, document| {
                *rooms.entry(room_of(&document.id).to_owned()).or_insert(0) += 1;
                std::future::ready(Ok(rooms))
            })
            .await
    }

    async fn used_since(&self, since: Timestamp) -> Result<HashMap<String, Timestamp>> {
        self.documents
            .scan(Scan::all(registered::COLLECTION).prefix(document_id(BackendName::Local, "")))
            .try_fold(HashMap::new(), |mut rooms, document| {
                std::future::ready(document.decode::<Room>().map(|room| {
                    if let Some(at) = room.last_joined_at.filter(|at| *at >= since) {
                        rooms.insert(room.name.to_string(), at);
                    }
                    rooms
                }))
            })
            .await
    }
}
