//! Reads a join token and says whether it opens anything now.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{BackendName, TokenFacts};

/// Longer than any vendor's token.
const LONGEST: usize = 8192;

/// Which token.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InspectToken)]
pub struct Input {
    /// The token.
    pub token: String,
    /// The backend to ask; the configured one if absent.
    #[serde(default)]
    pub backend: Option<BackendName>,
}

/// Reads the token.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when it is no token at all.
pub async fn run(context: &Context, input: Input) -> Result<TokenFacts> {
    let backend = context.backends.get(input.backend)?;
    let token = input.token.trim();
    if token.len() > LONGEST {
        return Err(Error::invalid("this is too long for a join token"));
    }
    backend.tokens.inspect(token).await
}
