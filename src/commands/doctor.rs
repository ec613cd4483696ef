//! Checks everything that is configured: reachable, accepted, allowed, clocks together.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::TryStreamExt;
use futures_util::future::join_all;
use jiff::SignedDuration;
use serde::Serialize;
use utoipa::ToSchema;

use super::loops::{self, LoopFacts};
use crate::backends::ice::{self, TurnLogin};
use crate::commands::participant::ice::servers;
use crate::commands::store::sealed;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::health::{Depth, Finding, Health, Probe};
use crate::model::search::IndexSpec;
use crate::records::{NODES, NodeSign, SealState, Stored, unreadable};

/// A backend that does not answer for so long counts as broken.
const PATIENCE: Duration = Duration::from_mins(1);

/// Documents that are named.
const MOST_NAMED: usize = 10;

/// How the check of seals is called.
const SEALED: &str = "sealed keys";

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
    let told = named(&still, "tok store check");
    let advice = "if a newer release wrote them, upgrade this one; else remove each with tok store discard COLLECTION ID, or restore a backup";
    Finding::bad(CHECK, Health::Warn, told, advice)
}

/// The indexes that cannot be read, if they are on this machine, as a vendor's are its probe's business;
/// and those of which the store has nothing at all, as if it were another one.
async fn indexes(context: &Context) -> Vec<Finding> {
    let mut out = Vec::new();
    for spec in &context.mirrors.indexes {
        let check = format!("search index {}", spec.name);
        match context.search.count(&spec.name).await {
            Ok(records) if records > 0 && has_none(context, spec).await => {
                let told = format!("it has {records} records, and the store nothing of them");
                let advice = "see whether this is the right store, before anything makes the index as empty: documents.backend, firestore.project_id, data_dir";
                out.push(Finding::bad(check, Health::Warn, told, advice));
            }
            Err(error) if context.search.limits().is_own => {
                let advice = format!("make it anew: tok search reindex {}", spec.name);
                out.push(Finding::failed(check, &error, &advice));
            }
            Ok(_) | Err(_) => {}
        }
    }
    out
}

/// Whether the store has no document of an index. One that does not tell is told of already.
async fn has_none(context: &Context, spec: &IndexSpec) -> bool {
    for source in &spec.sources {
        if context
            .documents
            .count(&source.collection)
            .await
            .unwrap_or(1)
            > 0
        {
            return false;
        }
    }
    true
}

/// How long ago a node that lives gave its last sign, at most.
const NODE_SIGN: SignedDuration = SignedDuration::from_mins(5);

/// Whether keys and secrets carry the seal of our secret, and every node has that one. Nothing is told
/// where nothing is sealed.
async fn sealed(context: &Context) -> Result<Option<Finding>> {
    let found = sealed::look(context).await?;
    let others = nodes_with_another_secret(context).await?;
    let bad: Vec<_> = found
        .iter()
        .filter(|(_, state)| !context.seal.trusts(*state))
        .map(|(place, state)| format!("{place} is {}", state.as_str()))
        .collect();
    let is_sealed = |(_, state): &(String, SealState)| *state != SealState::Clear;
    if !context.seal.is_set() && (found.iter().any(is_sealed) || !others.is_empty()) {
        let told = "keys and secrets are sealed, and auth.secret_file is not set";
        let advice = "set it to the file with the secret that they are sealed with";
        return Ok(Some(Finding::bad(SEALED, Health::Fail, told, advice)));
    }
    if !others.is_empty() {
        let told = format!(
            "servers with another auth.secret_file, or none: {}",
            others.join(", ")
        );
        let advice = "give every server the same secret";
        return Ok(Some(Finding::bad(SEALED, Health::Fail, told, advice)));
    }
    if !context.seal.is_set() {
        return Ok(None);
    }
    if bad.is_empty() {
        let told = format!("sealed with auth.secret_file: {}", found.len());
        return Ok(Some(Finding::ok(SEALED, told)));
    }
    let advice =
        "tok store seal --dry-run shows them: seal what is yours, and revoke or discard the rest";
    Ok(Some(Finding::bad(
        SEALED,
        Health::Warn,
        named(&bad, "tok store check"),
        advice,
    )))
}

/// Servers that gave a sign of life lately.
async fn living_nodes(context: &Context) -> Result<Vec<Stored<NodeSign>>> {
    let mut found = NODES.scan(context.documents.as_ref(), NODES.all());
    let now = context.clock.now();
    let since = now.saturating_sub(NODE_SIGN).unwrap_or(now);
    let mut out = Vec::new();
    while let Some(node) = found.try_next().await? {
        if node.record.at >= since {
            out.push(node);
        }
    }
    Ok(out)
}

/// Those that seal otherwise than we do.
async fn nodes_with_another_secret(context: &Context) -> Result<Vec<String>> {
    let nodes = living_nodes(context).await?.into_iter();
    let others = nodes.filter(|node| node.record.seal.as_deref() != context.seal.name());
    Ok(others.map(|node| node.id).collect())
}

/// What passes many requests on to a server, and is not one of its proxies; nothing is told where
/// nothing does.
async fn unknown_proxies(context: &Context) -> Result<Option<Finding>> {
    let nodes = living_nodes(context).await?.into_iter();
    let heard = nodes.filter_map(|node| node.record.unknown_proxy);
    let each: BTreeSet<_> = heard
        .map(|proxy| format!("{} ({} requests)", proxy.peer, proxy.requests))
        .collect();
    if each.is_empty() {
        return Ok(None);
    }
    let told = format!(
        "passed on within ten minutes, by X-Forwarded-For or Forwarded, by who is not in \
         server.trusted_proxies: {}; all its clients count as one",
        each.into_iter().collect::<Vec<_>>().join(", ")
    );
    let advice = "if that is a proxy of yours, name it or its network in server.trusted_proxies and start the \
                  servers again; if not, somebody makes up where they come from, and is not believed";
    Ok(Some(Finding::bad(
        "forwarded addresses",
        Health::Warn,
        told,
        advice,
    )))
}

/// The first of many, and how many more.
fn named(all: &[String], where_else: &str) -> String {
    let told = all[..all.len().min(MOST_NAMED)].join("; ");
    match all.len().saturating_sub(MOST_NAMED) {
        0 => told,
        others => format!("{told}; and {others} more, see {where_else}"),
    }
}

/// A backend that does not answer.
fn silent(patience: Duration) -> Finding {
    let seconds = patience.as_secs();
    Finding::bad(
        "backend",
        Health::Fail,
        format!("did not answer within {seconds} s"),
        "check the network and the configured base URLs",
    )
}

/// Looks at one backend as far as a server needs to know every few seconds. What does not stop it from
/// serving people is a warning.
pub async fn glance(probe: &dyn Probe, patience: Duration) -> Vec<Finding> {
    let looked = tokio::time::timeout(patience, probe.probe(Depth::Light)).await;
    let mut findings = looked.unwrap_or_else(|_| vec![silent(patience)]);
    if !probe.is_vital() {
        findings.iter_mut().for_each(degrade);
    }
    findings
}

/// The same for the loops of all workers, with what they are.
pub async fn glance_at_loops(context: &Context) -> Result<(Vec<LoopFacts>, Vec<Finding>)> {
    let loops = loops::facts(context).await?;
    let mut findings = loops::findings(&loops, context.clock.now());
    findings.iter_mut().for_each(degrade);
    Ok((loops, findings))
}

/// The servers that help people find a way to each other, tried from here with what a browser would get.
async fn ways(context: &Context) -> Vec<Finding> {
    let servers = servers(&context.live, context.clock.now(), "doctor");
    let tries = servers.iter().flat_map(|server| {
        let parts = server.username.as_deref().zip(server.credential.as_deref());
        let login = parts.map(|(username, password)| TurnLogin { username, password });
        let urls = server.urls.iter();
        urls.map(move |url| ice::look(url, login, context.random.as_ref()))
    });
    join_all(tries).await
}

/// Whether nothing failed.
pub fn is_healthy(findings: &[Finding]) -> bool {
    findings
        .iter()
        .all(|finding| finding.health != Health::Fail)
}

fn degrade(finding: &mut Finding) {
    if finding.health == Health::Fail {
        finding.health = Health::Warn;
    }
}

/// Looks at every backend at once.
pub async fn run(context: &Context, input: Input) -> Output {
    let depth = input.depth;
    let looks = context.probes.iter().map(|probe| async {
        let looked = tokio::time::timeout(PATIENCE, probe.probe(depth)).await;
        looked.unwrap_or_else(|_| vec![silent(PATIENCE)])
    });
    let mut findings: Vec<Finding> = join_all(looks).await.into_iter().flatten().collect();
    if depth == Depth::Full {
        findings.extend(ways(context).await);
        findings.push(stored(context).await);
        findings.extend(indexes(context).await);
        // A store that does not answer is told of already.
        let loops = loops::facts(context).await.unwrap_or_default();
        findings.extend(loops::findings(&loops, context.clock.now()));
        let unknown = |error: Error| {
            let advice = "mend the store first";
            Some(Finding::bad(SEALED, Health::Warn, error.message(), advice))
        };
        findings.extend(sealed(context).await.unwrap_or_else(unknown));
        // A store that cannot be read is told above.
        findings.extend(unknown_proxies(context).await.unwrap_or_default());
    }
    Output {
        healthy: is_healthy(&findings),
        findings,
    }
}
