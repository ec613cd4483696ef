//! Keeps the time of calls: rings end, and what is over is cleaned up.

use async_trait::async_trait;

use super::supervise::Loop;
use crate::commands::call;
use crate::context::Context;
use crate::error::Result;

/// The loop `calls`, one for all calls.
pub(super) struct CallsLoop;

#[async_trait]
impl Loop for CallsLoop {
    fn name(&self) -> String {
        "calls".to_owned()
    }

    async fn run(&self, context: &Context) -> Result<()> {
        call::follow::run(context).await
    }

    async fn run_once(&self, context: &Context) -> Result<()> {
        call::follow::run_once(context).await
    }
}
