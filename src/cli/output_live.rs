//! Tables that change while somebody looks at them.

use super::output::{Format, Output, Row};
use super::table::{harmless, to_text};
use crate::error::Result;

/// A table that changes: how many lines it has now.
#[derive(Debug, Default)]
pub(super) struct LiveTable {
    lines: usize,
}

impl Output {
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
                    Format::Name => self.name(row.name())?,
                    Format::Csv | Format::Excel => self.csv_row(row)?,
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
        live.lines = 0;
        if rows.is_empty() {
            return self.flush();
        }
        let headings = T::COLUMNS.iter().map(|heading| heading.to_uppercase());
        let mut table = vec![headings.collect()];
        for row in rows.iter().take(shown) {
            table.push(row.cells().iter().map(|cell| harmless(cell)).collect());
        }
        live.lines = self.table(&table)?;
        if rows.len() > shown {
            self.line(&format!("and {} more", rows.len() - shown))?;
            live.lines += 1;
        }
        self.flush()
    }
}
