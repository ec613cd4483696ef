//! Sends a notification at once, without waiting for the worker; what the push service cannot take
//! now goes into the queue.

use super::QUEUE;
use super::address::{self, Address};
use super::deliver::Deliveries;
use super::flush::working;
use super::purge::purge_token;
use crate::backends::push::{PushMessage, PushRefusal};
use crate::context::Context;
use crate::error::Result;
use crate::model::call::{Ring, RingOutcome};
use crate::model::notification::{NotificationSpec, Target};
use crate::records::documents::Write;

/// Sends it under this id and says what became of it.
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
    let (target, platform) = match address::find(context, &spec.to).await? {
        Address::Known(target, platform) => (target, platform),
        Address::Nobody(reason) => return Ok(told(RingOutcome::Lost, Some(reason))),
    };
    let notification = spec.clone().into_notification(id);
    let message = PushMessage {
        id: id.to_owned(),
        to: target,
        platform,
        kind: notification.kind,
        ttl: notification.ttl,
        data: notification.data,
    };
    match context.push.send(&message).await {
        Ok(()) => Ok(told(RingOutcome::Delivered, None)),
        Err(PushRefusal::Dead(reason)) => {
            if let Target::Token(token) = &message.to {
                purge_token(context, token).await?;
            }
            Ok(told(RingOutcome::Lost, Some(reason)))
        }
        Err(PushRefusal::Unsendable(reason)) => Ok(told(RingOutcome::Lost, Some(reason))),
        Err(PushRefusal::Later { reason, .. }) => {
            let write = QUEUE.put_as(id, &spec)?;
            context.documents.commit(vec![write]).await?;
            Ok(told(RingOutcome::Queued, Some(reason)))
        }
        Err(PushRefusal::Paused(error)) => {
            tracing::error!(%error, causes = ?error.causes(), "the push service takes nothing");
            Ok(told(RingOutcome::Lost, Some(error.message().to_owned())))
        }
    }
}

/// Sends what was just put into the queue: a phone that is to stop ringing must not wait until
/// somebody starts a worker. What cannot be sent now stays in the queue.
pub(crate) async fn hurry(context: &Context, queued: &[Write]) {
    if let Err(error) = send_queued(context, queued).await {
        tracing::warn!(%error, "what was to be sent at once waits in the queue");
    }
}

async fn send_queued(context: &Context, queued: &[Write]) -> Result<()> {
    // A push service takes its time, and whoever uses one has a worker.
    if queued.is_empty() || context.push.needs_token() || working(context).await?.is_some() {
        return Ok(());
    }
    let deliveries = Deliveries::new(context).await?;
    for write in queued {
        if let Some(document) = QUEUE
            .document(context.documents.as_ref(), &write.id)
            .await?
        {
            deliveries.deliver(document, 0).await?;
        }
    }
    Ok(())
}
