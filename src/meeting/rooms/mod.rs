//! `tok`'s own rooms: documents of the registry, no account anywhere.

mod notes;
mod occupancy;
mod tokens;

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Map, Value};
use url::Url;

use self::notes::Use;
use super::Meetings;
use super::rules::is_temporary;
use super::state::{delete_writes, head_write, purge};
use crate::backends::rooms::{Capabilities, Rooms, registry_page, taken};
use crate::error::{Error, Kind, Result};
use crate::model::health::{Depth, Finding, Probe};
use crate::model::report::{Cost, DeletedRoom, Outcome};
use crate::model::room::check_times;
use crate::model::{
    BackendName, Clock, Page, PageRequest, Random, Room, RoomName, RoomPatch, RoomSpec, random,
};
use crate::records::documents::{Document, Documents, Precondition, Write};
use crate::records::{HEADS, Head, ROOMS, RoomKey, Seal, Stored, contend, fields_of};

pub(super) use self::notes::note;

/// [`Rooms`], [`Occupancy`](crate::backends::rooms::Occupancy) and
/// [`Tokens`](crate::backends::rooms::Tokens) over our own store.
pub struct LocalRooms {
    documents: Arc<dyn Documents>,
    seal: Seal,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    public_url: Url,
    meetings: Arc<Meetings>,
    signing_key: tokio::sync::OnceCell<tokens::SigningKey>,
}

impl LocalRooms {
    /// Rooms in `documents`, opened by people below `public_url`, who meet in `meetings`.
    pub fn new(
        documents: Arc<dyn Documents>,
        seal: Seal,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        public_url: Url,
        meetings: Arc<Meetings>,
    ) -> Self {
        Self {
            documents,
            seal,
            clock,
            random,
            public_url,
            meetings,
            signing_key: tokio::sync::OnceCell::new(),
        }
    }

    fn key(name: &RoomName) -> RoomKey {
        RoomKey::new(BackendName::Local, name.as_str())
    }

    /// The link of a room follows the configuration, not the moment of its creation.
    fn link(&self, name: &RoomName) -> String {
        format!(
            "{}/r/{name}",
            self.public_url.as_str().trim_end_matches('/')
        )
    }

    async fn stored(&self, name: &RoomName) -> Result<Stored<Room>> {
        let found = ROOMS.get(self.documents.as_ref(), &Self::key(name)).await?;
        let mut found = found.ok_or_else(|| missing(name))?;
        found.record.url = self.link(name);
        Ok(found)
    }
}

fn missing(name: &RoomName) -> Error {
    Error::not_found(format!("there is no room `{name}`"))
}

#[async_trait]
impl Rooms for LocalRooms {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            list: true,
            update: true,
            delete: true,
            expiry: true,
            participants: true,
            history: true,
            delete_batch: 500,
        }
    }

    async fn create(&self, spec: &RoomSpec) -> Result<Room> {
        let room = Room {
            name: spec.name.clone(),
            backend: BackendName::Local,
            id: random::uuid(self.random.as_ref()),
            url: self.link(&spec.name),
            privacy: spec.privacy.unwrap_or_default(),
            created_at: self.clock.now(),
            not_before: spec.not_before,
            expires_at: spec.expires_at,
            max_participants: spec.max_participants,
            last_joined_at: None,
            last_used_at: None,
            has_hosts: false,
            locked: false,
            properties: spec.properties.clone(),
            vendor: None,
        };
        let mut writes = vec![
            ROOMS
                .put(&Self::key(&spec.name), &room)?
                .only_if(Precondition::Missing),
        ];
        if is_temporary(&room) {
            let head = Head {
                unused_since: Some(room.created_at.as_millisecond()),
                ..Head::new(&room)
            };
            writes.push(head_write(&head, Precondition::None)?);
        }
        match self.documents.commit(writes).await {
            Ok(_) => Ok(room),
            Err(error) if error.kind() == Kind::Conflict => Err(taken(&spec.name).because(error)),
            Err(error) => Err(error),
        }
    }

    async fn get(&self, name: &RoomName) -> Result<Room> {
        self.stored(name).await.map(|found| found.record)
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<Room>> {
        let mut page = registry_page(self.documents.as_ref(), BackendName::Local, page).await?;
        for room in &mut page.items {
            room.url = self.link(&room.name);
        }
        Ok(page)
    }

    async fn update(&self, name: &RoomName, patch: &RoomPatch) -> Result<Room> {
        let update = || async {
            let found = self.stored(name).await?;
            let unchanged = found.unchanged();
            let mut room = found.record;
            apply(patch, &mut room)?;
            let mut writes = vec![ROOMS.put(&Self::key(name), &room)?.only_if(unchanged)];
            writes.extend(self.announcement(&room).await?);
            self.documents.commit(writes).await?;
            Ok(room)
        };
        let contended = || {
            Error::conflict(format!(
                "the room `{name}` is being changed by others; try again"
            ))
        };
        contend(update, contended).await
    }

    async fn delete(&self, names: &[RoomName]) -> Result<Vec<DeletedRoom>> {
        let contended = || Error::conflict("the rooms are being changed by others; try again");
        let (items, left) = contend(|| self.delete_seen(names), contended).await?;
        for room_id in left {
            self.purge(&room_id).await;
        }
        Ok(items)
    }

    fn delete_cost(&self, _names: u64, _existing: u64) -> Cost {
        Cost {
            reads: 0,
            writes: 0,
            seconds: 0,
        }
    }
}

impl LocalRooms {
    /// The write that tells whoever meets in the room that its settings changed.
    async fn announcement(&self, room: &Room) -> Result<Option<Write>> {
        let address = room.name.address();
        let Some(found) = HEADS.get(self.documents.as_ref(), &address).await? else {
            return Ok(None);
        };
        let unchanged = found.unchanged();
        let mut head = found.record;
        head.settings += 1;
        head_write(&head, unchanged).map(Some)
    }

    /// Deletes the rooms as they are seen now, or none if one of them changes meanwhile. Says what
    /// became of each, and which of them left something behind.
    async fn delete_seen(&self, names: &[RoomName]) -> Result<(Vec<DeletedRoom>, Vec<String>)> {
        let mut items = Vec::with_capacity(names.len());
        let mut writes = Vec::with_capacity(names.len());
        let mut left = Vec::new();
        for name in names {
            let key = Self::key(name);
            let found = self.documents.get(ROOMS.name(), key.id()).await?;
            let outcome = match found {
                Some(_) => Outcome::Deleted,
                None => Outcome::Missing,
            };
            items.push(DeletedRoom::new(name, outcome));
            let Some(document) = found else { continue };
            writes.push(ROOMS.remove(&document));
            // Who was inside goes with the room, in the same commit.
            let head = self.documents.get(HEADS.name(), &name.address()).await?;
            if let Some(head) = head
                && let Some(room_id) = id_of_room(&head, &document)
            {
                writes.extend(delete_writes(name, &room_id));
                left.push(room_id);
            }
        }
        self.documents.commit(writes).await?;
        Ok((items, left))
    }

    /// Removes what a room left behind; the next server does it if this is cut off.
    async fn purge(&self, room_id: &str) {
        if let Err(error) = purge(self.documents.as_ref(), room_id).await {
            tracing::warn!(room_id, %error, "a room that is gone is not cleaned up yet");
        }
    }

    /// Notes that somebody was given a join token, at most once a minute per room, and that there are hosts.
    async fn record_use(&self, room: &Room, host: bool) -> Result<()> {
        let now = self.clock.now();
        let mut writes = Vec::new();
        if !Use::Prepared.is_noted(room, now) {
            writes.push(Use::Prepared.write(room, now));
        }
        if host && !room.has_hosts {
            let fields = Map::from_iter([("has_hosts".to_owned(), true.into())]);
            let write = ROOMS.merge(&Self::key(&room.name), fields);
            writes.push(write.only_if(Precondition::Exists));
        }
        if writes.is_empty() {
            return Ok(());
        }
        match self.documents.commit(writes).await {
            // It was deleted meanwhile.
            Err(error) if error.kind() == Kind::Conflict => Err(missing(&room.name)),
            other => other.map(|_| ()),
        }
    }
}

/// The id of the room whose meeting this is; whatever else cannot be read there, the room can be
/// deleted.
fn id_of_room(head: &Document, room: &Document) -> Option<String> {
    let text = |document: &Document, field: &str| {
        let fields = fields_of(document);
        fields.get(field)?.as_str().map(str::to_owned)
    };
    text(head, "room_id").or_else(|| text(room, "id"))
}

fn apply(patch: &RoomPatch, room: &mut Room) -> Result<()> {
    if let Some(privacy) = patch.privacy {
        room.privacy = privacy;
    }
    if let Some(not_before) = patch.not_before {
        room.not_before = not_before;
    }
    if let Some(expires_at) = patch.expires_at {
        room.expires_at = expires_at;
    }
    if let Some(max_participants) = patch.max_participants {
        room.max_participants = max_participants;
    }
    for (key, value) in &patch.properties {
        if *value != Value::Null {
            room.properties.insert(key.clone(), value.clone());
        } else if room.properties.shift_remove(key).is_none() {
            let name = &room.name;
            return Err(Error::invalid(format!(
                "the room `{name}` has no setting `{key}`"
            )));
        }
    }
    check_times(room.not_before, room.expires_at)
}

#[async_trait]
impl Probe for LocalRooms {
    async fn probe(&self, _depth: Depth) -> Vec<Finding> {
        match self.documents.count(ROOMS.name()).await {
            Ok(count) => vec![Finding::ok(
                "local rooms",
                format!(
                    "{count} in the registry; people open them below {}",
                    self.public_url
                ),
            )],
            Err(error) => vec![Finding::bad(
                "local rooms",
                crate::model::health::Health::Fail,
                error.message(),
                "mend the store first",
            )],
        }
    }
}
