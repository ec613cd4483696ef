//! How meetings stand in the store.
//!
//! | collection | id | what |
//! | --- | --- | --- |
//! | `tok_meetings` | the room's address | the head: every commit of the room goes through it |
//! | `tok_participants` | room id`/`participant | everybody who is or was there |
//! | `tok_messages` | room id`/`number | what they wrote |
//! | `tok_happenings` | room id`/`number | what happened lately, for nodes that missed it |
//! | `tok_leftovers` | room id | what a room that is gone left behind |

use futures_util::TryStreamExt;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::backends::documents::{Documents, Precondition, Scan, Write};
use crate::backends::meetings::local_address;
use crate::error::Result;
use crate::model::chat::Message;
use crate::model::meeting::{Happening, Person};
use crate::model::{Room, RoomName};

/// The heads of meetings, id [`local_address`].
pub const HEADS: &str = "tok_meetings";
/// People, id `room id/participant`.
pub(crate) const PEOPLE: &str = "tok_participants";
/// Messages, id `room id/number`.
pub(super) const MESSAGES: &str = "tok_messages";
/// What happened, one document per commit, id `room id/number`.
pub(super) const HAPPENINGS: &str = "tok_happenings";
/// Rooms that are gone and of which something is left.
pub(crate) const LEFTOVERS: &str = "tok_leftovers";

/// Commits of a room that stay for nodes which missed them.
const KEPT: u64 = 512;
/// Documents of a room that is gone removed at a time.
const CHUNK: usize = 500;

/// What every commit of a room changes: two nodes can never commit past each other.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Head {
    /// The room.
    pub(crate) room: RoomName,
    /// A room that is made again under the same name is another one.
    pub(crate) room_id: String,
    /// Commits so far.
    #[serde(default)]
    pub(crate) commits: u64,
    /// Messages so far, whether or not they are still there.
    #[serde(default)]
    pub(crate) messages: u64,
    /// The stay of people that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) session: Option<String>,
    /// How often the room's settings changed.
    #[serde(default)]
    pub(crate) settings: u64,
    /// Since when nobody is in it, in Unix milliseconds, if it is to go when nobody is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) unused_since: Option<i64>,
    /// Who may not come in any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) banned: Vec<Ban>,
}

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
        }
    }

    /// The write that makes it.
    pub(crate) fn write(&self, precondition: Precondition) -> Result<Write> {
        let id = local_address(&self.room);
        Ok(Write::put(HEADS, &id, self)?.only_if(precondition))
    }
}

/// Who may not come in any more, by whatever is known of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ban {
    pub(crate) participant: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<String>,
}

impl Ban {
    /// Whether it is for whoever this is.
    pub(super) fn hits(&self, user_id: Option<&String>, token: Option<&String>) -> bool {
        let same = |a: Option<&String>, b: Option<&String>| a.is_some() && a == b;
        same(self.user_id.as_ref(), user_id) || same(self.token.as_ref(), token)
    }
}

/// A person with what nobody else may see.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stored {
    /// The room, for whoever reads over all of them.
    pub(crate) room: RoomName,
    #[serde(flatten)]
    pub(crate) person: Person,
    /// SHA-256 of their key.
    pub(super) key_hash: String,
    /// Their connection, while they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) seat: Option<String>,
    /// The process that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) node: Option<String>,
    /// What tells the token that they came in with from others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<String>,
    /// Whether they ever wrote something.
    #[serde(default)]
    pub(super) wrote: bool,
}

/// What one commit did.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Entry {
    pub(crate) happenings: Vec<Happening>,
}

/// The same on its way into the store.
#[derive(Serialize)]
struct Noted<'a> {
    happenings: &'a [Happening],
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
        let found = documents.get(HEADS, &local_address(&room.name)).await?;
        let (head, unchanged) = match found {
            None => (Head::new(&room), Precondition::Missing),
            Some(document) => {
                let head: Head = document.decode()?;
                let unchanged = Precondition::Version(document.version);
                // What an earlier room of this name left behind.
                let own = head.room_id == room.id;
                (if own { head } else { Head::new(&room) }, unchanged)
            }
        };
        let scan = Scan::all(PEOPLE).prefix(format!("{}/", room.id));
        let mut people: Vec<Stored> = documents
            .scan(scan)
            .and_then(|document| std::future::ready(document.decode()))
            .try_collect()
            .await?;
        people.sort_by(|a, b| {
            let key = |stored: &Stored| (stored.person.joined_at, stored.person.id.clone());
            key(a).cmp(&key(b))
        });
        Ok(Self {
            room,
            head,
            unchanged,
            people: people
                .into_iter()
                .map(|stored| (stored.person.id.clone(), stored))
                .collect(),
        })
    }

    pub(super) fn person_write(&self, id: &str) -> Result<Write> {
        let document = self.below(id);
        match self.people.get(id) {
            Some(stored) => Write::put(PEOPLE, &document, stored),
            None => Ok(Write::delete(PEOPLE, &document)),
        }
    }

    pub(super) fn message_write(&self, id: &str, message: Option<&Message>) -> Result<Write> {
        let document = self.below(id);
        match message {
            Some(message) => Write::put(MESSAGES, &document, message),
            None => Ok(Write::delete(MESSAGES, &document)),
        }
    }

    /// The writes that note what the commit after this state did.
    pub(super) fn entry_writes(&self, happenings: &[Happening]) -> Result<Vec<Write>> {
        let number = self.head.commits;
        let mut writes = vec![Write::put(
            HAPPENINGS,
            &self.below(&entry_id(number)),
            &Noted { happenings },
        )?];
        if let Some(old) = number.checked_sub(KEPT) {
            writes.push(Write::delete(HAPPENINGS, &self.below(&entry_id(old))));
        }
        Ok(writes)
    }

    /// What happened in the commits after `known`; `None` if that is not kept any more.
    pub(super) async fn entries_after(
        &self,
        documents: &dyn Documents,
        known: u64,
    ) -> Result<Option<Vec<(u64, Entry)>>> {
        entries(documents, &self.room.id, known, self.head.commits).await
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
        let found = documents.get(MESSAGES, &self.below(id)).await?;
        found.map(|document| document.decode()).transpose()
    }

    fn below(&self, id: &str) -> String {
        below(&self.room.id, id)
    }
}

/// What happened in the commits of a room after `known`, up to `until`; `None` if that is not kept
/// any more.
pub(super) async fn entries(
    documents: &dyn Documents,
    room_id: &str,
    known: u64,
    until: u64,
) -> Result<Option<Vec<(u64, Entry)>>> {
    let missed = until.saturating_sub(known);
    if missed == 0 {
        return Ok(Some(Vec::new()));
    }
    if missed > KEPT {
        return Ok(None);
    }
    let scan = Scan::all(HAPPENINGS)
        .prefix(below(room_id, ""))
        .after(Some(below(room_id, &entry_id(known))));
    let found: Vec<_> = documents.scan(scan).try_collect().await?;
    let mut entries = Vec::with_capacity(found.len());
    for document in found {
        let number = document
            .id
            .rsplit('/')
            .next()
            .and_then(|id| id.parse().ok());
        if let Some(number) = number.filter(|number| *number <= until) {
            entries.push((number, document.decode()?));
        }
    }
    let all = entries.len() as u64 == missed;
    Ok(all.then_some(entries))
}

/// The document of something that belongs to a room.
pub(super) fn below(room_id: &str, id: &str) -> String {
    format!("{room_id}/{id}")
}

fn entry_id(number: u64) -> String {
    format!("{number:012}")
}

/// The writes that make a room's meeting vanish in the same commit as the room, and note what is
/// left to clean up.
pub(crate) fn vanish(name: &RoomName, room_id: &str) -> [Write; 2] {
    let leftover = serde_json::Map::from_iter([("room".to_owned(), name.as_str().into())]);
    [
        Write::delete(HEADS, &local_address(name)),
        Write::merge(LEFTOVERS, room_id, leftover),
    ]
}

/// Removes what a room that is gone left behind. May be cut off anywhere, and repeated.
///
/// # Errors
/// Those of the store.
pub(crate) async fn clean(documents: &dyn Documents, room_id: &str) -> Result<()> {
    for collection in [PEOPLE, MESSAGES, HAPPENINGS] {
        loop {
            let scan = Scan::all(collection)
                .prefix(below(room_id, ""))
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
        .commit(vec![Write::delete(LEFTOVERS, room_id)])
        .await
        .map(|_| ())
}
