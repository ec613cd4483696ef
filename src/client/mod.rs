//! The operations once more, carried out by a `tok serve` somewhere else: for each of [`commands`] that
//! its HTTP API has, a function of the same name and with the same input and output.
//!
//! What an input may be and what an output means is known to [`commands`] alone; here is only which
//! request asks for it. What the server refuses comes back as the error that it had there.
//!
//! [`commands`]: crate::commands

mod answer;
pub mod call;
pub mod chat;
pub mod device;
mod follow;
pub mod notify;
mod pages;
pub mod participant;
pub mod presence;
mod presence_watch;
pub mod push;
pub mod recording;
mod request;
pub mod room;
pub mod search;
mod server;
pub mod session;
mod slices;
pub mod status;
pub mod token;
pub mod user;
pub mod webhook;

pub use self::server::{Server, ServerAddress, TellSlow};
