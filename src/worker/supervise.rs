//! What every loop has in common: one worker at a time, restart after failure, an orderly end.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_util::FutureExt;

use super::board::{Board, State, WELL};
use crate::commands::lease::{Lease, LeaseName};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::{Backoff, Rests};

/// How long a loop rests when only a person can help.
const PAUSE: Duration = Duration::from_mins(5);
/// The rests of a loop that failed.
const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_mins(1));

/// Work that goes on for as long as the worker runs.
#[async_trait]
pub(super) trait Loop: Send + Sync + 'static {
    /// Its name in leases, logs and metrics; a part of a loop has a name of its own.
    fn name(&self) -> String;

    /// Works until `context.stop`, then finishes what is in hand.
    async fn run(&self, context: &Context) -> Result<()>;

    /// Does what is to be done now.
    async fn once(&self, context: &Context) -> Result<()>;
}

/// Keeps a loop at work until `context.stop`, whenever no other worker has its lease.
pub(super) async fn run(context: Context, work: Arc<dyn Loop>, lease: Duration, board: Arc<Board>) {
    let (name, stop) = (work.name(), context.stop.clone());
    tracing::info!(name, "loop started");
    let mut rests = BACKOFF.rests();
    while !stop.is_cancelled() {
        let began = Instant::now();
        let outcome = leased(&context, work.as_ref(), lease, &board).await;
        if began.elapsed() > WELL {
            rests.reset();
        }
        let Err(error) = outcome else { continue };
        let rest = after(&name, &error, &mut rests, lease, &board);
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(rest) => {}
        }
    }
    board.set(&name, State::Stopped);
    tracing::info!(name, "loop stopped");
}

async fn leased(context: &Context, work: &dyn Loop, life: Duration, board: &Board) -> Result<()> {
    let name = work.name();
    let lease = Lease::take_for(context, &LeaseName::of_loop(&name), life).await?;
    board.set(&name, State::Working);
    let running = AssertUnwindSafe(work.run(context)).catch_unwind();
    let running = async {
        let broke = |_| Error::internal(format!("the loop {name} broke; this is a defect"));
        running.await.map_err(broke)?
    };
    let outcome = lease.hold_while(running).await;
    lease.release().await;
    outcome
}

/// Does a loop's work once, unless another worker has it.
pub(super) async fn once(context: &Context, work: &dyn Loop, life: Duration) -> Result<()> {
    let lease = Lease::take_for(context, &LeaseName::of_loop(&work.name()), life).await?;
    let outcome = lease.hold_while(work.once(context)).await;
    lease.release().await;
    outcome
}

/// Reports a loop that ended and says how long to rest.
fn after(name: &str, error: &Error, rests: &mut Rests, lease: Duration, board: &Board) -> Duration {
    if error.kind() == Kind::Locked {
        board.set(name, State::StandingBy);
        tracing::debug!(name, "another worker has this loop");
        return error.wait().unwrap_or(lease).min(lease / 3);
    }
    let code = error.kind().code();
    metrics::counter!("tok_worker_failures_total", "loop" => name.to_owned(), "code" => code)
        .increment(1);
    let rest = rests.next(error.wait());
    let causes = error.causes();
    if matches!(error.kind(), Kind::Refused | Kind::Guard | Kind::Config) {
        board.set(name, State::Paused(error.message().to_owned()));
        tracing::error!(name, %error, ?causes, "loop paused; a person has to help");
        return PAUSE;
    }
    board.set(name, State::Resting(error.message().to_owned()));
    if error.kind().is_temporary() {
        tracing::warn!(name, %error, ?causes, "loop broke off; it goes on soon");
    } else {
        tracing::error!(name, %error, ?causes, "loop failed; it goes on soon");
    }
    rest
}
