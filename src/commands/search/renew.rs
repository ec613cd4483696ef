//! Makes an index anew that an earlier release made; until that is done the old one is searched.

use std::sync::Arc;

use super::reindex;
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::search::IndexSpec;

/// Puts an index as this release makes it in the place of one that an earlier release made.
///
/// # Errors
/// As [`reindex::run`]; somebody else who is at it already is none.
pub async fn if_outdated(context: &Context, spec: &Arc<IndexSpec>) -> Result<()> {
    if !context.indexes.is_outdated(&spec.name).await? {
        return Ok(());
    }
    let index = &spec.name;
    tracing::warn!(
        index,
        "an earlier release made the search index; it is made anew, and searched until then"
    );
    let input = reindex::Input::of(spec.clone());
    match Box::pin(reindex::run(context, input)).await {
        Err(error) if error.kind() == Kind::Locked => Ok(()),
        outcome => {
            let report = outcome?;
            tracing::info!(
                index,
                records = report.puts,
                "the search index was made anew"
            );
            Ok(())
        }
    }
}
