//! Why nothing in the queue is sent now, if that is so: as `tok status` says it.

use super::LOOP;
use crate::commands::loops::{self, LoopFacts};
use crate::context::Context;
use crate::error::Result;
use crate::model::health::{Finding, Health};
use crate::model::notification::{NotificationState, NotificationStatus};
use crate::model::shard::Shard;

/// What keeps parts of the queue from being sent.
pub(super) struct Obstacles {
    /// The loops of the queue that are not well, and what is said of them.
    of_loops: Vec<(String, String)>,
    /// In how many parts the queue is cut.
    shards: u32,
}

impl Obstacles {
    /// Looks at what the loops of all workers are doing.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn look(context: &Context) -> Result<Self> {
        let all = loops::facts(context).await?;
        let now = context.clock.now();
        let is_of_queue = |told: &LoopFacts| told.name.split(':').next() == Some(LOOP);
        let of_queue: Vec<_> = all.iter().filter(|told| is_of_queue(told)).collect();
        let of_loops = match loops::nobody_works(&all) {
            Some(nobody) => {
                let told = format!("{nobody}; {}", loops::START);
                of_queue
                    .iter()
                    .map(|of| (of.name.clone(), told.clone()))
                    .collect()
            }
            None => of_queue
                .into_iter()
                .filter_map(|of| Some((of.name.clone(), sentence(&loops::finding(of, now))?)))
                .collect(),
        };
        Ok(Self {
            of_loops,
            shards: context.worker.shards,
        })
    }

    /// Tells of a notification that waits what it waits for.
    pub(super) fn tell(&self, mut status: NotificationStatus) -> NotificationStatus {
        use NotificationState::{Queued, Retrying};
        if matches!(status.state, Queued | Retrying) {
            status.waits_for = self.of(&status.id);
        }
        status
    }

    fn of(&self, id: &str) -> Option<String> {
        let is_own = |name: &str| {
            let parts = 0..self.shards;
            let mut own = parts.map(|number| Shard {
                number,
                of: self.shards,
            });
            own.any(|shard| shard.name() == name && shard.holds(id))
        };
        let found = self.of_loops.iter().find(|(name, _)| is_own(name));
        found.map(|(_, told)| told.clone())
    }
}

/// What is said of a loop that is not well.
fn sentence(finding: &Finding) -> Option<String> {
    let is_well = finding.health == Health::Ok;
    (!is_well).then(|| finding.sentence())
}
