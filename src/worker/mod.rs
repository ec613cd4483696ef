//! Door 3: loops that run operations on their own.

mod rooms;
mod supervise;

use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::config::Worker;
use crate::context::Context;

/// Runs the configured loops until `stop`, then gives the work in hand time to finish.
pub async fn work(context: Context, config: &Worker, stop: CancellationToken) {
    let mut loops = JoinSet::new();
    if config.loops.iter().any(|name| name == "rooms") {
        let rooms = rooms::Rooms {
            grace: config.rooms_grace,
        };
        let pace = supervise::Pace {
            every: config.rooms_every.0,
            lease: config.lease.0,
        };
        loops.spawn(supervise::run(context, rooms, pace, stop.clone()));
    }
    stop.cancelled().await;
    finish(loops, config.drain_timeout.0).await;
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
