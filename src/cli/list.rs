//! Lists of any length, an item at a time, in every format.

use futures_util::{Stream, TryStreamExt};

use super::output::{Format, Output, Row};
use super::table::{harmless, to_text};
use crate::error::Result;

impl Output {
    /// Prints a list as it comes in, at most `limit` of it, needing no memory for what was printed
    /// (tables apart).
    pub(super) async fn list<T: Row>(
        &self,
        mut pages: impl Stream<Item = Result<Vec<T>>> + Unpin,
        limit: Option<usize>,
    ) -> Result<()> {
        let mut printer = self.printer();
        let mut left = limit.unwrap_or(usize::MAX);
        while left > 0
            && let Some(items) = pages.try_next().await?
        {
            for item in items.iter().take(left) {
                printer.item(item)?;
            }
            left = left.saturating_sub(items.len());
            if self.is_closed() {
                return Ok(());
            }
        }
        printer.end::<T>()
    }

    /// Prints a list item by item.
    pub(super) fn printer(&self) -> Printer<'_> {
        Printer::new(self)
    }

    /// Prints a list that is complete.
    pub(super) fn items<T: Row>(&self, items: &[T]) -> Result<()> {
        let mut printer = self.printer();
        for item in items {
            printer.item(item)?;
        }
        printer.end::<T>()
    }
}

/// Prints the items of one list.
pub(super) struct Printer<'a> {
    output: &'a Output,
    /// Those of a table, which is as wide as its widest.
    rows: Vec<Vec<String>>,
    count: usize,
}

impl<'a> Printer<'a> {
    fn new(output: &'a Output) -> Self {
        Self {
            output,
            rows: Vec::new(),
            count: 0,
        }
    }

    pub(super) fn item<T: Row>(&mut self, item: &T) -> Result<()> {
        let output = self.output;
        let first = self.count == 0;
        self.count += 1;
        match output.format {
            Format::Table => {
                let cells = item.cells().into_iter();
                self.rows.push(cells.map(|cell| harmless(&cell)).collect());
                Ok(())
            }
            Format::Name => output.name(item.name()),
            Format::Jsonl => output.line(&to_text(item, false)?),
            Format::Json => {
                output.text(if first { "[" } else { "," })?;
                output.text(&to_text(item, false)?)
            }
            Format::Csv | Format::Excel => {
                if first {
                    output.csv(T::COLUMNS)?;
                }
                output.csv_row(item)
            }
        }
    }

    pub(super) fn end<T: Row>(mut self) -> Result<()> {
        match self.output.format {
            Format::Json if self.count == 0 => self.output.line("[]"),
            Format::Json => self.output.line("]"),
            Format::Csv | Format::Excel if self.count == 0 => self.output.csv(T::COLUMNS),
            Format::Table if self.count == 0 => {
                self.output.inform("nothing to show");
                Ok(())
            }
            Format::Table => {
                let headings = T::COLUMNS.iter().map(|heading| heading.to_uppercase());
                self.rows.insert(0, headings.collect());
                self.output.table(&self.rows).map(drop)
            }
            _ => Ok(()),
        }
    }
}
