//! Who sends which part of the queue, so that nobody else does.

use super::LOOP;
use crate::commands::lease::{self, Lease, LeaseFacts, LeaseName};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::shard::Shard;

/// Whether the queue may be sent by whoever holds the lease of this part: nobody else sends what this
/// one would.
///
/// # Errors
/// [`Kind::Locked`] while a flush is at work, or a worker that cuts the queue into another number of
/// parts.
pub(super) async fn check_alone(context: &Context, shard: Shard) -> Result<()> {
    let locked = |message: String| Err(Error::new(Kind::Locked, message));
    if is_running(context).await? {
        return locked("notify flush is at work; the worker waits for its end".to_owned());
    }
    let loops = lease::loops(context, LOOP).await?;
    let other = loops.iter().find(|found| {
        let same = |number| Shard { number, ..shard }.name() == found.name;
        found.held && !(0..shard.of).any(same)
    });
    match other {
        Some(other) => locked(format!(
            "another worker cuts the queue into another number of parts (loop {}, worker.shards is {} here); this one takes over when that is gone",
            other.name, shard.of
        )),
        None => Ok(()),
    }
}

/// The loop of a worker that sends the queue, if one does.
pub(super) async fn working(context: &Context) -> Result<Option<LeaseFacts>> {
    let loops = lease::loops(context, LOOP).await?;
    Ok(loops.into_iter().find(|lease| lease.held))
}

/// That a worker sends the queue.
pub(super) fn sent_by(lease: &LeaseFacts) -> Error {
    let by = lease.by.as_ref().map(|by| format!(", {by}"));
    let message = format!(
        "a worker sends what is in the queue (loop {}{}); nothing was done",
        lease.name,
        by.unwrap_or_default()
    );
    Error::new(Kind::Locked, message)
        .advise("nothing: it goes on by itself; to send from here, stop it first")
}

/// Whether a flush is at work; a worker waits for its end.
pub(super) async fn is_running(context: &Context) -> Result<bool> {
    Lease::is_held(context, &LeaseName::flush()).await
}
