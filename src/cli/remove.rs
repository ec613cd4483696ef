//! Removing several things: what they are is looked up first, then somebody is asked.

use std::cell::RefCell;

use super::invocation::Invocation;
use super::output::Row;
use super::room::Consent;
use crate::error::{Kind, Result};

/// Looks each up by `plan`, asks the `question` about them all, and hands each to `apply`; prints what
/// they were. One alone that is not there is the end of it; one of several is told and left out, as an
/// earlier run may have been stopped after it.
pub(super) async fn remove_each<T: Row>(
    invocation: &Invocation<'_>,
    ids: &[String],
    consent: &Consent,
    question: impl FnOnce(&[T]) -> String,
    plan: impl AsyncFn(&str) -> Result<T>,
    apply: impl AsyncFn(&str) -> Result<T>,
) -> Result<()> {
    let (mut there, mut found) = (Vec::new(), Vec::new());
    for id in ids {
        match plan(id).await {
            Ok(one) => {
                there.push(id.clone());
                found.push(one);
            }
            Err(error) if error.kind() == Kind::NotFound => {
                invocation.go_on_without(id, ids.len(), error)?;
            }
            // Before anything is done it is not too late to put that right.
            Err(error) => return Err(error),
        }
    }
    if consent.dry_run || there.is_empty() {
        invocation.output.items(&found)?;
        if consent.dry_run {
            invocation.output.nothing_done();
        }
        return Ok(());
    }
    invocation.confirm(consent.yes, question(&found)).await?;
    apply_each(invocation, (&there, ids.len()), apply).await
}

/// Prints each once it is gone, so that a run that is cut short has told what it did.
async fn apply_each<T: Row>(
    invocation: &Invocation<'_>,
    there: (&[String], usize),
    apply: impl AsyncFn(&str) -> Result<T>,
) -> Result<()> {
    let printer = RefCell::new(invocation.output.printer());
    let removed = invocation.each_left(there, async |id| {
        let one = apply(id).await?;
        printer.borrow_mut().item(&one)?;
        invocation.output.flush()
    });
    removed.await?;
    printer.into_inner().end::<T>()
}

/// What a question is about, by its names: `the user ada`, or `the users ada, bob`.
pub(super) fn the_named<T: Row>(noun: &str, things: &[T]) -> String {
    let names: Vec<_> = things.iter().map(Row::name).collect();
    match names.as_slice() {
        [name] => format!("the {noun} {name}"),
        names => format!("the {noun}s {}", names.join(", ")),
    }
}
