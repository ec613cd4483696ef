//! Makes an index true, in place or by building another one that takes its place.
//!
//! Nothing written meanwhile is lost and no ghost is left, whoever else fills the index: the run
//! hears every change until a moment after its own last write, and looks once more at whatever it
//! wrote after that moment.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::compare::compare;
use super::counts::{Stepped, Whom};
use super::follow::{fences, lease_of, prepare};
use super::mirror::Mirror;
use super::{current, detail, parked, run_record};
use crate::backends::search::{Detail, staging_of};
use crate::commands::lease::Lease;
use crate::context::{Context, Working};
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Backoff;
use crate::model::counted::agreed;
use crate::model::report::Stopped;
use crate::model::search::IndexSpec;
pub use crate::records::ReindexMode as Mode;
use crate::records::documents::{Cursor, Version};

/// How often documents that change all the time are looked at again.
const LOOKS: u32 = 100;
/// The delays between two looks at documents that change all the time.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(20), Duration::from_secs(1));

/// Which index, and how to go about it.
#[derive(Debug, Clone)]
pub struct Input {
    /// The index.
    pub spec: Arc<IndexSpec>,
    /// In place or not.
    pub mode: Mode,
    /// Largest part of the index that may vanish, in percent; the configured one if absent.
    pub max_shrink: Option<u64>,
    /// When to stop at the latest.
    pub until: Option<Timestamp>,
}

impl Input {
    /// In place, to the end, by the configured limit.
    pub fn of(spec: Arc<IndexSpec>) -> Self {
        Self {
            spec,
            mode: Mode::default(),
            max_shrink: None,
            until: None,
        }
    }
}

/// What a run would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReindexPlan)]
pub struct Plan {
    /// The index.
    pub index: String,
    /// How.
    pub mode: Mode,
    /// Documents that are mirrored.
    pub documents: u64,
    /// Records in the index now.
    pub records: u64,
    /// Records that would be written.
    pub puts: u64,
    /// Records that would be removed.
    pub deletes: u64,
    /// Operations that a vendor counts: one per record written or removed.
    pub operations: u64,
    /// Document reads that a vendor counts.
    pub reads: u64,
}

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReindexReport)]
pub struct Report {
    /// The index.
    pub index: String,
    /// How.
    pub mode: Mode,
    /// Documents heard of; one that changed meanwhile counts each time.
    pub documents: u64,
    /// Records written.
    pub puts: u64,
    /// Records removed.
    pub deletes: u64,
    /// Records that were as they should be.
    pub unchanged: u64,
    /// Documents that cannot be searched as they are; `search status` counts them.
    pub parked: u64,
    /// Why the run ended before its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
}

impl Report {
    /// What keeps the run from counting as a success.
    pub fn verdict(&self) -> Option<Error> {
        let index = &self.index;
        match self.stopped {
            Some(Stopped::Interrupted) => Some(Error::new(
                Kind::Interrupted,
                format!("interrupted; running it again goes on with {index}"),
            )),
            Some(Stopped::OutOfTime) => Some(
                Error::new(
                    Kind::Partial,
                    format!("the time limit was reached in {index}"),
                )
                .advise("run it again: it goes on where it stopped"),
            ),
            None if self.parked > 0 => Some(Error::new(
                Kind::Partial,
                format!(
                    "{} of {index} cannot be searched",
                    agreed(self.parked, "document", "documents")
                ),
            )),
            None => None,
        }
    }
}

/// Compares the index with the store; changes nothing.
///
/// # Errors
/// Those of the store and the index.
pub async fn plan(context: &Context, input: Input) -> Result<Plan> {
    let (spec, mode) = (&input.spec, mode(context, &input).await?);
    let whole = detail(context) == Detail::Whole;
    let seen = compare(context, spec, whole).await?;
    let (puts, deletes) = match mode {
        Mode::Reconcile => (seen.missing + seen.different, seen.ghosts),
        Mode::Swap => (seen.expected, 0),
    };
    Ok(Plan {
        index: spec.name.clone(),
        mode,
        documents: seen.expected,
        records: seen.records,
        puts,
        deletes,
        operations: puts + deletes,
        reads: seen.documents,
    })
}

/// Makes the index true; one run at a time.
///
/// # Errors
/// [`Kind::Locked`] while another run is at work; [`Kind::Guard`] when too much would vanish;
/// those of the store and the index. Running it again goes on where this one stopped.
pub async fn run(context: &Context, input: Input) -> Result<Report> {
    if input.max_shrink.is_some_and(|percent| percent > 100) {
        return Err(Error::invalid("max_shrink is a share of 0 to 100 percent"));
    }
    let lease = run_record::lease(context, &input.spec).await?;
    let work = async {
        replace_damaged(context, &input.spec).await?;
        let input = Input {
            mode: mode(context, &input).await?,
            ..input
        };
        locked(context, &input).await
    };
    let outcome = lease.hold_while(work).await;
    lease.release().await;
    outcome
}

/// What cannot be read any more makes room for what is made from the store.
pub(super) async fn replace_damaged(context: &Context, spec: &IndexSpec) -> Result<()> {
    for index in [spec.name.clone(), staging_of(&spec.name)] {
        if context.indexes.replace_damaged(&index).await? {
            tracing::warn!("the index {index} was damaged, and is made anew");
        }
    }
    Ok(())
}

/// An index that an earlier release made takes not all that is kept now: another one takes its place.
async fn mode(context: &Context, input: &Input) -> Result<Mode> {
    let outdated = context.indexes.is_outdated(&input.spec.name).await?;
    Ok(if outdated { Mode::Swap } else { input.mode })
}

async fn locked(context: &Context, input: &Input) -> Result<Report> {
    let spec = &input.spec;
    let resumed = run_record::begin(context, spec, input.mode).await?;
    prepare(context, spec).await?;
    let mut documents = 0;
    for source in &spec.sources {
        documents += context.documents.count(&source.collection).await?;
    }
    let total = usize::try_from(documents).unwrap_or(usize::MAX);
    let working = context.working(&format!("Indexing {}", spec.name), total);
    let mut run = Rebuild {
        context,
        spec,
        input,
        working,
        told: 0,
    };
    let (mirror, stopped) = match input.mode {
        Mode::Reconcile => run.reconcile().await?,
        Mode::Swap => run.swap(resumed).await?,
    };
    if stopped.is_none() {
        run_record::end(context, spec).await?;
    }
    let counts = mirror.counts;
    Ok(Report {
        index: spec.name.clone(),
        mode: input.mode,
        documents: counts.heard,
        puts: counts.puts,
        deletes: counts.deletes,
        unchanged: counts.unchanged,
        parked: parked::ids(context, &spec.name).await?.len() as u64,
        stopped,
    })
}

struct Rebuild<'a> {
    context: &'a Context,
    spec: &'a Arc<IndexSpec>,
    input: &'a Input,
    working: Working<'a>,
    told: u64,
}

/// A mirror and why its work ended early, if it did.
type Done = (Mirror, Option<Stopped>);

impl Rebuild<'_> {
    async fn mirror(&self, target: &str, shrink: u64) -> Result<Mirror> {
        Mirror::start(
            self.context,
            self.spec,
            target,
            None,
            shrink,
            Whom::Reindexing,
        )
        .await
    }

    async fn reconcile(&mut self) -> Result<Done> {
        let shrink = self.shrink();
        let mut mirror = self.mirror(&self.spec.name, shrink).await?;
        // A worker may be behind what this run has heard.
        mirror.leave_place();
        let stopped = self.make_true(&mut mirror).await?;
        Ok((mirror, stopped))
    }

    async fn swap(&mut self, resumed: bool) -> Result<Done> {
        let (index, staging) = (&self.spec.name, staging_of(&self.spec.name));
        let indexes = self.context.indexes.clone();
        // One that was published already, or never made, cannot be gone on with.
        let fresh = !resumed || indexes.settings(&staging).await?.is_none();
        if fresh || indexes.is_outdated(&staging).await? {
            indexes.stage(index, &staging).await?;
        }
        let before = self.context.search.count(index).await?;
        // What an unfinished run left behind is as good as what is in the store, or it goes.
        let mut mirror = self.mirror(&staging, 100).await?;
        if let Some(stopped) = self.fill(&mut mirror).await? {
            return Ok((mirror, Some(stopped)));
        }
        self.context.search.wait_until_indexed(&staging).await?;
        let after = self.context.search.count(&staging).await?;
        self.guard(before, after)?;
        indexes.publish(&staging, index).await?;
        // What others wrote to the old index is heard again and goes into the new one.
        mirror.turn_to(index);
        let stopped = self.make_true(&mut mirror).await?;
        Ok((mirror, stopped))
    }

    fn shrink(&self) -> u64 {
        self.input
            .max_shrink
            .unwrap_or(self.context.mirrors.max_shrink)
    }

    fn guard(&self, before: u64, after: u64) -> Result<()> {
        let least = before - before * self.shrink().min(100) / 100;
        if after >= least || before - after <= super::ghosts::FEW {
            return Ok(());
        }
        let index = &self.spec.name;
        Err(Error::new(
            Kind::Guard,
            format!(
                "{index} would shrink from {before} to {after} records, which is more than may vanish; nothing was changed"
            ),
        ))
    }

    /// Until all is heard and sent, and nothing that was sent is older than the truth.
    async fn make_true(&mut self, mirror: &mut Mirror) -> Result<Option<Stopped>> {
        if let Some(stopped) = self.fill(mirror).await? {
            return Ok(Some(stopped));
        }
        let fences = fences(self.context, self.spec).await?;
        mirror.watch_sent();
        if let Some(stopped) = self.follow_to(mirror, &fences).await? {
            return Ok(Some(stopped));
        }
        let mut delays = BACKOFF.delays();
        for _ in 0..LOOKS {
            let sent = mirror.sent.replace(HashMap::new()).unwrap_or_default();
            let mut old = self.changed(sent).await?;
            // What changes once more after it was seen here is heard by a worker that is at it.
            if !old.is_empty() && Lease::is_held(self.context, &lease_of(self.spec)).await? {
                tokio::time::sleep(delays.next(None)).await;
                let again: HashSet<String> = self.changed(old.clone()).await?.into_keys().collect();
                old.retain(|id, _| !again.contains(id));
            }
            for id in old.keys() {
                mirror.look_at(id.clone());
            }
            if old.is_empty() {
                return self
                    .context
                    .search
                    .wait_until_indexed(&self.spec.name)
                    .await
                    .map(|()| None);
            }
            mirror.drain().await?;
        }
        Err(Error::conflict(format!(
            "documents of {} change faster than they can be indexed; try again",
            self.spec.name
        )))
    }

    /// The whole state. Whoever writes all the time does not keep this from ending: what is heard
    /// later waits.
    async fn fill(&mut self, mirror: &mut Mirror) -> Result<Option<Stopped>> {
        let stopped = self.while_not(mirror, Mirror::is_complete).await?;
        mirror.drain().await?;
        Ok(stopped)
    }

    async fn follow_to(
        &mut self,
        mirror: &mut Mirror,
        fences: &[Cursor],
    ) -> Result<Option<Stopped>> {
        let stopped = self
            .while_not(mirror, |mirror| mirror.reached(fences))
            .await?;
        mirror.drain().await?;
        Ok(stopped)
    }

    async fn while_not(
        &mut self,
        mirror: &mut Mirror,
        done: impl Fn(&Mirror) -> bool,
    ) -> Result<Option<Stopped>> {
        while !done(mirror) {
            if let Some(stopped) = self.reason_to_stop() {
                mirror.drain().await?;
                return Ok(Some(stopped));
            }
            let next = tokio::select! {
                () = self.context.stop.cancelled() => continue,
                next = mirror.next() => next,
            };
            if mirror.handle(next).await? == Stepped::Worked {
                let told = mirror.counts.heard;
                self.working
                    .advance(usize::try_from(told - self.told).unwrap_or(0));
                self.told = told;
            }
        }
        Ok(None)
    }

    fn reason_to_stop(&self) -> Option<Stopped> {
        if self.context.stop.is_cancelled() {
            return Some(Stopped::Interrupted);
        }
        let late = |until| self.context.clock.now() >= until;
        self.input
            .until
            .is_some_and(late)
            .then_some(Stopped::OutOfTime)
    }

    /// Those that are not what they were, with what they are now.
    async fn changed(
        &self,
        before: HashMap<String, Option<Version>>,
    ) -> Result<HashMap<String, Option<Version>>> {
        let mut changed = HashMap::new();
        for (id, version) in before {
            let now = current(self.context, self.spec, &id).await?;
            let now = now.map(|(_, version)| version);
            if now != version {
                changed.insert(id, now);
            }
        }
        Ok(changed)
    }
}
