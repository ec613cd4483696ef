//! Documents that cannot be searched as they are: noted with the reason until they change.

use std::collections::HashSet;

use futures_util::TryStreamExt;

use crate::context::Context;
use crate::error::Result;
use crate::model::told_causes::kind_of;
pub use crate::records::ParkedRecord;
use crate::records::{PARKED_RECORDS, ParkedRecordKey};

/// Of which index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub index: String,
}

/// All of them.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when there is no such index; those of the store.
pub async fn run(context: &Context, input: Input) -> Result<Vec<ParkedRecord>> {
    let spec = context.mirrors.get(&input.index)?;
    of(context, &spec.name).await
}

async fn of(context: &Context, index: &str) -> Result<Vec<ParkedRecord>> {
    let scan = PARKED_RECORDS.all().prefix(ParkedRecordKey::all_of(index));
    let found = PARKED_RECORDS.scan(context.documents.as_ref(), scan);
    found.map_ok(|parked| parked.record).try_collect().await
}

pub(super) async fn ids(context: &Context, index: &str) -> Result<HashSet<String>> {
    let parked = of(context, index).await?;
    Ok(parked.into_iter().map(|parked| parked.id).collect())
}

/// Notes that a document cannot be searched; `known` are those that are noted already.
pub(super) async fn park(
    context: &Context,
    index: &str,
    (id, reason): (&str, &str),
    known: &HashSet<String>,
) -> Result<()> {
    tell(context, index, (id, reason), known);
    let parked = ParkedRecord {
        index: index.to_owned(),
        id: id.to_owned(),
        reason: reason.to_owned(),
        at: context.clock.now(),
    };
    let write = PARKED_RECORDS.put(&ParkedRecordKey::new(index, id), &parked)?;
    context.documents.commit(vec![write]).await.map(|_| ())
}

/// Each is in the notes; of all that cannot be searched for one reason one is told.
fn tell(context: &Context, index: &str, (id, reason): (&str, &str), known: &HashSet<String>) {
    let cause = format!("search {index}: {}", kind_of(reason, id));
    if !known.contains(id) && context.told.is_news(&cause) {
        tracing::warn!(
            index,
            id,
            reason,
            "a document cannot be searched; tok search parked names all that cannot"
        );
    } else {
        tracing::debug!(index, id, reason, "another document cannot be searched");
    }
}

pub(super) async fn release(context: &Context, index: &str, id: &str) -> Result<()> {
    let write = PARKED_RECORDS.delete(&ParkedRecordKey::new(index, id));
    context.documents.commit(vec![write]).await.map(|_| ())
}
