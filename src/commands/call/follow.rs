//! Keeps the time of calls: rings end, calls that are over are cleaned up, also after a restart.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::stored::{Live, find_live};
use super::{LIVE, release};
use crate::commands::queue::{Bounds, DRAIN, Queue};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::records::documents::Event;

/// Calls cleaned up at the same time.
const AT_ONCE: usize = 16;
/// Rings end whether or not there is a place for what they leave behind.
const BOUNDS: Bounds = Bounds {
    at_once: AT_ONCE,
    most: usize::MAX,
};
/// The longest delay between two looks: the store's clock may be set.
const LONGEST_DELAY: Duration = Duration::from_secs(30);

/// Works until `context.stop`. Rings end in time also while a vendor keeps the clean-up waiting.
///
/// # Errors
/// Those of the store.
pub async fn run(context: &Context) -> Result<()> {
    let mut due: HashMap<String, i64> = HashMap::new();
    let mut cleaning: Queue<Live, Result<()>> = Queue::new("calls", BOUNDS);
    let mut events = context.documents.watch(LIVE.name(), None);
    let mut current = false;
    loop {
        let delay = if current {
            delay(context, &due).await?
        } else {
            LONGEST_DELAY
        };
        tokio::select! {
            () = context.stop.cancelled() => {
                // What the vendor was asked to remove is waited for, and noted as removed.
                for (place, outcome) in cleaning.drain(DRAIN).await {
                    outcome.unwrap_or_else(|error| warn(&place.key, &error));
                }
                return Ok(());
            }
            event = events.next() => match event {
                Some(event) => hear(event?, &mut due, &mut current),
                None => return Err(Error::unavailable("the watch of calls ended")),
            },
            (place, outcome) = cleaning.next(|_, live, _| release_of(context.clone(), live)) => {
                if let Err(error) = outcome {
                    warn(&place.key, &error);
                    due.entry(place.key).or_insert(soon(context).await?);
                }
            }
            () = tokio::time::sleep(delay) => {
                for live in expire_due(context, &mut due).await? {
                    cleaning.put(live.stored.call.id.clone(), live);
                }
            }
        }
    }
}

fn hear(event: Event, due: &mut HashMap<String, i64>, current: &mut bool) {
    match event {
        Event::Reset => {
            due.clear();
            *current = false;
        }
        // One that cannot be read must not keep the others from being looked at.
        Event::Put(document) => match LIVE.readable(&document) {
            Some(call) => drop(due.insert(document.id, call.due)),
            None => drop(due.remove(&document.id)),
        },
        Event::Removed(id) => drop(due.remove(&id)),
        Event::Current(_) => *current = true,
    }
}

/// Does what is due now, once.
///
/// # Errors
/// Those of the store; [`Kind::Partial`] when something could not be cleaned up.
pub async fn run_once(context: &Context) -> Result<()> {
    let mut due = HashMap::new();
    let mut found = LIVE.scan(context.documents.as_ref(), LIVE.all());
    while let Some(call) = found.try_next().await? {
        due.insert(call.id, call.record.due);
    }
    let over = expire_due(context, &mut due).await?;
    let mut left = 0;
    let mut done = stream::iter(over)
        .map(async |live| {
            (
                live.stored.call.id.clone(),
                release_of(context.clone(), live).await,
            )
        })
        .buffer_unordered(AT_ONCE);
    while let Some((id, outcome)) = done.next().await {
        if let Err(error) = outcome {
            warn(&id, &error);
            left += 1;
        }
    }
    match left {
        0 => Ok(()),
        _ => Err(Error::new(
            Kind::Partial,
            format!("{left} calls could not be cleaned up; the next run tries again"),
        )),
    }
}

async fn release_of(context: Context, live: Live) -> Result<()> {
    release::run(&context, live).await
}

fn warn(id: &str, error: &Error) {
    tracing::warn!(%error, causes = ?error.causes(), call = id, "a call is not cleaned up yet");
}

/// How long until the next one is due.
async fn delay(context: &Context, due: &HashMap<String, i64>) -> Result<Duration> {
    let Some(next) = due.values().min() else {
        return Ok(LONGEST_DELAY);
    };
    let now = context.documents.now().await?.as_millisecond();
    let delay = u64::try_from(next - now).unwrap_or(0);
    Ok(Duration::from_millis(delay).min(LONGEST_DELAY))
}

async fn soon(context: &Context) -> Result<i64> {
    Ok(context.documents.now().await?.as_millisecond() + 10_000)
}

/// Ends whatever has run its time, and gives back what is to be cleaned up.
async fn expire_due(context: &Context, due: &mut HashMap<String, i64>) -> Result<Vec<Live>> {
    let now = context.documents.now().await?.as_millisecond();
    let over: Vec<String> = due
        .iter()
        .filter(|(_, at)| **at <= now)
        .map(|(id, _)| id.clone())
        .collect();
    let mut out = Vec::new();
    for id in over {
        // The watch tells if it stays.
        due.remove(&id);
        out.extend(end(context, &id, now).await?);
    }
    Ok(out)
}

/// Ends one call if its time has run; gives it back if anything of it is to be removed now.
async fn end(context: &Context, id: &str, now: i64) -> Result<Option<Live>> {
    let Some(mut live) = find_live(context, id).await? else {
        return Ok(None);
    };
    if live.stored.due > now {
        return Ok(None);
    }
    let open = !live.stored.call.state.is_over() || !live.stored.marks.is_empty();
    if open && live.stored.deadline <= now {
        live = match release::expire(context, &live).await {
            // Somebody else changed it: the watch tells.
            Err(error) if error.kind() == Kind::Conflict => return Ok(None),
            expired => expired?,
        };
    }
    // A missed call may be left alone for a while.
    let waits = live.stored.due > now && live.stored.closing.is_empty();
    Ok((!waits).then_some(live))
}
