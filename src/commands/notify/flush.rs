//! Sends what is in the queue now, once, and says what became of it.
//!
//! First goes what was not tried yet, then what is due again, those first that are due longest; what
//! is not due stays.

use std::sync::Arc;

use futures_util::stream::{self, BoxStream, FuturesUnordered};
use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::deliver::Deliveries;
use super::delivery::Delivery;
use super::shard::{check_alone, sent_by, working};
use super::unsent::{self, Unsent};
use super::wake::wake;
use super::{LOOP, QUEUE, held};
use crate::commands::lease::{self, Lease, LeaseName};
use crate::context::{Context, Working};
use crate::error::{Error, Kind, Result};
use crate::model::notification::{NotificationState, NotificationStatus};
use crate::model::report::Stopped;
use crate::model::shard::Shard;
use crate::records::documents::Document;

/// After so many failures in a row that are nobody's own the push service is taken to be away.
const AWAY: u64 = 20;
/// What to do about what waits.
const TRIED_AGAIN: &str =
    "each is tried again, by the worker or the next run; if it lasts, mend what is said";
/// The longest time that the push service is waited for when it asks to wait.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// What became of the queue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
    /// The first few of those that were parked or wait, with their reasons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsent: Vec<NotificationStatus>,
}

impl Report {
    fn add(&mut self, delivery: Delivery) {
        *match delivery {
            Delivery::Later { .. } | Delivery::Held { .. } => &mut self.retrying,
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
                let later = "the next run or the worker goes on with it";
                return Some(Error::new(Kind::Partial, message).advise(later));
            }
            None => {}
        }
        let first = |state| unsent::first_reason(&self.unsent, state);
        let (waits, parks) = (
            first(NotificationState::Retrying),
            first(NotificationState::Parked),
        );
        let waiting = format!("waiting for another try: {}{waits}", self.retrying);
        let parked = format!("parked, as they cannot be sent: {}{parks}", self.parked);
        let partial = |message: String| Error::new(Kind::Partial, message);
        if let Some(reason) = &self.blocked {
            return Some(partial(format!("{reason}{waits}")).advise(TRIED_AGAIN));
        }
        match (self.retrying, self.parked) {
            (0, 0) => None,
            (0, _) => Some(partial(parked)),
            (_, 0) => Some(partial(waiting).advise(TRIED_AGAIN)),
            _ => Some(partial(format!("{parked}; {waiting}"))),
        }
    }

    /// Adds what a later run did; it ended as that one.
    #[must_use]
    pub fn and(mut self, later: Self) -> Self {
        unsent::merge(&mut self.unsent, later.unsent);
        Self {
            delivered: self.delivered + later.delivered,
            retrying: self.retrying + later.retrying,
            dead: self.dead + later.dead,
            parked: self.parked + later.parked,
            expired: self.expired + later.expired,
            stopped: later.stopped,
            blocked: later.blocked,
            unsent: self.unsent,
        }
    }

    /// How many were parked or wait, and are not named.
    pub fn unnamed(&self) -> u64 {
        (self.retrying + self.parked).saturating_sub(self.unsent.len() as u64)
    }

    /// Tells in the log of what was not sent, for whoever sent it without looking at the report.
    pub fn log(&self, context: &Context) {
        unsent::log(context, &self.unsent);
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
            return Err(sent_by(&worker));
        }
        lease.hold_while(send_all(context, input)).await
    };
    let outcome = outcome.await;
    lease.release().await;
    // The push service takes something again.
    if outcome.as_ref().is_ok_and(|report| report.delivered > 0) {
        wake(context).await;
    }
    outcome
}

/// Sends the queue for a worker that holds the lease of this part of it.
///
/// # Errors
/// [`Kind::Locked`] while somebody else sends some of it; others as [`send_all`].
pub async fn run_for(context: &Context, own: Shard) -> Result<Report> {
    check_alone(context, own).await?;
    let loops = lease::loops(context, LOOP).await?;
    let name = own.name();
    if let Some(other) = loops.iter().find(|found| found.held && found.name != name) {
        return Err(sent_by(other));
    }
    send_all(context, Input::default()).await
}

/// Sends the queue for whoever holds the leases of the worker.
///
/// # Errors
/// [`Kind::Refused`] and the like when the push service takes nothing from us and nothing was sent
/// yet; those of the store.
pub async fn send_all(context: &Context, input: Input) -> Result<Report> {
    let pending = usize::try_from(plan(context).await?.pending).unwrap_or(usize::MAX);
    let mut run = FlushRun {
        context,
        until: input.until,
        deliveries: Deliveries::new(context).await?.told_elsewhere(),
        report: Report::default(),
        unsent: Unsent::default(),
        failures: 0,
        tried: Vec::new(),
        ended: false,
        working: context.working("Sending notifications", pending),
    };
    let held = Arc::new(held(context).await?);
    let queue = context.documents.scan(QUEUE.all());
    let queue = queue.map_ok(|document| match held.get(&document.id) {
        Some(version) if *version == document.version => Task::Parked(document.id),
        _ => Task::New(Box::new(document)),
    });
    run.send(queue.boxed()).await?;
    let mut due = std::mem::take(&mut run.tried);
    due.sort_unstable();
    let now = due.partition_point(|(due, _)| run.deliveries.until(*due).is_zero());
    run.report.retrying += (due.len() - now) as u64;
    for (_, id) in &due[now..] {
        run.unsent.wait(id);
    }
    due.truncate(now);
    let again = stream::iter(due).map(|(_, id)| Ok(Task::Again(id)));
    run.send(again.boxed()).await?;
    if run.report.delivered == 0
        && let Some(error) = context.push.blocked()
    {
        run.block(error)?;
    }
    run.report.unsent = run.unsent.find(context).await;
    Ok(run.report)
}

/// What is to be looked at.
enum Task {
    /// It is left alone.
    Parked(String),
    /// It is sent, unless it was tried before.
    New(Box<Document>),
    /// It was tried before, and is due.
    Again(String),
}

/// What became of it.
enum Looked {
    Ended(String, Delivery),
    /// It was tried before, and is due then.
    Tried(i64, String),
}

async fn look(deliveries: Deliveries, task: Task) -> Result<Looked> {
    let (document, past) = match task {
        Task::Parked(id) => {
            let parked = Delivery::Acknowledged(NotificationState::Parked);
            return Ok(Looked::Ended(id, parked));
        }
        Task::New(document) => {
            let past = deliveries.past(&document).await?;
            if past.due > 0 {
                return Ok(Looked::Tried(past.due, document.id));
            }
            (*document, past)
        }
        Task::Again(id) => {
            let Some(document) = deliveries.find(&id).await? else {
                return Ok(Looked::Ended(id, Delivery::Gone));
            };
            let past = deliveries.past(&document).await?;
            (document, past)
        }
    };
    let closed = deliveries.closed();
    if closed <= PATIENCE {
        tokio::time::sleep(closed).await;
    }
    let id = document.id.clone();
    let ended = deliveries.deliver(document, &past).await?;
    Ok(Looked::Ended(id, ended))
}

struct FlushRun<'a> {
    context: &'a Context,
    until: Option<Timestamp>,
    deliveries: Deliveries,
    report: Report,
    unsent: Unsent,
    /// In a row, and nobody's own.
    failures: u64,
    /// What was tried before this run, by when it is due.
    tried: Vec<(i64, String)>,
    /// Nothing further is to be taken.
    ended: bool,
    working: Working<'a>,
}

impl FlushRun<'_> {
    /// Sends these, many at the same time.
    async fn send(&mut self, mut tasks: BoxStream<'_, Result<Task>>) -> Result<()> {
        let mut flying = FuturesUnordered::new();
        let mut more = true;
        loop {
            if !self.ended
                && let Some(reason) = self.reason_to_stop()
            {
                self.report.stopped = reason;
                self.ended = true;
            }
            let takes = more && !self.ended;
            if !takes && flying.is_empty() {
                return Ok(());
            }
            tokio::select! {
                biased;
                Some(outcome) = flying.next(), if !flying.is_empty() => {
                    if let Err(error) = self.hear(outcome) {
                        self.ended = true;
                        self.block(error)?;
                    }
                }
                task = tasks.try_next(), if takes && flying.len() < self.context.notify.streams => {
                    match task? {
                        Some(task) => flying.push(look(self.deliveries.clone(), task)),
                        None => more = false,
                    }
                }
            }
        }
    }

    /// `Some` when no further notification is to be taken: with what the report says of it.
    fn reason_to_stop(&mut self) -> Option<Option<Stopped>> {
        if self.context.stop.is_cancelled() {
            return Some(Some(Stopped::Interrupted));
        }
        let now = self.context.clock.now();
        if self.until.is_some_and(|until| now >= until) {
            return Some(Some(Stopped::OutOfTime));
        }
        if self.failures >= AWAY || self.deliveries.closed() > PATIENCE {
            self.report.blocked =
                Some("the push service takes nothing now; the rest waits in the queue".to_owned());
            return Some(None);
        }
        None
    }

    fn hear(&mut self, outcome: Result<Looked>) -> Result<()> {
        let (id, delivery) = match outcome? {
            Looked::Ended(id, delivery) => (id, delivery),
            Looked::Tried(due, id) => {
                self.tried.push((due, id));
                return Ok(());
            }
        };
        self.failures = match delivery {
            Delivery::Later { alone: false, .. } => self.failures + 1,
            Delivery::Held { .. } | Delivery::Gone => self.failures,
            _ => 0,
        };
        match delivery {
            Delivery::Later { .. } | Delivery::Held { .. } => self.unsent.wait(&id),
            Delivery::Acknowledged(NotificationState::Parked) => self.unsent.park(&id),
            Delivery::Acknowledged(_) | Delivery::Gone => {}
        }
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
        self.report.blocked = Some(match error.advice() {
            Some(advice) => format!("{error}: {advice}"),
            None => error.message().to_owned(),
        });
        Ok(())
    }
}
