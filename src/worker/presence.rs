//! Keeps the presence of users true.

use async_trait::async_trait;

use super::supervise::Loop;
use crate::commands::presence::{self, follow::Trust};
use crate::context::Context;
use crate::error::Result;

/// The loop `presence`.
pub(super) struct Presence;

#[async_trait]
impl Loop for Presence {
    fn name(&self) -> String {
        "presence".to_owned()
    }

    async fn run(&self, context: &Context) -> Result<()> {
        presence::follow::run(context).await
    }

    async fn once(&self, context: &Context) -> Result<()> {
        let report = presence::follow::run_once(context, Trust::Guarded).await?;
        tracing::info!(?report, "presence compared");
        Ok(())
    }
}
