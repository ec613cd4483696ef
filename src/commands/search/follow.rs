//! Keeps an index true for as long as it is told to.

use std::sync::Arc;
use std::time::Duration;

use super::counts::Whom;
use super::mirror::Mirror;
use super::run_record;
use crate::commands::lease::LeaseName;
use crate::context::Context;
use crate::error::Result;
use crate::model::search::IndexSpec;
use crate::records::documents::Cursor;

/// How often somebody else's unfinished work is looked for.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// The loop that keeps an index true.
pub fn loop_name(spec: &IndexSpec) -> String {
    format!("search:{}", spec.name)
}

/// The lease of whoever keeps an index true: a worker's loop, or a search that catches up first.
pub fn lease_of(spec: &IndexSpec) -> LeaseName {
    LeaseName::of_loop(&loop_name(spec))
}

/// Follows until `context.stop`, then sends what is in hand.
///
/// # Errors
/// [`Kind::Guard`](crate::Kind::Guard) when too much would vanish at once; those of the store and
/// the index. Whoever begins again begins with the whole truth.
pub async fn run(context: &Context, spec: &Arc<IndexSpec>) -> Result<()> {
    let mut uncertain = false;
    loop {
        let broken = run_record::broken_off(context, spec).await?;
        let mut mirror = begin(context, spec, broken || uncertain).await?;
        if broken {
            until_told(context, &mut mirror).await?;
            if context.stop.is_cancelled() {
                return mirror.drain().await;
            }
            run_record::mended(context, spec).await?;
        }
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.tick().await;
        loop {
            report(context, &mirror, spec);
            let next = tokio::select! {
                () = context.stop.cancelled() => return mirror.drain().await,
                _ = looks.tick() => None,
                next = mirror.next() => Some(next),
            };
            match next {
                Some(next) => drop(mirror.handle(next).await?),
                None if run_record::broken_off(context, spec).await? => break,
                // It asks the index before it leaves anything out, until it can know again.
                None if mirror.is_uncertain() && !run_record::is_active(context, spec).await? => {
                    break;
                }
                None => mirror.keep_place(),
            }
        }
        uncertain = true;
        // What the dead run sent last may be old: the index is read anew.
        mirror.drain().await?;
    }
}

/// Catches up with everything that was written before this call.
///
/// # Errors
/// As [`run`].
pub async fn run_once(context: &Context, spec: &Arc<IndexSpec>) -> Result<()> {
    let broken = run_record::broken_off(context, spec).await?;
    let mut mirror = begin(context, spec, broken).await?;
    let fences = fences(context, spec).await?;
    while !mirror.reached(&fences) {
        tokio::select! {
            () = context.stop.cancelled() => return mirror.drain().await,
            next = mirror.next() => drop(mirror.handle(next).await?),
        }
        if mirror.is_uncertain() && !run_record::is_active(context, spec).await? {
            mirror = begin(context, spec, true).await?;
        }
    }
    mirror.keep_place();
    mirror.drain().await?;
    if broken {
        run_record::mended(context, spec).await?;
    }
    Ok(())
}

async fn begin(context: &Context, spec: &Arc<IndexSpec>, anew: bool) -> Result<Mirror> {
    let place = if anew {
        None
    } else {
        context.search.checkpoint(&spec.name).await?
    };
    if place.is_none() {
        prepare(context, spec).await?;
    }
    let shrink = context.mirrors.max_shrink;
    Mirror::start(context, spec, &spec.name, place, shrink, Whom::Follower).await
}

/// Tells a new index which fields are searched.
pub(super) async fn prepare(context: &Context, spec: &IndexSpec) -> Result<()> {
    if context.search.limits().indexes_text || context.indexes.settings(&spec.name).await?.is_some()
    {
        return Ok(());
    }
    let searchable = spec.searchable();
    if searchable.is_empty() {
        return Ok(());
    }
    let settings = serde_json::json!({ "searchableAttributes": searchable });
    context.indexes.change_settings(&spec.name, &settings).await
}

/// Waits until the whole state is heard and sent.
async fn until_told(context: &Context, mirror: &mut Mirror) -> Result<()> {
    while !mirror.is_complete() && !context.stop.is_cancelled() {
        tokio::select! {
            () = context.stop.cancelled() => {}
            next = mirror.next() => drop(mirror.handle(next).await?),
        }
    }
    mirror.drain().await
}

/// A place behind everything that was written so far, for each collection.
pub(super) async fn fences(context: &Context, spec: &IndexSpec) -> Result<Vec<Cursor>> {
    let mut out = Vec::with_capacity(spec.sources.len());
    for source in &spec.sources {
        out.push(context.documents.fence(&source.collection).await?);
    }
    Ok(out)
}

fn report(context: &Context, mirror: &Mirror, spec: &IndexSpec) {
    let oldest = mirror.oldest.filter(|_| !mirror.is_idle());
    let lag = oldest.map_or(0, |oldest| context.clock.now().as_millisecond() - oldest);
    let lag = u32::try_from(lag / 1000).unwrap_or(0);
    metrics::gauge!("tok_search_lag_seconds", "index" => spec.name.clone()).set(f64::from(lag));
    let pending = u32::try_from(mirror.pending()).unwrap_or(u32::MAX);
    metrics::gauge!("tok_search_pending", "index" => spec.name.clone()).set(f64::from(pending));
    let parked = u32::try_from(mirror.parked()).unwrap_or(u32::MAX);
    metrics::gauge!("tok_search_parked", "index" => spec.name.clone()).set(f64::from(parked));
}
