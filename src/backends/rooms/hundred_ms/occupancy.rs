//! Who is and was in 100ms' rooms.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use super::{HundredMsBackend, parse, wire};
use crate::backends::rooms::Occupancy;
use crate::error::{Kind, Result};
use crate::model::{Participant, RoomName};

/// The vendor ends a session after so long.
const LONGEST_SESSION: SignedDuration = SignedDuration::from_hours(12);

#[async_trait]
impl Occupancy for HundredMsBackend {
    async fn participants(&self, room: &RoomName) -> Result<Vec<Participant>> {
        let id = self.open_room(room).await?.id;
        self.peers(&id).await
    }

    async fn end(&self, room: &RoomName) -> Result<u64> {
        let id = self.open_room(room).await?.id;
        let people = self.peers(&id).await?.len() as u64;
        self.end_room(&id, "the room was ended").await?;
        Ok(people)
    }

    async fn occupied(&self) -> Result<HashMap<String, u64>> {
        let mut out = HashMap::new();
        for session in self.sessions_of(true, None).await? {
            let id = session.room_id;
            let people = self.peers(&id).await?.len() as u64;
            if people > 0 {
                out.insert(self.name_of(&id).await?, people);
            }
        }
        Ok(out)
    }

    async fn used_since(&self, since: Timestamp) -> Result<HashMap<String, Timestamp>> {
        let from = since.saturating_sub(LONGEST_SESSION).unwrap_or(since);
        let now = self.clock.now();
        let mut used: HashMap<String, Timestamp> = HashMap::new();
        for active in [true, false] {
            for session in self.sessions_of(active, Some(from)).await? {
                let end = session.ended_at().unwrap_or(now);
                if end >= since {
                    let known = used.entry(session.room_id).or_insert(end);
                    *known = end.max(*known);
                }
            }
        }
        let mut named = HashMap::with_capacity(used.len());
        for (id, at) in used {
            named.insert(self.name_of(&id).await?, at);
        }
        Ok(named)
    }
}

impl HundredMsBackend {
    async fn peers(&self, id: &str) -> Result<Vec<Participant>> {
        let found = self.read(&["active-rooms", id, "peers"], &[]).await;
        let found: wire::Peers = match found {
            // The room is there, nobody is in it.
            Err(error) if error.kind() == Kind::NotFound => return Ok(Vec::new()),
            found => found?,
        };
        let people = found.peers.unwrap_or_default().into_values();
        let ours = people.map(|peer| Participant {
            id: peer.id,
            user_id: peer.user_id,
            user_name: peer.name,
            joined_at: Some(peer.joined_at),
        });
        Ok(ours.collect())
    }

    async fn sessions_of(
        &self,
        active: bool,
        after: Option<Timestamp>,
    ) -> Result<Vec<wire::HundredMsSession>> {
        let mut query = vec![("active", active.to_string())];
        query.extend(after.map(|after| ("after", after.to_string())));
        let found = self.all(&["sessions"], &query).await?;
        let sessions = found.into_iter().map(parse::<wire::HundredMsSession>);
        sessions
            .filter(|session| {
                session
                    .as_ref()
                    .map_or(true, |session| session.active == active)
            })
            .collect()
    }

    /// What we call the room with this id.
    async fn name_of(&self, id: &str) -> Result<String> {
        match self.read(&["rooms", id], &[]).await {
            Err(error) if error.kind() == Kind::NotFound => Ok(id.to_owned()),
            found => Ok(wire::HundredMsRoom::read(found?)?.our_name()?.to_string()),
        }
    }
}
