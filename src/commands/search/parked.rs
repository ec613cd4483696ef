//! Documents that cannot be searched as they are: noted with the reason until they change.

use std::collections::HashSet;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::backends::documents::{PARKED_RECORDS, Scan, Write};
use crate::context::Context;
use crate::error::Result;

/// A document that cannot be searched as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ParkedRecord {
    /// The index it is missing from.
    pub index: String,
    /// The document.
    pub id: String,
    /// Why.
    pub reason: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

fn key(index: &str, id: &str) -> String {
    format!("{index}:{id}")
}

/// All of them, of one index.
///
/// # Errors
/// Those of the store.
pub async fn list(context: &Context, index: &str) -> Result<Vec<ParkedRecord>> {
    let scan = Scan::all(PARKED_RECORDS).prefix(key(index, ""));
    let documents = context.documents.scan(scan);
    documents
        .and_then(|document| std::future::ready(document.decode()))
        .try_collect()
        .await
}

pub(super) async fn ids(context: &Context, index: &str) -> Result<HashSet<String>> {
    let parked = list(context, index).await?;
    Ok(parked.into_iter().map(|parked| parked.id).collect())
}

pub(super) async fn park(context: &Context, index: &str, id: &str, reason: &str) -> Result<()> {
    tracing::warn!(index, id, reason, "a document cannot be searched");
    let parked = ParkedRecord {
        index: index.to_owned(),
        id: id.to_owned(),
        reason: reason.to_owned(),
        at: context.clock.now(),
    };
    let write = Write::put(PARKED_RECORDS, &key(index, id), &parked)?.moments(&["at"]);
    context.documents.commit(vec![write]).await.map(|_| ())
}

pub(super) async fn release(context: &Context, index: &str, id: &str) -> Result<()> {
    let write = Write::delete(PARKED_RECORDS, &key(index, id));
    context.documents.commit(vec![write]).await.map(|_| ())
}
