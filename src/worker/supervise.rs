//! What every loop has in common: one worker at a time, restart after failure, an orderly end.

use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::commands::lease::Lease;
use crate::context::Context;
use crate::error::{Error, Kind, Result};

/// How long a loop rests when only a person can help.
const PAUSE: Duration = Duration::from_mins(5);

/// Work that is repeated.
#[async_trait]
pub(super) trait Loop: Send + Sync + 'static {
    /// Its name in leases, logs and metrics.
    fn name(&self) -> &'static str;

    /// Does what is to be done now; returns on how many items.
    async fn turn(&self, context: &Context) -> Result<u64>;
}

/// The pace of a loop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// From one turn to the next.
    pub(super) every: Duration,
    /// How long the work of a worker that died stays untouched.
    pub(super) lease: Duration,
}

/// Takes turns until `stop`, whenever no other worker has the lease.
pub(super) async fn run(context: Context, work: impl Loop, pace: Pace, stop: CancellationToken) {
    let name = work.name();
    tracing::info!(name, "loop started");
    while !stop.is_cancelled() {
        let rest = match leased_turn(&context, &work, pace).await {
            Ok(items) => {
                metrics::counter!("tok_worker_items_total", "loop" => name).increment(items);
                if items > 0 {
                    tracing::info!(name, items, "turn done");
                }
                pace.every
            }
            Err(error) => after(name, pace, &error),
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(rest) => {}
        }
    }
    tracing::info!(name, "loop stopped");
}

async fn leased_turn(context: &Context, work: &impl Loop, pace: Pace) -> Result<u64> {
    let lease = Lease::take_for(context, &format!("worker:{}", work.name()), pace.lease).await?;
    let outcome = lease.hold_while(work.turn(context)).await;
    lease.release().await;
    outcome
}

/// Reports a failed turn and says how long to rest.
fn after(name: &'static str, pace: Pace, error: &Error) -> Duration {
    if error.kind() == Kind::Locked {
        tracing::debug!(name, "another worker has this loop");
        return pace.lease / 3;
    }
    metrics::counter!("tok_worker_failures_total", "loop" => name, "code" => error.kind().code())
        .increment(1);
    let causes = error.causes();
    match error.kind() {
        Kind::Refused | Kind::Guard | Kind::Config => {
            tracing::error!(name, %error, ?causes, "loop paused; a person has to help");
            PAUSE
        }
        kind if kind.is_temporary() => {
            tracing::warn!(name, %error, ?causes, "turn failed; trying again");
            error.wait().unwrap_or(pace.every)
        }
        _ => {
            tracing::error!(name, %error, ?causes, "turn failed");
            pace.every
        }
    }
}
