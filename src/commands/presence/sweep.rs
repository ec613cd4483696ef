//! Removes connections that gave no sign of life in time.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::Result;

/// What was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PresenceSweepReport)]
pub struct Report {
    /// Connections whose time was over.
    pub removed: u64,
}

/// Removes them; where the vendor does it by itself there are none.
///
/// # Errors
/// Those of the source.
pub async fn run(context: &Context) -> Result<Report> {
    let removed = context.presences.expire().await?;
    Ok(Report { removed })
}

/// Counts them.
///
/// # Errors
/// Those of the source.
pub async fn plan(context: &Context) -> Result<Report> {
    let removed = context.presences.expired().await?;
    Ok(Report { removed })
}
