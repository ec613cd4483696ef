//! The only file that prints: results on stdout, everything else on stderr.

use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use clap::ValueEnum;
use comfy_table::Table;
use serde::Serialize;
use serde_json::{Value, json};

use super::table::{fields, harmless, plain_table, words};
use super::{ColorChoice, Global, exit};
use crate::config::Environment;
use crate::error::{Error, Result};

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Columns for people
    Table,
    /// One JSON document
    Json,
    /// One JSON object per line
    Jsonl,
    /// Comma-separated values with a heading
    Csv,
    /// Names only, one per line
    Name,
}

/// One line of a list.
pub(super) trait Row: Serialize {
    /// The headings of the table, also the first line of CSV.
    const COLUMNS: &'static [&'static str];

    /// The cells, one per heading.
    fn cells(&self) -> Vec<String>;

    /// What `-o name` prints.
    fn name(&self) -> &str;
}

/// Where everything is printed.
pub(super) struct Output {
    pub(super) format: Format,
    quiet: bool,
    color: bool,
    terminal: bool,
    stdout: Mutex<Sink>,
}

/// A table that changes: how many lines it has now.
#[derive(Debug, Default)]
pub(super) struct LiveTable {
    lines: usize,
}

struct Sink {
    writer: BufWriter<io::Stdout>,
    /// Whoever read us has seen enough.
    closed: bool,
}

impl Output {
    pub(super) fn new(global: &Global, environment: &Environment) -> Self {
        let color = match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => io::stderr().is_terminal() && !environment.no_color(),
        };
        Self {
            format: match global.output {
                Some(format) => format,
                None if global.json => Format::Json,
                None => Format::Table,
            },
            quiet: global.quiet,
            color,
            terminal: io::stdout().is_terminal(),
            stdout: Mutex::new(Sink {
                writer: BufWriter::with_capacity(64 * 1024, io::stdout()),
                closed: false,
            }),
        }
    }

    /// Whether results are read by programs.
    pub(super) fn is_machine(&self) -> bool {
        matches!(self.format, Format::Json | Format::Jsonl)
    }

    /// Whether stderr is coloured.
    pub(super) fn has_color(&self) -> bool {
        self.color
    }

    /// Prints one thing: its fields in a table, `name` for `-o name`, else all of it.
    pub(super) fn one(&self, item: &impl Serialize, name: &str) -> Result<()> {
        match self.format {
            Format::Name => self.line(name),
            Format::Json if self.terminal => self.line(&to_text(item, true)?),
            Format::Json | Format::Jsonl => self.line(&to_text(item, false)?),
            Format::Csv => self.facts_csv(item),
            Format::Table => self.facts(item),
        }
    }

    /// Shows a table that changes, in the place of the one before, or each changed row as a line
    /// of JSON where nobody looks at it.
    pub(super) fn live<T: Row>(
        &self,
        changed: Option<&T>,
        live: &mut LiveTable,
        rows: &[T],
    ) -> Result<()> {
        let table = matches!(self.format, Format::Table) && self.terminal;
        if !table {
            if let Some(row) = changed {
                match self.format {
                    Format::Name => self.line(row.name())?,
                    Format::Csv => self.csv(&row.cells())?,
                    Format::Table | Format::Json | Format::Jsonl => {
                        self.line(&to_text(row, false)?)?;
                    }
                }
                return self.flush();
            }
            return Ok(());
        }
        let height = terminal_size::terminal_size().map_or(24, |(_, height)| height.0);
        let shown = usize::from(height).saturating_sub(3).max(1);
        if live.lines > 0 {
            self.text(&format!("\u{1b}[{}A\u{1b}[J", live.lines))?;
        }
        let mut printer = self.printer();
        for row in rows.iter().take(shown) {
            printer.item(row)?;
        }
        live.lines = rows.len().min(shown) + usize::from(!rows.is_empty());
        if rows.is_empty() {
            return self.flush();
        }
        printer.end::<T>()?;
        if rows.len() > shown {
            self.line(&format!("and {} more", rows.len() - shown))?;
            live.lines += 1;
        }
        self.flush()
    }

    /// Whether whoever read the results went away.
    pub(super) fn is_closed(&self) -> bool {
        self.sink().closed
    }

    /// Prints a plan: whole for programs, its names for people.
    pub(super) fn plan<T: Row>(&self, plan: &impl Serialize, names: &[T]) -> Result<()> {
        if self.is_machine() {
            self.one(plan, "")
        } else {
            self.items(names)
        }
    }

    /// Prints text as it is.
    pub(super) fn text(&self, text: &str) -> Result<()> {
        self.write(text.as_bytes())
    }

    /// Hands on what was printed so far.
    pub(super) fn flush(&self) -> Result<()> {
        let mut sink = self.sink();
        let outcome = sink.writer.flush();
        finish_write(&mut sink, outcome)
    }

    /// Tells people something; silent with `--quiet`.
    pub(super) fn inform(&self, text: &str) {
        if !self.quiet {
            print_line(&harmless(text));
        }
    }

    /// Ends a dry run.
    pub(super) fn nothing_done(&self) {
        self.inform("dry run: nothing was done");
    }

    /// Warns people on stderr, also with `--quiet`.
    pub(super) fn warn(&self, text: &str) {
        let text = harmless(text);
        print_line(&format!("{} {text}", self.paint("warning:", "33")));
    }

    /// Reports what went wrong, once, with what to do about it.
    pub(super) fn error(&self, error: &Error) {
        // What was printed before belongs before the error.
        drop(self.flush());
        let hint = exit::hint(error);
        tracing::debug!(causes = ?error.causes(), "command failed");
        if self.is_machine() {
            let mut body = json!({
                "code": error.kind().code(),
                "message": error.message(),
                "exit_code": exit::code(error.kind()),
            });
            if let Some(reason) = error.why() {
                body["reason"] = Value::from(reason.as_str());
            }
            if let Some(hint) = hint {
                body["hint"] = Value::from(hint);
            }
            return print_line(&json!({ "error": body }).to_string());
        }
        let message = harmless(error.message());
        print_line(&format!("{} {message}", self.paint("error:", "31")));
        if let Some(hint) = hint {
            let hint = harmless(&hint);
            print_line(&format!("{} {hint}", self.paint("hint:", "36")));
        }
    }

    fn paint(&self, text: &str, color: &str) -> String {
        if self.color {
            format!("\u{1b}[1;{color}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn facts(&self, item: &impl Serialize) -> Result<()> {
        let mut table = plain_table();
        for (key, value) in fields(item)? {
            table.add_row([format!("{key}:"), harmless(&words(&value))]);
        }
        self.table(&mut table)
    }

    fn facts_csv(&self, item: &impl Serialize) -> Result<()> {
        let (keys, values): (Vec<_>, Vec<_>) = fields(item)?
            .into_iter()
            .map(|(key, value)| (key, words(&value)))
            .unzip();
        self.csv(&keys)?;
        self.csv(&values)
    }

    pub(super) fn table(&self, table: &mut Table) -> Result<()> {
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        for line in table.lines() {
            self.line(line.trim_end())?;
        }
        Ok(())
    }

    pub(super) fn csv<S: AsRef<str>>(&self, cells: &[S]) -> Result<()> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let line = writer
            .write_record(cells.iter().map(AsRef::as_ref))
            .map_err(io::Error::from)
            .and_then(|()| writer.into_inner().map_err(csv::IntoInnerError::into_error))
            .map_err(|error| Error::internal("a line cannot be written").because(error))?;
        self.write(&line)
    }

    pub(super) fn line(&self, text: &str) -> Result<()> {
        self.write(text.as_bytes())?;
        self.write(b"\n")
    }

    pub(super) fn write(&self, bytes: &[u8]) -> Result<()> {
        let mut sink = self.sink();
        if sink.closed {
            return Ok(());
        }
        let outcome = sink.writer.write_all(bytes);
        finish_write(&mut sink, outcome)
    }

    /// Prints all of `reader`, of which a part is worth nothing: here a reader that goes away is a
    /// failure.
    pub(super) fn pass_on(&self, reader: &mut impl Read) -> Result<()> {
        let mut sink = self.sink();
        io::copy(reader, &mut sink.writer)
            .and_then(|_| sink.writer.flush())
            .map_err(|error| Error::unavailable(format!("stdout: {error}")).because(error))
    }

    fn sink(&self) -> MutexGuard<'_, Sink> {
        self.stdout.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether what is printed goes to a terminal.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether somebody sits at both ends and may be asked.
pub(super) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Prints one line on stderr.
pub(super) fn print_line(text: &str) {
    // There is nowhere left to say that stderr is closed.
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// A reader that went away is silent success.
fn finish_write(sink: &mut Sink, outcome: io::Result<()>) -> Result<()> {
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            sink.closed = true;
            Ok(())
        }
        Err(error) => Err(Error::internal(format!("stdout: {error}")).because(error)),
        Ok(()) => Ok(()),
    }
}

pub(super) fn to_text(item: &impl Serialize, pretty: bool) -> Result<String> {
    let text = if pretty {
        serde_json::to_string_pretty(item)
    } else {
        serde_json::to_string(item)
    };
    text.map_err(|error| Error::internal("the result cannot be printed").because(error))
}
