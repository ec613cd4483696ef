//! The port for what happens in a room while people are in it: who comes and goes, what they write,
//! who runs it. Of the vendors only `tok` itself has one; the others' meetings are their own.
//!
//! * What was answered is durable, and told to everybody whom it concerns, once, in one order.
//! * Whoever came in is told everything that happens after what their [`Welcome`] says.
//! * A seat that cannot keep up is given up, never waited for.

mod local;

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use serde_json::value::RawValue;

use crate::error::Result;
use crate::model::chat::Message;
use crate::model::meeting::{
    Actor, Admission, Change, Ending, Happening, Newcomer, Person, Welcome,
};
use crate::model::{Page, PageRequest, Room, RoomName};

pub use local::{LocalMeetings, MeetingSettings};
pub(crate) use local::{clean, head_write, is_temporary, vanish};

/// Something to be told to connected people, as their clients read it.
#[derive(Debug, Clone)]
pub struct Packet {
    /// The event.
    pub name: &'static str,
    /// Its arguments, JSON each.
    pub arguments: Vec<Box<RawValue>>,
}

/// A connection that belongs to somebody in a room.
pub trait Seat: Send + Sync {
    /// Its id, unique among all connections of all nodes.
    fn id(&self) -> &str;
    /// Tells it something; gives the connection up if it cannot keep up.
    fn tell(&self, packet: &Packet);
    /// Nothing will be told any more: whoever sits here is out of the room. `barred` says that
    /// somebody else wanted it so.
    fn dismiss(&self, barred: bool);
}

/// How connected people are told what happens.
pub trait Wire: Send + Sync {
    /// What clients hear of it; each packet goes to everybody whom it concerns.
    fn packets(&self, happening: &Happening) -> Vec<Packet>;
    /// What somebody hears who is out of the room by it, in place of that.
    fn farewell(&self, happening: &Happening) -> Vec<Packet>;
    /// What a connection hears whose holder came in again over another one.
    fn replaced(&self) -> Packet;
    /// What a connection hears whose holder was taken to be gone.
    fn lost(&self) -> Packet;
    /// What somebody hears who came in, or was let in at last.
    fn welcome(&self, welcome: &Welcome) -> Packet;
    /// A message of one client to another, of which we understand nothing.
    fn signal(&self, from: &str, data: &RawValue) -> Packet;
}

/// Meetings in rooms.
#[async_trait]
pub trait Meetings: Send + Sync {
    /// Begins to serve connected people of this process; once.
    fn serve(&self, wire: Arc<dyn Wire>);

    /// Stops: nobody is out of their room by it, so that they may come back after a restart.
    async fn pause(&self);

    /// Somebody wants to come in. `room` is as it was seen just now.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) when there is no such room any more,
    /// [`Kind::Conflict`](crate::Kind::Conflict) when it is full,
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) for whom it was closed.
    async fn join(&self, room: &Room, newcomer: Newcomer, seat: Arc<dyn Seat>)
    -> Result<Admission>;

    /// Somebody does something. Takes its place in the room's order when it is called, not when
    /// the answer is waited for. Answers with the message, if it is about one.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
    fn act(
        &self,
        room: &RoomName,
        by: Actor,
        change: Change,
    ) -> BoxFuture<'static, Result<Option<Message>>>;

    /// The connection `seat` of a participant broke: they may come back for a while, where the room
    /// allows that.
    fn lost(&self, room: &RoomName, participant: &str, seat: &str);

    /// Passes `data` on to another participant of the same room.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) when they are not there.
    fn signal(
        &self,
        room: &RoomName,
        from: &str,
        seat: &str,
        to: &str,
        data: Box<RawValue>,
    ) -> BoxFuture<'static, Result<()>>;

    /// Everybody who is or was in the room, in the order they came.
    async fn people(&self, room: &RoomName) -> Result<Vec<Person>>;

    /// Messages that `reader` may read, which is all of them for an operator: the page before the
    /// message `page.after`, or the latest; oldest first. `next` leads to earlier ones.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
    async fn messages(
        &self,
        room: &RoomName,
        reader: &Actor,
        page: &PageRequest,
    ) -> Result<Page<Message>>;

    /// All messages, oldest first, some at a time.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound).
    async fn export(&self, room: &RoomName) -> Result<BoxStream<'static, Result<Vec<Message>>>>;

    /// Everything that happens from now on, until the room is gone.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound).
    async fn follow(&self, room: &RoomName) -> Result<BoxStream<'static, Result<Happening>>>;

    /// The room of a public address, as [`address`](local_address) makes it.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound).
    async fn addressed(&self, address: &str) -> Result<RoomName>;

    /// Sends everybody out. Returns how many there were.
    async fn end(&self, room: &RoomName, why: Ending) -> Result<u64>;
}

/// The public address of a room: the MD5 of its name in lower case hexadecimal digits. It hides
/// nothing and opens nothing.
pub fn local_address(room: &RoomName) -> String {
    use md5::{Digest, Md5};
    hex::encode(Md5::digest(room.as_str()))
}
