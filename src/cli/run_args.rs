//! Flags of long runs.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::invocation::Invocation;
use crate::error::{Error, Result};
use crate::model::Span;

/// How a long run ends and what it leaves behind.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Stop after this time; running the command again continues
    #[arg(long, value_name = "DURATION")]
    max_runtime: Option<Span>,
    /// Also write the report to this file, as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

impl RunArgs {
    /// When the run ends at the latest.
    pub(super) fn until(&self, invocation: &Invocation<'_>) -> Option<Timestamp> {
        let now = invocation.context.clock.now();
        self.max_runtime
            .and_then(|span| now.checked_add(span.signed()).ok())
    }

    /// Writes the report where it was asked for.
    pub(super) fn keep(&self, report: &impl Serialize) -> Result<()> {
        let Some(path) = &self.report else {
            return Ok(());
        };
        let text = serde_json::to_string_pretty(report)
            .map_err(|error| Error::internal("the report cannot be written").because(error))?;
        std::fs::write(path, text + "\n").map_err(|error| super::io_error(path.display(), error))
    }
}
