//! Ends a notification: out of the queue, into the ledger.

use std::time::Duration;

use super::delivery::{Delivery, DeliveryStep};
use super::outcome::{self, OutcomeEntry};
use super::{QUEUE, count};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Backoff;
use crate::model::notification::{Notification, NotificationState};
use crate::records::documents::{Document, Write};

/// How often the removal of what was sent is tried before it is sent again some day.
const REMOVALS: u32 = 8;
/// The delays between the tries.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));

/// A notification whose fate is decided.
pub(super) struct Handled<'a> {
    pub(super) context: &'a Context,
    pub(super) document: &'a Document,
    pub(super) to: &'a str,
    /// How often it was tried, this time included.
    pub(super) attempts: u32,
    /// By which ways it was delivered.
    pub(super) via: Option<String>,
}

impl Handled<'_> {
    /// Removes it from the queue and enters what became of it, in one commit.
    pub(super) async fn acknowledge(
        &self,
        state: NotificationState,
        reason: Option<&str>,
    ) -> Result<DeliveryStep> {
        let context = self.context;
        let entry = OutcomeEntry {
            to: Some(self.to),
            reason,
            attempts: self.attempts,
            via: self.via.as_deref(),
            ..OutcomeEntry::new(self.document, state)
        };
        let note = outcome::write(context, &entry)?;
        let writes = vec![QUEUE.remove(self.document), note.clone()];
        let done = commit_surely(context, writes).await;
        match done {
            Ok(()) => {}
            Err(error) if error.kind() == Kind::Conflict => {
                if let Some(newer) = self.changed(note).await? {
                    return Ok(newer);
                }
            }
            Err(error) => return Err(error),
        }
        count(state);
        Ok(DeliveryStep::Ended(Delivery::Acknowledged(state)))
    }

    /// What stands in the queue now, if that says something else than what was sent.
    async fn changed(&self, note: Write) -> Result<Option<DeliveryStep>> {
        let context = self.context;
        let Some(newer) = QUEUE
            .document(context.documents.as_ref(), &self.document.id)
            .await?
        else {
            return Ok(Some(DeliveryStep::Ended(Delivery::Gone)));
        };
        let read = |document: &Document| Notification::read(&document.id, &document.json).ok();
        if read(&newer) != read(self.document) {
            return Ok(Some(DeliveryStep::Changed(newer)));
        }
        match commit_surely(context, vec![QUEUE.remove(&newer), note]).await {
            Err(error) if error.kind() == Kind::Conflict => Ok(Some(DeliveryStep::Changed(newer))),
            outcome => outcome.map(|()| None),
        }
    }
}

/// Commits, however long the store needs: what was sent must not be sent again because the store
/// was busy for a moment.
async fn commit_surely(context: &Context, writes: Vec<Write>) -> Result<()> {
    let work = || context.documents.commit(writes.clone());
    let again = |error: &Error, delay| error.kind().is_temporary().then_some(delay);
    BACKOFF.retry(REMOVALS, work, again).await.map(drop)
}
