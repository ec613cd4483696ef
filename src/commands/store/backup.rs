//! Copies the store into a file while everybody goes on writing.

use std::path::PathBuf;

use serde::Serialize;
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::Result;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BackupReport)]
pub struct Report {
    /// The file.
    #[schema(value_type = String)]
    pub file: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
    /// How many documents it holds.
    pub documents: u64,
    /// The newest change in it.
    pub version: u64,
    /// The store that it is a copy of.
    pub lineage: String,
}

/// Where to write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The file.
    pub to: PathBuf,
}

/// Writes the backup, which appears when it is whole and checked.
///
/// # Errors
/// Those of [`Documents::backup`](crate::records::documents::Documents::backup).
pub async fn run(context: &Context, input: Input) -> Result<Report> {
    let (progress, stop) = (context.progress.clone(), context.stop.clone());
    let mut told = None;
    let ended = context.progress.clone();
    let copied = context.documents.backup(
        &input.to,
        Box::new(move |done, whole| {
            if told.is_none() {
                progress.begin("pages", whole);
            }
            progress.advance(done.saturating_sub(told.unwrap_or(0)));
            told = Some(done);
            !stop.is_cancelled()
        }),
    );
    let copied = copied.await;
    ended.end();
    let copied = copied?;
    Ok(Report {
        file: input.to,
        bytes: copied.bytes,
        documents: copied.documents,
        version: copied.version,
        lineage: copied.lineage,
    })
}
