//! Keeps the presence of users true.

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Notify;

use super::supervise::Loop;
use crate::commands::presence::{self, follow::Trust};
use crate::context::Context;
use crate::error::Result;

/// How long it waits when the source refuses: people are shown as they were until it may look again.
const PAUSE: Duration = Duration::from_secs(30);

/// The loop `presence`, one for all users.
pub(super) struct PresenceLoop;

#[async_trait]
impl Loop for PresenceLoop {
    fn name(&self) -> String {
        "presence".to_owned()
    }

    async fn run(&self, context: &Context) -> Result<()> {
        presence::follow::run(context).await
    }

    fn pause(&self) -> Duration {
        PAUSE
    }

    async fn woken(&self, context: &Context, listening: &Notify) {
        presence::follow::read_by_another(context, listening).await;
    }

    async fn run_once(&self, context: &Context) -> Result<()> {
        let report = presence::follow::run_once(context, Trust::Guarded).await?;
        let (people, written, nobody) = (report.people, report.written, report.nobody);
        tracing::info!(people, written, nobody, "presence compared");
        Ok(())
    }
}
