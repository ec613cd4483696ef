//! Removes what has run its time: expired local rooms, rooms that nobody uses if that is wanted,
//! the notes of old runs, old outcomes, past calls and web callbacks.

use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::supervise::Loop;
use crate::commands::{call, notify, room, webhook};
use crate::context::Context;
use crate::error::Result;
use crate::model::{BackendName, Span};

/// How often the ledger of notifications is looked through.
const LEDGER_EVERY: Duration = Duration::from_hours(1);

/// The loop `rooms`.
pub(super) struct Rooms {
    /// From one turn to the next.
    pub(super) every: Span,
    /// How long an expired room is kept.
    pub(super) grace: Span,
    /// How long a room may lie unused; for ever if absent.
    pub(super) unused: Option<Span>,
}

#[async_trait]
impl Loop for Rooms {
    fn name(&self) -> String {
        "rooms".to_owned()
    }

    async fn run(&self, context: &Context) -> Result<()> {
        let mut ledger = Instant::now();
        loop {
            let turn = self.turn(context).await;
            // Neither waits for the other, whichever of them fails.
            let swept = if ledger.elapsed() >= LEDGER_EVERY {
                ledger = Instant::now();
                sweep(context).await
            } else {
                Ok(())
            };
            turn.and(swept)?;
            tokio::select! {
                () = context.stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(self.every.0) => {}
            }
        }
    }

    async fn once(&self, context: &Context) -> Result<()> {
        let turn = self.turn(context).await;
        turn.and(sweep(context).await)
    }
}

/// Removes what has been kept for long enough; one that fails hides no other.
///
/// # Errors
/// The first failure, when all have been tried.
async fn sweep(context: &Context) -> Result<()> {
    let steps = [
        ("outcomes", notify::sweep(context).await),
        ("inboxes", notify::inbox::sweep(context).await),
        ("past calls", call::sweep(context).await),
        ("callbacks", webhook::sweep(context).await),
        ("notes of deletions", room::delete::sweep(context).await),
    ];
    let mut first = Ok(());
    for (what, outcome) in steps {
        match outcome {
            Ok(0) => {}
            Ok(removed) => tracing::info!(what, removed, "removed what was kept for long enough"),
            Err(error) => {
                tracing::warn!(what, %error, "what is old could not be removed");
                first = first.and(Err(error));
            }
        }
    }
    first
}

impl Rooms {
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
async fn prune(context: &Context, filter: &room::prune::Input, told: &str) -> Result<()> {
    let plan = room::prune::plan(context, filter).await?;
    let report = room::prune::apply(context, filter, plan, None).await?;
    metrics::counter!("tok_worker_items_total", "loop" => "rooms").increment(report.deleted);
    if report.deleted > 0 {
        tracing::info!(rooms = report.deleted, "{told}");
    }
    Ok(())
}
