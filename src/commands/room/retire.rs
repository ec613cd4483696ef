//! Removes rooms that have run their time: expired local ones, and those that nobody uses if that is
//! wanted.

use super::prune;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{BackendName, Span};

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
    let expired = prune::Input {
        backend: Some(BackendName::Local),
        expired_for: Some(input.grace),
        ..prune::Input::default()
    };
    let expired = prune(context, &expired).await;
    report.expired = report.hear(expired);
    if input.unused.is_some() {
        let unused = prune::Input {
            unused_for: input.unused,
            ..prune::Input::default()
        };
        let unused = prune(context, &unused).await;
        report.unused = report.hear(unused);
    }
    Ok(report)
}

async fn prune(context: &Context, filter: &prune::Input) -> Result<u64> {
    let plan = prune::plan(context, filter).await?;
    let report = prune::apply(context, filter, plan, None).await?;
    Ok(report.deleted)
}
