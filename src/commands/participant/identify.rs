//! Tells whose a join token is, wherever its room is.

use crate::context::Context;
use crate::error::{Error, Kind, Reason, Result};
use crate::model::meeting::forbidden;
use crate::model::{BackendName, TokenFacts};

/// Which token.
#[derive(Clone, PartialEq, Eq)]
pub struct Input {
    /// The token.
    pub token: String,
}

/// The user that a token was made for; nothing if it names none.
///
/// # Errors
/// [`Kind::Forbidden`] when it is no good.
pub async fn run(context: &Context, input: Input) -> Result<Option<String>> {
    Ok(good(context, &input.token).await?.user_id)
}

/// What a token says that opens something now.
///
/// # Errors
/// [`Kind::Forbidden`] when it is no good.
pub(super) async fn good(context: &Context, token: &str) -> Result<TokenFacts> {
    let backend = context.backends.get(Some(BackendName::Local))?;
    let facts = match backend.tokens.inspect(token).await {
        Err(error) if error.kind() == Kind::InvalidInput => return Err(no_good(error.message())),
        other => other?,
    };
    if !facts.valid {
        let why = facts.reason.as_deref();
        return Err(no_good(why.unwrap_or("it opens nothing")));
    }
    Ok(facts)
}

/// What tells a token from others.
pub(super) fn id_of(facts: &TokenFacts) -> Option<String> {
    let id = facts.claims.get("jti").and_then(|id| id.as_str());
    id.map(str::to_owned)
}

/// What is said of a token that does not open what was asked for.
pub(super) fn no_good(why: &str) -> Error {
    forbidden(
        Reason::TokenRefused,
        format!("the join token is no good: {why}"),
    )
}
