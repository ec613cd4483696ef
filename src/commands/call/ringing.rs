//! Rings the phones of whoever is called.

use super::LIVE;
use super::notice;
use super::stored::{contended, find_live};
use crate::commands::notify::at_once;
use crate::context::Context;
use crate::error::Result;
use crate::model::call::{Call, CallState, Ring, RingOutcome};
use crate::model::notification::{NotificationKind, NotificationSpec, Target};
use crate::records::documents::Write;
use crate::records::{NOTIFICATIONS, contend};

/// Rings these phones of the callee, all at once, and says what became of each.
///
/// # Errors
/// Those of the store; what the push service says is no error.
pub(super) async fn ring(
    context: &Context,
    call: &Call,
    targets: Vec<Target>,
    ttl: u64,
    link: Option<String>,
) -> Result<Vec<Ring>> {
    let mut data = notice::data(call, "call.ringing");
    data.extend(link.map(|link| ("url".to_owned(), link)));
    let rings = targets.into_iter().enumerate().map(|(number, to)| {
        let spec = NotificationSpec {
            to,
            kind: NotificationKind::Call,
            ttl: Some(ttl),
            title: "Incoming Call".to_owned(),
            body: format!("{} is calling you", notice::caller_name(call)),
            image: None,
            data: data.clone(),
        };
        ring_one(context, call, notice::ring_id(call, number), spec)
    });
    futures_util::future::try_join_all(rings).await
}

async fn ring_one(
    context: &Context,
    call: &Call,
    id: String,
    spec: NotificationSpec,
) -> Result<Ring> {
    let ring = at_once::send(context, &id, spec.clone()).await?;
    if ring.outcome == RingOutcome::Queued {
        queue(context, call, &NOTIFICATIONS.put_as(&id, &spec)?).await?;
    }
    Ok(ring)
}

/// Puts a ring into the queue if the call still rings: whoever answered before could not take it back
/// from there.
async fn queue(context: &Context, call: &Call, ring: &Write) -> Result<()> {
    let queueing = || async {
        let live = find_live(context, &call.id).await?;
        let Some(live) = live.filter(|live| live.stored.call.state == CallState::Ringing) else {
            return Ok(());
        };
        let rings = LIVE.insist(&call.id, live.version);
        let writes = vec![rings, ring.clone()];
        context.documents.commit(writes).await.map(drop)
    };
    contend(queueing, contended).await
}

/// Whether any phone heard of it, or will.
pub(super) fn reached(rings: &[Ring]) -> bool {
    rings.iter().any(|ring| ring.outcome != RingOutcome::Lost)
}
