//! Who is in the local rooms, as the meetings note it.

use std::collections::HashMap;
use std::future::ready;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use jiff::Timestamp;

use super::LocalRooms;
use crate::backends::rooms::{Occupancy, Rooms};
use crate::error::Result;
use crate::model::meeting::{Actor, Ending, Person};
use crate::model::{BackendName, Participant, RoomName};
use crate::records::{PEOPLE, ROOMS, RoomKey};

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
        self.meetings
            .end(room, Actor::Operator, Ending::Ended)
            .await
    }

    async fn occupied(&self) -> Result<HashMap<String, u64>> {
        let people = PEOPLE.scan(self.documents.as_ref(), PEOPLE.all());
        let inside = people.try_filter(|found| ready(found.record.person.is_inside()));
        inside
            .try_fold(HashMap::new(), |mut rooms, found| {
                *rooms.entry(found.record.room.to_string()).or_insert(0) += 1;
                ready(Ok(rooms))
            })
            .await
    }

    async fn used_since(&self, since: Timestamp) -> Result<HashMap<String, Timestamp>> {
        let local = ROOMS.all().prefix(RoomKey::all_of(BackendName::Local));
        ROOMS
            .scan(self.documents.as_ref(), local)
            .try_fold(HashMap::new(), |mut rooms, found| {
                let room = found.record;
                if let Some(at) = room.last_joined_at.filter(|at| *at >= since) {
                    rooms.insert(room.name.to_string(), at);
                }
                ready(Ok(rooms))
            })
            .await
    }
}
