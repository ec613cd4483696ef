//! Deletes old recordings: `plan` finds them, `apply` deletes them.

use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use super::list;
use crate::context::{Context, Working};
use crate::error::{Error, Kind, Result};
use crate::model::counted::agreed;
use crate::model::recording::Recording;
use crate::model::report::Outcome;
use crate::model::{BackendName, Span};

/// Which recordings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PruneRecordings)]
pub struct Input {
    /// Where they were made; the configured backend if absent.
    #[serde(default)]
    pub backend: Option<BackendName>,
    /// Only those of this room.
    #[serde(default)]
    pub room: Option<String>,
    /// Only those that began longer ago than this.
    #[schema(value_type = String, example = "30d")]
    pub older_than: Span,
    /// Delete nothing if there are more than so many.
    #[serde(default)]
    pub max_delete: Option<usize>,
}

/// What would be deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PruneRecordingsPlan)]
pub struct Plan {
    /// Where they were made.
    pub backend: BackendName,
    /// The recordings, the newest first.
    pub recordings: Vec<Recording>,
    /// How many bytes they have, as far as the vendor tells.
    pub size: u64,
}

/// What became of one recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Pruned {
    /// The recording.
    pub id: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The code of that error, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What exactly went wrong, where more is to be said than the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Pruned {
    fn new(id: &str, outcome: Outcome, error: Option<&Error>) -> Self {
        Self {
            id: id.to_owned(),
            outcome,
            error: error.map(|error| error.message().to_owned()),
            code: error.map(|error| error.kind().code().to_owned()),
            reason: error
                .and_then(Error::why)
                .map(|reason| reason.as_str().to_owned()),
        }
    }
}

/// What became of all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PruneRecordingsReport)]
pub struct Report {
    /// Where they were made.
    pub backend: BackendName,
    /// So many are gone.
    pub deleted: u64,
    /// So many could not be deleted.
    pub failed: u64,
    /// So many were not reached because the run was stopped.
    pub remaining: u64,
    /// Each of them.
    pub items: Vec<Pruned>,
}

impl Report {
    /// What keeps the run from counting as a success.
    pub fn verdict(&self) -> Option<Error> {
        if self.remaining > 0 {
            let message = format!(
                "interrupted with {} to go",
                agreed(self.remaining, "recording", "recordings")
            );
            return Some(Error::new(Kind::Interrupted, message));
        }
        let all = self.items.len();
        (self.failed > 0).then(|| {
            let message = format!("{} of {all} recordings could not be deleted", self.failed);
            Error::new(Kind::Partial, message)
        })
    }
}

/// Finds the recordings; those without a file, yet or any more, are left alone.
///
/// # Errors
/// [`Kind::Guard`] when there are too many; [`Kind::Unsupported`] where there are none.
pub async fn plan(context: &Context, input: Input) -> Result<Plan> {
    let backend = context.backends.get(input.backend)?.name;
    let now = context.clock.now();
    let before = now.saturating_sub(input.older_than.signed()).unwrap_or(now);
    let mut recordings = Vec::new();
    let mut pages = list::all(context, Some(backend), input.room);
    while let Some(page) = pages.try_next().await? {
        // What cannot be told to be old is not, and what has no id cannot be deleted.
        let old = page.into_iter().filter(|recording| {
            let old = recording.started_at.is_some_and(|at| at < before);
            old && recording.status.has_file() && !recording.id.is_empty()
        });
        recordings.extend(old);
    }
    if let Some(most) = input.max_delete.filter(|most| recordings.len() > *most) {
        return Err(Error::new(
            Kind::Guard,
            format!(
                "{}, more than the limit of {most}; nothing was deleted",
                agreed(
                    recordings.len() as u64,
                    "recording matches",
                    "recordings match"
                )
            ),
        ));
    }
    Ok(Plan {
        backend,
        size: recordings
            .iter()
            .filter_map(|recording| recording.size)
            .sum(),
        recordings,
    })
}

/// Deletes what the plan names, one by one, until `context.stop`.
///
/// # Errors
/// Those of the first one; what fails later is told in the report.
pub async fn apply(context: &Context, plan: Plan) -> Result<Report> {
    let recordings = context.backends.get(Some(plan.backend))?.recordings()?;
    let working = context.working("Deleting recordings", plan.recordings.len());
    let delete = |id: String| async move { recordings.delete(&id).await };
    delete_each(&plan, (&working, &context.stop), delete).await
}

/// Has each deleted that a plan names, until the token is cancelled.
pub(crate) async fn delete_each<F: Future<Output = Result<()>>>(
    plan: &Plan,
    (working, stop): (&Working<'_>, &CancellationToken),
    delete: impl Fn(String) -> F,
) -> Result<Report> {
    let mut report = Report {
        backend: plan.backend,
        deleted: 0,
        failed: 0,
        remaining: 0,
        items: Vec::with_capacity(plan.recordings.len()),
    };
    for (done, recording) in plan.recordings.iter().enumerate() {
        if stop.is_cancelled() {
            report.remaining = (plan.recordings.len() - done) as u64;
            break;
        }
        let (outcome, error) = match delete(recording.id.clone()).await {
            Ok(()) => (Outcome::Deleted, None),
            Err(error) if error.kind() == Kind::NotFound => (Outcome::Missing, None),
            Err(error) if done == 0 && error.kind() != Kind::Conflict => return Err(error),
            Err(error) => (Outcome::Failed, Some(error)),
        };
        match outcome {
            Outcome::Failed => report.failed += 1,
            _ => report.deleted += 1,
        }
        let pruned = Pruned::new(&recording.id, outcome, error.as_ref());
        report.items.push(pruned);
        working.advance(1);
    }
    Ok(report)
}
