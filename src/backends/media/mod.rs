//! The port for media that goes through this process, in `tok`'s own rooms.
//!
//! * Whoever takes part has one connection to us, and offers; we only ever answer. An offer of the same
//!   connection changes it, one of another takes its place.
//! * What is forwarded to whom is said over the connection itself: see [`control`].
//! * Who is closed or muted here is neither seen nor heard from then on, whatever their client does.

mod control;
mod local;

use std::net::{IpAddr, SocketAddr};

use async_trait::async_trait;

use crate::error::Result;

pub use self::local::LocalMedia;

/// Where media comes in and how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaSettings {
    /// The address and UDP port of the first thread; each further one has the next port. Port 0 takes
    /// any.
    pub bind: SocketAddr,
    /// Whether another port may be taken if that one is in use.
    pub any_port: bool,
    /// The addresses by which clients reach us, if the machine does not know them.
    pub public_ips: Vec<IpAddr>,
    /// Threads that forward; a room is on one of them.
    pub threads: usize,
    /// The most videos that one participant is sent.
    pub videos: usize,
    /// The most videos that one thread forwards, counted for each receiver.
    pub tracks_per_thread: usize,
}

/// Somebody's offer.
#[derive(Debug, Clone)]
pub struct MediaOffer {
    /// The room, by its address.
    pub room: String,
    /// Who offers.
    pub participant: String,
    /// Whether they may be seen and heard.
    pub sends: bool,
    /// The session description (RFC 8866) of their browser.
    pub sdp: String,
}

/// Forwards what people in a room send to the others in it.
#[async_trait]
pub trait Media: Send + Sync {
    /// Takes an offer. Gives the answer, a session description.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput) for an offer that cannot be answered,
    /// [`Kind::Unavailable`](crate::Kind::Unavailable) when we are full or cannot be reached at all.
    async fn offer(&self, offer: MediaOffer) -> Result<String>;

    /// Whether somebody of the room is here.
    fn is_open(&self, room: &str) -> bool;

    /// Ends the connection of somebody who is not in the room any more.
    fn close(&self, room: &str, participant: &str);

    /// Ends all connections of a room.
    fn close_room(&self, room: &str);

    /// Somebody's microphone is not forwarded, or is again.
    fn mute(&self, room: &str, participant: &str, muted: bool);

    /// Somebody may be seen and heard, or may not.
    fn allow(&self, room: &str, participant: &str, sends: bool);

    /// Ends all connections, for this process is about to end: clients hear of it at once instead of
    /// waiting for what comes no more. From then on nobody is answered.
    async fn shut(&self);
}
