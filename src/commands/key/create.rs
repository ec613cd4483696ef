//! Makes an API key.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::{PREFIX, hash};
use crate::commands::store::sealed;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::key::{ApiKey, Scope, StoredKey};
use crate::model::{Moment, Role, random};
use crate::records::KEYS;
use crate::records::documents::Precondition;

/// What the key is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// What the operator calls it.
    pub name: String,
    /// What it may do; everything if empty.
    pub scopes: BTreeSet<Scope>,
    /// The strongest role of join tokens it may mint.
    pub max_role: Role,
    /// No good from then on.
    pub expires: Option<Moment>,
}

/// The new key. This is the only time that its secret is seen.
#[derive(Clone, Serialize, ToSchema)]
pub struct Output {
    /// The whole key, for `Authorization: Bearer …`.
    pub secret: String,
    /// What is stored of it.
    #[serde(flatten)]
    pub key: ApiKey,
}

/// Makes the key.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when the name is empty or too long, or the
/// expiry has passed; [`Kind::Config`](crate::Kind::Config) when the store is sealed with a secret that is not
/// set.
pub async fn run(context: &Context, input: Input) -> Result<Output> {
    let key = plan(context, input).await?;
    let secret = hex::encode(random::bytes::<32>(context.random.as_ref()));
    let stored = StoredKey {
        hash: hash(&secret),
        key,
    };
    let at = context.seal.moment(context.documents.as_ref()).await?;
    let write = KEYS
        .put(&context.seal, at, &stored.key.id, &stored)?
        .only_if(Precondition::Missing);
    context.documents.commit(vec![write]).await?;
    Ok(Output {
        secret: format!("{PREFIX}{}_{secret}", stored.key.id),
        key: stored.key,
    })
}

/// The key that would be made; its id is another one each time.
///
/// # Errors
/// As [`run`].
pub async fn plan(context: &Context, input: Input) -> Result<ApiKey> {
    let name = input.name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Error::invalid("a key needs a name of 1 to 100 characters"));
    }
    sealed::insist(context).await?;
    let now = context.clock.now();
    let scopes = if input.scopes.is_empty() {
        BTreeSet::from(Scope::ALL)
    } else {
        input.scopes
    };
    Ok(ApiKey {
        id: hex::encode(random::bytes::<6>(context.random.as_ref())),
        name: name.to_owned(),
        scopes,
        max_role: input.max_role,
        created_at: now,
        expires_at: input
            .expires
            .map(|moment| moment.ahead_of(now, "the expiry"))
            .transpose()?,
    })
}
