//! Who else may have written to an index.
//!
//! A mirror that follows knows what it wrote itself and leaves out what would change nothing. What
//! a reindexing or a repair wrote meanwhile it cannot know; these say so before they write. A
//! document that changes after such a write is heard of after the epoch can be seen to be another.

use crate::context::Context;
use crate::error::Result;
use crate::model::random;
use crate::model::search::IndexSpec;
use crate::records::documents::{Document, Write};
use crate::records::{EARLIER_RUNS, EPOCHS, Epoch};

/// The current epoch; 0 before the first.
pub(super) async fn read(context: &Context, spec: &IndexSpec) -> Result<u64> {
    let documents = context.documents.as_ref();
    let version = |found: Option<Document>| found.map_or(0, |Document { version, .. }| version);
    let own = EPOCHS.document(documents, &spec.name).await?;
    // Releases before 0.2 may run beside this one.
    let earlier = EARLIER_RUNS.document(documents, &earlier(spec)).await?;
    Ok(version(own).max(version(earlier)))
}

/// The writes that begin another one.
pub(super) fn next(context: &Context, spec: &IndexSpec) -> Result<[Write; 2]> {
    let epoch = Epoch {
        run: random::uuid(context.random.as_ref()),
    };
    Ok([
        EPOCHS.put(&spec.name, &epoch)?,
        EARLIER_RUNS.put_as(&earlier(spec), &epoch)?,
    ])
}

/// The id of the same where earlier releases look for it.
fn earlier(spec: &IndexSpec) -> String {
    format!("search-epoch:{}", spec.name)
}
