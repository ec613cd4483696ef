//! Removes rooms that have run their time: expired local ones, and those that nobody uses if that is
//! wanted.

use async_trait::async_trait;

use super::supervise::Loop;
use crate::commands::room;
use crate::context::Context;
use crate::error::Result;
use crate::model::{BackendName, Span};

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
    /// Each step is taken, whatever becomes of the one before.
    async fn turn(&self, context: &Context) -> Result<()> {
        let expired = room::prune::Input {
            backend: Some(BackendName::Local),
            expired_for: Some(self.grace),
            ..room::prune::Input::default()
        };
        let expired = prune(context, &expired, "removed rooms that have run their time").await;
        let Some(unused) = self.unused else {
            return expired;
        };
        let unused = room::prune::Input {
            unused_for: Some(unused),
            ..room::prune::Input::default()
        };
        expired.and(prune(context, &unused, "removed rooms that nobody used").await)
    }
}

/// Deletes the rooms that a filter finds; a vendor that cannot tell is pointed out by the error.
async fn prune(context: &Context, filter: &room::prune::Input, done: &str) -> Result<()> {
    let plan = room::prune::plan(context, filter).await?;
    let report = room::prune::apply(context, filter, plan, None).await?;
    metrics::counter!("tok_worker_items_total", "loop" => "rooms").increment(report.deleted);
    if report.deleted > 0 {
        tracing::info!(rooms = report.deleted, "{done}");
    }
    Ok(())
}
