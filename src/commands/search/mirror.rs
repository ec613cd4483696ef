//! One mirror at work: hears what the store tells, knows what the index holds, sends what differs.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, SelectAll, select_all};
use futures_util::{FutureExt, StreamExt};

use super::batch::{Next, landed};
use super::counts::{Counts, Stepped, Whom, counted};
use super::fingerprints::Fingerprints;
use super::plan::{PlannedSteps, Step};
use super::send::{Sender, Sent, left_out};
use super::{epoch, parked, run_record, salt};
use crate::backends::search::Limits;
use crate::context::Context;
use crate::error::Result;
use crate::model::digest::digest;
use crate::model::search::{IndexRecord, IndexSpec};
use crate::records::documents::{Cursor, Document, Event, Version};

struct Following {
    /// It is telling the whole state.
    reading: bool,
    /// It has begun to.
    begun: bool,
    cursor: Option<Cursor>,
}

type Events = SelectAll<BoxStream<'static, (usize, Result<Event>)>>;

/// A mirror of collections in an index.
pub(super) struct Mirror {
    pub(super) sender: Sender,
    limits: Limits,
    salt: String,
    events: Events,
    sources: Vec<Following>,
    pub(super) index: Fingerprints,
    pub(super) planned: PlannedSteps,
    sending: Option<BoxFuture<'static, Result<Sent>>>,
    pub(super) parked: HashSet<String>,
    pub(super) max_shrink: u64,
    place: Option<String>,
    /// Something was heard since the place was kept.
    moved: bool,
    keeps_place: bool,
    pub(super) parked_checked: bool,
    /// What was left out while the whole state was read may be wrong.
    uncertain: bool,
    /// What the index holds is known; otherwise it is asked each time.
    trusting: bool,
    pub(super) counts: Counts,
    /// When the oldest change that is not in the index yet was written, by the store's clock.
    pub(super) oldest: Option<i64>,
    /// What was sent since [`Mirror::watch_sent`]: by document the version, or nothing.
    pub(super) sent: Option<HashMap<String, Option<Version>>>,
}

impl Mirror {
    /// Begins with the whole state, or with what changed since `place`.
    pub(super) async fn start(
        context: &Context,
        spec: &Arc<IndexSpec>,
        target: &str,
        place: Option<String>,
        max_shrink: u64,
        whom: Whom,
    ) -> Result<Self> {
        let cursors: BTreeMap<String, Cursor> = place
            .and_then(|place| serde_json::from_str(&place).ok())
            .unwrap_or_default();
        let from = |collection: &str| cursors.get(collection).cloned();
        let streams = spec.sources.iter().enumerate().map(|(number, source)| {
            let from = from(&source.collection);
            let events = context.documents.watch(&source.collection, from);
            events.map(move |event| (number, event)).boxed()
        });
        let parked = parked::ids(context, &spec.name).await?;
        // Before anything is read of the index.
        let epoch = epoch::read(context, spec).await?;
        // While a reindexing writes, what the index holds is good for the moment only.
        let trusting = whom == Whom::Reindexing || !run_record::is_active(context, spec).await?;
        Ok(Self {
            sender: Sender {
                context: context.clone(),
                spec: spec.clone(),
                target: target.to_owned(),
                ask_first: true,
                whole: whom == Whom::Reindexing,
                patient: whom == Whom::Follower,
                epoch,
            },
            limits: context.search.limits(),
            salt: salt(context, spec),
            events: select_all(streams),
            sources: spec
                .sources
                .iter()
                .map(|source| Following {
                    reading: from(&source.collection).is_none(),
                    begun: false,
                    cursor: from(&source.collection),
                })
                .collect(),
            index: Fingerprints::default(),
            planned: PlannedSteps::default(),
            sending: None,
            parked,
            max_shrink,
            place: None,
            moved: false,
            keeps_place: true,
            parked_checked: false,
            uncertain: !trusting,
            trusting,
            counts: Counts::default(),
            oldest: None,
            sent: None,
        })
    }

    /// Leaves it to others to note how far the index is.
    pub(super) fn leave_place(&mut self) {
        self.keeps_place = false;
    }

    /// Whether it is better to begin anew, once no reindexing is at work.
    pub(super) fn is_uncertain(&self) -> bool {
        self.uncertain
    }

    /// Goes on into another index that holds the same.
    pub(super) fn turn_to(&mut self, target: &str) {
        target.clone_into(&mut self.sender.target);
    }

    /// Remembers from now on what is sent.
    pub(super) fn watch_sent(&mut self) {
        self.sent = Some(HashMap::new());
    }

    /// Whether nothing is left to send.
    pub(super) fn is_idle(&self) -> bool {
        self.planned.is_empty() && self.sending.is_none()
    }

    /// How many documents wait to be sent.
    pub(super) fn pending(&self) -> usize {
        self.planned.len()
    }

    /// How many documents cannot be searched.
    pub(super) fn parked(&self) -> usize {
        self.parked.len()
    }

    /// Whether every collection has told its whole state.
    pub(super) fn is_complete(&self) -> bool {
        self.sources.iter().all(|source| !source.reading)
    }

    /// Whether every collection has told everything before its fence.
    pub(super) fn reached(&self, fences: &[Cursor]) -> bool {
        let pairs = self.sources.iter().zip(fences);
        self.is_complete()
            && pairs.into_iter().all(|(source, fence)| {
                let cursor = source.cursor.as_ref();
                cursor.is_some_and(|cursor| cursor.reached(fence))
            })
    }

    /// Adds a look at a document.
    pub(super) fn look_at(&mut self, id: String) {
        self.planned.add(id, Step::Look);
    }

    /// The next thing there is to do. Nothing is lost when this is dropped while it waits.
    pub(super) async fn next(&mut self) -> Next {
        if self.sending.is_none() && (!self.planned.is_empty() || self.place.is_some()) {
            self.begin_sending();
        }
        let listening = !self.planned.is_full(self.limits);
        tokio::select! {
            biased;
            sent = landed(&mut self.sending) => {
                self.sending = None;
                Next::Sent(sent)
            }
            Some((number, event)) = self.events.next(), if listening => Next::Told(number, event),
        }
    }

    /// Does it, to the end.
    pub(super) async fn handle(&mut self, next: Next) -> Result<Stepped> {
        match next {
            Next::Sent(sent) => self.record_batch(sent?).await.map(|()| Stepped::Worked),
            Next::Told(number, event) => self.hear(number, event?).await,
        }
    }

    /// Sends what is left and hears no more.
    pub(super) async fn drain(&mut self) -> Result<()> {
        while !self.is_idle() || self.place.is_some() {
            if self.sending.is_none() {
                self.begin_sending();
            }
            if let Some(sending) = self.sending.take() {
                let sent = sending.await?;
                self.record_batch(sent).await?;
            }
        }
        Ok(())
    }

    fn begin_sending(&mut self) {
        let sender = Sender {
            ask_first: !self.index.complete,
            ..self.sender.clone()
        };
        let (items, place) = (self.planned.take(), self.place.take());
        self.sending = Some(sender.send(items, place).boxed());
    }

    async fn record_batch(&mut self, sent: Sent) -> Result<()> {
        let context = &self.sender.context;
        let index = self.sender.spec.name.clone();
        self.counts.puts += sent.puts;
        self.counts.deletes += sent.deletes;
        self.counts.unchanged += sent.unchanged;
        counted(&index, "put", sent.puts);
        counted(&index, "delete", sent.deletes);
        if sent.uncertain {
            // From here on the index is asked what it holds, until somebody begins anew.
            self.index.complete = false;
            self.trusting = false;
            self.uncertain = true;
        }
        for (id, _) in &sent.refused {
            self.index.marks.remove(&digest(id));
        }
        let mut looked = sent.looked;
        for (id, reason) in sent.refused.into_iter().chain(left_out(&looked)) {
            parked::park(context, &index, (&id, &reason), &self.parked).await?;
            self.counts.parked += u64::from(self.parked.insert(id));
        }
        for (id, state) in sent.done {
            let is_well = match looked.remove(&id) {
                Some(left_out) => left_out.is_none(),
                None => state.is_some(),
            };
            if is_well && self.parked.remove(&id) {
                parked::release(context, &index, &id).await?;
            }
            // A later step of the same document may be waiting; what it knows is newer.
            if !self.planned.has(&id) {
                self.index.set(&id, state.map(|(_, mark)| mark));
            }
            if let Some(all) = &mut self.sent {
                all.insert(id, state.map(|(version, _)| version));
            }
        }
        Ok(())
    }

    async fn hear(&mut self, number: usize, event: Event) -> Result<Stepped> {
        self.moved |= matches!(event, Event::Put(_) | Event::Removed(_));
        match event {
            Event::Put(document) => self.put(number, document).await?,
            Event::Removed(id) => self.removed(id).await?,
            Event::Reset => {
                // A round counts for all that read at the same time; whoever begins anew in the
                // middle spoils it.
                let others = self.sources.iter().any(|source| source.reading);
                let source = &mut self.sources[number];
                if source.begun || !others || self.index.round == 0 {
                    self.index.begin_round();
                }
                source.reading = true;
                source.begun = true;
                if !self.index.complete && self.trusting {
                    self.read_index().await?;
                }
            }
            Event::Current(cursor) => {
                let read = std::mem::take(&mut self.sources[number].reading);
                self.sources[number].begun = false;
                self.sources[number].cursor = Some(cursor);
                if read && self.is_complete() {
                    self.find_ghosts().await?;
                    let sender = &self.sender;
                    let now = epoch::read(&sender.context, &sender.spec).await?;
                    self.uncertain |= now != sender.epoch;
                }
                if self.is_complete() && !self.parked_checked {
                    self.purge_absent().await?;
                }
                if !self.planned.is_empty() {
                    self.keep_place();
                }
                return Ok(Stepped::Current);
            }
        }
        Ok(Stepped::Worked)
    }

    /// Where everything that is known by now came from, to be kept with the next batch.
    pub(super) fn keep_place(&mut self) {
        let can = self.keeps_place && self.limits.indexes_text;
        if !can || !self.is_complete() || !self.moved {
            return;
        }
        self.moved = false;
        let spec = self.sender.spec.clone();
        let cursors: BTreeMap<_, _> = spec
            .sources
            .iter()
            .zip(&self.sources)
            .filter_map(|(source, following)| {
                Some((&source.collection, following.cursor.as_ref()?))
            })
            .collect();
        self.place = serde_json::to_string(&cursors).ok();
    }

    async fn put(&mut self, number: usize, document: Document) -> Result<()> {
        self.counts.heard += 1;
        if self.is_idle() {
            self.oldest = Some(document.written);
        }
        let source = &self.sender.spec.sources[number];
        let id = document.id;
        match source.record(&id, &document.json) {
            Err(error) => self.refuse(id, error.message()).await,
            Ok(None) => self.removed(id).await,
            Ok(Some(record)) => self.offer(id, record, document.version).await,
        }
    }

    async fn offer(&mut self, id: String, record: IndexRecord, version: Version) -> Result<()> {
        let size = record.size();
        if let Some(reason) = record.too_large(size, self.limits.record) {
            return self.refuse(id, &reason).await;
        }
        let mark = record.fingerprint(&self.salt);
        // Two collections may tell of the same id, and even the same of it.
        let is_told = self.sources.len() > 1 && !self.is_complete() && self.index.is_told(&id);
        if self.trusting && self.index.meet(&id, mark) && !self.planned.has(&id) && !is_told {
            if self.is_complete() {
                let step = Step::Confirm {
                    record,
                    mark,
                    version,
                };
                self.planned.add(id, step);
            } else {
                self.counts.unchanged += 1;
            }
            return Ok(());
        }
        self.index.tell(&id, mark);
        if self.sources.len() > 1 {
            // Which collection comes first is looked up.
            self.planned.add(id, Step::Look);
            return Ok(());
        }
        let step = Step::Put {
            record,
            mark,
            version,
            size,
        };
        self.planned.add(id, step);
        Ok(())
    }

    /// Takes a document that cannot be a record out of the index, with the reason.
    async fn refuse(&mut self, id: String, reason: &str) -> Result<()> {
        let (context, spec) = (&self.sender.context, &self.sender.spec);
        parked::park(context, &spec.name, (&id, reason), &self.parked).await?;
        self.counts.parked += 1;
        self.parked.insert(id.clone());
        if self.sources.len() > 1 {
            // Another collection may have a document of this name.
            self.planned.add(id, Step::Look);
        } else {
            self.drop_record(id);
        }
        Ok(())
    }

    async fn removed(&mut self, id: String) -> Result<()> {
        if self.parked.remove(&id) {
            let sender = &self.sender;
            parked::release(&sender.context, &sender.spec.name, &id).await?;
        }
        if self.sources.len() > 1 {
            // Another collection may have a document of this name.
            self.planned.add(id, Step::Look);
        } else {
            self.drop_record(id);
        }
        Ok(())
    }

    fn drop_record(&mut self, id: String) {
        let known = self.index.marks.remove(&digest(&id)).is_some();
        if known || !self.index.complete || self.planned.has(&id) {
            self.planned.add(id, Step::Gone);
        } else if self.is_complete() {
            self.planned.add(id, Step::ConfirmGone);
        }
    }
}

#[cfg(test)]
mod tests;
