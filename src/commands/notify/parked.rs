//! Notifications that cannot be sent as they are: moved out of the queue, kept with the reason.

use super::count;
use super::delivery::Delivery;
use super::outcome::{self, OutcomeEntry, written};
use crate::context::Context;
use crate::error::{Kind, Reason, Result};
use crate::model::notification::{NotificationState, NotificationStatus};
use crate::model::told_causes::{ToldCauses, kind_of};
use crate::records::documents::{Document, Precondition, Write};
use crate::records::{NOTIFICATIONS as QUEUE, PARKED_NOTIFICATIONS, ParkedNotification};

/// How much of a reason is kept.
const LONGEST_REASON: usize = 500;

/// What is known of a notification that is to be parked.
pub(super) struct Parking<'a> {
    pub(super) context: &'a Context,
    /// Which reasons were told; nothing if somebody else tells them.
    pub(super) told: Option<&'a ToldCauses>,
    pub(super) to: Option<&'a str>,
    pub(super) attempts: u32,
}

/// Takes a notification that cannot be sent out of the queue, with the reason.
///
/// # Errors
/// Those of the store.
pub(super) async fn park(
    parking: &Parking<'_>,
    document: &Document,
    reason: &str,
) -> Result<Delivery> {
    let (context, state) = (parking.context, NotificationState::Parked);
    let reason: String = reason.chars().take(LONGEST_REASON).collect();
    let mut parked = ParkedNotification {
        reason: reason.clone(),
        at: context.clock.now(),
        queued_at: written(document),
        attempts: parking.attempts,
        document: Some(document.json.clone()),
        version: None,
    };
    let entry = OutcomeEntry {
        to: parking.to,
        reason: Some(&reason),
        attempts: parking.attempts,
        ..OutcomeEntry::new(document, state)
    };
    let note = outcome::write(context, &entry)?;
    let keep = |parked: &ParkedNotification| PARKED_NOTIFICATIONS.put(&document.id, parked);
    let documents = &context.documents;
    let moved = vec![QUEUE.remove(document), keep(&parked)?, note.clone()];
    match documents.commit(moved).await {
        // Too large to be moved: it stays where it is, and is known by its version.
        Err(error) if error.kind() == Kind::InvalidInput => {
            parked.document = None;
            parked.version = Some(document.version);
            documents.commit(vec![keep(&parked)?, note]).await?;
        }
        // Changed or removed meanwhile: the next look finds out.
        Err(error) if error.kind() == Kind::Conflict => return Ok(Delivery::Gone),
        outcome => drop(outcome?),
    }
    count(state);
    // Many that are parked for one reason are named by the list of what is parked.
    let told = parking.told;
    if told.is_some_and(|told| told.is_news(&kind_of(&reason, &document.id))) {
        tracing::warn!(id = document.id, reason, "a notification was parked");
    }
    Ok(Delivery::Acknowledged(state))
}

/// What is told of a parked notification, also of one of which nothing can be read any more.
pub(super) fn status_of(document: &Document) -> NotificationStatus {
    let id = document.id.clone();
    match PARKED_NOTIFICATIONS.read(document) {
        Ok(parked) => NotificationStatus {
            id,
            state: NotificationState::Parked,
            reason: Some(parked.reason),
            to: None,
            attempts: parked.attempts,
            queued_at: parked.queued_at,
            at: Some(parked.at),
            next_at: None,
            via: None,
            taken: None,
            waits_for: None,
        },
        Err(error) => NotificationStatus {
            id,
            state: NotificationState::Parked,
            reason: Some(match error.why() {
                Some(Reason::WrittenByNewer) => error.message().to_owned(),
                _ => format!("{}; discard it", error.message()),
            }),
            to: None,
            attempts: 0,
            queued_at: written(document),
            at: None,
            next_at: None,
            via: None,
            taken: None,
            waits_for: None,
        },
    }
}

/// The document that holds the parked notification with this id.
pub(super) async fn find(context: &Context, id: &str) -> Result<Option<Document>> {
    PARKED_NOTIFICATIONS
        .document(context.documents.as_ref(), id)
        .await
}

/// Whether the notification itself stayed in the queue.
pub(super) fn stayed(holder: &Document) -> bool {
    let parked = PARKED_NOTIFICATIONS.read(holder);
    parked.is_ok_and(|parked| parked.version.is_some())
}

/// The write that takes it off the list, if it is still what was found.
pub(super) fn removal(document: &Document) -> Write {
    PARKED_NOTIFICATIONS
        .delete(&document.id)
        .only_if(Precondition::Version(document.version))
}
