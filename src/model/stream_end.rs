//! How a stream of events ends.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, Reason};

/// The name of the event that is a stream's last.
pub const END: &str = "end";
/// The name of the event behind which there is news only.
pub const CURRENT: &str = "current";

/// Why a stream of events ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StreamEndReason {
    /// What was followed is gone; there is nothing to come back for.
    Gone,
    /// The server stops; it goes on there, or at another one.
    Stopping,
    /// The reader took too little of it for too long.
    TooSlow,
    /// The key is not good any more.
    Refused,
    /// Something is wrong at the server.
    Failed,
}

impl StreamEndReason {
    /// The name in JSON and in metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Stopping => "stopping",
            Self::TooSlow => "too_slow",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// The last event of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StreamEnd {
    /// Why it ends.
    pub reason: StreamEndReason,
    /// The same in a sentence.
    pub detail: String,
    /// What went wrong, if it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<StreamProblem>,
}

/// What went wrong with a stream, as the problem of an answer says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StreamProblem {
    /// Stable, for programs.
    pub code: String,
    /// Stable as well: what exactly went wrong, where more is to be said than the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl StreamEnd {
    /// An end for this reason, in these words.
    pub fn new(reason: StreamEndReason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
            problem: None,
        }
    }

    /// An end because of an error.
    pub fn failed(error: &Error) -> Self {
        Self {
            problem: Some(StreamProblem {
                code: error.kind().code().to_owned(),
                reason: error.why().map(Reason::as_str).map(str::to_owned),
            }),
            ..Self::new(StreamEndReason::Failed, error.message())
        }
    }
}
