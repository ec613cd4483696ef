//! What happened to each of many items.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::counted::agreed;
use super::page::is_zero;

use super::backend::BackendName;
use super::room::RoomName;
use crate::error::{Error, Kind};

/// What to do about rooms for which there was no time.
const GO_ON: &str = "run the same command again; it goes on with the rest";
/// What to do about rooms that were not there to be deleted.
const NOT_THERE: &str =
    "the others are deleted; with `--ignore-not-found` rooms that are not there are no failure";

/// How a deletion ended at the vendor, truthfully.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The vendor removed it.
    Deleted,
    /// The vendor cannot delete; nobody can come in any more.
    Disabled,
    /// The vendor knows no deletion at all; `tok` no longer hands it out.
    Forgotten,
    /// There was none.
    Missing,
    /// It could not be done; `error` says why.
    Failed,
}

impl Outcome {
    /// Whether it was there, and is not any more.
    pub const fn is_gone(self) -> bool {
        matches!(self, Self::Deleted | Self::Disabled | Self::Forgotten)
    }

    /// The name in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Disabled => "disabled",
            Self::Forgotten => "forgotten",
            Self::Missing => "missing",
            Self::Failed => "failed",
        }
    }
}

/// What happened to one room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeletedRoom {
    /// The room.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The code of that error, for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What exactly went wrong, where more is to be said than the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl DeletedRoom {
    /// What became of a room that did not fail.
    pub fn new(name: &RoomName, outcome: Outcome) -> Self {
        Self {
            name: name.to_string(),
            outcome,
            error: None,
            code: None,
            reason: None,
        }
    }

    /// A room that could not be deleted.
    pub fn failed(name: &RoomName, error: &Error) -> Self {
        Self {
            error: Some(error.message().to_owned()),
            code: Some(error.kind().code().to_owned()),
            reason: error.why().map(|reason| reason.as_str().to_owned()),
            ..Self::new(name, Outcome::Failed)
        }
    }
}

/// The outcome of deleting rooms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeleteReport {
    /// Where the rooms lived.
    pub backend: BackendName,
    /// Removed by the vendor.
    pub deleted: u64,
    /// Closed for good, where the vendor cannot delete.
    pub disabled: u64,
    /// No longer handed out, where the vendor knows no deletion.
    pub forgotten: u64,
    /// There was none.
    pub missing: u64,
    /// Could not be done.
    pub failed: u64,
    /// Removed by an earlier, interrupted run of the same work.
    pub resumed: u64,
    /// Not reached, because the run was stopped; running it again continues.
    pub remaining: u64,
    /// Cannot be read, and were left alone; absent for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unreadable: u64,
    /// Each room of this run, in the order they were done.
    pub items: Vec<DeletedRoom>,
    /// Why the run ended before its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
}

/// Why a run ended before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// By a signal.
    Interrupted,
    /// By its own time limit.
    OutOfTime,
}

impl DeleteReport {
    /// An empty report for `backend`.
    pub fn new(backend: BackendName) -> Self {
        Self {
            backend,
            deleted: 0,
            disabled: 0,
            forgotten: 0,
            missing: 0,
            failed: 0,
            resumed: 0,
            remaining: 0,
            unreadable: 0,
            items: Vec::new(),
            stopped: None,
        }
    }

    /// Counts and keeps one item.
    pub fn add(&mut self, item: DeletedRoom) {
        *match item.outcome {
            Outcome::Deleted => &mut self.deleted,
            Outcome::Disabled => &mut self.disabled,
            Outcome::Forgotten => &mut self.forgotten,
            Outcome::Missing => &mut self.missing,
            Outcome::Failed => &mut self.failed,
        } += 1;
        self.items.push(item);
    }

    /// What keeps the run from counting as a success; rooms that were missing only if
    /// `missing_ok` is false.
    pub fn verdict(&self, missing_ok: bool) -> Option<Error> {
        let remaining = agreed(self.remaining, "room", "rooms");
        match self.stopped {
            Some(Stopped::Interrupted) => {
                let message = format!("interrupted with {remaining} to go");
                return Some(Error::new(Kind::Interrupted, message));
            }
            Some(Stopped::OutOfTime) => {
                let message = format!("the time limit was reached with {remaining} to go");
                let error = Error::new(Kind::Partial, message);
                return Some(error.advise(GO_ON));
            }
            None => {}
        }
        let all = self.items.len() as u64;
        if self.failed > 0 {
            let mut failed = self.items.iter();
            let first = failed.find(|item| item.outcome == Outcome::Failed);
            let first = first.and_then(|item| Some((&item.name, item.error.as_ref()?)));
            let first =
                first.map_or_else(String::new, |(name, error)| format!(" ({name}: {error})"));
            let message = format!("{} of {all} rooms could not be deleted{first}", self.failed);
            return Some(Error::new(Kind::Partial, message));
        }
        if self.missing == 0 || missing_ok {
            return None;
        }
        let missing = self
            .items
            .iter()
            .find(|item| item.outcome == Outcome::Missing)?;
        let sentence = match self.missing {
            1 => format!("there is no room `{}`", missing.name),
            many => format!("{many} rooms do not exist, among them `{}`", missing.name),
        };
        if self.missing == all {
            return Some(Error::new(Kind::NotFound, sentence));
        }
        Some(Error::new(Kind::Partial, sentence).advise(NOT_THERE))
    }
}

/// What an operation over many items will cost, before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cost {
    /// Reading calls to the vendor.
    pub reads: u64,
    /// Changing calls to the vendor.
    pub writes: u64,
    /// How long they take at least under the vendor's rate limit, in seconds.
    pub seconds: u64,
}
