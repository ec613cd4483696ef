//! Removes rooms that have run their time, again and again.

use async_trait::async_trait;

use super::supervise::Loop;
use crate::commands::room::retire;
use crate::context::Context;
use crate::error::Result;
use crate::model::Span;

/// The loop `rooms`, with its settings.
pub(super) struct RoomsLoop {
    /// From one turn to the next.
    pub(super) every: Span,
    /// How long an expired room is kept.
    pub(super) grace: Span,
    /// How long a room may lie unused; for ever if absent.
    pub(super) unused: Option<Span>,
}

#[async_trait]
impl Loop for RoomsLoop {
    fn name(&self) -> String {
        "rooms".to_owned()
    }

    async fn run(&self, context: &Context) -> Result<()> {
        loop {
            self.turn(context).await?;
            tokio::select! {
                () = context.stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(self.every.0) => {}
            }
        }
    }

    async fn run_once(&self, context: &Context) -> Result<()> {
        self.turn(context).await
    }
}

impl RoomsLoop {
    async fn turn(&self, context: &Context) -> Result<()> {
        let input = retire::Input {
            grace: self.grace,
            unused: self.unused,
        };
        let report = retire::run(context, input).await?;
        let removed = report.expired + report.unused;
        metrics::counter!("tok_worker_items_total", "loop" => "rooms").increment(removed);
        if report.expired > 0 {
            tracing::info!(
                rooms = report.expired,
                "removed rooms that have run their time"
            );
        }
        if report.unused > 0 {
            tracing::info!(rooms = report.unused, "removed rooms that nobody used");
        }
        report.verdict().map_or(Ok(()), Err)
    }
}
