//! Door 3: loops that run operations on their own.

mod calls;
mod housekeeping;
mod loop_status;
mod notify;
mod presence;
mod rooms;
mod search;
mod supervise;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

pub use loop_status::LoopStatuses;

use self::supervise::Loop;
use crate::config::WorkerSection;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::shard::Shard;
use crate::records::unreadable;

/// How often documents that cannot be read are noted.
const FLUSH_EVERY: Duration = Duration::from_secs(10);

/// Runs the configured loops until `context.stop`, then gives the work in hand time to finish.
pub async fn work(context: Context, config: &WorkerSection, loop_status: Arc<LoopStatuses>) {
    let stop = context.stop.clone();
    let mut running = JoinSet::new();
    for work in loops(&context, config) {
        let (context, loop_status) = (context.clone(), loop_status.clone());
        running.spawn(supervise::run(context, work, config.lease.0, loop_status));
    }
    let flushing = flush_regularly(&context);
    tokio::select! {
        () = stop.cancelled() => {}
        () = flushing => {}
    }
    finish(running, config.drain_timeout.0).await;
    flush_unreadable(&context).await;
}

/// Does what is to be done now, one loop after another; a loop that fails does not keep the next
/// one from its work.
///
/// # Errors
/// [`Kind::Locked`] if other workers have all loops; the failure of a loop, if it is the only one and its
/// own; or else [`Kind::Partial`], naming each.
pub async fn work_once(context: &Context, config: &WorkerSection) -> Result<()> {
    let mut failures: Vec<(String, Error)> = Vec::new();
    let mut ran = 0;
    for work in loops(context, config).iter().filter(|work| work.has_turn()) {
        if context.stop.is_cancelled() {
            let message = "interrupted; what was not reached waits for the next run";
            return Err(Error::new(Kind::Interrupted, message));
        }
        ran += 1;
        if let Err(error) = supervise::run_once(context, work.as_ref(), config.lease.0).await {
            failures.push((work.name(), error));
        }
    }
    unreadable::flush(context.documents.as_ref()).await?;
    let are_locked = failures
        .iter()
        .all(|(_, error)| error.kind() == Kind::Locked);
    match &failures[..] {
        [] => Ok(()),
        [_] if ran == 1 || !are_locked => failures.pop().map_or(Ok(()), |(_, error)| Err(error)),
        _ => {
            let texts = failures
                .iter()
                .map(|(name, error)| format!("{name}: {error}"));
            let message = texts.collect::<Vec<_>>().join("; ");
            let all = are_locked && failures.len() == ran;
            let kind = if all { Kind::Locked } else { Kind::Partial };
            Err(Error::new(kind, message))
        }
    }
}

fn loops(context: &Context, config: &WorkerSection) -> Vec<Arc<dyn Loop>> {
    let mut out: Vec<Arc<dyn Loop>> = Vec::new();
    for name in &config.loops {
        match name.as_str() {
            "notify" => out.extend((0..config.shards).map(|number| {
                let of = config.shards;
                Arc::new(notify::NotifyLoop::new(Shard { number, of })) as Arc<dyn Loop>
            })),
            "search" => {
                let indexes = context.mirrors.indexes.iter();
                out.extend(indexes.map(|spec| Arc::new(search::SearchLoop(spec.clone())) as _));
            }
            "calls" => out.push(Arc::new(calls::CallsLoop)),
            "housekeeping" => out.push(Arc::<housekeeping::HousekeepingLoop>::default()),
            "presence" => out.push(Arc::new(presence::PresenceLoop)),
            "rooms" => out.push(Arc::new(rooms::RoomsLoop {
                every: config.rooms_every,
                grace: config.rooms_grace,
                unused: config.rooms_unused,
            })),
            // The configuration is checked when it is read.
            _ => {}
        }
    }
    out
}

/// Notes documents that a loop met and that cannot be read.
async fn flush_regularly(context: &Context) {
    loop {
        tokio::time::sleep(FLUSH_EVERY).await;
        flush_unreadable(context).await;
    }
}

async fn flush_unreadable(context: &Context) {
    if let Err(error) = unreadable::flush(context.documents.as_ref()).await {
        tracing::warn!(%error, "documents that cannot be read could not be noted");
    }
}

async fn finish(mut loops: JoinSet<()>, drain: Duration) {
    let finished = async { while loops.join_next().await.is_some() {} };
    if tokio::time::timeout(drain, finished).await.is_err() {
        tracing::warn!(
            ?drain,
            "work was still in hand at the end of the drain time"
        );
    }
}
