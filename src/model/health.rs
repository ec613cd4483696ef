//! What is found when somebody looks whether all is well.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, Result};

/// How one look at a backend ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// Works.
    Ok,
    /// Works, with something to look at.
    Warn,
    /// Does not work.
    Fail,
}

/// One thing that was checked, and what to do when it is not well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// What was checked, e.g. `daily credential`.
    pub check: String,
    /// How it ended.
    pub health: Health,
    /// What was seen.
    pub message: String,
    /// What to do about it; absent when all is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Finding {
    /// A check that went well.
    pub fn ok(check: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            check: check.into(),
            health: Health::Ok,
            message: message.into(),
            advice: None,
        }
    }

    /// What was seen and what to do about it, in one sentence.
    pub fn sentence(&self) -> String {
        let (check, message) = (&self.check, &self.message);
        match &self.advice {
            Some(advice) => format!("{check} is {message}; {advice}"),
            None => format!("{check} is {message}"),
        }
    }

    /// A check that failed by this, with what to do about it unless the cause tells.
    pub fn failed(check: impl Into<String>, error: &Error, advice: &str) -> Self {
        let advice = error.advice().unwrap_or(advice);
        Self::bad(check, Health::Fail, error.message(), advice)
    }

    /// A check that did not go well, with what to do about it.
    pub fn bad(
        check: impl Into<String>,
        health: Health,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            check: check.into(),
            health,
            message: message.into(),
            advice: Some(advice.into()),
        }
    }
}

/// What a loop of a worker is doing, wherever that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LoopCondition {
    /// It works.
    Working,
    /// It waits for something else than another worker's lease.
    Waiting,
    /// It fails, and goes on by itself.
    Failing,
    /// It cannot go on until a person helps.
    Paused,
    /// Its worker stopped as it was told to.
    Stopped,
    /// No worker has it.
    Missing,
}

impl LoopCondition {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::Working,
        Self::Waiting,
        Self::Failing,
        Self::Paused,
        Self::Stopped,
        Self::Missing,
    ];

    /// The name in tables, JSON and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Waiting => "waiting",
            Self::Failing => "failing",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::Missing => "missing",
        }
    }
}

/// How closely a backend is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Reachable and allowed, for questions every few seconds.
    Light,
    /// Everything, however long it takes.
    Full,
}

/// A backend that can say whether it is reachable and allowed to do its work.
#[async_trait::async_trait]
pub trait Probe: Send + Sync {
    /// Looks at what this backend needs. Changes nothing that counts; never fails, but reports.
    async fn probe(&self, depth: Depth) -> Vec<Finding>;

    /// Whether nobody at all can be served while it fails. Anything else in trouble degrades a node
    /// and does not take it out of its balancer.
    fn is_vital(&self) -> bool {
        false
    }

    /// Whether it is only looked at in this process, so that it is asked whenever somebody wants to
    /// know.
    fn is_instant(&self) -> bool {
        false
    }

    /// Gets ready what else the first call would. Nothing is sent.
    ///
    /// # Errors
    /// When no call can ever be made on this machine.
    fn prepare(&self) -> Result<()> {
        Ok(())
    }
}
