//! The registry as the only memory of a vendor's rooms, for vendors that keep none by name.

use std::sync::Arc;

use futures_util::TryStreamExt;

use super::registered::{COLLECTION, document_id, registry_page};
use crate::backends::documents::{Document, Documents, Precondition, Scan, Write};
use crate::error::{Error, Kind, Result};
use crate::model::{BackendName, Page, PageRequest, Room, RoomName};

/// The rooms of one vendor, by the names we gave them.
pub(super) struct Registry {
    documents: Arc<dyn Documents>,
    backend: BackendName,
}

impl Registry {
    pub(super) fn new(documents: Arc<dyn Documents>, backend: BackendName) -> Self {
        Self { documents, backend }
    }

    fn id(&self, name: &RoomName) -> String {
        document_id(self.backend, name.as_str())
    }

    /// The room of this name.
    pub(super) async fn get(&self, name: &RoomName) -> Result<Room> {
        match self.documents.get(COLLECTION, &self.id(name)).await? {
            Some(document) => document.decode(),
            None => Err(Error::not_found(format!("there is no room `{name}`"))),
        }
    }

    /// The room with this id of the vendor's.
    pub(super) async fn with_id(&self, id: &str) -> Result<Option<Room>> {
        let found = self.documents.find(COLLECTION, "id", id, 10).await?;
        let mut rooms = found.iter().map(Document::decode::<Room>);
        rooms
            .find(|room| {
                room.as_ref()
                    .map_or(true, |room| room.backend == self.backend)
            })
            .transpose()
    }

    /// Notes a room; the first who notes a name has it.
    pub(super) async fn add(&self, room: &Room) -> Result<()> {
        let write = Write::put(COLLECTION, &self.id(&room.name), room)?;
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
        let write = Write::delete(COLLECTION, &self.id(name)).only_if(Precondition::Exists);
        match self.documents.commit(vec![write]).await {
            Err(error) if error.kind() == Kind::Conflict => Ok(false),
            other => other.map(|_| true),
        }
    }

    pub(super) async fn page(&self, page: &PageRequest) -> Result<Page<Room>> {
        registry_page(self.documents.as_ref(), self.backend, page).await
    }

    /// All rooms.
    pub(super) async fn all(&self) -> Result<Vec<Room>> {
        let scan = Scan::all(COLLECTION).prefix(document_id(self.backend, ""));
        let rooms = self.documents.scan(scan);
        rooms
            .and_then(|document| std::future::ready(document.decode()))
            .try_collect()
            .await
    }
}

/// The name is taken.
pub(super) fn taken(name: &RoomName) -> Error {
    Error::conflict(format!("a room named `{name}` exists already"))
}
