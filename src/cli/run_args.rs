//! Flags of long runs, and the report that one leaves behind.

use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::io::{Seek, Write};
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::invocation::Invocation;
use super::{exit, io_error, values};
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
    file: Option<(PathBuf, RefCell<File>)>,
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
        let opened = self.report.as_ref().map(|path| {
            let mut options = OpenOptions::new();
            let file = options.write(true).create(true).truncate(false).open(path);
            let file = file.map_err(|error| io_error(path.display(), error))?;
            Ok::<_, Error>((path.clone(), RefCell::new(file)))
        });
        let run = ReportedRun {
            invocation,
            file: opened.transpose()?,
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
        let Some((path, file)) = &self.file else {
            return Ok(());
        };
        let text = self.text(outcome)?;
        let mut file = file.borrow_mut();
        let written = file.metadata().and_then(|facts| {
            // A pipe or a terminal takes one report, and keeps what it has.
            if facts.is_file() {
                file.set_len(0)?;
                file.rewind()?;
            } else if outcome.is_none() {
                return Ok(());
            }
            file.write_all(text.as_bytes())
        });
        written.map_err(|error| {
            let what = format!(
                "the report cannot be written to {}: {error}",
                path.display()
            );
            Error::unavailable(what).because(error)
        })
    }

    fn text(&self, outcome: Option<&Result<()>>) -> Result<String> {
        let ended = outcome.map(|_| self.invocation.now());
        let mut all = Map::new();
        all.insert("began_at".to_owned(), json!(self.began));
        all.insert("ended_at".to_owned(), json!(ended));
        all.insert("filter".to_owned(), self.filter.clone());
        all.insert("exit_code".to_owned(), json!(outcome.map(exit_code)));
        if let Some(Err(error)) = outcome {
            all.insert("error".to_owned(), json!(error.message()));
        }
        all.extend(self.facts.borrow().clone());
        let text = serde_json::to_string_pretty(&all)
            .map_err(|error| Error::internal("the report cannot be written").because(error))?;
        Ok(text + "\n")
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
            return Err(Error::new(Kind::Partial, what).because(unwritten));
        };
        output.warn(unwritten.message());
        Err(error)
    }
}

fn exit_code(outcome: &Result<()>) -> u8 {
    match outcome {
        Ok(()) => 0,
        Err(error) => exit::own(error.kind()),
    }
}

fn value(item: &impl Serialize) -> Result<Value> {
    serde_json::to_value(item)
        .map_err(|error| Error::internal("the report cannot be written").because(error))
}
