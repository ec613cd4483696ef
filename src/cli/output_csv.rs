//! How results look as CSV.

use std::io;

use serde::Serialize;

use super::output::{Output, Row};
use super::table::{fields, is_id, no_formula, words};
use crate::error::{Error, Result};

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
            no_formula(cell).into_owned()
        };
        self.csv(&cells.iter().map(safe).collect::<Vec<_>>())
    }

    /// Prints a line of cells as they are.
    pub(super) fn csv<S: AsRef<str>>(&self, cells: &[S]) -> Result<()> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let line = writer
            .write_record(cells.iter().map(AsRef::as_ref))
            .map_err(io::Error::from)
            .and_then(|()| writer.into_inner().map_err(csv::IntoInnerError::into_error))
            .map_err(|error| Error::internal("a line cannot be written").because(error))?;
        self.write(&line)
    }
}
