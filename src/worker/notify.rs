//! Sends what comes into the queue of notifications.

use async_trait::async_trait;

use super::supervise::Loop;
use crate::commands::notify::{self, follow::Shard};
use crate::context::Context;
use crate::error::Result;

/// One part of the loop `notify`.
pub(super) struct NotifyLoop(pub(super) Shard);

#[async_trait]
impl Loop for NotifyLoop {
    fn name(&self) -> String {
        self.0.name()
    }

    async fn run(&self, context: &Context) -> Result<()> {
        notify::follow::run(context, self.0).await
    }

    async fn woken(&self, context: &Context) {
        notify::wake::wanted(context).await;
    }

    /// The first part sends all of the queue.
    fn has_turn(&self) -> bool {
        self.0.number == 0
    }

    async fn run_once(&self, context: &Context) -> Result<()> {
        let report = notify::flush::run_for(context, self.0).await?;
        let (delivered, retrying, parked) = (report.delivered, report.retrying, report.parked);
        let (dead, expired) = (report.dead, report.expired);
        tracing::info!(delivered, retrying, parked, dead, expired, "queue sent");
        report.verdict().map_or(Ok(()), Err)
    }
}
