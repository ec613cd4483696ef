//! What keeps loops from working, noted in the store: whoever looks from outside, as `tok doctor` does,
//! knows nothing of what goes on in a worker.
//!
//! A note stands beside the leases and ends as they do, so that nobody is told of a worker that is gone.

use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::Timestamp;

use crate::context::Context;
use crate::error::Result;
use crate::model::health::{Finding, Health};
use crate::records::{LEASES, StoredLease};

/// What the id of every note begins with.
const TROUBLE: &str = "trouble:";

/// Notes what keeps a loop from working; it counts for `life`.
pub async fn note(context: &Context, name: &str, trouble: String, life: Duration) {
    let note = StoredLease {
        holder: name.to_owned(),
        until: Timestamp::default(),
        life_ms: i64::try_from(life.as_millis()).unwrap_or(i64::MAX),
        trouble: Some(trouble),
    };
    let write = match LEASES.put(&*id(name), &note) {
        Ok(write) => write,
        Err(error) => return tracing::debug!(%error, "trouble that cannot be noted"),
    };
    if let Err(error) = context.documents.commit(vec![write]).await {
        tracing::debug!(%error, "trouble could not be noted");
    }
}

/// The loop works again.
pub async fn forget(context: &Context, name: &str) {
    let write = LEASES.delete(&*id(name));
    if let Err(error) = context.documents.commit(vec![write]).await {
        tracing::debug!(%error, "trouble could not be forgotten");
    }
}

/// The loops that do not work, whichever worker they are of.
///
/// # Errors
/// Those of the store.
pub async fn findings(context: &Context) -> Result<Vec<Finding>> {
    let documents = context.documents.as_ref();
    let now = documents.now().await?.as_millisecond();
    let mut found = LEASES.scan(documents, LEASES.all().prefix(TROUBLE));
    let mut out = Vec::new();
    while let Some(found) = found.try_next().await? {
        let counts = found.written.saturating_add(found.record.life_ms) > now;
        let trouble = found.record.trouble.filter(|_| counts);
        out.extend(trouble.map(|trouble| {
            let check = format!("loop {}", found.record.holder);
            Finding::bad(
                check,
                Health::Fail,
                trouble,
                "mend what is said; the worker looks again by itself",
            )
        }));
    }
    Ok(out)
}

fn id(name: &str) -> String {
    format!("{TROUBLE}{name}")
}
