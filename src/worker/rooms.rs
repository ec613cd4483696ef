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
            if ledger.elapsed() >= LEDGER_EVERY {
                sweep(context).await?;
                ledger = Instant::now();
            }
            turn?;
            tokio::select! {
                () = context.stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(self.every.0) => {}
            }
        }
    }

    async fn once(&self, context: &Context) -> Result<()> {
        self.turn(context).await?;
        sweep(context).await
    }
}

/// Removes what has been kept for long enough.
async fn sweep(context: &Context) -> Result<()> {
    notify::sweep(context).await?;
    notify::inbox::sweep(context).await?;
    call::sweep(context).await?;
    webhook::sweep(context).await.map(|_| ())
}

impl Rooms {
    async fn turn(&self, context: &Context) -> Result<()> {
        let filter = room::prune::Input {
            backend: Some(BackendName::Local),
            expired_for: Some(self.grace),
            ..room::prune::Input::default()
        };
        let plan = room::prune::plan(context, &filter).await?;
        let report = room::prune::apply(context, &filter, plan, None).await?;
        let notes = room::delete::sweep(context).await?;
        let items = report.deleted + notes;
        metrics::counter!("tok_worker_items_total", "loop" => "rooms").increment(items);
        if items > 0 {
            tracing::info!(
                rooms = report.deleted,
                notes,
                "removed what has run its time"
            );
        }
        match self.unused {
            Some(unused) => clean_up(context, unused).await,
            None => Ok(()),
        }
    }
}

/// Deletes the rooms of the usual backend that nobody used for so long; a vendor that cannot tell
/// is pointed out by the error.
async fn clean_up(context: &Context, unused: Span) -> Result<()> {
    let filter = room::prune::Input {
        unused_for: Some(unused),
        ..room::prune::Input::default()
    };
    let plan = room::prune::plan(context, &filter).await?;
    let report = room::prune::apply(context, &filter, plan, None).await?;
    if report.deleted > 0 {
        tracing::info!(rooms = report.deleted, "removed rooms that nobody used");
    }
    Ok(())
}
