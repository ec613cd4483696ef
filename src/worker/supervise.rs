//! What every loop has in common: one worker at a time, restart after failure, an orderly end.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures_util::FutureExt;
use tokio::sync::Notify;

use super::loop_status::{LoopState, LoopStatuses, WELL};
use crate::commands::lease::{Lease, LeaseName};
use crate::commands::loops::{self, Note};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::{Backoff, Delays};
use crate::model::health::LoopCondition;
use crate::model::moment::second;
use crate::model::told_causes::ToldCauses;

/// How long a loop waits when only a person can help, unless it knows better.
const PAUSE: Duration = Duration::from_mins(5);
/// What a loop is doing is noted once in the life of its lease, and counts for so many.
const NOTES: u32 = 3;
/// How long the failure of a single turn is told: until the next one, if there is one every day.
const UNTIL_NEXT: Duration = Duration::from_hours(25);
/// How long the store may take to listen for a reason to look again, before the failure is noted all the same.
const LISTENS_WITHIN: Duration = Duration::from_secs(5);
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

    /// Ends when there is a reason to look again before the wait after a failure is over; tells `listening`
    /// when none is missed any more.
    async fn woken(&self, _context: &Context, listening: &Notify) {
        listening.notify_one();
        std::future::pending::<()>().await;
    }

    /// Whether it has anything to do when there is one turn only; otherwise another part does it.
    fn has_turn(&self) -> bool {
        true
    }

    /// What a part of its work fails by, while the rest goes on.
    fn trouble(&self) -> Option<String> {
        None
    }

    /// Does what is to be done now.
    async fn run_once(&self, context: &Context) -> Result<()>;
}

/// How a loop failed since it was last well.
struct LoopFailures {
    delays: Delays,
    /// By what; it is told again only while it lasts.
    told: ToldCauses,
}

impl LoopFailures {
    fn new() -> Self {
        Self {
            delays: BACKOFF.delays(),
            told: ToldCauses::default(),
        }
    }
}

/// Keeps a loop at work until `context.stop`, whenever no other worker has its lease.
pub(super) async fn run(
    context: Context,
    work: Arc<dyn Loop>,
    lease: Duration,
    statuses: Arc<LoopStatuses>,
) {
    let (name, stop) = (work.name(), context.stop.clone());
    let mut failures = LoopFailures::new();
    while !stop.is_cancelled() {
        let began = Instant::now();
        let outcome = leased(&context, work.as_ref(), lease, &statuses).await;
        if began.elapsed() > WELL {
            failures = LoopFailures::new();
        }
        let Err(error) = outcome else { continue };
        let is_failing = error.kind() != Kind::Locked;
        let delay = if is_failing {
            // Whoever looks at the same vendor need not tell it once more.
            context.told.is_news(error.message());
            delay_after(work.as_ref(), &error, &mut failures, &statuses)
        } else {
            stand_by(&context, &name, &error, lease, &statuses).await
        };
        rest(&context, work.as_ref(), &statuses, (delay, is_failing)).await;
    }
    let was_ours = statuses.note(&name).is_some();
    statuses.set(&name, LoopState::Stopped);
    if was_ours {
        note(&context, &name, &statuses, lease).await;
    }
    tracing::info!(name, "loop stopped");
}

/// Waits for so long, or until there is a reason to try sooner what failed.
async fn rest(
    context: &Context,
    work: &dyn Loop,
    statuses: &LoopStatuses,
    (delay, is_failing): (Duration, bool),
) {
    let (name, listening, began) = (work.name(), Notify::new(), Instant::now());
    let resting = async {
        if is_failing {
            // Whoever reads the note may wake it: it listens by then.
            let most = LISTENS_WITHIN.min(delay);
            let listens = tokio::time::timeout(most, listening.notified()).await;
            if listens.is_err() {
                tracing::debug!(name, "the store does not tell yet when to look again");
            }
        }
        let left = delay.saturating_sub(began.elapsed());
        let again = is_failing.then_some(left);
        note_until(context, &name, statuses, (2 * (delay + WELL), again)).await;
        tokio::time::sleep(delay.saturating_sub(began.elapsed())).await;
    };
    tokio::select! {
        () = context.stop.cancelled() => {}
        () = resting => {}
        () = work.woken(context, &listening), if is_failing => {}
    }
}

/// Notes in the store what the loop is doing.
async fn note(context: &Context, name: &str, statuses: &LoopStatuses, life: Duration) {
    note_until(context, name, statuses, (life, None)).await;
}

/// The same, with when it is tried `again` what it fails by.
async fn note_until(
    context: &Context,
    name: &str,
    statuses: &LoopStatuses,
    (life, again): (Duration, Option<Duration>),
) {
    let Some(mut note) = statuses.note(name) else {
        return;
    };
    if let (Some(why), Some(again)) = (&mut note.why, again) {
        let at = context.clock.now().saturating_add(again);
        if let Ok(at) = at {
            *why = format!("{why}; tries again at {}", second(at));
        }
    }
    loops::note(context, name, note, life).await;
}

/// Works, and notes again and again what it is doing.
async fn noting<T>(
    working: impl Future<Output = T>,
    (context, work): (&Context, &dyn Loop),
    every: Duration,
    statuses: &LoopStatuses,
) -> T {
    let name = work.name();
    let noting = async {
        loop {
            statuses.set_part(&name, work.trouble());
            note(context, &name, statuses, every * NOTES).await;
            tokio::time::sleep(every).await;
        }
    };
    tokio::select! {
        outcome = working => outcome,
        () = noting => unreachable!("it goes on for ever"),
    }
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
    let running = noting(running, (context, work), life, statuses);
    let outcome = lease.hold_while(running).await;
    lease.release().await;
    outcome
}

/// Does a loop's work once, unless another worker has it.
pub(super) async fn run_once(context: &Context, work: &dyn Loop, life: Duration) -> Result<()> {
    let lease = Lease::take_for(context, &LeaseName::of_loop(&work.name()), life).await?;
    let outcome = lease.hold_while(work.run_once(context)).await;
    let done = Note {
        condition: match &outcome {
            Ok(()) => LoopCondition::Stopped,
            Err(_) => LoopCondition::Failing,
        },
        lasted: Duration::ZERO,
        is_well: outcome.is_ok(),
        why: outcome.as_ref().err().map(with_advice),
    };
    let counts_for = if outcome.is_ok() { life } else { UNTIL_NEXT };
    loops::note(context, &work.name(), done, counts_for).await;
    lease.release().await;
    outcome
}

/// What went wrong, with what to do about it.
fn with_advice(error: &Error) -> String {
    match error.advice() {
        Some(advice) => format!("{error}: {advice}"),
        None => error.to_string(),
    }
}

/// Reports a loop that may not work now, and says how long to wait.
async fn stand_by(
    context: &Context,
    name: &str,
    error: &Error,
    lease: Duration,
    statuses: &LoopStatuses,
) -> Duration {
    let own = LeaseName::of_loop(name);
    let is_held = Lease::is_held(context, &own).await.unwrap_or(true);
    if is_held {
        let worker = Lease::holder(context, &own).await.unwrap_or_default();
        let told = worker.as_ref().map(ToString::to_string);
        if statuses.set(name, LoopState::StandingBy(worker)) {
            tracing::info!(name, worker = told, "loop waits: another worker has it");
        }
    } else if statuses.set(name, LoopState::Waiting(error.message().to_owned())) {
        tracing::info!(name, %error, "loop waits");
    }
    // Workers that keep each other from it must not meet again and again.
    let half = error.wait().unwrap_or(lease).min(lease / 3) / 2;
    Backoff::new(half, half).with_jitter().delay(1, None)
}

/// Reports a loop that ended and says how long to wait.
fn delay_after(
    work: &dyn Loop,
    error: &Error,
    failures: &mut LoopFailures,
    statuses: &LoopStatuses,
) -> Duration {
    let name = &work.name();
    let code = error.kind().code();
    metrics::counter!("tok_worker_failures_total", "loop" => name.to_owned(), "code" => code)
        .increment(1);
    let delay = failures.delays.next(error.wait());
    let (causes, advice) = (error.causes(), error.advice());
    let is_news = failures.told.is_news(error.message());
    if !is_news {
        tracing::debug!(name, %error, ?causes, "the loop fails as before");
    }
    let told = with_advice(error);
    if matches!(error.kind(), Kind::Refused | Kind::Guard | Kind::Config) {
        statuses.set(name, LoopState::Paused(told));
        if is_news {
            tracing::error!(name, %error, advice, ?causes, "loop paused; a person has to help");
        }
        return work.pause();
    }
    statuses.set(name, LoopState::Resting(told));
    if !is_news {
        return delay;
    }
    if error.kind().is_temporary() {
        tracing::warn!(name, %error, advice, ?causes, "loop broke off; it goes on soon");
    } else {
        tracing::error!(name, %error, advice, ?causes, "loop failed; it goes on soon");
    }
    delay
}
