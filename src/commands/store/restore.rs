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

/// Restores `file`, or stdin if it is `-`, into `data_dir`, on which nobody may be at work.
///
/// # Errors
/// Those of [`documents::restore`].
pub async fn run(data_dir: &Path, file: &Path) -> Result<Report> {
    blocking(documents::restore, data_dir, file).await
}

/// Says what [`run`] would do.
///
/// # Errors
/// As [`run`].
pub async fn plan(data_dir: &Path, file: &Path) -> Result<Report> {
    blocking(documents::plan_restore, data_dir, file).await
}

async fn blocking(
    work: fn(&Path, &Path) -> Result<Restored>,
    data_dir: &Path,
    file: &Path,
) -> Result<Report> {
    let (dir, from) = (data_dir.to_owned(), file.to_owned());
    let restored = tokio::task::spawn_blocking(move || work(&dir, &from))
        .await
        .map_err(|error| Error::internal("the restore was cut short").because(error))??;
    Ok(Report {
        data_dir: data_dir.to_owned(),
        documents: restored.documents,
        former: restored.kept,
    })
}
