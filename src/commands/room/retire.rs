//! Removes rooms that have run their time: expired local ones, and those that nobody uses if that is
//! wanted.

use super::prune;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{BackendName, Span};
use crate::records::{ROOM_END, ROOMS};

/// So many expired rooms are removed in one go; of more all rooms are looked at.
const MOST: usize = 1000;

/// How long rooms stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// How long an expired local room is kept.
    pub grace: Span,
    /// How long a room of the configured backend may lie unused; for ever if absent.
    pub unused: Option<Span>,
}

/// What became of them.
#[derive(Debug, Default)]
pub struct Report {
    /// Rooms removed because they had run their time.
    pub expired: u64,
    /// Rooms removed because nobody used them.
    pub unused: u64,
    /// What kept others from being removed, the first of it.
    pub error: Option<Error>,
}

impl Report {
    /// What keeps the run from counting as a success.
    pub fn verdict(self) -> Option<Error> {
        self.error
    }

    /// How many rooms a step removed; the first failure is kept.
    fn hear(&mut self, outcome: Result<u64>) -> u64 {
        outcome.unwrap_or_else(|error| {
            self.error.get_or_insert(error);
            0
        })
    }
}

/// Removes them. Each step is taken, whatever becomes of the one before; a vendor that cannot tell
/// what is used is pointed out by the error.
///
/// # Errors
/// None; the report says what failed.
pub async fn run(context: &Context, input: Input) -> Result<Report> {
    let mut report = Report::default();
    let expired = expired(context, input.grace).await;
    report.expired = report.hear(expired);
    if input.unused.is_some() {
        let unused = prune::Input {
            unused_for: input.unused,
            ..prune::Input::default()
        };
        let unused = prune(context, unused).await;
        report.unused = report.hear(unused);
    }
    Ok(report)
}

/// Removes local rooms that expired so long ago. They are found by when they end, so that looking for them
/// costs nothing where there are none.
async fn expired(context: &Context, grace: Span) -> Result<u64> {
    let filter = prune::Input {
        backend: Some(BackendName::Local),
        expired_for: Some(grace),
        ..prune::Input::default()
    };
    let now = context.clock.now();
    let before = now.saturating_sub(grace.signed()).unwrap_or(now);
    let documents = context.documents.as_ref();
    let found = documents.due(ROOMS.name(), ROOM_END, before, MOST).await?;
    if found.is_empty() {
        return Ok(0);
    }
    // Those with people inside stay, and must not hide the others.
    if found.len() == MOST {
        return prune(context, filter).await;
    }
    let rooms = found.iter().filter_map(|document| ROOMS.readable(document));
    let plan = prune::plan_of(context, filter, rooms.collect()).await?;
    let report = Box::pin(prune::apply(context, plan)).await?;
    Ok(report.deleted)
}

async fn prune(context: &Context, filter: prune::Input) -> Result<u64> {
    let plan = prune::plan(context, filter).await?;
    let report = Box::pin(prune::apply(context, plan)).await?;
    Ok(report.deleted)
}
