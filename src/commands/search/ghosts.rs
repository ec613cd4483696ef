//! What the index holds and the store knows nothing of.

use futures_util::TryStreamExt;

use super::fingerprints::Fingerprint;
use super::mirror::Mirror;
use super::plan::Step;
use super::{detail, intact, parked, salt};
use crate::backends::search::Detail;
use crate::error::{Error, Kind, Result};
use crate::model::digest::digest;

/// So few may always vanish.
pub(super) const FEW: u64 = 100;

impl Mirror {
    /// Reads the marks of all records.
    pub(super) async fn read_index(&mut self) -> Result<()> {
        let sender = &self.sender;
        let detail = if sender.whole {
            detail(&sender.context)
        } else {
            Detail::Fingerprints
        };
        let salt = salt(&sender.context, &sender.spec);
        let mut records = sender.context.search.browse(&sender.target, detail);
        while let Some(record) = records.try_next().await? {
            let key = digest(&record.id);
            let mark = match detail {
                Detail::Fingerprints => record.fingerprint,
                Detail::Whole => intact(record, &salt),
            };
            // What was sent since is known better.
            let held = Fingerprint::new(mark, 0);
            self.index.marks.entry(key).or_insert(held);
        }
        self.index.complete = true;
        Ok(())
    }

    /// What is parked and gone is parked no more.
    pub(super) async fn purge_absent(&mut self) -> Result<()> {
        self.parked_checked = true;
        let (context, spec) = (self.sender.context.clone(), self.sender.spec.clone());
        for id in self.parked.clone() {
            let mut there = false;
            for source in &spec.sources {
                there |= context
                    .documents
                    .get(&source.collection, &id)
                    .await?
                    .is_some();
            }
            if !there {
                self.parked.remove(&id);
                parked::release(&context, &spec.name, &id).await?;
            } else if spec.sources.len() > 1 {
                // Of two documents the one that was in the way may be gone.
                self.look_at(id);
            }
        }
        Ok(())
    }

    /// Removes what the index holds and the store does not tell of any more.
    pub(super) async fn find_ghosts(&mut self) -> Result<()> {
        let round = self.index.round;
        if !self.index.complete || self.index.marks.values().all(|held| held.round() == round) {
            return Ok(());
        }
        let (context, spec) = (self.sender.context.clone(), self.sender.spec.clone());
        let all = self.index.marks.len() as u64;
        let most = FEW.max(all * self.max_shrink.min(100) / 100);
        let mut ghosts = 0;
        let mut records = context
            .search
            .browse(&self.sender.target, Detail::Fingerprints);
        while let Some(record) = records.try_next().await? {
            let held = self.index.marks.get(&digest(&record.id));
            if held.is_none_or(|held| held.round() == round) || self.planned.has(&record.id) {
                continue;
            }
            if super::current(&context, &spec, &record.id).await?.is_none() {
                ghosts += 1;
            }
            if ghosts > most {
                let index = &spec.name;
                let what = format!(
                    "more than {most} of {all} records of {index} would vanish; nothing was removed"
                );
                let advice = format!(
                    "is this the right store (`tok config show`)? If it is: `tok search reindex {index} --max-shrink 100`"
                );
                return Err(Error::new(Kind::Guard, what).advise(advice));
            }
            self.planned.add(record.id, Step::Look);
        }
        Ok(())
    }
}
