//! Deletes rooms where the vendor takes one at a time, and says of each what became of it.

use futures_util::future::BoxFuture;

use crate::error::Result;
use crate::model::RoomName;
use crate::model::report::{DeletedRoom, Outcome};

/// An error at the first room means that nothing is known of any; a later one is that room's own.
pub(super) async fn one_by_one<'a>(
    names: &'a [RoomName],
    delete: impl Fn(&'a RoomName) -> BoxFuture<'a, Result<Outcome>>,
) -> Result<Vec<DeletedRoom>> {
    let mut items: Vec<DeletedRoom> = Vec::with_capacity(names.len());
    for name in names {
        items.push(match delete(name).await {
            Ok(outcome) => DeletedRoom::new(name, outcome),
            Err(error) if items.is_empty() => return Err(error),
            Err(error) => DeletedRoom::failed(name, &error),
        });
    }
    Ok(items)
}
