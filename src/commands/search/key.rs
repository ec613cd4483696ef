//! Makes keys for the searches of apps.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::backends::search::Restrictions;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::Span;

/// What the key may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateSearchKey)]
pub struct Input {
    /// Only these indexes; all that are configured if empty.
    #[serde(default)]
    pub indexes: Vec<String>,
    /// Only records that pass this filter, in the vendor's language.
    #[serde(default)]
    pub filters: Option<String>,
    /// How long it is good; for ever if absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "24h")]
    pub ttl: Option<Span>,
    /// Whose searches these are.
    #[serde(default)]
    pub user: Option<String>,
}

/// A key that can only search.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SearchKey {
    /// The key itself.
    pub key: String,
    /// What it may search.
    pub indexes: Vec<String>,
    /// No good from this moment on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

/// Makes a key, without asking the vendor.
///
/// # Errors
/// [`Kind::Unsupported`](crate::Kind::Unsupported) by the embedded search.
pub fn create(context: &Context, input: Input) -> Result<SearchKey> {
    let mut indexes = Vec::new();
    for spec in super::chosen(context, &input.indexes)? {
        indexes.push(spec.name.clone());
    }
    let now = context.clock.now();
    let expires_at = input
        .ttl
        .map(|ttl| now.checked_add(ttl.signed()))
        .transpose()
        .map_err(|error| Error::invalid("ttl is too long").because(error))?;
    let restrictions = Restrictions {
        filters: input.filters,
        valid_until: expires_at.map(Timestamp::as_second),
        indexes: indexes.clone(),
        user: input.user,
    };
    Ok(SearchKey {
        key: context.indexes.key(&restrictions)?,
        indexes,
        expires_at,
    })
}
