//! Bandwidth's sessions under names of ours.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::json;

use super::{BandwidthBackend, parse};
use crate::backends::rooms::Capabilities;
use crate::backends::rooms::nameless::{MadeSession, NamelessSessions};
use crate::backends::rooms::registry::Registry;
use crate::error::{Error, Kind, Result};
use crate::model::report::{Cost, Outcome};
use crate::model::{Clock, RoomName, RoomSpec};

/// The longest tag, in characters.
pub(super) const LONGEST_TAG: usize = 50;

#[derive(Deserialize)]
struct BandwidthSession {
    id: String,
}

#[async_trait]
impl NamelessSessions for BandwidthBackend {
    const CAPABILITIES: Capabilities = Capabilities {
        list: false,
        update: false,
        delete: true,
        expiry: false,
        participants: true,
        history: false,
        delete_batch: 20,
    };

    const UNCHANGEABLE: &str = "a Bandwidth session cannot be changed";

    fn registry(&self) -> &Registry {
        &self.registry
    }

    fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    fn check(spec: &RoomSpec) -> Result<()> {
        let times = spec.not_before.is_some() || spec.expires_at.is_some();
        if times || spec.max_participants.is_some() || !spec.properties.is_empty() {
            return Err(Error::unsupported(
                "a Bandwidth session has no settings: no times, no limit of participants, no properties",
            ));
        }
        Ok(())
    }

    async fn make_session(&self, spec: &RoomSpec) -> Result<MadeSession> {
        let tag: String = spec.name.as_str().chars().take(LONGEST_TAG).collect();
        let whole = self.make(&["sessions"], &json!({ "tag": tag })).await?;
        let session: BandwidthSession = parse(whole.clone())?;
        Ok(MadeSession {
            id: session.id,
            vendor: Some(whole),
        })
    }

    async fn abandon(&self, id: &str) -> Result<()> {
        self.remove(&["sessions", id]).await.map(drop)
    }

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

    fn cost(names: u64) -> Cost {
        Cost {
            reads: names,
            writes: names,
            seconds: 0,
        }
    }
}
