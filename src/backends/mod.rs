//! The outside world, one folder per capability.
//!
//! Each folder's `mod.rs` holds a narrow trait with its contract; beside it stands one file or
//! folder per vendor. No vendor imports another.

pub mod bus;
pub mod documents;
pub mod file_answer;
pub mod file_ending;
mod file_owner;
pub mod files;
pub mod google;
pub mod http;
pub mod http_client;
pub mod ice;
pub mod issuers;
pub mod media;
pub mod otlp;
pub mod presence;
mod private_files;
pub mod public_door;
pub mod push;
pub mod rate_limit;
mod redirects;
pub mod rooms;
pub mod search;
