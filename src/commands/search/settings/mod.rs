//! The settings of an index: pulled, compared, pushed.

pub mod diff;
pub mod pull;
pub mod push;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// One setting that is not as it was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SettingDiff {
    /// Its name.
    pub name: String,
    /// What the index has.
    pub is: Value,
    /// What was given.
    pub wanted: Value,
}
