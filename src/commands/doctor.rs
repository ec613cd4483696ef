//! Checks everything that is configured: reachable, accepted, allowed, clocks together.

use std::time::Duration;

use futures_util::future::join_all;
use serde::Serialize;
use utoipa::ToSchema;

use crate::context::Context;
use crate::model::health::{Depth, Finding, Health};
use crate::records::unreadable;

/// A backend that does not answer for so long counts as broken.
const PATIENCE: Duration = Duration::from_mins(1);

/// Documents that are named.
const MOST_NAMED: usize = 10;

/// How closely to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// How closely.
    pub depth: Depth,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Output {
    /// Whether nothing failed.
    pub healthy: bool,
    /// Each check, in the order of the backends.
    pub findings: Vec<Finding>,
}

/// Whether everything that is stored can be read, as far as somebody met it.
async fn stored(context: &Context) -> Finding {
    const CHECK: &str = "stored documents";
    let found = match unreadable::notes(context.documents.as_ref()).await {
        Ok(found) => found,
        Err(error) => {
            let advice = "mend the store first";
            return Finding::bad(CHECK, Health::Warn, error.message(), advice);
        }
    };
    let still = found.into_iter().filter(|(_, still)| *still);
    let still: Vec<_> = still.map(|(note, _)| note.reason).collect();
    if still.is_empty() {
        return Finding::ok(
            CHECK,
            "no document is known that cannot be read; tok store check looks at each",
        );
    }
    let named: Vec<_> = still.iter().take(MOST_NAMED).cloned().collect();
    let mut told = named.join("; ");
    if still.len() > MOST_NAMED {
        let others = still.len() - MOST_NAMED;
        told = format!("{told}; and {others} more, see tok store check");
    }
    let advice = "if a newer release wrote them, upgrade this one; else remove each with tok store discard COLLECTION ID, or restore a backup";
    Finding::bad(CHECK, Health::Warn, told, advice)
}

/// Looks at every backend at once.
pub async fn run(context: &Context, input: Input) -> Output {
    let depth = input.depth;
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
    let mut findings: Vec<Finding> = join_all(looks).await.into_iter().flatten().collect();
    if depth == Depth::Full {
        findings.push(stored(context).await);
    }
    Output {
        healthy: findings
            .iter()
            .all(|finding| finding.health != Health::Fail),
        findings,
    }
}
