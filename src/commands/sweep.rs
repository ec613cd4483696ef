//! Removes what has been kept for long enough.

use futures_util::TryStreamExt;

use crate::backends::documents::{Document, Scan, Write};
use crate::context::Context;
use crate::error::Result;

/// Documents removed in one commit.
const SWEPT_AT_ONCE: usize = 200;

/// Removes the documents of a collection that are not to be kept; returns how many. One of which
/// `keep` cannot tell stays where it is and keeps no other from going.
pub(crate) async fn sweep_all(
    context: &Context,
    collection: &str,
    keep: impl Fn(&Document) -> Result<bool>,
) -> Result<u64> {
    let (mut swept, mut unreadable, mut old) = (0, 0_u64, Vec::new());
    let mut found = context.documents.scan(Scan::all(collection));
    while let Some(document) = found.try_next().await? {
        match keep(&document) {
            Ok(true) => {}
            Ok(false) => old.push(Write::delete(collection, &document.id)),
            Err(_) => unreadable += 1,
        }
        if old.len() == SWEPT_AT_ONCE {
            swept += old.len() as u64;
            context.documents.commit(std::mem::take(&mut old)).await?;
        }
    }
    swept += old.len() as u64;
    context.documents.commit(old).await?;
    if unreadable > 0 {
        tracing::warn!(
            collection,
            unreadable,
            "documents that cannot be read were left"
        );
    }
    Ok(swept)
}
