//! Removes what has run its time: expired local rooms and the notes of old runs.

use async_trait::async_trait;

use super::supervise::Loop;
use crate::commands::room;
use crate::context::Context;
use crate::error::Result;
use crate::model::{BackendName, Span};

/// The loop `rooms`.
pub(super) struct Rooms {
    /// How long an expired room is kept.
    pub(super) grace: Span,
}

#[async_trait]
impl Loop for Rooms {
    fn name(&self) -> &'static str {
        "rooms"
    }

    async fn turn(&self, context: &Context) -> Result<u64> {
        let filter = room::prune::Input {
            backend: Some(BackendName::Local),
            expired_for: Some(self.grace),
            ..room::prune::Input::default()
        };
        let plan = room::prune::plan(context, &filter).await?;
        let report = room::prune::apply(context, &filter, plan, None).await?;
        let notes = room::delete::sweep(context).await?;
        Ok(report.deleted + notes)
    }
}
