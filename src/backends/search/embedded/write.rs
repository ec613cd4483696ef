//! Filling an index.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tantivy::directory::error::LockError;
use tantivy::{IndexWriter, TantivyError, Term};

use super::document::document;
use super::{Opened, fault};
use crate::backends::search::Operation;
use crate::error::{Error, Result};

/// Memory for the words of one call.
const BUDGET: usize = 32 * 1024 * 1024;
/// How long another process may hold the lock.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often the lock is tried.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Where in the store the records came from, and what was searched when they were written.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredCheckpoint {
    at: Option<String>,
    searchable: Vec<String>,
}

impl StoredCheckpoint {
    pub(super) fn new(at: Option<String>, searchable: &[String]) -> Self {
        Self {
            at,
            searchable: searchable.to_vec(),
        }
    }

    /// What was kept last, if the same fields are searched now, and in the same way.
    pub(super) fn read(opened: &Opened, searchable: &[String]) -> Result<Option<String>> {
        if !opened.fields.current {
            return Ok(None);
        }
        let meta = opened.index.load_metas().map_err(fault)?;
        let stored: Option<Self> = meta
            .payload
            .and_then(|payload| serde_json::from_str(&payload).ok());
        Ok(stored
            .filter(|stored| stored.searchable == searchable)
            .and_then(|stored| stored.at))
    }
}

/// Applies operations in order, all or none.
pub(super) fn apply(
    opened: &Opened,
    searchable: &[String],
    operations: &[Operation],
    checkpoint: &StoredCheckpoint,
) -> Result<()> {
    let mut writer = writer(opened)?;
    let fields = &opened.fields;
    for operation in operations {
        match operation {
            Operation::Delete(id) => {
                writer.delete_term(Term::from_field_text(fields.id, id));
            }
            Operation::Put(record, fingerprint) => {
                writer.delete_term(Term::from_field_text(fields.id, &record.id));
                let document = document(opened, searchable, record, *fingerprint)?;
                writer.add_document(document).map_err(fault)?;
            }
        }
    }
    let payload = serde_json::to_string(checkpoint)
        .map_err(|error| Error::internal("a place is no JSON").because(error))?;
    let mut commit = writer.prepare_commit().map_err(fault)?;
    // The newest checkpoint that is known holds on when a call brings none.
    if checkpoint.at.is_some() {
        commit.set_payload(&payload);
    } else if let Some(kept) = opened.index.load_metas().map_err(fault)?.payload {
        commit.set_payload(&kept);
    }
    commit.commit().map_err(fault)?;
    writer.wait_merging_threads().map_err(fault)
}

/// Waits until no other process writes.
fn writer(opened: &Opened) -> Result<IndexWriter> {
    let began = Instant::now();
    loop {
        match opened.index.writer_with_num_threads(1, BUDGET) {
            Err(TantivyError::LockFailure(LockError::LockBusy, _))
                if began.elapsed() < PATIENCE =>
            {
                std::thread::sleep(LOOK_EVERY);
            }
            outcome => return outcome.map_err(fault),
        }
    }
}
