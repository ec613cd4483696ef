//! How results look as CSV, and as the CSV that spreadsheets open: they take text without a mark for that
//! of an older character set, and know times without a zone only.

use std::io;

use csv::{Terminator, WriterBuilder};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::output::{Format, Output, Row};
use super::table::{fields, is_id, no_formula, words};
use crate::error::{Error, Result};

/// Says that what follows is UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

impl Output {
    /// Prints the fields of one thing.
    pub(super) fn facts_csv(&self, item: &impl Serialize, name: &str) -> Result<()> {
        let (keys, values): (Vec<_>, Vec<_>) = fields(item)?
            .into_iter()
            .map(|(key, value)| (key, words(&value)))
            .unzip();
        self.csv(&keys)?;
        self.csv_cells(&values, name)
    }

    /// Prints the cells of a row.
    pub(super) fn csv_row(&self, row: &impl Row) -> Result<()> {
        self.csv_cells(&row.cells(), row.name())
    }

    /// Prints cells, of which only the id may begin as formulas do.
    fn csv_cells(&self, cells: &[String], id: &str) -> Result<()> {
        let safe = |cell: &'_ String| {
            if cell == id && is_id(cell) {
                return cell.clone();
            }
            let local = self.local_moment(cell);
            local.unwrap_or_else(|| no_formula(cell).into_owned())
        };
        self.csv(&cells.iter().map(safe).collect::<Vec<_>>())
    }

    /// A moment as spreadsheets read it, if they are to and the cell is one.
    fn local_moment(&self, cell: &str) -> Option<String> {
        let moment: Timestamp = match self.format {
            Format::Excel => cell.parse().ok()?,
            _ => return None,
        };
        let moment = moment.to_zoned(TimeZone::system());
        Some(moment.strftime("%Y-%m-%d %H:%M:%S").to_string())
    }

    /// Prints a line of cells as they are.
    pub(super) fn csv<S: AsRef<str>>(&self, cells: &[S]) -> Result<()> {
        let mut format = WriterBuilder::new();
        if self.format == Format::Excel {
            format.terminator(Terminator::CRLF);
            if self.is_untouched() {
                self.write(MARK)?;
            }
        }
        let mut writer = format.from_writer(Vec::new());
        let line = writer
            .write_record(cells.iter().map(AsRef::as_ref))
            .map_err(io::Error::from)
            .and_then(|()| writer.into_inner().map_err(csv::IntoInnerError::into_error))
            .map_err(|error| Error::internal("a line cannot be written").because(error))?;
        self.write(&line)
    }
}
