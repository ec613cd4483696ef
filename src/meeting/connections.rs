//! The port to the connections of people: whoever serves them implements it.

use serde_json::value::RawValue;

use crate::model::RoomName;
use crate::model::happening::Happening;
use crate::model::meeting::Welcome;

/// Something to be told to connected people, as their clients read it.
#[derive(Debug, Clone)]
pub struct Packet {
    /// The name of the event, as clients listen for it.
    pub name: &'static str,
    /// Its arguments, JSON each.
    pub arguments: Vec<Box<RawValue>>,
}

/// A connection that belongs to somebody in a room.
pub trait Seat: Send + Sync {
    /// Its id, unique among all connections of all nodes.
    fn id(&self) -> &str;
    /// Tells it something; gives the connection up if it cannot keep up.
    fn emit(&self, packet: &Packet);
    /// Whether so little waits for it that what others send may be added. Nobody may make it fall
    /// behind what happens in the room.
    fn takes_signals(&self) -> bool;
    /// Nothing will be told any more: whoever sits here is out of the room. `barred` says that
    /// somebody else wanted it so.
    fn dismiss(&self, barred: bool);
}

/// How connected people are told what happens.
pub trait Wire: Send + Sync {
    /// Something happened in a room that has people here, or had them just now.
    fn happened(&self, room: &RoomName, happening: &Happening);
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
