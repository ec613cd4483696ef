//! How meetings stand in the store: a head that every commit of a room goes through, everybody who
//! is or was there, what they wrote, and what happened lately.

use futures_util::TryStreamExt;
use indexmap::{IndexMap, IndexSet};
use serde::Serialize;

use crate::error::Result;
use crate::model::chat::Message;
use crate::model::happening::Happening;
use crate::model::meeting::BannedPerson;
use crate::model::{Room, RoomName};
pub(super) use crate::records::StoredPerson as Stored;
use crate::records::documents::{Documents, Precondition, Scan, Write};
use crate::records::{
    Ban, HAPPENINGS, HEADS, Head, LEFTOVERS, MESSAGES, MeetingEntry, MeetingKey, PEOPLE,
    entry_number,
};

/// Commits of a room that stay for nodes which missed them.
const KEPT: u64 = 512;
/// So many older ones go at a time: they lie side by side, which is less to write than one of them
/// with each commit.
const DROPPED: u64 = 32;
/// Documents of a room that is gone removed at a time.
const CHUNK: usize = 500;

impl Head {
    pub(crate) fn new(room: &Room) -> Self {
        Self {
            room: room.name.clone(),
            room_id: room.id.clone(),
            commits: 0,
            messages: 0,
            session: None,
            settings: 0,
            unused_since: None,
            banned: Vec::new(),
            locked: false,
        }
    }
}

/// The write that makes a head.
pub(crate) fn head_write(head: &Head, precondition: Precondition) -> Result<Write> {
    let id = head.room.address();
    Ok(HEADS.put(&id, head)?.only_if(precondition))
}

impl Ban {
    /// Whether it is for whoever this is.
    pub(super) fn hits(&self, user_id: Option<&String>, token: Option<&String>) -> bool {
        let same = |a: Option<&String>, b: Option<&String>| a.is_some() && a == b;
        same(self.user_id.as_ref(), user_id) || same(self.token.as_ref(), token)
    }
}

impl From<Ban> for BannedPerson {
    fn from(ban: Ban) -> Self {
        Self {
            id: ban.participant,
            name: ban.name,
            user_id: ban.user_id,
            at: ban.at,
            by_operator: ban.by_operator,
        }
    }
}

/// The same on its way into the store.
#[derive(Serialize)]
struct EntryToStore<'a> {
    happenings: &'a [Happening],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    people: Vec<&'a Stored>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gone: Vec<&'a str>,
    whole: bool,
}

/// A meeting as it stands in the store.
pub(super) struct Meeting {
    pub(super) room: Room,
    pub(super) head: Head,
    /// What the next commit insists on.
    pub(super) unchanged: Precondition,
    /// In the order they came.
    pub(super) people: IndexMap<String, Stored>,
}

impl Meeting {
    /// Reads the meeting in `room`.
    pub(super) async fn load(documents: &dyn Documents, room: Room) -> Result<Self> {
        let found = HEADS.get(documents, &room.name.address()).await?;
        let (head, unchanged) = match found {
            None => (begun(documents, &room).await?, Precondition::Missing),
            Some(found) => {
                let unchanged = found.unchanged();
                let head = found.record;
                // What an earlier room of this name left behind.
                let own = head.room_id == room.id;
                (if own { head } else { Head::new(&room) }, unchanged)
            }
        };
        let scan = PEOPLE.all().prefix(MeetingKey::all_of(&room.id));
        let people = PEOPLE.scan(documents, scan);
        let people: Vec<Stored> = people.map_ok(|found| found.record).try_collect().await?;
        let by_id = |stored: Stored| (stored.person.id.clone(), stored);
        let mut people = people.into_iter().map(by_id).collect();
        in_order(&mut people);
        Ok(Self {
            room,
            head,
            unchanged,
            people,
        })
    }

    pub(super) fn person_write(&self, id: &str) -> Result<Write> {
        let document = self.key(id);
        match self.people.get(id) {
            Some(stored) => PEOPLE.put(&document, stored),
            None => Ok(PEOPLE.delete(&document)),
        }
    }

    pub(super) fn message_write(&self, id: &str, message: Option<&Message>) -> Result<Write> {
        let document = self.key(id);
        match message {
            Some(message) => MESSAGES.put(&document, message),
            None => Ok(MESSAGES.delete(&document)),
        }
    }

    /// The writes that note what the commit after this state did.
    pub(super) fn entry_writes(
        &self,
        happenings: &[Happening],
        changed: &IndexSet<String>,
    ) -> Result<Vec<Write>> {
        let number = self.head.commits;
        let id = self.key(&entry_id(number));
        let (people, gone): (Vec<_>, Vec<_>) = changed
            .iter()
            .map(|id| (id.as_str(), self.people.get(id)))
            .partition(|(_, stored)| stored.is_some());
        let entry = EntryToStore {
            happenings,
            people: people
                .into_iter()
                .filter_map(|(_, stored)| stored)
                .collect(),
            gone: gone.into_iter().map(|(id, _)| id).collect(),
            whole: true,
        };
        let mut writes = vec![HAPPENINGS.put_as(&id, &entry)?];
        if number.is_multiple_of(DROPPED)
            && let Some(last) = number.checked_sub(KEPT)
        {
            let old = (last + 1).saturating_sub(DROPPED)..=last;
            writes.extend(old.map(|old| HAPPENINGS.delete(&self.key(&entry_id(old)))));
        }
        Ok(writes)
    }

    /// A message of this room.
    pub(super) async fn message(
        &self,
        documents: &dyn Documents,
        id: &str,
    ) -> Result<Option<Message>> {
        if Message::number_of(id).is_none() {
            return Ok(None);
        }
        let found = MESSAGES.get(documents, &self.key(id)).await?;
        Ok(found.map(|found| found.record))
    }

    fn key(&self, id: &str) -> MeetingKey {
        MeetingKey::new(&self.room.id, id)
    }
}

/// Brings people into the order they came.
pub(super) fn in_order(people: &mut IndexMap<String, Stored>) {
    people.sort_by(|a_id, a, b_id, b| (a.person.joined_at, a_id).cmp(&(b.person.joined_at, b_id)));
}

/// The head of a room that has none: a new one, or one whose head was lost. That begins behind what is
/// there, so that nothing is overwritten.
async fn begun(documents: &dyn Documents, room: &Room) -> Result<Head> {
    Ok(Head {
        messages: last_number(documents, MESSAGES.name(), room).await?,
        commits: last_number(documents, HAPPENINGS.name(), room).await?,
        ..Head::new(room)
    })
}

async fn last_number(documents: &dyn Documents, collection: &str, room: &Room) -> Result<u64> {
    let scan = Scan::all(collection).prefix(MeetingKey::all_of(&room.id));
    let last = documents.scan(scan).try_fold(0, |last, found| {
        std::future::ready(Ok(entry_number(&found.id).unwrap_or(last)))
    });
    last.await
}

/// What happened in the commits of a room after `known`, up to `until`; `None` if that is not kept
/// any more.
pub(super) async fn entries(
    documents: &dyn Documents,
    room_id: &str,
    known: u64,
    until: u64,
) -> Result<Option<Vec<(u64, MeetingEntry)>>> {
    let missed = until.saturating_sub(known);
    if missed == 0 {
        return Ok(Some(Vec::new()));
    }
    if missed > KEPT {
        return Ok(None);
    }
    let scan = HAPPENINGS
        .all()
        .prefix(MeetingKey::all_of(room_id))
        .after(Some(MeetingKey::new(room_id, &entry_id(known)).into()));
    let found: Vec<_> = HAPPENINGS.scan(documents, scan).try_collect().await?;
    let mut entries = Vec::with_capacity(found.len());
    for found in found {
        if let Some(number) = entry_number(&found.id).filter(|number| *number <= until) {
            entries.push((number, found.record));
        }
    }
    // One that cannot be read is one that is not kept.
    let all = entries.len() as u64 == missed;
    Ok(all.then_some(entries))
}

fn entry_id(number: u64) -> String {
    format!("{number:012}")
}

/// The writes that make a room's meeting vanish in the same commit as the room, and note what is
/// left to clean up.
pub(crate) fn delete_writes(name: &RoomName, room_id: &str) -> [Write; 2] {
    let leftover = serde_json::Map::from_iter([("room".to_owned(), name.as_str().into())]);
    [
        HEADS.delete(&name.address()),
        LEFTOVERS.merge(room_id, leftover),
    ]
}

/// Removes what a room that is gone left behind. May be cut off anywhere, and repeated.
///
/// # Errors
/// Those of the store.
pub(crate) async fn purge(documents: &dyn Documents, room_id: &str) -> Result<()> {
    for collection in [PEOPLE.name(), MESSAGES.name(), HAPPENINGS.name()] {
        loop {
            let scan = Scan::all(collection)
                .prefix(MeetingKey::all_of(room_id))
                .limit(CHUNK);
            let found: Vec<_> = documents.scan(scan).try_collect().await?;
            if found.is_empty() {
                break;
            }
            let writes = found
                .iter()
                .map(|found| Write::delete(collection, &found.id));
            documents.commit(writes.collect()).await?;
        }
    }
    documents
        .commit(vec![LEFTOVERS.delete(room_id)])
        .await
        .map(|_| ())
}
