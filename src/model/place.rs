//! Where a process runs, so that whoever is told of it can find it.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A process of `tok`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProcessPlace {
    /// The name of its machine.
    pub host: String,
    /// Its number there.
    pub pid: u32,
}

impl fmt::Display for ProcessPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tok {} on {}", self.pid, self.host)
    }
}
