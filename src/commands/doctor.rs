//! Checks everything that is configured: reachable, accepted, allowed, clocks together.

use std::time::Duration;

use futures_util::future::join_all;
use serde::Serialize;
use utoipa::ToSchema;

use crate::backends::{Depth, Finding, Health};
use crate::context::Context;

/// A backend that does not answer for so long counts as broken.
const PATIENCE: Duration = Duration::from_mins(1);

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Output {
    /// Whether nothing failed.
    pub healthy: bool,
    /// Each check, in the order of the backends.
    pub findings: Vec<Finding>,
}

/// Looks at every backend at once.
pub async fn run(context: &Context, depth: Depth) -> Output {
    let looks = context.probes.iter().map(|probe| async {
        match tokio::time::timeout(PATIENCE, probe.probe(depth)).await {
            Ok(findings) => findings,
            Err(_) => vec![Finding::bad(
                "backend",
                Health::Fail,
                "did not answer within a minute",
                "check the network and the configured base URLs",
            )],
        }
    });
    let findings: Vec<Finding> = join_all(looks).await.into_iter().flatten().collect();
    Output {
        healthy: findings
            .iter()
            .all(|finding| finding.health != Health::Fail),
        findings,
    }
}
