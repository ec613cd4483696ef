//! The only file that prints: results on stdout, everything else on stderr.

use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clap::ValueEnum;
use dialoguer::console::measure_text_width;
use serde::Serialize;
use serde_json::{Value, json};

use super::hints::{AskedCommand, hint};
use super::origins::SettingOrigins;
use super::table::{fields, harmless, leaves, lines, to_text, words};
use super::terminal::terminal_width;
use super::{ColorChoice, Global, exit};
use crate::config::Environment;
use crate::error::{Error, Kind, Result};

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
    /// The same as spreadsheets open it: UTF-8 by its mark, times of this machine's zone
    Excel,
    /// Names only, one per line
    Name,
}

impl Format {
    /// Whether it is cells separated by commas.
    pub(super) fn is_csv(self) -> bool {
        matches!(self, Self::Csv | Self::Excel)
    }
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
    /// Whether somebody asked for this format.
    chosen: bool,
    quiet: bool,
    color: bool,
    pub(super) terminal: bool,
    asked: AskedCommand,
    pub(super) origins: Arc<SettingOrigins>,
    /// What is told on stderr before anything else, unless an error has to be read first.
    early: Mutex<Vec<String>>,
    stdout: Mutex<Sink>,
}

struct Sink {
    writer: BufWriter<io::Stdout>,
    /// Whoever read us has seen enough.
    closed: bool,
    /// Something was printed.
    begun: bool,
}

impl Output {
    pub(super) fn new(global: &Global, environment: &Environment, asked: AskedCommand) -> Self {
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
            chosen: global.output.is_some() || global.json,
            quiet: global.quiet,
            color,
            terminal: io::stdout().is_terminal(),
            asked,
            origins: Arc::default(),
            early: Mutex::default(),
            stdout: Mutex::new(Sink {
                writer: BufWriter::with_capacity(64 * 1024, io::stdout()),
                closed: false,
                begun: false,
            }),
        }
    }

    /// The words of the command, as `room delete`.
    pub(super) fn command(&self) -> String {
        self.asked.command()
    }

    /// Whether results are read by programs.
    pub(super) fn is_machine(&self) -> bool {
        matches!(self.format, Format::Json | Format::Jsonl)
    }

    /// Whether what was done is told only if it failed: the report of a run is no result that
    /// somebody waits for.
    pub(super) fn is_silent(&self) -> bool {
        self.quiet && !self.chosen
    }

    /// Whether the format holds one list: one table, or names.
    pub(super) fn is_one_list(&self) -> bool {
        self.format.is_csv() || self.format == Format::Name
    }

    /// Insists that the format is one that a document of JSON can have.
    pub(super) fn only_json(&self, what: &str) -> Result<()> {
        if self.format.is_csv() || self.format == Format::Name {
            return Err(Error::invalid(format!("{what} is JSON; leave -o out")));
        }
        Ok(())
    }

    /// Insists that no format was asked for: there is but one.
    pub(super) fn only_text(&self, what: &str) -> Result<()> {
        if self.chosen && self.format != Format::Table {
            return Err(Error::invalid(format!(
                "{what} is plain text; leave -o out"
            )));
        }
        Ok(())
    }

    /// Whether stderr is coloured.
    pub(super) fn has_color(&self) -> bool {
        self.color
    }

    /// Prints one thing: its fields in a table, `name` for `-o name`, else all of it.
    pub(super) fn one(&self, item: &impl Serialize, name: &str) -> Result<()> {
        match self.format {
            Format::Name => self.name(name),
            Format::Json if self.terminal => self.line(&to_text(item, true)?),
            Format::Json | Format::Jsonl => self.line(&to_text(item, false)?),
            Format::Csv | Format::Excel => self.facts_csv(item, name),
            Format::Table => self.facts(item),
        }
    }

    /// The same for what people are told by a sentence on stderr instead.
    pub(super) fn one_but_for_people(&self, item: &impl Serialize, name: &str) -> Result<()> {
        match self.format {
            Format::Table => Ok(()),
            _ => self.one(item, name),
        }
    }

    /// Whether whoever read the results went away.
    pub(super) fn is_closed(&self) -> bool {
        self.sink().closed
    }

    /// Whether nothing was printed yet.
    pub(super) fn is_untouched(&self) -> bool {
        !self.sink().begun
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
        self.tell_early();
        let mut sink = self.sink();
        let outcome = sink.writer.flush();
        finish_write(&mut sink, outcome)
    }

    /// Tells people something; silent with `--quiet`.
    pub(super) fn inform(&self, text: &str) {
        if !self.quiet {
            self.tell_early();
            print_line(&harmless(text));
        }
    }

    /// The same of what the command begins with: an error is told before it.
    pub(super) fn inform_early(&self, text: &str) {
        if !self.quiet {
            self.hold(harmless(text));
        }
    }

    /// Ends a dry run.
    pub(super) fn nothing_done(&self) {
        self.inform("dry run: nothing was done");
    }

    /// Warns people on stderr, also with `--quiet`.
    pub(super) fn warn(&self, text: &str) {
        self.tell_early();
        print_line(&self.warning(text));
    }

    /// The same of what an error is told before: what the command begins with, and what belongs to the
    /// error that it is about to end with.
    pub(super) fn warn_early(&self, text: &str) {
        self.hold(self.warning(text));
    }

    /// Warns of one among several things that could not be done, with what to do about it if `helps`.
    pub(super) fn warn_of(&self, name: &str, error: &Error, helps: bool) {
        let hint = hint(error, &self.asked).filter(|_| helps);
        let hint = hint.map_or_else(String::new, |hint| format!("; {hint}"));
        self.warn(&self.origins.tell(&format!("{name}: {error}{hint}")));
    }

    fn warning(&self, text: &str) -> String {
        format!("{} {}", self.paint("warning:", "33"), harmless(text))
    }

    fn hold(&self, line: String) {
        let mut early = self.early.lock().unwrap_or_else(PoisonError::into_inner);
        early.push(line);
    }

    /// Tells what was held back.
    pub(super) fn tell_early(&self) {
        let mut early = self.early.lock().unwrap_or_else(PoisonError::into_inner);
        for line in early.drain(..) {
            print_line(&line);
        }
    }

    /// Reports what went wrong, once, with what to do about it.
    pub(super) fn error(&self, error: &Error) {
        // Programs look for it in the last line; and where something is not there, a store that was not
        // there either is the cause.
        let may_be_elsewhere = error.kind() == Kind::NotFound && error.advice().is_none();
        if self.is_machine() || may_be_elsewhere {
            self.tell_early();
        }
        // What was printed before belongs before the error.
        let mut sink = self.sink();
        let outcome = sink.writer.flush();
        drop(finish_write(&mut sink, outcome));
        drop(sink);
        let hint = hint(error, &self.asked).map(|hint| self.origins.tell(&hint));
        tracing::debug!(causes = ?error.causes(), "command failed");
        if self.is_machine() {
            let mut body = json!({
                "code": error.kind().code(),
                "message": error.message(),
                "exit_code": exit::own(error.kind()),
            });
            if let Some(reason) = error.why() {
                body["reason"] = Value::from(reason.as_str());
            }
            if let Some(hint) = hint {
                body["hint"] = Value::from(hint);
            }
            return print_line(&json!({ "error": body }).to_string());
        }
        let message = harmless(&self.origins.tell(error.message()));
        print_line(&format!("{} {message}", self.paint("error:", "31")));
        if let Some(hint) = hint {
            let hint = harmless(&hint);
            print_line(&format!("{} {hint}", self.paint("hint:", "36")));
        }
        self.tell_early();
    }

    fn paint(&self, text: &str, color: &str) -> String {
        if self.color {
            format!("\u{1b}[1;{color}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }

    fn facts(&self, item: &impl Serialize) -> Result<()> {
        let row = |(key, value): (String, Value)| vec![format!("{key}:"), harmless(&words(&value))];
        let rows: Vec<_> = leaves(fields(item)?).into_iter().map(row).collect();
        self.table(&rows).map(drop)
    }

    /// Prints a table; says how many lines of the terminal it takes.
    pub(super) fn table(&self, rows: &[Vec<String>]) -> Result<usize> {
        let width = if self.terminal {
            terminal_width()
        } else {
            None
        };
        let mut taken = 0;
        for line in lines(rows, width) {
            let across = measure_text_width(&line).max(1);
            taken += width.map_or(1, |width| across.div_ceil(width));
            self.line(&line)?;
        }
        Ok(taken)
    }

    /// Prints what `-o name` is for; what has no name is left out.
    pub(super) fn name(&self, name: &str) -> Result<()> {
        if name.is_empty() {
            return Ok(());
        }
        self.line(name)
    }

    pub(super) fn line(&self, text: &str) -> Result<()> {
        self.write(text.as_bytes())?;
        self.write(b"\n")
    }

    pub(super) fn write(&self, bytes: &[u8]) -> Result<()> {
        self.tell_early();
        let mut sink = self.sink();
        if sink.closed {
            return Ok(());
        }
        sink.begun = true;
        let outcome = sink.writer.write_all(bytes);
        finish_write(&mut sink, outcome)
    }

    /// Prints all of `reader`, of which a part is worth nothing: here a reader that goes away is a
    /// failure.
    pub(super) fn pass_on(&self, reader: &mut impl Read) -> Result<()> {
        self.tell_early();
        let mut sink = self.sink();
        io::copy(reader, &mut sink.writer)
            .and_then(|_| sink.writer.flush())
            .map_err(|error| Error::unavailable(format!("stdout: {error}")).because(error))
    }

    fn sink(&self) -> MutexGuard<'_, Sink> {
        self.stdout.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks on stderr for a line; `None` when there is no more input.
pub(super) fn read_answer(question: &str) -> io::Result<Option<String>> {
    // Never locked while somebody thinks: whoever ends the question writes there as well.
    let mut stderr = io::stderr();
    write!(stderr, "{question}")?;
    stderr.flush()?;
    let mut line = String::new();
    if io::stdin().read_line(&mut line)? == 0 {
        writeln!(stderr)?;
        return Ok(None);
    }
    Ok(Some(line.trim().to_owned()))
}

/// Prints one line on stderr.
pub(super) fn print_line(text: &str) {
    // There is nowhere left to say that stderr is closed.
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// A reader that went away is silent success; of a file that is full only what it was to tell is lost.
fn finish_write(sink: &mut Sink, outcome: io::Result<()>) -> Result<()> {
    use io::ErrorKind::{BrokenPipe, FileTooLarge, QuotaExceeded, StorageFull, WriteZero};
    let Err(error) = outcome else {
        return Ok(());
    };
    let lost = match error.kind() {
        BrokenPipe => {
            sink.closed = true;
            return Ok(());
        }
        FileTooLarge | QuotaExceeded | StorageFull | WriteZero => Error::unavailable(format!(
            "what the result tells of was done, but it cannot be written to stdout: {error}"
        ))
        .advise("make space where it goes, and look at what there is before you run it again"),
        _ => Error::internal(format!("stdout: {error}")),
    };
    Err(lost.because(error))
}
