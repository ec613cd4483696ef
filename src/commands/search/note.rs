//! The note of a reindexing that is not finished.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::epoch;
use super::reindex::Mode;
use crate::backends::documents::{Precondition, RUNS, Write};
use crate::commands::lease::Lease;
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::search::IndexSpec;

/// How long the index of a run that died is left alone.
const LEASE: Duration = Duration::from_secs(5);

/// The note of an unfinished run.
#[derive(Serialize, Deserialize)]
struct Note {
    index: String,
    mode: Mode,
    /// A worker has made the index true since.
    #[serde(default)]
    mended: bool,
}

fn lease_of(spec: &IndexSpec) -> String {
    format!("search-reindex:{}", spec.name)
}

/// Takes the lease of whoever changes an index as a whole.
pub(super) async fn lease(context: &Context, spec: &IndexSpec) -> Result<Lease> {
    Lease::take_for(context, &lease_of(spec), LEASE).await
}

/// Whether a run is at work.
pub(super) async fn is_active(context: &Context, spec: &IndexSpec) -> Result<bool> {
    Lease::is_held(context, &lease_of(spec)).await
}

/// Notes that a run begins; whether it goes on with the staged index of an unfinished one.
pub(super) async fn begin(context: &Context, spec: &IndexSpec, mode: Mode) -> Result<bool> {
    let before = note(context, spec).await?;
    let note = Note {
        index: spec.name.clone(),
        mode,
        mended: false,
    };
    let writes = vec![
        Write::put(RUNS, &lease_of(spec), &note)?,
        epoch::next(context, spec)?,
    ];
    context.documents.commit(writes).await?;
    let swapping = before.is_some_and(|before| before.mode == Mode::Swap);
    Ok(swapping && mode == Mode::Swap)
}

/// Notes that the run is finished.
pub(super) async fn end(context: &Context, spec: &IndexSpec) -> Result<()> {
    let write = Write::delete(RUNS, &lease_of(spec));
    context.documents.commit(vec![write]).await.map(|_| ())
}

async fn note(context: &Context, spec: &IndexSpec) -> Result<Option<Note>> {
    let found = context.documents.get(RUNS, &lease_of(spec)).await?;
    found.map(|document| document.decode()).transpose()
}

/// Whether a run died and left the index in doubt.
pub(super) async fn broken_off(context: &Context, spec: &IndexSpec) -> Result<bool> {
    match note(context, spec).await? {
        Some(note) if !note.mended => {}
        _ => return Ok(false),
    }
    match lease(context, spec).await {
        Ok(lease) => {
            lease.release().await;
            Ok(true)
        }
        Err(error) if error.kind() == Kind::Locked => Ok(false),
        Err(error) => Err(error),
    }
}

/// Notes that the index is true again, although the run is not finished.
pub(super) async fn mended(context: &Context, spec: &IndexSpec) -> Result<()> {
    let fields = json!({ "mended": true });
    let fields = fields.as_object().cloned().unwrap_or_default();
    let write = Write::merge(RUNS, &lease_of(spec), fields).only_if(Precondition::Exists);
    match context.documents.commit(vec![write]).await {
        // It was finished meanwhile.
        Err(error) if error.kind() == Kind::Conflict => Ok(()),
        outcome => outcome.map(|_| ()),
    }
}
