//! `tok`: the whole backend of a video-calling app in one binary.
//!
//! One operation, three doors. Layers call downwards only:
//!
//! | layer | may use | what it is |
//! | --- | --- | --- |
//! | [`cli`] | `commands`, `client`, `config`, `context`, `model`; to start them the other doors | door 1: flags to inputs, outputs to words |
//! | [`server`] | `commands`, `config`, `context`, `model` | door 2: HTTP requests to inputs, outputs to bodies |
//! | [`worker`] | `commands`, `config`, `context`, `model`; no `axum` | door 3: loops that run operations on their own |
//! | [`client`] | backend HTTP, `commands`' inputs and outputs, `model` | the operations at a server elsewhere, by its API |
//! | [`context`] | `config`, and all below | what an operation may touch, by the configuration |
//! | [`config`] | the settings of what is below `commands` | the configuration, a file per section |
//! | [`commands`] | ports, `meeting`, `records`, `model`; no vendor, no clock of the machine | the operations, `<noun>/<verb>.rs` |
//! | [`meeting`] | ports, `records`, `model`, `error` | meetings in local rooms |
//! | [`backends`] | `records`, `model`, `error`; no vendor of rooms another one | the outside: one folder per capability, one file per vendor |
//! | [`records`] | `model`, `error` | what lasts: one declaration per collection, and the port of the store |
//! | [`model`] | `error` | the data that all layers share |
//! | [`error`] | nothing of `tok` | the one error |
//!
//! Nothing below the doors but [`context`] knows [`config`]. [`config`] is the only place that reads the
//! environment, [`context`] the only one that picks backends from the configuration, and [`cli`]'s `output` the
//! only one that prints.

// What the tests of the crate share with the tests of its modules names it from outside.
#[cfg(test)]
extern crate self as tok;

pub mod backends;
pub mod cli;
pub mod client;
pub mod commands;
pub mod config;
pub mod context;
pub mod error;
#[cfg(test)]
mod hostile;
pub mod meeting;
pub mod model;
pub mod records;
mod request_id;
pub mod server;
pub mod traces;
pub mod worker;

pub use error::{Error, Kind, Result};
