//! Keeps the indexes true.

use std::sync::Arc;

use async_trait::async_trait;

use super::supervise::Loop;
use crate::commands::search;
use crate::context::Context;
use crate::error::Result;
use crate::model::search::IndexSpec;

/// The loop `search` for one index.
pub(super) struct SearchLoop(pub(super) Arc<IndexSpec>);

#[async_trait]
impl Loop for SearchLoop {
    fn name(&self) -> String {
        search::follow::loop_name(&self.0)
    }

    async fn run(&self, context: &Context) -> Result<()> {
        search::renew::if_outdated(context, &self.0).await?;
        search::follow::run(context, &self.0).await
    }

    async fn run_once(&self, context: &Context) -> Result<()> {
        search::renew::if_outdated(context, &self.0).await?;
        search::follow::run_once(context, &self.0).await
    }
}
