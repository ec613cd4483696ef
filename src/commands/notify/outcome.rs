//! The ledger: what became of each notification, and why.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::notification::{NotificationState, NotificationStatus};
use crate::records::documents::{Document, Write};
use crate::records::{OUTCOMES, StoredOutcome};

/// How much of a reason or a receiver is kept: whatever stands in a notification, its entry fits.
const LONGEST_TEXT: usize = 500;

/// What is to be said of a notification.
pub(super) struct OutcomeEntry<'a> {
    pub(super) document: &'a Document,
    pub(super) to: Option<&'a str>,
    pub(super) state: NotificationState,
    pub(super) reason: Option<&'a str>,
    pub(super) attempts: u32,
    pub(super) next_at: Option<Timestamp>,
    pub(super) reached: &'a BTreeSet<u64>,
    pub(super) via: Option<&'a str>,
}

impl<'a> OutcomeEntry<'a> {
    /// That it is now in this state.
    pub(super) fn new(document: &'a Document, state: NotificationState) -> Self {
        const NOBODY: &BTreeSet<u64> = &BTreeSet::new();
        Self {
            document,
            to: None,
            state,
            reason: None,
            attempts: 0,
            next_at: None,
            reached: NOBODY,
            via: None,
        }
    }
}

/// What is known of earlier tries of a notification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// How often it was tried.
    pub(super) attempts: u32,
    /// The digests of the receivers that have it already.
    pub(super) reached: BTreeSet<u64>,
    /// When it is due again, in Unix milliseconds of the store's clock; 0 if it was not tried.
    pub(super) due: i64,
}

/// When a document was written, as a moment.
pub(super) fn written(document: &Document) -> Timestamp {
    Timestamp::from_millisecond(document.written).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The write that enters it.
pub(super) fn write(context: &Context, entry: &OutcomeEntry<'_>) -> Result<Write> {
    let now = context.clock.now();
    let short = |text: &str| text.chars().take(LONGEST_TEXT).collect();
    let stored = StoredOutcome {
        status: NotificationStatus {
            id: entry.document.id.clone(),
            state: entry.state,
            reason: entry.reason.map(short),
            to: entry.to.map(short),
            attempts: entry.attempts,
            queued_at: written(entry.document),
            at: Some(now),
            next_at: entry.next_at,
            via: entry.via.map(str::to_owned),
            taken: None,
            waits_for: None,
        },
        expires: now
            .saturating_add(context.notify.keep.signed())
            .unwrap_or(now),
        reached: entry.reached.iter().map(|to| format!("{to:x}")).collect(),
    };
    OUTCOMES.put(&entry.document.id, &stored)
}

/// The entry of a notification. One that cannot be read is an error, not nothing: what was delivered
/// would be delivered again.
///
/// # Errors
/// Those of reading it.
pub(super) async fn find(context: &Context, id: &str) -> Result<Option<NotificationStatus>> {
    let entry = OUTCOMES.get(context.documents.as_ref(), id).await?;
    Ok(entry.map(|entry| entry.record.status))
}

/// What was tried of this state of a notification before, as far as anybody can tell. When it is due
/// goes by the store's clock: whoever tried it may have had another one than we.
pub(super) async fn past(context: &Context, document: &Document) -> Result<Past> {
    let found = OUTCOMES.document(context.documents.as_ref(), &document.id);
    let found = match found.await {
        // Under an id that cannot be asked for nothing was entered.
        Err(error) if error.kind() == Kind::InvalidInput => None,
        found => found?,
    };
    let Some(found) = found else {
        return Ok(Past::default());
    };
    let Some(entry) = OUTCOMES.readable(&found) else {
        return Ok(Past::default());
    };
    let status = entry.status;
    if status.state != NotificationState::Retrying || status.queued_at != written(document) {
        return Ok(Past::default());
    }
    let delay = match (status.at, status.next_at) {
        (Some(at), Some(next)) => next.duration_since(at),
        _ => SignedDuration::ZERO,
    };
    let delay = i64::try_from(delay.as_millis()).unwrap_or(0);
    let reached = entry.reached.iter();
    Ok(Past {
        attempts: status.attempts,
        reached: reached
            .filter_map(|to| u64::from_str_radix(to, 16).ok())
            .collect(),
        due: found.written.saturating_add(delay.max(0)),
    })
}
