//! What every loop has in common: one worker at a time, restart after failure, an orderly end.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_util::FutureExt;

use super::loop_status::{LoopState, LoopStatuses, WELL};
use crate::commands::lease::{Lease, LeaseName};
use crate::commands::loop_trouble;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::{Backoff, Delays};

/// How long a loop waits when only a person can help, unless it knows better.
const PAUSE: Duration = Duration::from_mins(5);
/// The delays of a loop that failed.
const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_mins(1));

/// Work that goes on for as long as the worker runs.
#[async_trait]
pub(super) trait Loop: Send + Sync + 'static {
    /// Its name in leases, logs and metrics; a part of a loop has a name of its own.
    fn name(&self) -> String;

    /// Works until `context.stop`, then finishes what is in hand.
    async fn run(&self, context: &Context) -> Result<()>;

    /// How long it waits when only a person can help.
    fn pause(&self) -> Duration {
        PAUSE
    }

    /// Ends when there is a reason to look again before the wait after a failure is over.
    async fn woken(&self, _context: &Context) {
        std::future::pending::<()>().await;
    }

    /// Whether it has anything to do when there is one turn only; otherwise another part does it.
    fn has_turn(&self) -> bool {
        true
    }

    /// Does what is to be done now.
    async fn run_once(&self, context: &Context) -> Result<()>;
}

/// Keeps a loop at work until `context.stop`, whenever no other worker has its lease.
pub(super) async fn run(
    context: Context,
    work: Arc<dyn Loop>,
    lease: Duration,
    statuses: Arc<LoopStatuses>,
) {
    let (name, stop) = (work.name(), context.stop.clone());
    let mut delays = BACKOFF.delays();
    let mut is_told = false;
    while !stop.is_cancelled() {
        let began = Instant::now();
        let working = leased(&context, work.as_ref(), lease, &statuses);
        let outcome = until_well(working, &context, &name, &mut is_told).await;
        if began.elapsed() > WELL {
            delays.reset();
        }
        let Err(error) = outcome else { continue };
        let delay = delay_after(work.as_ref(), &error, &mut delays, lease, &statuses);
        let is_failing = error.kind() != Kind::Locked;
        if let Some(trouble) = statuses.lasting(&name) {
            loop_trouble::note(&context, &name, trouble, 2 * (delay + WELL)).await;
            is_told = true;
        } else if std::mem::take(&mut is_told) {
            // Another worker has it.
            loop_trouble::forget(&context, &name).await;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(delay) => {}
            () = work.woken(&context), if is_failing => {}
        }
    }
    statuses.set(&name, LoopState::Stopped);
    tracing::info!(name, "loop stopped");
}

/// Works, and takes back what was told of trouble when it has worked for a while.
async fn until_well<T>(
    working: impl Future<Output = T>,
    context: &Context,
    name: &str,
    is_told: &mut bool,
) -> T {
    let mut working = std::pin::pin!(working);
    if *is_told {
        tokio::select! {
            outcome = &mut working => return outcome,
            () = tokio::time::sleep(WELL) => {}
        }
        loop_trouble::forget(context, name).await;
        *is_told = false;
    }
    working.await
}

async fn leased(
    context: &Context,
    work: &dyn Loop,
    life: Duration,
    statuses: &LoopStatuses,
) -> Result<()> {
    let name = work.name();
    let lease = Lease::take_for(context, &LeaseName::of_loop(&name), life).await?;
    tracing::info!(name, "loop started");
    statuses.set(&name, LoopState::Working);
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
pub(super) async fn run_once(context: &Context, work: &dyn Loop, life: Duration) -> Result<()> {
    let lease = Lease::take_for(context, &LeaseName::of_loop(&work.name()), life).await?;
    let outcome = lease.hold_while(work.run_once(context)).await;
    lease.release().await;
    outcome
}

/// Reports a loop that ended and says how long to wait.
fn delay_after(
    work: &dyn Loop,
    error: &Error,
    delays: &mut Delays,
    lease: Duration,
    statuses: &LoopStatuses,
) -> Duration {
    let name = &work.name();
    if error.kind() == Kind::Locked {
        if statuses.set(name, LoopState::StandingBy) {
            tracing::info!(name, %error, "loop stands by");
        }
        // Workers that keep each other from it must not meet again and again.
        let half = error.wait().unwrap_or(lease).min(lease / 3) / 2;
        return Backoff::new(half, half).with_jitter().delay(1, None);
    }
    let code = error.kind().code();
    metrics::counter!("tok_worker_failures_total", "loop" => name.to_owned(), "code" => code)
        .increment(1);
    let delay = delays.next(error.wait());
    let causes = error.causes();
    if matches!(error.kind(), Kind::Refused | Kind::Guard | Kind::Config) {
        statuses.set(name, LoopState::Paused(error.message().to_owned()));
        tracing::error!(name, %error, ?causes, "loop paused; a person has to help");
        return work.pause();
    }
    statuses.set(name, LoopState::Resting(error.message().to_owned()));
    if error.kind().is_temporary() {
        tracing::warn!(name, %error, ?causes, "loop broke off; it goes on soon");
    } else {
        tracing::error!(name, %error, ?causes, "loop failed; it goes on soon");
    }
    delay
}
