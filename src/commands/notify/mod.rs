//! Notifications: the queue, what became of each, and those that wait for a person.
//!
//! A notification is sent first and removed afterwards, with the version that was sent: a crash
//! between the two sends it twice, never not at all.

pub mod arrivals;
pub mod at_once;
mod beyond;
pub mod closed_service;
pub mod deliver;
pub mod delivery;
pub mod discard;
pub mod flush;
pub mod follow;
pub mod history;
pub mod inbox;
pub mod list;
pub mod retry;
pub mod send;
pub mod show;
pub mod take;
pub mod wake;

mod acknowledge;
pub(crate) mod address;
mod delays;
mod fan_out;
mod gone;
mod obstacles;
mod outcome;
mod parked;
mod purge;
mod shard;
mod timetable;
mod unsent;

use std::collections::HashMap;

use futures_util::TryStreamExt;
use jiff::SignedDuration;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::notification::NotificationState;
use crate::model::shard::Shard;
use crate::records::{NOTIFICATIONS as QUEUE, PARKED_NOTIFICATIONS};

/// The loop that sends the queue, in leases and on the command line.
const LOOP: &str = Shard::LOOP;

/// The sentence for an id that is not known.
fn missing(id: &str) -> Error {
    Error::not_found(format!("there is no notification `{id}`"))
}

/// How far the store's clock is ahead of ours.
async fn skew(context: &Context) -> Result<SignedDuration> {
    let theirs = context.documents.now().await?;
    Ok(theirs.duration_since(context.clock.now()))
}

/// What was parked without leaving the queue: the id and the state that is left alone.
async fn held(context: &Context) -> Result<HashMap<String, u64>> {
    let mut out = HashMap::new();
    // One that cannot be read was moved: only those that stayed have a version.
    let all = PARKED_NOTIFICATIONS.all();
    let mut found = PARKED_NOTIFICATIONS.scan(context.documents.as_ref(), all);
    while let Some(parked) = found.try_next().await? {
        if let Some(version) = parked.record.version {
            out.insert(parked.id, version);
        }
    }
    Ok(out)
}

/// Sets a gauge to a count.
fn gauge(name: &'static str, count: u64) {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    metrics::gauge!(name).set(f64::from(count));
}

/// Counts an outcome.
fn count(state: NotificationState) {
    metrics::counter!("tok_notifications_total", "outcome" => state.as_str()).increment(1);
}
