//! Sends what comes into the queue of notifications.

use async_trait::async_trait;
use tokio::sync::Notify;

use super::supervise::Loop;
use crate::commands::notify::{self, closed_service::ClosedService};
use crate::context::Context;
use crate::error::Result;
use crate::model::shard::Shard;

/// One part of the loop `notify`.
pub(super) struct NotifyLoop {
    shard: Shard,
    closed: ClosedService,
}

impl NotifyLoop {
    /// The loop of this part.
    pub(super) fn new(shard: Shard) -> Self {
        let closed = ClosedService::default();
        Self { shard, closed }
    }
}

#[async_trait]
impl Loop for NotifyLoop {
    fn name(&self) -> String {
        self.shard.name()
    }

    async fn run(&self, context: &Context) -> Result<()> {
        notify::follow::run_noting(context, self.shard, &self.closed).await
    }

    async fn woken(&self, context: &Context, listening: &Notify) {
        notify::wake::wanted(context, listening).await;
    }

    fn trouble(&self) -> Option<String> {
        self.closed.told()
    }

    /// The first part sends all of the queue.
    fn has_turn(&self) -> bool {
        self.shard.number == 0
    }

    async fn run_once(&self, context: &Context) -> Result<()> {
        let report = notify::flush::run_for(context, self.shard).await?;
        report.log(context);
        let (delivered, retrying, parked) = (report.delivered, report.retrying, report.parked);
        let (dead, expired) = (report.dead, report.expired);
        tracing::info!(delivered, retrying, parked, dead, expired, "queue sent");
        report.verdict().map_or(Ok(()), Err)
    }
}
