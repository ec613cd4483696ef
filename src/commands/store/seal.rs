//! Seals the keys and secrets that are stored with `auth.secret_file`, after somebody looked at them.
//!
//! Each is sealed by one commit, which insists on what was looked at: it may be cut short anywhere, be
//! run again, and run beside servers.

use futures_util::TryStreamExt;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Serialize;
use utoipa::ToSchema;

use super::sealed::lasting;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::key::{ApiKey, Scope};
use crate::records::documents::{Document, Precondition, Scan, Version, Write};
use crate::records::{
    self, Declaration, IDEMPOTENCY, KEYS, SECRETS, Seal, SealState, StoredRequest, sealed,
};

/// Requests that are sealed by one commit.
const CHUNK: usize = 100;

/// What else may have sealed it.
#[derive(Debug, Default)]
pub struct Input {
    /// The secret before this one.
    pub former: Option<SecretString>,
}

/// A key or a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SealedItem {
    /// Its collection.
    pub collection: &'static str,
    /// Its id.
    pub id: String,
    /// What it says.
    pub what: String,
    /// What its seal was.
    pub was: &'static str,
}

/// What would be sealed.
#[derive(Serialize, ToSchema)]
#[schema(as = SealPlan)]
pub struct Plan {
    /// What would be sealed, and from then on count.
    pub sealed: Vec<SealedItem>,
    /// What cannot be, as it is not as it was sealed, or sealed with a secret that is not known.
    pub left: Vec<SealedItem>,
    /// How many are sealed already.
    pub already: u64,
    /// The states of what was looked at.
    #[serde(skip)]
    versions: Vec<Version>,
    #[serde(skip)]
    seal: Seal,
}

/// What was sealed.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SealReport)]
pub struct Report {
    /// What was sealed.
    pub sealed: Vec<SealedItem>,
    /// What was not.
    pub left: Vec<SealedItem>,
    /// How many were sealed before.
    pub already: u64,
    /// Answers to requests with an `Idempotency-Key` that nobody can vouch for and that are forgotten.
    pub forgotten: u64,
}

impl Report {
    /// That something was left.
    pub fn verdict(&self) -> Option<Error> {
        let left = self.left.len();
        let message = format!("keys and secrets that were not sealed: {left}");
        (left > 0).then(|| Error::new(Kind::Partial, message))
    }
}

/// Says what [`apply`] would seal.
///
/// # Errors
/// [`Kind::Config`] when there is no secret; those of the store.
pub async fn plan(context: &Context, input: Input) -> Result<Plan> {
    if !context.seal.is_set() {
        let what = "auth.secret_file is not set, so that there is nothing to seal with";
        return Err(Error::config(what));
    }
    let seal = match &input.former {
        Some(former) => context.seal.after(former)?,
        None => context.seal.clone(),
    };
    let mut plan = Plan {
        sealed: Vec::new(),
        left: Vec::new(),
        already: 0,
        versions: Vec::new(),
        seal,
    };
    for declared in lasting() {
        let mut found = context.documents.scan(Scan::all(declared.name));
        while let Some(document) = found.try_next().await? {
            plan.add(declared, document);
        }
    }
    Ok(plan)
}

impl Plan {
    fn add(&mut self, declared: &'static Declaration, document: Document) {
        let state = sealed::state_of(&self.seal, declared, &document);
        let what = what(&self.seal, declared, &document);
        let sealable = match state {
            SealState::Good => {
                self.already += 1;
                return;
            }
            SealState::Clear | SealState::Former | SealState::BroughtBack => what.is_some(),
            SealState::Other | SealState::Altered => false,
        };
        let item = SealedItem {
            collection: declared.name,
            id: document.id,
            what: what.unwrap_or_else(|| "(cannot be read)".to_owned()),
            was: state.as_str(),
        };
        if sealable {
            self.sealed.push(item);
            self.versions.push(document.version);
        } else {
            self.left.push(item);
        }
    }
}

/// What a document says, for somebody who is to know whether it is theirs.
fn what(seal: &Seal, declared: &Declaration, document: &Document) -> Option<String> {
    if declared.name == KEYS.name() {
        let (_, stored) = KEYS.shown(seal, document);
        return stored.map(|stored| described(&stored.key));
    }
    let (_, stored) = SECRETS.shown(seal, document);
    stored.map(|_| "a secret that tok made".to_owned())
}

fn described(key: &ApiKey) -> String {
    let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    let scopes = match scopes.len() {
        all if all == Scope::ALL.len() => "every scope".to_owned(),
        _ => scopes.join(" "),
    };
    let (name, role) = (&key.name, key.max_role.as_str());
    let until = key.expires_at.map(|at| format!(", until {at}"));
    format!(
        "API key {name}: {scopes}, up to {role}{}",
        until.unwrap_or_default()
    )
}

/// Seals what was planned, unless it changed since.
///
/// # Errors
/// Those of the store; what was sealed before stays so. [`Kind::Interrupted`].
pub async fn apply(context: &Context, plan: Plan) -> Result<Report> {
    let mut report = Report {
        left: plan.left,
        already: plan.already,
        ..Report::default()
    };
    for (mut item, version) in plan.sealed.into_iter().zip(plan.versions) {
        if context.stop.is_cancelled() {
            let what = "interrupted; what was sealed stays so";
            return Err(Error::new(Kind::Interrupted, what));
        }
        if seal_one(context, &plan.seal, &item, version).await? {
            report.sealed.push(item);
        } else {
            item.was = "changed meanwhile";
            report.left.push(item);
        }
    }
    report.forgotten = seal_requests(context, &plan.seal).await?;
    Ok(report)
}

/// Whether it was still as it was looked at.
async fn seal_one(
    context: &Context,
    seal: &Seal,
    item: &SealedItem,
    version: Version,
) -> Result<bool> {
    let documents = context.documents.as_ref();
    let found = documents.get(item.collection, &item.id).await?;
    let found = found.filter(|found| found.version == version);
    let (Some(found), Some(declared)) = (found, records::declared(item.collection)) else {
        return Ok(false);
    };
    let at = seal.moment(documents).await?;
    let Some(write) = sealed::again(seal, declared, &found, at)? else {
        return Ok(false);
    };
    commit(context, vec![write]).await
}

/// Whether nobody was faster.
async fn commit(context: &Context, writes: Vec<Write>) -> Result<bool> {
    match context.documents.commit(writes).await {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == Kind::Conflict => Ok(false),
        Err(error) => Err(error),
    }
}

/// Seals what is kept of requests. Nobody can look at their answers, so that those are forgotten which
/// are not sealed; how many.
async fn seal_requests(context: &Context, seal: &Seal) -> Result<u64> {
    let mut found = context.documents.scan(IDEMPOTENCY.all());
    let (mut forgotten, mut writes) = (0, Vec::new());
    while let Some(document) = found.try_next().await? {
        let Some((write, forgets)) = request(seal, &document, context.clock.now())? else {
            continue;
        };
        forgotten += u64::from(forgets);
        writes.push(write);
        if writes.len() >= CHUNK {
            commit_all(context, std::mem::take(&mut writes)).await?;
        }
    }
    commit_all(context, writes).await?;
    Ok(forgotten)
}

/// What changes meanwhile is left as it is then.
async fn commit_all(context: &Context, writes: Vec<Write>) -> Result<()> {
    if writes.is_empty() || commit(context, writes.clone()).await? {
        return Ok(());
    }
    for write in writes {
        commit(context, vec![write]).await?;
    }
    Ok(())
}

/// How a request is kept from now on, and whether its answer is forgotten by it.
fn request(seal: &Seal, document: &Document, now: Timestamp) -> Result<Option<(Write, bool)>> {
    let (state, Some(stored)) = IDEMPOTENCY.shown(seal, document) else {
        return Ok(None);
    };
    let over = stored.until <= now;
    let (write, forgets) = match (state, &stored.answer) {
        (SealState::Former, _) => {
            let write = IDEMPOTENCY.put(seal, now, document.id.as_str(), &stored)?;
            (write, false)
        }
        // It is being carried out, by a server without the secret.
        (SealState::Clear, None) if !over => return Ok(None),
        (SealState::Clear, Some(_)) if over => (IDEMPOTENCY.remove(document), false),
        (SealState::Clear, answer) => {
            let forgets = answer.is_some();
            // As after an attempt that was never answered: the next one is a repetition of it.
            let stored = StoredRequest {
                answer: None,
                until: stored.until.min(now),
                ..stored
            };
            let write = IDEMPOTENCY.put(seal, now, document.id.as_str(), &stored)?;
            (write, forgets)
        }
        _ => return Ok(None),
    };
    let unchanged = Precondition::Version(document.version);
    Ok(Some((write.only_if(unchanged), forgets)))
}
