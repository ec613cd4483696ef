//! Each index at a glance.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::parked;
use crate::context::Context;
use crate::error::Result;

/// An index and what is mirrored in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IndexStatus {
    /// The index.
    pub index: String,
    /// The collections that are mirrored in it.
    pub collections: Vec<String>,
    /// Documents in those.
    pub documents: u64,
    /// Records in the index; absent where that is not asked of a vendor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// Documents that cannot be searched as they are.
    pub parked: u64,
    /// Why the index on this machine cannot be read, if it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// Counts both sides of every index; `verify` compares them.
///
/// # Errors
/// Those of the store and the index.
pub async fn run(context: &Context) -> Result<Vec<IndexStatus>> {
    look(context, true).await
}

/// The same without asking a vendor, which may take its time.
///
/// # Errors
/// Those of the store and the embedded index.
pub async fn glance(context: &Context) -> Result<Vec<IndexStatus>> {
    look(context, context.search.limits().indexes_text).await
}

async fn look(context: &Context, counts_records: bool) -> Result<Vec<IndexStatus>> {
    let mut out = Vec::new();
    for spec in &context.mirrors.indexes {
        let mut documents = 0;
        for source in &spec.sources {
            documents += context.documents.count(&source.collection).await?;
        }
        let (records, problem) = if counts_records {
            match context.search.count(&spec.name).await {
                Ok(records) => (Some(records), None),
                // It says nothing of the store, nor of the others.
                Err(error) if context.search.limits().is_own => {
                    let advice = error.advice().map(|advice| format!("; {advice}"));
                    (None, Some(format!("{error}{}", advice.unwrap_or_default())))
                }
                Err(error) => return Err(error),
            }
        } else {
            (None, None)
        };
        out.push(IndexStatus {
            index: spec.name.clone(),
            collections: spec
                .sources
                .iter()
                .map(|source| source.collection.clone())
                .collect(),
            documents,
            records,
            parked: parked::ids(context, &spec.name).await?.len() as u64,
            problem,
        });
    }
    Ok(out)
}
