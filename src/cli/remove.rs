//! Removing several things: what they are is looked up first, then somebody is asked.

use super::invocation::Invocation;
use super::output::Row;
use super::room::Consent;
use crate::error::Result;

/// Looks each up by `plan`, asks the `question` about them all, and hands each to `apply`; prints what
/// they were. One that is not there ends it before anything is done.
pub(super) async fn remove_each<T: Row>(
    invocation: &Invocation<'_>,
    ids: &[String],
    consent: &Consent,
    question: impl FnOnce(&[T]) -> String,
    plan: impl AsyncFn(&str) -> Result<T>,
    apply: impl AsyncFn(&str) -> Result<T>,
) -> Result<()> {
    let mut found = Vec::new();
    for id in ids {
        found.push(plan(id).await?);
    }
    if consent.dry_run || ids.is_empty() {
        invocation.output.items(&found)?;
        if consent.dry_run {
            invocation.output.nothing_done();
        }
        return Ok(());
    }
    invocation.confirm(consent.yes, question(&found)).await?;
    let removed = invocation.each(ids, apply).await?;
    invocation.output.items(&removed)
}
