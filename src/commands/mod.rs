//! The operations, `<noun>/<verb>.rs`, all of one shape:
//!
//! * `Input`, what it is told: checked ids have a type of their own, and are read where they come in.
//!   An id that stays a text finds nothing if it is none.
//! * `run(context, input)`, which does it, and `Output` or a type of the model, what it answers.
//! * What destroys something, or costs something, has a `plan` before it, made of the same `Input`;
//!   where the plan is what is carried out it goes into `apply`.
//!
//! Beside these verbs there are streams, which hand over everything of a kind, some at a time
//! (`list::all`), and the loops of the worker in `follow.rs`: `run` goes on until it is told to stop,
//! `run_once` does what is to be done now.
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
pub mod issuer;
pub mod key;
pub mod lease;
pub mod loops;
pub mod media;
pub mod notify;
pub(crate) mod pages;
pub mod participant;
pub mod presence;
pub mod push;
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
