//! The operations, `<noun>/<verb>.rs`: `Input`, `Output` (and `Plan` where something is
//! destroyed), `run` (or `plan` and `apply`).
//!
//! An operation sees the [`Context`](crate::context::Context) and nothing else: no flags, no HTTP,
//! no environment, no printing, no clock of its own.

pub mod by_id;
pub mod call;
pub mod chat;
pub mod device;
pub mod doctor;
pub mod housekeeping;
pub mod idempotency;
pub mod key;
pub mod lease;
pub mod notify;
pub(crate) mod pages;
pub mod participant;
pub mod presence;
pub mod queue;
pub mod recording;
pub mod room;
pub mod search;
pub mod session;
pub mod status;
pub mod store;
pub mod token;
pub mod user;
pub mod webhook;
