//! Operations on rooms.

pub mod create;
pub mod create_numbered;
pub mod delete;
pub mod end;
pub mod ensure;
pub mod history;
pub mod list;
pub mod lock;
pub mod participants;
pub mod prune;
pub mod retire;
pub mod show;
pub mod update;

use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// The largest number of people a room can be made for.
const MOST_PARTICIPANTS: u32 = 100_000;

/// Settings that have a field of their own; as a property they would be said twice.
const OWN_FIELDS: [&str; 3] = ["nbf", "exp", "max_participants"];

fn check_participants(most: Option<u32>) -> Result<()> {
    match most {
        Some(most) if !(1..=MOST_PARTICIPANTS).contains(&most) => Err(Error::invalid(format!(
            "max_participants is {most}; use 1 to {MOST_PARTICIPANTS}"
        ))),
        _ => Ok(()),
    }
}

fn check_properties(properties: &Map<String, Value>) -> Result<()> {
    match OWN_FIELDS.iter().find(|key| properties.contains_key(**key)) {
        Some(key) => Err(Error::invalid(format!(
            "properties.{key} has a field of its own; use not_before, expires or max_participants"
        ))),
        None => Ok(()),
    }
}
