//! Who else may have written to an index.
//!
//! A mirror that follows knows what it wrote itself and leaves out what would change nothing. What
//! a reindexing or a repair wrote meanwhile it cannot know; these say so before they write. A
//! document that changes after such a write is heard of after the epoch can be seen to be another.

use serde_json::json;

use crate::backends::documents::{Document, RUNS, Write};
use crate::context::Context;
use crate::error::Result;
use crate::model::ambient;
use crate::model::search::IndexSpec;

fn key(spec: &IndexSpec) -> String {
    format!("search-epoch:{}", spec.name)
}

/// The current epoch; 0 before the first.
pub(super) async fn read(context: &Context, spec: &IndexSpec) -> Result<u64> {
    let found = context.documents.get(RUNS, &key(spec)).await?;
    Ok(found.map_or(0, |Document { version, .. }| version))
}

/// The write that begins another one.
pub(super) fn next(context: &Context, spec: &IndexSpec) -> Result<Write> {
    let run = ambient::uuid(context.random.as_ref());
    Write::put(RUNS, &key(spec), &json!({ "run": run }))
}
