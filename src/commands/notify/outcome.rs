//! The ledger: what became of each notification, and why.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::backends::documents::{Document, OUTCOMES, Write};
use crate::commands::sweep::sweep_all;
use crate::context::Context;
use crate::error::Result;
use crate::model::notification::{NotificationState, NotificationStatus, Target};

/// An entry; `expires` is when it may be forgotten (a time-to-live policy of Firestore can use it).
#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    status: NotificationStatus,
    expires: Timestamp,
}

/// What is to be said of a notification.
pub(super) struct Entry<'a> {
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
pub(super) fn write(context: &Context, entry: &Entry<'_>) -> Result<Write> {
    let now = context.clock.now();
    let stored = Stored {
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
    let write = Write::put(OUTCOMES, &entry.document.id, &stored)?;
    Ok(write.moments(&["queued_at", "at", "next_at", "expires"]))
}

/// The entry of a notification; one that cannot be read says nothing.
pub(super) async fn find(context: &Context, id: &str) -> Result<Option<NotificationStatus>> {
    let found = context.documents.get(OUTCOMES, id).await?;
    let entry = found.and_then(|document| document.decode::<Stored>().ok());
    Ok(entry.map(|entry| entry.status))
}

/// Forgets the entries whose time is over; returns how many.
///
/// # Errors
/// Those of the store.
pub async fn sweep(context: &Context) -> Result<u64> {
    let now = context.clock.now();
    // What cannot be read is worth nothing either.
    sweep_all(context, OUTCOMES, |document| {
        let entry = document.decode::<Stored>();
        Ok(entry.is_ok_and(|entry| entry.expires > now))
    })
    .await
}
