//! Removes what has been kept for long enough.

use futures_util::TryStreamExt;

use crate::backends::documents::{Document, Scan, Write};
use crate::context::Context;
use crate::error::Result;

/// Documents removed in one commit.
const SWEPT_AT_ONCE: usize = 200;

/// Removes the documents of a collection that are not to be kept; returns how many.
pub(crate) async fn sweep_all(
    context: &Context,
    collection: &str,
    keep: impl Fn(&Document) -> Result<bool>,
) -> Result<u64> {
    let (mut swept, mut old) = (0, Vec::new());
    let mut found = context.documents.scan(Scan::all(collection));
    while let Some(document) = found.try_next().await? {
        if !keep(&document)? {
            old.push(Write::delete(collection, &document.id));
        }
        if old.len() == SWEPT_AT_ONCE {
            swept += old.len() as u64;
            context.documents.commit(std::mem::take(&mut old)).await?;
        }
    }
    swept += old.len() as u64;
    context.documents.commit(old).await?;
    Ok(swept)
}
