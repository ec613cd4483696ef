//! Meetings in local rooms.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{After, Collection, Fields, MeetingKey, Record};
use crate::model::RoomName;
use crate::model::chat::Message;
use crate::model::happening::Happening;
use crate::model::meeting::{JoinGrant, Person, SeatSignIn};
use crate::model::unknown_proxies::UnknownProxy;

/// The heads of meetings, by the room's address: every commit of a room goes through its head.
pub const HEADS: Collection<Head> = Collection::new("tok_meetings", "with the room").bookkeeping();

/// Everybody who is or was in a room, by the room's id and their own.
pub const PEOPLE: Collection<StoredPerson, MeetingKey> = Collection::new(
    "tok_participants",
    "with the room; of those who left the last are kept",
)
.bookkeeping()
.lookups(&["node", "by_key", "for_user"]);

/// What people wrote, by the room's id and the message's number.
pub const MESSAGES: Collection<Message, MeetingKey> =
    Collection::new("tok_messages", "with the room").expires("created_at", After::MessagesKeep);

/// What happened lately, one document per commit, for nodes that missed it; by the room's id and the
/// commit's number.
pub const HAPPENINGS: Collection<MeetingEntry, MeetingKey> =
    Collection::new("tok_happenings", "with the room; only the last are kept").bookkeeping();

/// Rooms that are gone and of which something is left, by the room's id.
pub const LEFTOVERS: Collection<Fields> =
    Collection::new("tok_leftovers", "when everything of the room is removed").bookkeeping();

/// The processes that serve people, by their ids: the version is their sign of life.
pub const NODES: Collection<NodeSign> =
    Collection::new("tok_nodes", "when another node takes its people out").bookkeeping();

/// A sign of life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeSign {
    /// When it was given, for people; machines do not agree on the time.
    #[serde(default)]
    pub at: Timestamp,
    /// Tells with which secret the node seals, if with any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
    /// A proxy that nobody trusts and that passes much on to the node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_proxy: Option<UnknownProxy>,
}

impl Record for NodeSign {}

/// What every commit of a room changes: two nodes can never commit past each other.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Head {
    /// The room.
    pub room: RoomName,
    /// A room that is made again under the same name is another one.
    pub room_id: String,
    /// Commits so far.
    #[serde(default)]
    pub commits: u64,
    /// Messages so far, whether or not they are still there.
    #[serde(default)]
    pub messages: u64,
    /// The stay of people that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// How often the room's settings changed.
    #[serde(default)]
    pub settings: u64,
    /// Since when nobody is in it, in Unix milliseconds, if it is to go when nobody is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unused_since: Option<i64>,
    /// Who may not come in any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub banned: Vec<Ban>,
    /// Whether nobody new comes in while somebody is there; the room's own document says so as well, for
    /// whoever reads that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub locked: bool,
}

impl Record for Head {}

/// Who may not come in any more, by whatever is known of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ban {
    /// As whom they were there.
    pub participant: String,
    /// The app's id of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// What tells the token that they came in with from others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// A hash of the network that they came from, where nothing else said who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Their name there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When they were sent out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Whether an operator did it.
    #[serde(default)]
    pub by_operator: bool,
}

/// A message by the name that its sender gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedMessage {
    /// The name.
    pub client_id: String,
    /// The message's id.
    pub message: String,
}

/// A person with what nobody else may see.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredPerson {
    /// The room, for whoever reads over all of them.
    pub room: RoomName,
    /// What others see.
    #[serde(flatten)]
    pub person: Person,
    /// SHA-256 of their key; one that is missing fits no key.
    #[serde(default)]
    pub key_hash: String,
    /// Their connection, while they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
    /// The process that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// What tells the token that they came in with from others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// A hash of the network that they came from, where nothing else says who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Whether they ever wrote something.
    #[serde(default)]
    pub wrote: bool,
    /// The last messages that they gave names of their own, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<NamedMessage>,
    /// What their token gave them; stored under the name that it had first.
    #[serde(default, rename = "ticket", skip_serializing_if = "Option::is_none")]
    pub grant: Option<JoinGrant>,
    /// The sign-in elsewhere that says who they are, where no token of ours does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in: Option<SeatSignIn>,
    /// The API key behind their grant, while they are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_key: Option<String>,
    /// The user behind their grant or sign-in, while they are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_user: Option<String>,
    /// Whether a token, an operator or such a host made them one, and not only that they were first.
    #[serde(default)]
    pub appointed: bool,
}

impl Record for StoredPerson {}

/// What one commit did.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct MeetingEntry {
    /// In order.
    pub happenings: Vec<Happening>,
    /// Everybody whom it changed, as they are by it.
    #[serde(default)]
    pub people: Vec<StoredPerson>,
    /// Who is not kept any more.
    #[serde(default)]
    pub gone: Vec<String>,
    /// Whether these two are all that it did to people; releases before 0.2 do not say.
    #[serde(default)]
    pub whole: bool,
}

impl Record for MeetingEntry {}

impl Record for Message {}

/// The number of a commit at the end of an entry's id.
pub fn entry_number(id: &str) -> Option<u64> {
    id.rsplit('/').next()?.parse().ok()
}
