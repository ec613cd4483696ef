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

    async fn run_once(&self, context: &Context) -> Result<()> {
        // The first part does it for all.
        if self.0.number > 0 {
            return Ok(());
        }
        let report = notify::flush::send_all(context, notify::flush::Input::default()).await?;
        tracing::info!(?report, "queue sent");
        report.verdict().map_or(Ok(()), Err)
    }
}
