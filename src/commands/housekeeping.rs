//! Housekeeping: whatever has been kept for long enough goes, a collection at a time.
//!
//! What may go when is said where the collection is declared. It is found by an index, so that a turn
//! costs as much as there is to remove, however much there is in all.

use jiff::SignedDuration;
use serde::Serialize;
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::callback::LEAST_MEMORY;
use crate::records::documents::{Document, Precondition, Write};
use crate::records::unreadable::{self, UNREADABLE};
use crate::records::{self, After, Declaration, Expiry};

/// Documents removed in one commit.
const AT_ONCE: usize = 200;

/// What was removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HousekeepingReport)]
pub struct Report {
    /// Each collection of which something was removed, or could not be.
    pub collections: Vec<CollectionReport>,
    /// How many documents were removed in all.
    pub removed: u64,
}

/// What became of one collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HousekeptCollection)]
pub struct CollectionReport {
    /// Its name.
    pub collection: String,
    /// How many documents were removed.
    pub removed: u64,
    /// Why the rest of what was due stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Report {
    /// What could not be removed, if anything.
    pub fn verdict(&self) -> Option<Error> {
        let failed = self.collections.iter().filter(|of| of.error.is_some());
        let failed: Vec<_> = failed
            .map(|of| {
                let error = of.error.as_deref().unwrap_or_default();
                format!("{}: {error}", of.collection)
            })
            .collect();
        (!failed.is_empty()).then(|| Error::new(Kind::Partial, failed.join("; ")))
    }
}

/// Removes what is due everywhere; one collection that fails stops no other.
pub async fn run(context: &Context) -> Report {
    let mut report = Report::default();
    for declared in records::ALL.iter().filter(|of| of.expiry.is_some()) {
        if context.stop.is_cancelled() {
            break;
        }
        report.add(declared.name, expire(context, declared).await);
    }
    let notes = UNREADABLE.name();
    report.add(notes, purge_notes(context).await);
    report
}

impl Report {
    fn add(&mut self, collection: &str, outcome: Expired) {
        let (removed, error) = outcome;
        self.removed += removed;
        if removed > 0 {
            metrics::counter!("tok_housekeeping_removed_total", "collection" => collection.to_owned())
                .increment(removed);
        }
        if let Some(error) = &error {
            tracing::warn!(collection, %error, "what is old could not be removed");
        }
        if removed > 0 || error.is_some() {
            self.collections.push(CollectionReport {
                collection: collection.to_owned(),
                removed,
                error: error.map(|error| error.message().to_owned()),
            });
        }
    }
}

/// How many documents went, and what stopped the rest.
pub type Expired = (u64, Option<Error>);

/// Removes what is due of one collection.
pub async fn expire(context: &Context, declared: &Declaration) -> Expired {
    let mut removed = 0;
    match expire_all(context, declared, &mut removed).await {
        Ok(()) => (removed, None),
        Err(error) => (removed, Some(error)),
    }
}

async fn expire_all(context: &Context, declared: &Declaration, removed: &mut u64) -> Result<()> {
    let Some(Expiry { field, after }) = declared.expiry else {
        return Ok(());
    };
    let kept = match after {
        After::AtOnce => SignedDuration::ZERO,
        After::Hours(hours) => SignedDuration::from_hours(hours),
        After::CallsKeep => context.calls.keep.signed(),
        After::DeliveriesKeep => context.calls.keep.signed().max(LEAST_MEMORY),
        After::SessionsKeep => context.sessions_keep.signed(),
        After::MessagesKeep => context.live.messages_keep.signed(),
    };
    let now = context.clock.now();
    let before = now.saturating_sub(kept).unwrap_or(now);
    let documents = context.documents.as_ref();
    loop {
        if context.stop.is_cancelled() {
            return Ok(());
        }
        let due = documents.due(declared.name, field, before, AT_ONCE);
        let due = due.await?;
        let gone = remove(context, declared, &due).await?;
        *removed += gone;
        // What was written again meanwhile is looked at by the next turn.
        if due.len() < AT_ONCE || gone == 0 {
            return Ok(());
        }
    }
}

/// Removes documents as they were seen; what changed meanwhile stays.
async fn remove(context: &Context, declared: &Declaration, due: &[Document]) -> Result<u64> {
    let writes = due.iter().map(|document| {
        let unchanged = Precondition::Version(document.version);
        let write = Write::delete(declared.name, &document.id);
        write.only_if(unchanged)
    });
    let writes: Vec<Write> = writes.collect();
    match context.documents.commit(writes.clone()).await {
        Ok(_) => return Ok(writes.len() as u64),
        Err(error) if error.kind() == Kind::Conflict => {}
        Err(error) => return Err(error),
    }
    let mut removed = 0;
    for write in writes {
        match context.documents.commit(vec![write]).await {
            Ok(_) => removed += 1,
            Err(error) if error.kind() == Kind::Conflict => {}
            Err(error) => return Err(error),
        }
    }
    Ok(removed)
}

/// Writes the notes of documents that cannot be read, and removes those of documents that are gone or
/// can be read again.
async fn purge_notes(context: &Context) -> Expired {
    let mut removed = 0;
    let documents = context.documents.as_ref();
    let done = async {
        unreadable::flush(documents).await?;
        for note in unreadable::recount(documents).await? {
            documents.commit(vec![UNREADABLE.delete(&note)]).await?;
            removed += 1;
        }
        Ok(())
    };
    let done: Result<()> = done.await;
    (removed, done.err())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn away(why: &str) -> Error {
        Error::new(Kind::Unavailable, why)
    }

    #[test]
    fn only_what_went_and_what_could_not_is_reported() {
        let mut report = Report::default();
        report.add("tok_calls", (3, None));
        report.add("tok_runs", (0, None));
        report.add("tok_leases", (4, Some(away("the store is away"))));
        report.add("tok_keys", (0, Some(away("it is away still"))));
        let told: Vec<_> = report
            .collections
            .iter()
            .map(|of| (of.collection.as_str(), of.removed, of.error.as_deref()))
            .collect();
        let expected = [
            ("tok_calls", 3, None),
            ("tok_leases", 4, Some("the store is away")),
            ("tok_keys", 0, Some("it is away still")),
        ];
        assert_eq!(told, expected);
        assert_eq!(report.removed, 7);
        let verdict = report.verdict().expect("not all is well");
        assert_eq!(verdict.kind(), Kind::Partial);
        let why = "tok_leases: the store is away; tok_keys: it is away still";
        assert_eq!(verdict.message(), why);
    }

    #[test]
    fn whoever_removed_all_has_nothing_to_say_but_how_many_they_were() {
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let mut report = Report::default();
        metrics::with_local_recorder(&recorder, || report.add("tok_calls", (3, None)));
        assert!(report.verdict().is_none());
        let told = "tok_housekeeping_removed_total{collection=\"tok_calls\"} 3";
        let metrics = recorder.handle().render();
        assert!(metrics.contains(told), "{metrics}");
    }
}
