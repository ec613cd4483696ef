//! [`Rooms`] of a vendor whose sessions have no names: which session a name means is told by our
//! registry alone.

use async_trait::async_trait;
use serde_json::Value;

use super::one_by_one::one_by_one;
use super::registry::{Registry, taken};
use super::{Capabilities, Rooms};
use crate::error::{Error, Kind, Result};
use crate::model::report::{Cost, DeletedRoom, Outcome};
use crate::model::{Clock, Page, PageRequest, Privacy, Room, RoomName, RoomPatch, RoomSpec};

/// A session that a vendor made.
pub(super) struct MadeSession {
    /// The vendor's id of it.
    pub(super) id: String,
    /// All that the vendor says of it.
    pub(super) vendor: Option<Value>,
}

/// What such a vendor does by itself.
#[async_trait]
pub(super) trait NamelessSessions: Send + Sync {
    /// What it can do.
    const CAPABILITIES: Capabilities;

    /// Why nothing is changed once it is made.
    const UNCHANGEABLE: &str;

    fn registry(&self) -> &Registry;

    fn clock(&self) -> &dyn Clock;

    /// Insists on a spec that a session can be made by.
    fn check(spec: &RoomSpec) -> Result<()>;

    async fn make_session(&self, spec: &RoomSpec) -> Result<MadeSession>;

    /// Takes back a session that nobody would ever find, as it could not be registered.
    async fn abandon(&self, id: &str) -> Result<()>;

    /// Sends everyone out and removes the session, as far as the vendor lets us; what of it is done
    /// must be forgotten by the registry as well.
    async fn delete_one(&self, name: &RoomName) -> Result<Outcome>;

    /// What deleting so many costs.
    fn cost(names: u64) -> Cost;
}

#[async_trait]
impl<V: NamelessSessions> Rooms for V {
    fn capabilities(&self) -> Capabilities {
        V::CAPABILITIES
    }

    async fn create(&self, spec: &RoomSpec) -> Result<Room> {
        V::check(spec)?;
        let registry = self.registry();
        match registry.get(&spec.name).await {
            Err(error) if error.kind() == Kind::NotFound => {}
            Err(error) => return Err(error),
            Ok(_) => return Err(taken(&spec.name)),
        }
        let session = self.make_session(spec).await?;
        let room = Room {
            name: spec.name.clone(),
            backend: registry.backend(),
            id: session.id,
            url: String::new(),
            // Nobody gets in without a token.
            privacy: Privacy::Private,
            created_at: self.clock().now(),
            not_before: None,
            expires_at: None,
            max_participants: None,
            last_joined_at: None,
            last_used_at: None,
            has_hosts: false,
            locked: false,
            properties: spec.properties.clone(),
            vendor: session.vendor,
        };
        if let Err(error) = registry.add(&room).await {
            self.abandon(&room.id).await?;
            return Err(error);
        }
        Ok(room)
    }

    async fn get(&self, name: &RoomName) -> Result<Room> {
        self.registry().get(name).await
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<Room>> {
        self.registry().page(page).await
    }

    async fn update(&self, _name: &RoomName, _patch: &RoomPatch) -> Result<Room> {
        Err(Error::unsupported(V::UNCHANGEABLE))
    }

    async fn delete(&self, names: &[RoomName]) -> Result<Vec<DeletedRoom>> {
        one_by_one(names, |name| Box::pin(self.delete_one(name))).await
    }

    fn delete_cost(&self, names: u64, _existing: u64) -> Cost {
        V::cost(names)
    }
}
