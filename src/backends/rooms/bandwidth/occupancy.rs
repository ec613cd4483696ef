//! Who belongs to Bandwidth's sessions.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;

use super::BandwidthBackend;
use crate::backends::rooms::Occupancy;
use crate::error::Result;
use crate::model::{Participant, RoomName};

#[async_trait]
impl Occupancy for BandwidthBackend {
    async fn participants(&self, room: &RoomName) -> Result<Vec<Participant>> {
        let session = self.registry.get(room).await?.id;
        let members = self.members(&session).await?.into_iter();
        let people = members.map(|member| Participant {
            id: member.id,
            user_id: member.tag,
            user_name: None,
            joined_at: None,
        });
        Ok(people.collect())
    }

    async fn end(&self, room: &RoomName) -> Result<u64> {
        let session = self.registry.get(room).await?.id;
        let mut ended = 0;
        for member in self.members(&session).await? {
            ended += u64::from(self.remove(&["participants", &member.id]).await?);
        }
        Ok(ended)
    }

    async fn occupied(&self) -> Result<HashMap<String, u64>> {
        let mut out = HashMap::new();
        for room in self.registry.all().await? {
            let people = self.members(&room.id).await?.len() as u64;
            if people > 0 {
                out.insert(room.name.to_string(), people);
            }
        }
        Ok(out)
    }

    async fn used_since(&self, since: Timestamp) -> Result<HashMap<String, Timestamp>> {
        self.sessions.used_since(since).await
    }
}
