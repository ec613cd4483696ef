//! A wrapper that keeps a registry of a vendor's rooms in our own store.
//!
//! The registry is what search mirrors, and what clean-up lists
//! for a vendor that cannot list. The vendor stays the truth: a room is written here after the
//! vendor has it and removed after the vendor has not, so the registry may lag behind.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Capabilities, Rooms};
use crate::error::{Kind, Result};
use crate::model::report::{Cost, DeletedRoom, Outcome};
use crate::model::{BackendName, Page, PageRequest, Room, RoomName, RoomPatch, RoomSpec};
use crate::records::documents::Documents;
use crate::records::{ROOMS, RoomKey};

/// A page of the registry of one backend, in name order.
///
/// # Errors
/// As [`Documents::scan`].
pub async fn registry_page(
    documents: &dyn Documents,
    backend: BackendName,
    page: &PageRequest,
) -> Result<Page<Room>> {
    let prefix = RoomKey::all_of(backend);
    let scan = ROOMS
        .all()
        .prefix(&prefix)
        .after(
            page.after
                .as_deref()
                .map(|name| RoomKey::new(backend, name).into()),
        )
        .limit(page.limit);
    let found = ROOMS.page(documents, scan).await?;
    let next = found
        .next
        .as_deref()
        .and_then(|id| id.strip_prefix(&prefix));
    Ok(Page {
        next: next.map(str::to_owned),
        unreadable: found.unreadable,
        items: found.items.into_iter().map(|found| found.record).collect(),
    })
}

/// [`Rooms`] of a vendor, registered.
pub struct RegisteredRooms {
    inner: Arc<dyn Rooms>,
    documents: Arc<dyn Documents>,
    backend: BackendName,
}

impl RegisteredRooms {
    /// Wraps the rooms of `backend`.
    pub fn new(inner: Arc<dyn Rooms>, documents: Arc<dyn Documents>, backend: BackendName) -> Self {
        Self {
            inner,
            documents,
            backend,
        }
    }

    async fn record(&self, room: &Room) -> Result<()> {
        let key = RoomKey::new(self.backend, room.name.as_str());
        self.documents.commit(vec![ROOMS.put(&key, room)?]).await?;
        Ok(())
    }

    /// What the vendor did is done, whether or not it could be recorded here. Only a vendor that
    /// cannot list needs the note to find the room again.
    fn tolerate_lag(&self, recorded: Result<()>) -> Result<()> {
        match recorded {
            Err(error) if self.inner.capabilities().list => {
                tracing::error!(%error, backend = %self.backend, "the registry lags behind");
                Ok(())
            }
            other => other,
        }
    }

    async fn unregister<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<()> {
        let writes = names
            .map(|name| ROOMS.delete(&RoomKey::new(self.backend, name)))
            .collect();
        self.documents.commit(writes).await?;
        Ok(())
    }
}

#[async_trait]
impl Rooms for RegisteredRooms {
    fn capabilities(&self) -> Capabilities {
        self.inner.capabilities()
    }

    async fn create(&self, spec: &RoomSpec) -> Result<Room> {
        let room = self.inner.create(spec).await?;
        self.tolerate_lag(self.record(&room).await)?;
        Ok(room)
    }

    async fn get(&self, name: &RoomName) -> Result<Room> {
        match self.inner.get(name).await {
            Err(error) if error.kind() == Kind::NotFound => {
                let key = RoomKey::new(self.backend, name.as_str());
                if self.documents.get(ROOMS.name(), key.id()).await?.is_some() {
                    self.unregister(std::iter::once(name.as_str())).await?;
                }
                Err(error)
            }
            other => other,
        }
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<Room>> {
        if self.inner.capabilities().list {
            self.inner.list(page).await
        } else {
            registry_page(self.documents.as_ref(), self.backend, page).await
        }
    }

    async fn update(&self, name: &RoomName, patch: &RoomPatch) -> Result<Room> {
        let room = self.inner.update(name, patch).await?;
        self.tolerate_lag(self.record(&room).await)?;
        Ok(room)
    }

    async fn delete(&self, names: &[RoomName]) -> Result<Vec<DeletedRoom>> {
        let items = self.inner.delete(names).await?;
        let gone = items
            .iter()
            .filter(|item| item.outcome != Outcome::Failed)
            .map(|item| item.name.as_str());
        self.tolerate_lag(self.unregister(gone).await)?;
        Ok(items)
    }

    fn delete_cost(&self, names: u64, existing: u64) -> Cost {
        self.inner.delete_cost(names, existing)
    }
}
