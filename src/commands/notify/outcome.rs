//! The ledger: what became of each notification, and why.

use jiff::Timestamp;

use crate::context::Context;
use crate::error::Result;
use crate::model::notification::{NotificationState, NotificationStatus, Target};
use crate::records::documents::{Document, Write};
use crate::records::{OUTCOMES, StoredOutcome};

/// What is to be said of a notification.
pub(super) struct OutcomeEntry<'a> {
    pub(super) document: &'a Document,
    pub(super) to: Option<&'a Target>,
    pub(super) state: NotificationState,
    pub(super) reason: Option<&'a str>,
    pub(super) attempts: u32,
    pub(super) next_at: Option<Timestamp>,
}

/// When a document was written, as a moment.
pub(super) fn written(document: &Document) -> Timestamp {
    Timestamp::from_millisecond(document.written).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The write that enters it.
pub(super) fn write(context: &Context, entry: &OutcomeEntry<'_>) -> Result<Write> {
    let now = context.clock.now();
    let stored = StoredOutcome {
        status: NotificationStatus {
            id: entry.document.id.clone(),
            state: entry.state,
            reason: entry.reason.map(str::to_owned),
            to: entry.to.map(ToString::to_string),
            attempts: entry.attempts,
            queued_at: written(entry.document),
            at: Some(now),
            next_at: entry.next_at,
        },
        expires: now
            .saturating_add(context.notify.keep.signed())
            .unwrap_or(now),
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

/// How often it was tried before, as far as anybody can tell.
pub(super) async fn attempts(context: &Context, id: &str) -> Result<Option<u32>> {
    let found = OUTCOMES.document(context.documents.as_ref(), id).await?;
    let entry = found.and_then(|document| OUTCOMES.readable(&document));
    Ok(entry.map(|entry| entry.status.attempts))
}
