//! Sends what is in the queue now, once, and says what became of it.

use futures_util::stream::FuturesUnordered;
use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::deliver::Deliveries;
use super::delivery::Delivery;
use super::{LOOP, QUEUE, held};
use crate::commands::lease::{self, Lease, LeaseName};
use crate::context::{Context, Working};
use crate::error::{Error, Kind, Result};
use crate::model::notification::NotificationState;
use crate::model::report::Stopped;

/// After so many failures in a row the push service is taken to be away.
const AWAY: u64 = 20;
/// The longest time that the push service is waited for when it asks to wait.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// What became of the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FlushReport)]
pub struct Report {
    /// Taken by the push service.
    pub delivered: u64,
    /// Still in the queue; the worker or the next flush tries again.
    pub retrying: u64,
    /// Their receivers are gone.
    pub dead: u64,
    /// Cannot be sent as they are; `notify list --parked` names them.
    pub parked: u64,
    /// Too old to be worth anything.
    pub expired: u64,
    /// Why the run ended before the end of the queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
    /// What keeps everything from being sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocked: Option<String>,
}

impl Report {
    fn add(&mut self, delivery: Delivery) {
        *match delivery {
            Delivery::Later { .. } => &mut self.retrying,
            Delivery::Gone => return,
            Delivery::Acknowledged(state) => match state {
                NotificationState::Delivered => &mut self.delivered,
                NotificationState::Dead => &mut self.dead,
                NotificationState::Parked => &mut self.parked,
                NotificationState::Expired => &mut self.expired,
                _ => return,
            },
        } += 1;
    }

    /// What keeps the run from counting as a success.
    pub fn verdict(&self) -> Option<Error> {
        match self.stopped {
            Some(Stopped::Interrupted) => {
                return Some(Error::new(
                    Kind::Interrupted,
                    "interrupted; the rest waits in the queue",
                ));
            }
            Some(Stopped::OutOfTime) => {
                let message = "the time limit was reached; the rest waits in the queue";
                return Some(Error::new(Kind::Partial, message));
            }
            None => {}
        }
        if let Some(reason) = &self.blocked {
            return Some(Error::new(Kind::Partial, reason.clone()));
        }
        let failed = self.retrying + self.parked;
        (failed > 0).then(|| {
            Error::new(
                Kind::Partial,
                format!(
                    "{} notifications wait for another try, {} were parked",
                    self.retrying, self.parked
                ),
            )
        })
    }
}

/// How many notifications are in the queue.
///
/// # Errors
/// Those of the store.
pub async fn plan(context: &Context) -> Result<Plan> {
    let pending = context.documents.count(QUEUE.name()).await?;
    Ok(Plan { pending })
}

/// What [`run`] would send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FlushPlan)]
pub struct Plan {
    /// Notifications in the queue.
    pub pending: u64,
}

/// How long to go on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Input {
    /// When to stop at the latest; at the end of the queue if absent.
    pub until: Option<Timestamp>,
}

/// Sends the queue, many at the same time, until its end or the time is up; not while a worker or another
/// run does.
///
/// # Errors
/// [`Kind::Locked`] then; others as [`send_all`].
pub async fn run(context: &Context, input: Input) -> Result<Report> {
    let lease = Lease::take(context, &LeaseName::flush()).await?;
    let outcome = async {
        // A worker that begins now sees our lease.
        if let Some(worker) = working(context).await? {
            return Err(Error::new(
                Kind::Locked,
                format!("a worker sends what is in the queue (loop {worker}); nothing was done"),
            ));
        }
        lease.hold_while(send_all(context, input)).await
    };
    let outcome = outcome.await;
    lease.release().await;
    outcome
}

/// The loop of a worker that sends the queue, if one does.
pub(super) async fn working(context: &Context) -> Result<Option<String>> {
    let loops = lease::loops(context, LOOP).await?;
    let held = loops.into_iter().find(|lease| lease.held);
    Ok(held.map(|lease| lease.name))
}

/// Whether a flush is at work; a worker waits for its end.
pub(super) async fn is_running(context: &Context) -> Result<bool> {
    Lease::is_held(context, &LeaseName::flush()).await
}

/// Sends the queue for whoever holds the leases of the worker.
///
/// # Errors
/// [`Kind::Refused`] and the like when the push service takes nothing from us and nothing was sent
/// yet; those of the store.
pub async fn send_all(context: &Context, input: Input) -> Result<Report> {
    let deliveries = Deliveries::new(context).await?;
    let held = held(context).await?;
    let pending = usize::try_from(plan(context).await?.pending).unwrap_or(usize::MAX);
    let working = context.working("Sending notifications", pending);
    let mut queue = context.documents.scan(QUEUE.all());
    let mut flying = FuturesUnordered::new();
    let mut run = FlushRun {
        report: Report::default(),
        failures: 0,
        working,
    };
    let mut more = true;
    while more || !flying.is_empty() {
        if more && let Some(reason) = run.reason_to_stop(context, &deliveries, input.until) {
            run.report.stopped = reason;
            more = false;
            continue;
        }
        tokio::select! {
            biased;
            Some(outcome) = flying.next(), if !flying.is_empty() => {
                if let Err(error) = run.hear(outcome) {
                    more = false;
                    run.block(error)?;
                }
            }
            document = queue.try_next(), if more && flying.len() < context.notify.streams => {
                match document? {
                    Some(document) if held.get(&document.id) == Some(&document.version) => {
                        run.report.parked += 1;
                    }
                    Some(document) => flying.push(deliveries.deliver(document, 0)),
                    None => more = false,
                }
            }
        }
    }
    Ok(run.report)
}

struct FlushRun<'a> {
    report: Report,
    /// In a row.
    failures: u64,
    working: Working<'a>,
}

impl FlushRun<'_> {
    /// `Some` when no further notification is to be taken: with what the report says of it.
    fn reason_to_stop(
        &mut self,
        context: &Context,
        deliveries: &Deliveries,
        until: Option<Timestamp>,
    ) -> Option<Option<Stopped>> {
        if context.stop.is_cancelled() {
            return Some(Some(Stopped::Interrupted));
        }
        if until.is_some_and(|until| context.clock.now() >= until) {
            return Some(Some(Stopped::OutOfTime));
        }
        if self.failures >= AWAY || deliveries.gate.wait() > PATIENCE {
            self.report.blocked =
                Some("the push service takes nothing now; the rest waits in the queue".to_owned());
            return Some(None);
        }
        None
    }

    fn hear(&mut self, outcome: Result<Delivery>) -> Result<()> {
        let delivery = outcome?;
        self.failures = match delivery {
            Delivery::Later { .. } => self.failures + 1,
            _ => 0,
        };
        self.report.add(delivery);
        self.working.advance(1);
        Ok(())
    }

    /// Nothing more can be sent: an error if that was so from the beginning.
    fn block(&mut self, error: Error) -> Result<()> {
        let sent = self.report.delivered + self.report.dead + self.report.parked;
        if sent == 0 && self.report.blocked.is_none() {
            return Err(error);
        }
        self.report.blocked = Some(error.message().to_owned());
        Ok(())
    }
}
