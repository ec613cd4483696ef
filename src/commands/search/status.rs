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
    /// Records in the index.
    pub records: u64,
    /// Documents that cannot be searched as they are.
    pub parked: u64,
}

/// Counts both sides of every index; `verify` compares them.
///
/// # Errors
/// Those of the store and the index.
pub async fn run(context: &Context) -> Result<Vec<IndexStatus>> {
    let mut out = Vec::new();
    for spec in &context.mirrors.indexes {
        let mut documents = 0;
        for source in &spec.sources {
            documents += context.documents.count(&source.collection).await?;
        }
        out.push(IndexStatus {
            index: spec.name.clone(),
            collections: spec
                .sources
                .iter()
                .map(|source| source.collection.clone())
                .collect(),
            documents,
            records: context.search.count(&spec.name).await?,
            parked: parked::ids(context, &spec.name).await?.len() as u64,
        });
    }
    Ok(out)
}
