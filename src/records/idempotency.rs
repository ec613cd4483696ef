//! Requests that are carried out once, however often they are sent.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{After, Collection, Record, SealedCollection};

/// Hours that an attempt is remembered which was never answered; answers go at the same time, and
/// are worth nothing for as long.
const REMEMBERED_FOR: i64 = 24;

/// Requests, by the caller's key, made unique per caller. Hanging up may carry such a key, so that it
/// may be written when the store is full. Answers hold join tokens.
pub const IDEMPOTENCY: SealedCollection<StoredRequest> = SealedCollection::hidden_but(
    Collection::new("tok_idempotency", "")
        .bookkeeping()
        .expires("until", After::Hours(REMEMBERED_FOR)),
    &["until"],
);

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// A request that is or was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRequest {
    /// What it asked for.
    pub fingerprint: String,
    /// When the first attempt began; what the request says relative to now counts from here.
    pub since: Timestamp,
    /// Until when the claim or the answer counts.
    pub until: Timestamp,
    /// What was answered.
    #[serde(default)]
    pub answer: Option<KeptAnswer>,
    /// Which attempt wrote it: one that was not told of a write of its own knows it by this again.
    /// Releases before 0.2 name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
}

impl Record for StoredRequest {}
