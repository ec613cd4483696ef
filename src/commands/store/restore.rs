//! Replaces the store by a backup of it.

use std::path::{Path, PathBuf};

use serde::Serialize;
use utoipa::ToSchema;

use crate::backends::documents;
use crate::error::{Error, Result};
use crate::records::documents::Restored;

/// What the store is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RestoreReport)]
pub struct Report {
    /// Where it is.
    #[schema(value_type = String)]
    pub data_dir: PathBuf,
    /// How many documents it holds.
    pub documents: u64,
    /// Where the former store is, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub former: Option<PathBuf>,
}

/// What to restore, and where to. There is no context: nobody may be at work on the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where the store is.
    pub data_dir: PathBuf,
    /// The backup, or stdin if it is `-`.
    pub file: PathBuf,
}

/// Restores it.
///
/// # Errors
/// Those of [`documents::restore`].
pub async fn run(input: Input) -> Result<Report> {
    blocking(documents::restore, input).await
}

/// Says what [`run`] would do.
///
/// # Errors
/// As [`run`].
pub async fn plan(input: Input) -> Result<Report> {
    blocking(documents::plan_restore, input).await
}

async fn blocking(work: fn(&Path, &Path) -> Result<Restored>, input: Input) -> Result<Report> {
    let Input { data_dir, file } = input;
    let dir = data_dir.clone();
    let restored = tokio::task::spawn_blocking(move || work(&dir, &file))
        .await
        .map_err(|error| Error::internal("the restore was cut short").because(error))??;
    Ok(Report {
        data_dir,
        documents: restored.documents,
        former: restored.kept,
    })
}
