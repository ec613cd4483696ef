//! The file that the report of a long run goes to.

use std::cell::Cell;
use std::fs::File;
use std::io::{Seek, Write};
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{exit, io_error};
use crate::error::{Error, Result};
use crate::model::private_file::private;

/// Where the report of a run goes. It is opened as soon as the arguments are read: whatever ends the run
/// before its work begins is told there too, in the place of what a former run left.
pub(super) struct ReportFile {
    path: PathBuf,
    file: File,
    began: Timestamp,
}

/// The report that no run has taken over yet.
pub(super) type PendingReport = Cell<Option<ReportFile>>;

impl ReportFile {
    /// Opens it; what is in it stays until something is written.
    pub(super) fn open(path: PathBuf) -> Result<Self> {
        let mut options = private();
        let file = options.write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|error| io_error(path.display(), error))?;
        let began = Timestamp::now();
        Ok(Self { path, file, began })
    }

    /// Tells of a run that ended before its work began.
    fn tell_early_end(mut self, error: Error) -> Error {
        let (kind, message) = (error.kind(), error.message().to_owned());
        let outcome = Err(Error::new(kind, message));
        let times = (self.began, Some(Timestamp::now()));
        let all = frame(times, &Value::Null, Some(&outcome));
        match to_text(&all).and_then(|text| self.write(&text, true)) {
            Ok(()) => error,
            Err(unwritten) => {
                tracing::warn!(error = %unwritten, "the report is that of a former run");
                error
            }
        }
    }

    /// Replaces what is in it.
    pub(super) fn write(&mut self, text: &str, is_last: bool) -> Result<()> {
        let (path, file) = (&self.path, &mut self.file);
        let written = file.metadata().and_then(|facts| {
            // A pipe or a terminal takes one report, and keeps what it has.
            if facts.is_file() {
                file.set_len(0)?;
                file.rewind()?;
            } else if !is_last {
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
}

/// Does `work` with the file of its report open; tells there how it ended, if nobody took that over.
pub(super) fn with_report(
    path: Option<PathBuf>,
    work: impl FnOnce(&PendingReport) -> Result<()>,
) -> Result<()> {
    let pending = PendingReport::new(path.map(ReportFile::open).transpose()?);
    work(&pending).map_err(|error| match pending.take() {
        Some(report) => report.tell_early_end(error),
        None => error,
    })
}

/// What every report says.
pub(super) fn frame(
    (began, ended): (Timestamp, Option<Timestamp>),
    filter: &Value,
    outcome: Option<&Result<()>>,
) -> Map<String, Value> {
    let mut all = Map::new();
    all.insert("began_at".to_owned(), json!(began));
    all.insert("ended_at".to_owned(), json!(ended));
    all.insert("filter".to_owned(), filter.clone());
    all.insert("exit_code".to_owned(), json!(outcome.map(exit_code)));
    if let Some(Err(error)) = outcome {
        all.insert("error".to_owned(), json!(error.message()));
        all.insert("code".to_owned(), json!(error.kind().code()));
        if let Some(reason) = error.why() {
            all.insert("reason".to_owned(), json!(reason.as_str()));
        }
    }
    all
}

pub(super) fn to_text(all: &Map<String, Value>) -> Result<String> {
    let text = serde_json::to_string_pretty(all)
        .map_err(|error| Error::internal("the report cannot be written").because(error))?;
    Ok(text + "\n")
}

fn exit_code(outcome: &Result<()>) -> u8 {
    match outcome {
        Ok(()) => 0,
        Err(error) => exit::own(error.kind()),
    }
}
