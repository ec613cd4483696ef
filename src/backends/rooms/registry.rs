//! The registry as the only memory of a vendor's rooms, for vendors that keep none by name.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;

use super::registered::registry_page;
use crate::error::{Error, Kind, Reason, Result};
use crate::model::{BackendName, Page, PageRequest, Room, RoomName};
use crate::records::documents::{Documents, Precondition};
use crate::records::{ROOMS, RoomKey};

/// For so long a room is known without a look into the store. Rooms here never change; only that
/// one was deleted by another process is noticed so much later.
const KNOWN_FOR: Duration = Duration::from_secs(1);
/// So many rooms are known at once.
const MOST_KNOWN: usize = 10_000;

/// The rooms of one vendor, by the names we gave them.
pub(super) struct Registry {
    documents: Arc<dyn Documents>,
    backend: BackendName,
    known: Mutex<HashMap<RoomName, (Room, Instant)>>,
}

impl Registry {
    pub(super) fn new(documents: Arc<dyn Documents>, backend: BackendName) -> Self {
        Self {
            documents,
            backend,
            known: Mutex::default(),
        }
    }

    pub(super) const fn backend(&self) -> BackendName {
        self.backend
    }

    fn key(&self, name: &RoomName) -> RoomKey {
        RoomKey::new(self.backend, name.as_str())
    }

    /// The room of this name.
    pub(super) async fn get(&self, name: &RoomName) -> Result<Room> {
        if let Some((room, since)) = self.known().get(name)
            && since.elapsed() < KNOWN_FOR
        {
            return Ok(room.clone());
        }
        match ROOMS.get(self.documents.as_ref(), &self.key(name)).await? {
            Some(found) => {
                let room = found.record;
                let mut known = self.known();
                if known.len() >= MOST_KNOWN {
                    known.clear();
                }
                known.insert(name.clone(), (room.clone(), Instant::now()));
                Ok(room)
            }
            None => Err(Error::not_found(format!("there is no room `{name}`"))),
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<RoomName, (Room, Instant)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The room with this id of the vendor's.
    pub(super) async fn with_id(&self, id: &str) -> Result<Option<Room>> {
        let found = ROOMS.find(self.documents.as_ref(), "id", id, 10).await?;
        let mut rooms = found.into_iter().map(|found| found.record);
        Ok(rooms.find(|room| room.backend == self.backend))
    }

    /// Notes a room; the first who notes a name has it.
    pub(super) async fn add(&self, room: &Room) -> Result<()> {
        let write = ROOMS.put(&self.key(&room.name), room)?;
        match self
            .documents
            .commit(vec![write.only_if(Precondition::Missing)])
            .await
        {
            Err(error) if error.kind() == Kind::Conflict => Err(taken(&room.name)),
            other => other.map(|_| ()),
        }
    }

    /// Forgets a room; whether there was one.
    pub(super) async fn remove(&self, name: &RoomName) -> Result<bool> {
        let write = ROOMS.delete(&self.key(name)).only_if(Precondition::Exists);
        let removed = self.documents.commit(vec![write]).await;
        self.known().remove(name);
        match removed {
            Err(error) if error.kind() == Kind::Conflict => Ok(false),
            other => other.map(|_| true),
        }
    }

    pub(super) async fn page(&self, page: &PageRequest) -> Result<Page<Room>> {
        registry_page(self.documents.as_ref(), self.backend, page).await
    }

    /// All rooms.
    pub(super) async fn all(&self) -> Result<Vec<Room>> {
        let scan = ROOMS.all().prefix(RoomKey::all_of(self.backend));
        let rooms = ROOMS.scan(self.documents.as_ref(), scan);
        rooms.map_ok(|found| found.record).try_collect().await
    }
}

/// The name is taken.
pub(crate) fn taken(name: &RoomName) -> Error {
    let message = format!("a room named `{name}` exists already");
    Error::conflict(message).reason(Reason::AlreadyExists)
}
