//! Sends a notification at once, without waiting for the worker.

use std::time::Duration;

use futures_util::future::{join_all, try_join_all};

use super::QUEUE;
use super::address::{self, Addresses};
use super::deliver::Deliveries;
use super::outcome::Past;
use super::purge::purge_token;
use super::shard::working;
use crate::backends::push::{PushMessage, PushRefusal};
use crate::context::Context;
use crate::error::Result;
use crate::model::call::{Ring, RingOutcome};
use crate::model::notification::{NotificationSpec, Target};
use crate::records::documents::Write;

/// What is sent at once is waited for so long.
const HURRY: Duration = Duration::from_secs(3);

/// Sends it under this id and says what became of it. What the push service cannot take now is not in
/// the queue yet: whether it is still to go there knows whoever sends it.
///
/// # Errors
/// Those of the store; what the push service says is no error.
pub(crate) async fn send(context: &Context, id: &str, spec: NotificationSpec) -> Result<Ring> {
    let to = spec.to.to_string();
    let told = |outcome, reason: Option<String>| Ring {
        to: to.clone(),
        outcome,
        reason,
    };
    let recipients = match address::find(context, &spec.to).await? {
        Addresses::Known(recipients) => recipients,
        Addresses::Nobody(reason) => return Ok(told(RingOutcome::Lost, Some(reason))),
    };
    let notification = spec.into_notification(id);
    let messages = recipients.into_iter().map(|recipient| PushMessage {
        id: id.to_owned(),
        to: recipient.target,
        platform: recipient.platform,
        kind: notification.kind,
        ttl: notification.ttl,
        data: notification.data.clone(),
    });
    // Side by side: one that takes its time holds up no other.
    let telling = messages.map(async |message| tell(context, &message).await);
    let mut said = told(RingOutcome::Lost, None);
    for (outcome, reason) in try_join_all(telling).await? {
        // One that rings is enough; one that may ring yet is better than none.
        if said.outcome == RingOutcome::Lost || outcome == RingOutcome::Delivered {
            said = told(outcome, reason);
        }
    }
    Ok(said)
}

/// Tells one receiver, and says what is to become of the message.
async fn tell(context: &Context, message: &PushMessage) -> Result<(RingOutcome, Option<String>)> {
    Ok(match context.push.send(message).await {
        Ok(()) => (RingOutcome::Delivered, None),
        Err(PushRefusal::Dead(reason)) => {
            if let Target::Token(token) = &message.to {
                purge_token(context, token).await?;
            }
            (RingOutcome::Lost, Some(reason))
        }
        Err(PushRefusal::Unsendable(reason)) => (RingOutcome::Lost, Some(reason)),
        Err(PushRefusal::Later { reason, .. }) => (RingOutcome::Queued, Some(reason)),
        Err(PushRefusal::Paused(error)) => {
            if context.told.is_news(error.message()) {
                tracing::error!(%error, causes = ?error.causes(), "the push service takes nothing");
            }
            (RingOutcome::Lost, Some(error.message().to_owned()))
        }
    })
}

/// Sends what was just put into the queue: a phone that is to stop ringing must not wait until
/// somebody starts a worker. What cannot be sent now stays in the queue.
pub(crate) async fn hurry(context: &Context, queued: &[Write]) {
    if let Err(error) = send_queued(context, queued).await
        && context.told.is_news(error.message())
    {
        tracing::warn!(%error, "what was to be sent at once waits in the queue");
    }
}

async fn send_queued(context: &Context, queued: &[Write]) -> Result<()> {
    // A push service takes its time, and whoever uses one has a worker.
    if queued.is_empty() || context.push.needs_token() || working(context).await?.is_some() {
        return Ok(());
    }
    let deliveries = Deliveries::new(context).await?;
    let sending = queued.iter().map(|write| {
        let deliveries = deliveries.clone();
        async move {
            let document = QUEUE.document(context.documents.as_ref(), &write.id);
            if let Some(document) = document.await? {
                deliveries.deliver(document, &Past::default()).await?;
            }
            Ok(())
        }
    });
    // Browsers are told by others, who may take their time; nobody waits for those.
    let sent = tokio::time::timeout(HURRY, join_all(sending)).await;
    sent.unwrap_or_default().into_iter().collect()
}
