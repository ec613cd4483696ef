//! Bandwidth's sessions under names of ours.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::json;

use super::{BandwidthBackend, parse};
use crate::backends::rooms::one_by_one::one_by_one;
use crate::backends::rooms::registry::taken;
use crate::backends::rooms::{Capabilities, Rooms};
use crate::error::{Error, Kind, Result};
use crate::model::report::{Cost, DeletedRoom, Outcome};
use crate::model::{BackendName, Page, PageRequest, Privacy, Room, RoomName, RoomPatch, RoomSpec};

/// The longest tag, in characters.
pub(super) const LONGEST_TAG: usize = 50;

#[derive(Deserialize)]
struct BandwidthSession {
    id: String,
}

#[async_trait]
impl Rooms for BandwidthBackend {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            list: false,
            update: false,
            delete: true,
            expiry: false,
            participants: true,
            history: false,
            delete_batch: 20,
        }
    }

    async fn create(&self, spec: &RoomSpec) -> Result<Room> {
        let times = spec.not_before.is_some() || spec.expires_at.is_some();
        if times || spec.max_participants.is_some() || !spec.properties.is_empty() {
            return Err(Error::unsupported(
                "a Bandwidth session has no settings: no times, no limit of participants, no properties",
            ));
        }
        match self.registry.get(&spec.name).await {
            Err(error) if error.kind() == Kind::NotFound => {}
            Err(error) => return Err(error),
            Ok(_) => return Err(taken(&spec.name)),
        }
        let tag: String = spec.name.as_str().chars().take(LONGEST_TAG).collect();
        let whole = self.make(&["sessions"], &json!({ "tag": tag })).await?;
        let session: BandwidthSession = parse(whole.clone())?;
        let room = Room {
            name: spec.name.clone(),
            backend: BackendName::Bandwidth,
            id: session.id,
            url: String::new(),
            // Nobody gets in without a token.
            privacy: Privacy::Private,
            created_at: self.clock.now(),
            not_before: None,
            expires_at: None,
            max_participants: None,
            last_joined_at: None,
            last_used_at: None,
            has_hosts: false,
            locked: false,
            properties: serde_json::Map::new(),
            vendor: Some(whole),
        };
        if let Err(error) = self.registry.add(&room).await {
            // Nobody would ever find it.
            self.remove(&["sessions", &room.id]).await?;
            return Err(error);
        }
        Ok(room)
    }

    async fn get(&self, name: &RoomName) -> Result<Room> {
        self.registry.get(name).await
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<Room>> {
        self.registry.page(page).await
    }

    async fn update(&self, _name: &RoomName, _patch: &RoomPatch) -> Result<Room> {
        Err(Error::unsupported("a Bandwidth session cannot be changed"))
    }

    async fn delete(&self, names: &[RoomName]) -> Result<Vec<DeletedRoom>> {
        one_by_one(names, |name| Box::pin(self.delete_one(name))).await
    }

    fn delete_cost(&self, names: u64, _existing: u64) -> Cost {
        Cost {
            reads: names,
            writes: names,
            seconds: 0,
        }
    }
}

impl BandwidthBackend {
    /// Removes everybody who belongs to the session, then the session; only then is it forgotten.
    async fn delete_one(&self, name: &RoomName) -> Result<Outcome> {
        let room = match self.registry.get(name).await {
            Err(error) if error.kind() == Kind::NotFound => return Ok(Outcome::Missing),
            room => room?,
        };
        for member in self.members(&room.id).await? {
            self.remove(&["participants", &member.id]).await?;
        }
        self.remove(&["sessions", &room.id]).await?;
        self.registry.remove(name).await?;
        Ok(Outcome::Deleted)
    }
}
