//! Calls from one person to another.

use serde::{Deserialize, Serialize};

use super::{After, Collection, PersonsCallKey, Record};
use crate::model::call::{Call, Side};

/// Calls of which something is left to do, by their ids.
pub const LIVE_CALLS: Collection<StoredCall> =
    Collection::new("tok_calls", "when the call is over and cleaned up")
        .bookkeeping()
        .lookups(&[
            "caller_device",
            "callee_device",
            "caller_participant",
            "callee_participant",
        ]);

/// Calls that are over and cleaned up, by their ids.
pub const PAST_CALLS: Collection<Call> = Collection::new("tok_past_calls", "")
    .bookkeeping()
    .expires("ended_at", After::CallsKeep);

/// The same, by the people who were in them and their ids: whoever is signed in looks their own up.
pub const CALLS_OF_PEOPLE: Collection<CallOfPerson, PersonsCallKey> =
    Collection::new("tok_calls_of_people", "")
        .bookkeeping()
        .expires("ended_at", After::CallsKeep);

/// A call that is over, and one of the two who were in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallOfPerson {
    /// Whose call it was.
    pub person: String,
    /// The call.
    #[serde(flatten)]
    pub call: Call,
}

impl Record for CallOfPerson {}

/// Who is in a call, by `user:ID` or `device:ID`. Without a mark of both none is made, so that it
/// must not be written when the store is full.
pub const BUSY: Collection<BusyMark> = Collection::new("tok_busy", "when the call is over");

/// Somebody is in a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusyMark {
    /// Which.
    #[serde(default)]
    pub call: String,
}

impl Record for BusyMark {}

impl Record for Call {}

/// A call as stored: what is shown, and what is left to clean up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredCall {
    /// What is shown.
    #[serde(flatten)]
    pub call: Call,
    /// The busy marks that it holds.
    #[serde(default)]
    pub marks: Vec<String>,
    /// The caller's device, to be found by.
    pub caller_device: Option<String>,
    /// The callee's device, to be found by.
    pub callee_device: Option<String>,
    /// The vendor's participant of the caller that is still there, to be found by.
    pub caller_participant: Option<String>,
    /// The vendor's participant of the callee that is still there, to be found by.
    pub callee_participant: Option<String>,
    /// Both sides got their token at once: whether the callee answers is seen only if the vendor
    /// tells.
    #[serde(default)]
    pub unseen: bool,
    /// The vendor told that somebody of this call connected: it tells such things at all.
    #[serde(default)]
    pub told: bool,
    /// The sides that the vendor told are gone.
    #[serde(default)]
    pub gone: Vec<Side>,
    /// How many phones rang.
    #[serde(default)]
    pub rings: usize,
    /// Participants of sides that ended their part, still to be removed at the vendor's.
    #[serde(default)]
    pub closing: Vec<String>,
    /// When its present state ends by itself, in Unix milliseconds of the store's clock.
    #[serde(default)]
    pub deadline: i64,
    /// When the worker has to look at it again, in Unix milliseconds of the store's clock; 0 for
    /// at once.
    #[serde(default)]
    pub due: i64,
}

impl Record for StoredCall {}
