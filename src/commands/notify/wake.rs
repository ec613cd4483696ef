//! Lets loops that cannot send look again at once, in whichever process they are.

use std::time::Duration;

use futures_util::TryStreamExt;
use tokio::sync::Notify;

use super::LOOP;
use crate::commands::lease::{Lease, LeaseName};
use crate::context::Context;
use crate::error::Result;
use crate::model::health::LoopCondition;
use crate::records::LOOPS;

/// Loops are told so often at most: many notifications are put back one after another.
const AT_MOST_EVERY: Duration = Duration::from_secs(1);

/// Whoever mended what kept everything from being sent does not wait until the loops look again by
/// themselves. Where none rests nothing is written. A failure is logged.
pub(super) async fn wake(context: &Context) {
    if let Err(error) = try_wake(context).await {
        tracing::debug!(%error, "whether a loop rests is not known");
    }
}

async fn try_wake(context: &Context) -> Result<()> {
    let mut notes = LOOPS.scan(context.documents.as_ref(), LOOPS.all().prefix(LOOP));
    let mut rests = false;
    while let Some(note) = notes.try_next().await? {
        let condition = note.record.condition;
        rests |= matches!(condition, LoopCondition::Paused | LoopCondition::Failing);
    }
    let name = LeaseName::queue_wanted();
    if rests && context.told.is_news_after(name.as_str(), AT_MOST_EVERY) {
        Lease::tell(context, &name).await;
    }
    Ok(())
}

/// Waits until somebody wants the queue to be looked at; tells `listening` from when on.
pub async fn wanted(context: &Context, listening: &Notify) {
    Lease::taken(context, &LeaseName::queue_wanted(), listening).await;
}
