//! The record of a reindexing that is not finished.
//!
//! It is written where releases before 0.2 look for it as well: they may run beside this one.

use std::time::Duration;

use serde_json::json;

use super::epoch;
use crate::commands::lease::{Lease, LeaseName};
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::search::IndexSpec;
use crate::records::documents::{Precondition, Version};
use crate::records::{EARLIER_RUNS, REINDEXES, ReindexMode as Mode, ReindexRun, fields_of};

/// How long the index of a run that died is left alone.
const LEASE: Duration = Duration::from_secs(5);

/// The lease, and the id of the record where earlier releases look for it.
fn lease_of(spec: &IndexSpec) -> LeaseName {
    LeaseName::reindex(&spec.name)
}

/// Takes the lease of whoever changes an index as a whole.
pub(super) async fn lease(context: &Context, spec: &IndexSpec) -> Result<Lease> {
    Lease::take_for(context, &lease_of(spec), LEASE).await
}

/// Whether a run is at work.
pub(super) async fn is_active(context: &Context, spec: &IndexSpec) -> Result<bool> {
    Lease::is_held(context, &lease_of(spec)).await
}

/// Records that a run begins; whether it goes on with the staged index of an unfinished one.
pub(super) async fn begin(context: &Context, spec: &IndexSpec, mode: Mode) -> Result<bool> {
    let before = find(context, spec).await?;
    let run = ReindexRun {
        index: spec.name.clone(),
        mode,
        mended: false,
    };
    let mut writes = vec![
        REINDEXES.put(&spec.name, &run)?,
        EARLIER_RUNS.put_as(lease_of(spec).as_str(), &run)?,
    ];
    writes.extend(epoch::next(context, spec)?);
    context.documents.commit(writes).await?;
    let swapping = before.is_some_and(|before| before.run.mode == Mode::Swap);
    Ok(swapping && mode == Mode::Swap)
}

/// Records that the run is finished.
pub(super) async fn end(context: &Context, spec: &IndexSpec) -> Result<()> {
    let writes = vec![
        REINDEXES.delete(&spec.name),
        EARLIER_RUNS.delete(lease_of(spec).as_str()),
    ];
    context.documents.commit(writes).await.map(|_| ())
}

/// A record of a run that is not finished.
struct UnfinishedRun {
    run: ReindexRun,
    /// Where and when it was written: a run that begins writes its own.
    written: (String, Version),
}

/// One that cannot be read says that a run began, and nothing of how.
async fn find(context: &Context, spec: &IndexSpec) -> Result<Option<UnfinishedRun>> {
    let unknown = || ReindexRun {
        index: spec.name.clone(),
        mode: Mode::Reconcile,
        mended: false,
    };
    let documents = context.documents.as_ref();
    if let Some(found) = REINDEXES.document(documents, &spec.name).await? {
        return Ok(Some(UnfinishedRun {
            run: REINDEXES.readable(&found).unwrap_or_else(unknown),
            written: (found.id, found.version),
        }));
    }
    let earlier = EARLIER_RUNS
        .document(documents, lease_of(spec).as_str())
        .await?;
    Ok(earlier.map(|found| {
        let fields = serde_json::Value::Object(fields_of(&found));
        UnfinishedRun {
            run: serde_json::from_value(fields).unwrap_or_else(|_| unknown()),
            written: (found.id, found.version),
        }
    }))
}

/// Whether a run died and left the index uncertain.
///
/// Its lease is only looked at: whoever took it to find out would keep out the run that begins now.
pub(super) async fn broken_off(context: &Context, spec: &IndexSpec) -> Result<bool> {
    let Some(written) = uncertain(context, spec).await? else {
        return Ok(false);
    };
    if is_active(context, spec).await? {
        return Ok(false);
    }
    // One that came to its end between the two looks has taken its record away.
    Ok(uncertain(context, spec).await? == Some(written))
}

/// What a run wrote that is not finished and that nobody mended since.
async fn uncertain(context: &Context, spec: &IndexSpec) -> Result<Option<(String, Version)>> {
    let found = find(context, spec).await?;
    Ok(found
        .filter(|found| !found.run.mended)
        .map(|found| found.written))
}

/// Records that the index is true again, although the run is not finished.
pub(super) async fn mended(context: &Context, spec: &IndexSpec) -> Result<()> {
    let fields = json!({ "mended": true });
    let fields = fields.as_object().cloned().unwrap_or_default();
    let records = [
        REINDEXES.merge(&spec.name, fields.clone()),
        EARLIER_RUNS.merge(lease_of(spec).as_str(), fields),
    ];
    for record in records {
        let write = record.only_if(Precondition::Exists);
        match context.documents.commit(vec![write]).await {
            // It was finished meanwhile, or never written there.
            Err(error) if error.kind() == Kind::Conflict => {}
            outcome => drop(outcome?),
        }
    }
    Ok(())
}
