//! Sends one batch: all of it, whatever the weather; a record that is refused is set aside.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::plan::{Item, Step};
use super::{detail, epoch, intact, known, salt};
use crate::backends::search::{Detail, Operation, StoredRecord};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Backoff;
use crate::model::search::IndexSpec;
use crate::model::told_causes::ToldCauses;
use crate::records::documents::Version;

/// Tries of one batch before somebody who waits for the end is told, in about half a minute.
const TRIES: u32 = 6;
/// The same for a mirror that goes on for ever, in about half an hour: beginning anew means to
/// read everything again.
const PATIENT_TRIES: u32 = 180;
/// The delays between them.
const BACKOFF: Backoff =
    Backoff::new(Duration::from_millis(200), Duration::from_secs(10)).with_jitter();

/// What became of a batch.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// What the index holds now, by document: the version it was made of, or nothing.
    pub(super) done: Vec<(String, Option<(Version, u64)>)>,
    /// Refused, with the reason; the index has no record of them.
    pub(super) refused: Vec<(String, String)>,
    /// Records written and removed.
    pub(super) puts: u64,
    pub(super) deletes: u64,
    /// Those that stood in the index already.
    pub(super) unchanged: u64,
    /// Somebody else wrote to the index meanwhile.
    pub(super) uncertain: bool,
    /// Those that were looked up, and why another document of such an id is in no record.
    pub(super) looked: HashMap<String, Option<String>>,
}

/// Those that were looked up and left out, with the reason.
pub(super) fn left_out(
    looked: &HashMap<String, Option<String>>,
) -> impl Iterator<Item = (String, String)> {
    let left_out = looked.iter();
    left_out.filter_map(|(id, reason)| Some((id.clone(), reason.clone()?)))
}

/// Where and how batches are sent.
#[derive(Clone)]
pub(super) struct Sender {
    pub(super) context: Context,
    pub(super) spec: Arc<IndexSpec>,
    /// The index, or the staged one.
    pub(super) target: String,
    /// What stands in the index is asked first.
    pub(super) ask_first: bool,
    /// What is asked is the content as well, not only our marks.
    pub(super) whole: bool,
    /// Nobody waits for the end.
    pub(super) patient: bool,
    /// The epoch in which we know what stands in the index.
    pub(super) epoch: u64,
}

impl Sender {
    pub(super) async fn send(self, items: Vec<Item>, place: Option<String>) -> Result<Sent> {
        let mut sent = Sent::default();
        let mut steps = Vec::with_capacity(items.len());
        for item in items {
            let step = match item.step {
                Step::Look => self.look(&item.id, &mut sent).await?,
                step => step,
            };
            steps.push((item.id, step));
        }
        let confirming =
            |(_, step): &(String, Step)| matches!(step, Step::Confirm { .. } | Step::ConfirmGone);
        if steps.iter().any(confirming) {
            sent.uncertain = epoch::read(&self.context, &self.spec).await? != self.epoch;
            if !sent.uncertain && !self.ask_first {
                let before = steps.len();
                steps.retain(|step| !confirming(step));
                sent.unchanged += (before - steps.len()) as u64;
            }
        }
        if self.ask_first || sent.uncertain {
            steps = self.without_unchanged(steps, &mut sent).await?;
        } else {
            // Two documents of one id are looked at each time; the record is rarely another one.
            let is_left_out =
                |(id, _): &(String, Step)| matches!(sent.looked.get(id), Some(Some(_)));
            let (shared, own): (Vec<_>, Vec<_>) = steps.into_iter().partition(is_left_out);
            steps = own;
            if !shared.is_empty() {
                steps.extend(self.without_unchanged(shared, &mut sent).await?);
            }
        }
        let mut operations = Vec::with_capacity(steps.len());
        for (id, step) in steps {
            let (state, operation) = match step {
                Step::Put {
                    record,
                    mark,
                    version,
                    ..
                }
                | Step::Confirm {
                    record,
                    mark,
                    version,
                } => (Some((version, mark)), Operation::Put(record, mark)),
                Step::Gone | Step::ConfirmGone | Step::Look => {
                    (None, Operation::Delete(id.clone()))
                }
            };
            sent.done.push((id, state));
            operations.push(operation);
        }
        if !operations.is_empty() || place.is_some() {
            self.apply(operations, place, &mut sent).await?;
        }
        Ok(sent)
    }

    /// What the store says now.
    async fn look(&self, id: &str, sent: &mut Sent) -> Result<Step> {
        let known = known(&self.context, &self.spec, id).await?;
        sent.looked.insert(id.to_owned(), known.left_out);
        let Some((record, version)) = known.record else {
            return Ok(Step::Gone);
        };
        let mark = record.fingerprint(&salt(&self.context, &self.spec));
        Ok(Step::Put {
            record,
            mark,
            version,
            size: 0,
        })
    }

    async fn without_unchanged(
        &self,
        steps: Vec<(String, Step)>,
        sent: &mut Sent,
    ) -> Result<Vec<(String, Step)>> {
        let ids: Vec<String> = steps.iter().map(|(id, _)| id.clone()).collect();
        let detail = if self.whole {
            detail(&self.context)
        } else {
            Detail::Fingerprints
        };
        let found = self
            .context
            .search
            .fetch(&self.target, &ids, detail)
            .await?;
        let salt = salt(&self.context, &self.spec);
        let mark = |stored: StoredRecord| match detail {
            Detail::Fingerprints => stored.fingerprint,
            Detail::Whole => intact(stored, &salt),
        };
        // Of each that is there, the mark.
        let held: HashMap<&String, Option<u64>> = ids
            .iter()
            .zip(found)
            .filter_map(|(id, stored)| Some((id, mark(stored?))))
            .collect();
        let mut changed = Vec::with_capacity(steps.len());
        for (id, step) in steps {
            match &step {
                Step::Put { mark, version, .. } | Step::Confirm { mark, version, .. }
                    if held.get(&id) == Some(&Some(*mark)) =>
                {
                    sent.unchanged += 1;
                    sent.done.push((id, Some((*version, *mark))));
                }
                Step::Gone | Step::ConfirmGone if !held.contains_key(&id) => {
                    sent.done.push((id, None));
                }
                _ => changed.push((id, step)),
            }
        }
        Ok(changed)
    }

    /// Applies all; a batch that is refused is halved until the one that is wrong stands alone.
    async fn apply(
        &self,
        operations: Vec<Operation>,
        place: Option<String>,
        sent: &mut Sent,
    ) -> Result<()> {
        let most = self.context.search.limits().operations;
        let mut parts: VecDeque<_> = operations.chunks(most).map(<[_]>::to_vec).collect();
        if parts.is_empty() {
            parts.push_back(Vec::new());
        }
        while let Some(part) = parts.pop_front() {
            let part = Arc::new(part);
            // Only when all of it is there does the place hold.
            let last = place.clone().filter(|_| parts.is_empty());
            match self.apply_surely(part.clone(), last).await {
                Ok(()) => count(&part, sent),
                Err(error) if error.kind() == Kind::InvalidInput && part.len() > 1 => {
                    let (first, second) = part.split_at(part.len() / 2);
                    parts.push_front(second.to_vec());
                    parts.push_front(first.to_vec());
                }
                Err(error) if error.kind() == Kind::InvalidInput => {
                    let [Operation::Put(record, _)] = part.as_slice() else {
                        return Err(error);
                    };
                    // What stood there before is not the truth any more.
                    let id = record.id.clone();
                    parts.push_front(vec![Operation::Delete(id.clone())]);
                    sent.done.retain(|(done, _)| *done != id);
                    sent.refused.push((id, error.message().to_owned()));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn apply_surely(
        &self,
        operations: Arc<Vec<Operation>>,
        place: Option<String>,
    ) -> Result<()> {
        let tries = if self.patient { PATIENT_TRIES } else { TRIES };
        let (search, told) = (&self.context.search, ToldCauses::default());
        let work = || search.apply(&self.target, operations.clone(), place.clone());
        let again = |error: &Error, planned: Duration| {
            let delay = planned.max(error.wait().unwrap_or_default());
            let temporary = error.kind().is_temporary();
            if temporary && told.is_news(error.message()) {
                tracing::warn!(index = self.target, %error, ?delay, "the index waits");
            }
            temporary.then_some(delay)
        };
        BACKOFF.retry(tries, work, again).await
    }
}

fn count(part: &[Operation], sent: &mut Sent) {
    let puts = part
        .iter()
        .filter(|operation| matches!(operation, Operation::Put(..)))
        .count();
    sent.puts += puts as u64;
    sent.deletes += (part.len() - puts) as u64;
}
