//! Flags of long runs, and the report that one leaves behind.

use std::cell::RefCell;
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};

use super::invocation::Invocation;
use super::report::{ReportFile, frame, to_text};
use super::values;
use crate::error::{Error, Kind, Result};
use crate::model::Span;

/// How a long run ends and what it leaves behind.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Stop after this time; running the command again continues
    #[arg(long, value_name = "DURATION")]
    max_runtime: Option<Span>,
    /// Also write the report to this file, as JSON, however the run ends
    #[arg(long, value_name = "FILE", value_parser = values::path())]
    report: Option<PathBuf>,
}

/// A run at work, and where its report goes.
pub(super) struct ReportedRun<'a> {
    invocation: &'a Invocation<'a>,
    file: Option<RefCell<ReportFile>>,
    began: Timestamp,
    filter: Value,
    facts: RefCell<Map<String, Value>>,
}

impl RunArgs {
    /// When the run ends at the latest.
    pub(super) fn until(&self, invocation: &Invocation<'_>) -> Option<Timestamp> {
        let now = invocation.now();
        self.max_runtime
            .and_then(|span| now.checked_add(span.signed()).ok())
    }

    /// Does the work of a run. The place of its report is opened before anything is done; the report
    /// says when it began, with what `filter`, and how it ended.
    pub(super) async fn report(
        &self,
        invocation: &Invocation<'_>,
        filter: &impl Serialize,
        work: impl AsyncFnOnce(&ReportedRun<'_>) -> Result<()>,
    ) -> Result<()> {
        let file = match &self.report {
            None => None,
            // The one that was opened at first, if this is it.
            Some(path) => Some(match invocation.report.take() {
                Some(opened) => opened,
                None => ReportFile::open(path.clone())?,
            }),
        };
        let run = ReportedRun {
            invocation,
            file: file.map(RefCell::new),
            began: invocation.now(),
            filter: value(filter)?,
            facts: RefCell::default(),
        };
        run.write(None)?;
        let outcome = work(&run).await.and_then(|()| invocation.verdict());
        match run.write(Some(&outcome)) {
            Ok(()) => outcome,
            Err(unwritten) => run.tell(outcome, unwritten),
        }
    }
}

impl ReportedRun<'_> {
    /// Puts what was done into the report.
    pub(super) fn keep(&self, report: &impl Serialize) -> Result<()> {
        let mut facts = self.facts.borrow_mut();
        match value(report)? {
            Value::Object(report) => facts.extend(report),
            list => drop(facts.insert("reports".to_owned(), list)),
        }
        Ok(())
    }

    /// Writes the report; without an outcome that of a run that did not come to its end.
    fn write(&self, outcome: Option<&Result<()>>) -> Result<()> {
        match &self.file {
            Some(file) => file
                .borrow_mut()
                .write(&self.text(outcome)?, outcome.is_some()),
            None => Ok(()),
        }
    }

    fn text(&self, outcome: Option<&Result<()>>) -> Result<String> {
        let ended = outcome.map(|_| self.invocation.now());
        let mut all = frame((self.began, ended), &self.filter, outcome);
        all.extend(self.facts.borrow().clone());
        to_text(&all)
    }

    /// What was done must be told, if not in the file then here.
    fn tell(&self, outcome: Result<()>, unwritten: Error) -> Result<()> {
        if self.facts.borrow().is_empty() {
            return Err(outcome.err().unwrap_or(unwritten));
        }
        let output = self.invocation.output;
        if output.is_silent() {
            output.text(&self.text(Some(&outcome))?)?;
        }
        let Err(error) = outcome else {
            let what = format!("all was done, but {}", unwritten.message());
            let error = Error::new(Kind::Partial, what).because(unwritten);
            return Err(error
                .advise("the report alone is missing; make space where it goes for the next run"));
        };
        output.warn(unwritten.message());
        Err(error)
    }
}

fn value(item: &impl Serialize) -> Result<Value> {
    serde_json::to_value(item)
        .map_err(|error| Error::internal("the report cannot be written").because(error))
}
