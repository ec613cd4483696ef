//! Throws a notification away, parked or in the queue.

use super::outcome::{self, OutcomeEntry};
use super::parked::{self, removal};
use super::{QUEUE, count};
pub use crate::commands::by_id::ById as Input;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::notification::{NotificationState, NotificationStatus};
use crate::records::documents::{Document, Precondition};

/// What would be thrown away.
///
/// # Errors
/// [`Kind::NotFound`] when it is neither parked nor in the queue.
pub async fn plan(context: &Context, input: Input) -> Result<NotificationStatus> {
    let id = input.id.as_str();
    let status = super::show::known(context, id).await?;
    match status.state {
        NotificationState::Queued | NotificationState::Retrying | NotificationState::Parked => {
            Ok(status)
        }
        state => Err(Error::not_found(format!(
            "the notification `{id}` is neither parked nor in the queue; it is {}",
            state.as_str()
        ))),
    }
}

/// Throws it away; the ledger keeps that this was done.
///
/// # Errors
/// As [`plan`]; [`Kind::Conflict`] when it changed at the same moment.
pub async fn run(context: &Context, input: Input) -> Result<NotificationStatus> {
    let id = input.id.as_str();
    plan(context, id.into()).await?;
    let parked = parked::find(context, id).await?;
    let queued = QUEUE.document(context.documents.as_ref(), id).await?;
    let mut writes = Vec::new();
    let mut entered: Option<Document> = None;
    if let Some(holder) = &parked {
        writes.push(removal(holder));
        // What it was parked with is newer than what may have come under its id since.
        if !parked::stayed(holder) {
            entered = Some(holder.clone());
        }
    }
    if let Some(document) = queued.filter(|_| entered.is_none()) {
        let version = Precondition::Version(document.version);
        writes.push(QUEUE.delete(id).only_if(version));
        entered = Some(document);
    }
    if let Some(document) = &entered {
        let entry = OutcomeEntry::new(document, NotificationState::Discarded);
        writes.push(outcome::write(context, &entry)?);
    }
    match context.documents.commit(writes).await {
        Err(error) if error.kind() == Kind::Conflict => Err(Error::conflict(format!(
            "the notification `{id}` changed meanwhile; try again"
        ))),
        outcome => {
            outcome?;
            count(NotificationState::Discarded);
            super::show::known(context, id).await
        }
    }
}
