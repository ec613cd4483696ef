//! How indexes, hits and reports look as lines of a list.

use serde_json::Value;

use crate::cli::output::Row;
use crate::cli::table::{maybe_time, words};
use crate::commands::search::parked::ParkedRecord;
use crate::commands::search::settings::SettingDiff;
use crate::commands::search::status::IndexStatus;
use crate::commands::search::{reindex, verify};
use crate::model::search::Hit;

impl Row for Hit {
    const COLUMNS: &'static [&'static str] = &["id", "record"];

    fn cells(&self) -> Vec<String> {
        let field = |(name, value): (&String, &Value)| format!("{name}: {}", words(value));
        let fields: Vec<_> = self.fields.iter().map(field).collect();
        vec![self.id.clone(), fields.join("  ")]
    }

    fn name(&self) -> &str {
        &self.id
    }
}

impl Row for reindex::Plan {
    const COLUMNS: &'static [&'static str] = &[
        "index",
        "documents",
        "records",
        "puts",
        "deletes",
        "operations",
        "reads",
    ];

    fn cells(&self) -> Vec<String> {
        let numbers = [
            self.documents,
            self.records,
            self.puts,
            self.deletes,
            self.operations,
            self.reads,
        ];
        numbered(&self.index, &numbers)
    }

    fn name(&self) -> &str {
        &self.index
    }
}

fn numbered(name: &str, numbers: &[u64]) -> Vec<String> {
    let numbers = numbers.iter().map(u64::to_string);
    std::iter::once(name.to_owned()).chain(numbers).collect()
}

impl Row for reindex::Report {
    const COLUMNS: &'static [&'static str] = &[
        "index",
        "documents",
        "puts",
        "deletes",
        "unchanged",
        "parked",
    ];

    fn cells(&self) -> Vec<String> {
        let numbers = [
            self.documents,
            self.puts,
            self.deletes,
            self.unchanged,
            self.parked,
        ];
        numbered(&self.index, &numbers)
    }

    fn name(&self) -> &str {
        &self.index
    }
}

impl Row for verify::Report {
    const COLUMNS: &'static [&'static str] = &[
        "index",
        "documents",
        "records",
        "parked",
        "drift",
        "repaired",
        "first",
    ];

    fn cells(&self) -> Vec<String> {
        let numbers = [
            self.documents,
            self.records,
            self.parked,
            self.drift.len() as u64,
            self.repaired,
        ];
        let first = self.drift.first();
        let first = first.map(|drift| format!("{} is {}", drift.id, drift.problem.as_str()));
        let mut cells = numbered(&self.index, &numbers);
        cells.push(first.unwrap_or_else(|| "-".to_owned()));
        cells
    }

    fn name(&self) -> &str {
        &self.index
    }
}

impl Row for IndexStatus {
    const COLUMNS: &'static [&'static str] =
        &["index", "collections", "documents", "records", "parked"];

    fn cells(&self) -> Vec<String> {
        let records = self.records.unwrap_or_default();
        let mut cells = numbered(&self.index, &[self.documents, records, self.parked]);
        if self.records.is_none() {
            "-".clone_into(&mut cells[2]);
        }
        cells.insert(1, self.collections.join(", "));
        cells
    }

    fn name(&self) -> &str {
        &self.index
    }
}

impl Row for ParkedRecord {
    const COLUMNS: &'static [&'static str] = &["index", "id", "reason", "at"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.index.clone(),
            self.id.clone(),
            self.reason.clone(),
            maybe_time(Some(self.at)),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}

impl Row for SettingDiff {
    const COLUMNS: &'static [&'static str] = &["setting", "is", "wanted"];

    fn cells(&self) -> Vec<String> {
        vec![self.name.clone(), words(&self.is), words(&self.wanted)]
    }

    fn name(&self) -> &str {
        &self.name
    }
}
