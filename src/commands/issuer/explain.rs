//! Explains a sign-in token, claim by claim.

use crate::context::Context;
use crate::error::Result;
use crate::model::sign_in::SignInFacts;

/// Which token.
#[derive(Clone, PartialEq, Eq)]
pub struct Input {
    /// The token.
    pub token: String,
}

/// Explains it. The token itself is not repeated.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when it is none.
pub async fn run(context: &Context, input: Input) -> Result<SignInFacts> {
    context.issuers.explain(input.token.trim()).await
}

/// Whether a token is one that people sign in with, of whomever: the names of issuers are addresses.
pub fn is_one(context: &Context, token: &str) -> bool {
    !context.issuers.is_empty() && context.issuers.is_of_an_address(token.trim())
}
