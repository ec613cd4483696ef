//! Removes whatever has been kept for long enough.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use super::supervise::Loop;
use crate::commands::housekeeping;
use crate::context::Context;
use crate::error::Result;
use crate::model::Span;

/// The longest delay between two turns.
const LONGEST_DELAY: Duration = Duration::from_hours(1);
/// The shortest: what is kept for less is removed late by as much.
const SHORTEST_DELAY: Duration = Duration::from_secs(10);
/// Of the time that something is kept, a turn comes so often.
const PART: u32 = 4;

/// The loop `housekeeping`, one for all collections.
#[derive(Default)]
pub(super) struct HousekeepingLoop {
    /// What the last turn could not remove, and why.
    failed: Mutex<Option<String>>,
}

#[async_trait]
impl Loop for HousekeepingLoop {
    fn name(&self) -> String {
        "housekeeping".to_owned()
    }

    /// The first turn is at once: whoever starts again often removes in time as well. What fails is
    /// told and tried again by the next turn; it ends nothing.
    async fn run(&self, context: &Context) -> Result<()> {
        loop {
            let report = housekeeping::run(context).await;
            *self.failed.lock().unwrap_or_else(PoisonError::into_inner) =
                report.verdict().map(|error| error.to_string());
            if report.removed > 0 {
                let removed = report.removed;
                tracing::info!(removed, "removed what was kept for long enough");
            }
            tokio::select! {
                () = context.stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(delay(context)) => {}
            }
        }
    }

    fn trouble(&self) -> Option<String> {
        let failed = self.failed.lock();
        failed.unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn run_once(&self, context: &Context) -> Result<()> {
        let report = housekeeping::run(context).await;
        report.verdict().map_or(Ok(()), Err)
    }
}

/// A retention is obeyed at its own pace, however short it is set.
fn delay(context: &Context) -> Duration {
    let kept = [
        context.notify.keep,
        context.calls.keep,
        context.sessions_keep,
        context.live.messages_keep,
    ];
    let shortest = kept.iter().map(|Span(kept)| *kept).min();
    let delay = shortest.unwrap_or(LONGEST_DELAY) / PART;
    delay.clamp(SHORTEST_DELAY, LONGEST_DELAY)
}
