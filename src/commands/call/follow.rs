//! Keeps the time of calls: rings end, calls that are over are cleaned up, also after a restart.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;

use super::stored::{Live, find_live};
use super::{LIVE, tidy};
use crate::backends::documents::{Event, Scan};
use crate::context::Context;
use crate::error::{Error, Kind, Result};

/// Calls cleaned up at the same time.
const AT_ONCE: usize = 16;
/// The longest rest between two looks: the store's clock may be set.
const LONGEST_REST: Duration = Duration::from_secs(30);

/// Works until `context.stop`.
///
/// # Errors
/// Those of the store.
pub async fn run(context: &Context) -> Result<()> {
    let mut due: HashMap<String, i64> = HashMap::new();
    let mut events = context.documents.watch(LIVE, None);
    let mut current = false;
    loop {
        let rest = if current {
            rest(context, &due).await?
        } else {
            LONGEST_REST
        };
        tokio::select! {
            () = context.stop.cancelled() => return Ok(()),
            event = events.next() => match event {
                Some(Ok(Event::Reset)) => {
                    due.clear();
                    current = false;
                }
                Some(Ok(Event::Put(document))) => match Live::read(&document) {
                    Ok(live) => drop(due.insert(document.id, live.stored.due)),
                    // One that cannot be read must not keep the others from being looked at.
                    Err(error) => tracing::error!(%error, id = document.id, "a call cannot be read"),
                },
                Some(Ok(Event::Removed(id))) => drop(due.remove(&id)),
                Some(Ok(Event::Current(_))) => current = true,
                Some(Err(error)) => return Err(error),
                None => return Err(Error::unavailable("the watch of calls ended")),
            },
            () = tokio::time::sleep(rest) => settle(context, &mut due).await?,
        }
    }
}

/// Does what is due now, once.
///
/// # Errors
/// Those of the store.
pub async fn once(context: &Context) -> Result<()> {
    let mut due = HashMap::new();
    let mut found = context.documents.scan(Scan::all(LIVE));
    while let Some(document) = found.next().await {
        let document = document?;
        match Live::read(&document) {
            Ok(live) => drop(due.insert(document.id, live.stored.due)),
            Err(error) => tracing::error!(%error, id = document.id, "a call cannot be read"),
        }
    }
    settle(context, &mut due).await
}

/// How long until the next one is due.
async fn rest(context: &Context, due: &HashMap<String, i64>) -> Result<Duration> {
    let Some(next) = due.values().min() else {
        return Ok(LONGEST_REST);
    };
    let now = context.documents.now().await?.as_millisecond();
    let rest = u64::try_from(next - now).unwrap_or(0);
    Ok(Duration::from_millis(rest).min(LONGEST_REST))
}

/// Ends and cleans up whatever is due; what fails is due again later.
async fn settle(context: &Context, due: &mut HashMap<String, i64>) -> Result<()> {
    let now = context.documents.now().await?.as_millisecond();
    let over: Vec<String> = due
        .iter()
        .filter(|(_, at)| **at <= now)
        .map(|(id, _)| id.clone())
        .collect();
    for id in &over {
        // The watch tells if it stays.
        due.remove(id);
    }
    let done = stream::iter(over)
        .map(|id| async move {
            let outcome = one(context, &id, now).await;
            (id, outcome)
        })
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    for (id, outcome) in done {
        let Err(error) = outcome else { continue };
        tracing::warn!(%error, causes = ?error.causes(), call = id, "a call is not cleaned up yet");
        due.insert(id, now + 10_000);
    }
    Ok(())
}

async fn one(context: &Context, id: &str, now: i64) -> Result<()> {
    let Some(mut live) = find_live(context, id).await? else {
        return Ok(());
    };
    if live.stored.due > now {
        return Ok(());
    }
    if !live.stored.call.state.is_over() && live.stored.deadline <= now {
        live = match tidy::expire(context, &live).await {
            // Somebody else changed it: the watch tells.
            Err(error) if error.kind() == Kind::Conflict => return Ok(()),
            expired => expired?,
        };
    }
    // A missed call may be left alone for a while.
    if live.stored.due > now && live.stored.closing.is_empty() {
        return Ok(());
    }
    tidy::run(context, live).await
}
