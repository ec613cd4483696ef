//! Who is in the local rooms, as the meetings note it.

use std::collections::HashMap;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use jiff::Timestamp;

use super::LocalRooms;
use crate::backends::documents::Scan;
use crate::backends::meetings::{PEOPLE, StoredPerson};
use crate::backends::rooms::registered::{self, document_id};
use crate::backends::rooms::{Occupancy, Rooms};
use crate::error::Result;
use crate::model::meeting::{Ending, Person};
use crate::model::{BackendName, Participant, Room, RoomName};

#[async_trait]
impl Occupancy for LocalRooms {
    async fn participants(&self, room: &RoomName) -> Result<Vec<Participant>> {
        let people = self.meetings.people(room).await?;
        let inside = people.into_iter().filter(Person::is_inside);
        Ok(inside
            .map(|person| Participant {
                id: person.id,
                user_id: person.user_id,
                user_name: Some(person.name),
                joined_at: Some(person.joined_at),
            })
            .collect())
    }

    async fn end(&self, room: &RoomName) -> Result<u64> {
        self.get(room).await?;
        self.meetings.end(room, Ending::Ended).await
    }

    async fn occupied(&self) -> Result<HashMap<String, u64>> {
        self.documents
            .scan(Scan::all(PEOPLE))
            .try_fold(HashMap::new(), |mut rooms, document| {
                std::future::ready(document.decode::<StoredPerson>().map(|stored| {
                    if stored.person.is_inside() {
                        *rooms.entry(stored.room.to_string()).or_insert(0) += 1;
                    }
                    rooms
                }))
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
