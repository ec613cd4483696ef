//! Writes into the user documents what differs from what the source says.

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::apply::{Applied, PresenceNews, apply};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::presence::Presence;

/// Documents written at the same time.
pub(super) const STREAMS: usize = 32;

/// What a reconciliation did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PresenceSyncReport)]
pub struct Report {
    /// People the source tells of.
    pub people: u64,
    /// Documents written.
    pub written: u64,
    /// Documents that said so already.
    pub unchanged: u64,
    /// People without a user document; none is made for them.
    pub nobody: u64,
}

/// Writes what differs. Somebody who cannot be written keeps nobody else from being; when nobody can be,
/// it is the store.
pub(super) async fn write_all(
    context: &Context,
    different: Vec<(String, Option<Presence>)>,
    report: &mut Report,
) -> Result<()> {
    let all = different.len();
    let working = context.working("Writing presence", all);
    let mut writing = futures_util::stream::iter(different)
        .map(|(id, told)| async move {
            let heard = false;
            let applied = apply(context, &id, PresenceNews { told, heard }).await;
            (id, applied)
        })
        .buffer_unordered(STREAMS);
    let (mut failed, mut first) = (0, None);
    while let Some((id, applied)) = writing.next().await {
        working.advance(1);
        match applied {
            Ok(Applied::Written) => report.written += 1,
            Ok(Applied::Known) => report.unchanged += 1,
            Ok(Applied::Nobody) => report.nobody += 1,
            Err(error) if error.kind() == Kind::Refused => return Err(error),
            Err(error) => {
                failed += 1;
                if report.written == 0 && failed >= STREAMS {
                    return Err(error);
                }
                first.get_or_insert((id, error));
            }
        }
        if context.stop.is_cancelled() {
            let message = "interrupted; running it again goes on";
            return Err(Error::new(Kind::Interrupted, message));
        }
    }
    match first {
        None => Ok(()),
        Some((_, error)) if all > 1 && failed == all => Err(error),
        Some((id, error)) => Err(Error::new(
            Kind::Partial,
            format!("{failed} of those who differ could not be written, first `{id}`: {error}"),
        )
        .because(error)),
    }
}
